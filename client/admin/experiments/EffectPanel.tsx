import type { UseQueryResult } from '@tanstack/react-query'
import { Button } from 'antd'
import { Link } from 'react-router'
import { LoadFailed, StaleStrip } from '../components/Fallbacks'
import { MetricRows, Money, type Report } from './Effect'

const told = new Set(['conversion', 'revenue'])

/** What an experiment says, in short: the conclusion, who bought and what they paid by arm with intervals, what it cost. */
export function EffectPanel({
  title,
  to,
  query,
}: {
  title: string
  /** Where the whole of it stands. */
  to: string
  query: UseQueryResult<Report, Error>
}) {
  const { data } = query
  return (
    <>
      <StaleStrip query={query} />
      <section className='panel effect' aria-label={title}>
        <div className='hd' style={{ paddingBottom: 8 }}>
          <h2>{title}</h2>
          <span className='t12 i3 grow cut'>{data ? `进入满 ${data.windowDays} 天的会员计入` : ''}</span>
          <Link to={to}>
            <Button>全部指标</Button>
          </Link>
        </div>
        {data ? (
          <>
            <p className={`effect-said${data.sampleRatio.mismatch ? ' bad' : ''}`} role='status'>
              {data.conclusion}
            </p>
            {data.metrics
              .filter((metric) => told.has(metric.metric))
              .map((metric) => (
                <div key={metric.metric}>
                  <h3>{metric.name}</h3>
                  <MetricRows metric={metric} />
                </div>
              ))}
          </>
        ) : query.isError ? (
          <LoadFailed error={query.error} retry={() => void query.refetch()} busy={query.isFetching} />
        ) : (
          <div className='bone' style={{ height: 160, margin: 16 }} role='status' aria-label={`正在读取${title}`} />
        )}
      </section>
      {data?.money.map((money) => (
        <Money key={money.arm} money={money} />
      ))}
    </>
  )
}
