import { dateTime } from '@shared/time'
import { Button, Segmented, Select } from 'antd'
import { Link, useParams } from 'react-router'
import { LoadFailed, StaleStrip } from '../components/Fallbacks'
import { useCrumb } from '../components/Shell'
import { useUrlState } from '../components/useUrlState'
import { ExportMenu } from '../dashboards/FigurePanel'
import { useRead } from '../queries'
import { MetricTable, Money } from './Effect'

const windows = [7, 14, 30, 60, 90]

/** Whether a journey, one of its splits, or a campaign did anything, and what that was worth. */
export default function ExperimentShow() {
  const { kind = 'journey', id = '' } = useParams()
  const [url, setUrl] = useUrlState(['days', 'split'] as const)
  const windowDays = windows.find((days) => String(days) === url.days) ?? 30
  const list = useRead('GET /admin/experiments', {})
  const experiment = list.data?.items.find((e) => e.id === id)
  const splits = experiment?.splits ?? []
  const split = splits.find((s) => s.nodeId === url.split)
  const isJourney = kind === 'journey'
  const journey = useRead(
    'GET /admin/experiments/journeys/:journeyId',
    { journeyId: id, windowDays },
    { keep: true, enabled: isJourney && !split },
  )
  const arms = useRead(
    'GET /admin/experiments/journeys/:journeyId/splits/:nodeId',
    { journeyId: id, nodeId: split?.nodeId ?? 'none', windowDays },
    { keep: true, enabled: isJourney && split !== undefined },
  )
  const campaign = useRead(
    'GET /admin/experiments/campaigns/:campaignId',
    { campaignId: id, windowDays },
    { keep: true, enabled: !isJourney },
  )
  const query = isJourney ? (split ? arms : journey) : campaign
  const { data } = query
  useCrumb(data?.subject.name ?? experiment?.name ?? null)
  if (query.isError && !data)
    return <LoadFailed error={query.error} retry={() => void query.refetch()} busy={query.isFetching} />
  return (
    <div className='page'>
      <div className='page-head'>
        <h1 className='cut'>{data?.subject.name ?? experiment?.name ?? '效果'}</h1>
        <span className='sub cut'>
          {data?.from ? `${dateTime(data.from)} 起，进入满 ${data.windowDays} 天的会员计入` : ''}
        </span>
        <div className='actions'>
          {splits.length ? (
            <Select
              value={split?.nodeId ?? 'all'}
              style={{ minWidth: 150 }}
              options={[
                { value: 'all', label: '参与组与对照组' },
                ...splits.map((s, index) => ({ value: s.nodeId, label: `分流 ${index + 1}（${s.arms} 组）` })),
              ]}
              onChange={(value) => setUrl({ split: value === 'all' ? undefined : value })}
              aria-label='比较什么'
            />
          ) : null}
          <Segmented
            value={windowDays}
            options={windows.map((days) => ({ value: days, label: `${days} 天` }))}
            onChange={(days) => setUrl({ days: String(days) })}
            aria-label='观察几天'
          />
          {isJourney ? (
            <Link to={`/journeys/${id}`}>
              <Button>看旅程</Button>
            </Link>
          ) : null}
        </div>
      </div>
      <StaleStrip query={query} />
      {data ? (
        <>
          <section className={`panel conclusion ${data.sampleRatio.mismatch ? 'bad' : ''}`} role='status'>
            <div className='row g2'>
              <b className='grow'>{data.conclusion}</b>
              <ExportMenu
                name={`效果-${data.subject.name}`}
                sheet={() => ({
                  head: ['指标', '分组', '人数', '人均', '差', '下限', '上限', '提升', 'p（Holm）', '结论'],
                  rows: data.metrics.flatMap((m) =>
                    m.arms.map((a) => [
                      m.name,
                      a.name,
                      a.members,
                      a.mean,
                      a.against?.difference?.estimate ?? null,
                      a.against?.difference?.low ?? null,
                      a.against?.difference?.high ?? null,
                      a.against?.lift?.estimate ?? null,
                      a.against?.corrected ?? null,
                      a.against?.sentence ?? '',
                    ]),
                  ),
                })}
              />
            </div>
            <div className='t12 i2'>
              {data.sampleRatio.sentence}（p={data.sampleRatio.p.toPrecision(2)}）
            </div>
          </section>
          {data.metrics.map((metric) => (
            <MetricTable key={metric.metric} metric={metric} />
          ))}
          {data.money.map((money) => (
            <Money key={money.arm} money={money} />
          ))}
        </>
      ) : (
        [1, 2, 3].map((place) => <div key={place} className='bone' style={{ height: 160, marginBottom: 12 }} />)
      )}
    </div>
  )
}
