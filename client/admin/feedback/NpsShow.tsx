import { npsReasons } from '@shared/feedback-words'
import { describeMoment } from '@shared/time'
import { Segmented } from 'antd'
import { Link } from 'react-router'
import { DataTable } from '../components/DataTable'
import { LoadFailed, Notice } from '../components/Fallbacks'
import { useUrlState } from '../components/useUrlState'
import { useList, useRead } from '../queries'
import './feedback.css'

const KINDS = { promoter: '推荐者', passive: '中立者', detractor: '贬损者' } as const
type Kind = keyof typeof KINDS
const TONES: Record<Kind, string> = { promoter: 'brand', passive: 'gold', detractor: 'danger' }
const kindOf = (score: number): Kind => (score >= 9 ? 'promoter' : score >= 7 ? 'passive' : 'detractor')

function Figures({ days }: { days: number }) {
  const query = useRead('GET /admin/nps', { days }, { keep: true })
  const { data } = query
  if (!data)
    return query.isError ? (
      <LoadFailed error={query.error} retry={() => void query.refetch()} busy={query.isFetching} />
    ) : (
      <div className='bone' style={{ height: 220 }} role='status' aria-label='正在读取推荐意愿' />
    )
  const most = Math.max(1, ...data.scores)
  const cells = [
    { label: '净推荐值', value: data.score === null ? '暂无' : String(data.score), hint: '推荐者占比减贬损者占比' },
    {
      label: '回答',
      value: String(data.answers),
      hint: `推荐 ${data.promoters}，中立 ${data.passives}，贬损 ${data.detractors}`,
    },
    {
      label: '消费满意度',
      value: data.satisfaction.average === null ? '暂无' : data.satisfaction.average.toFixed(2),
      hint: `${data.satisfaction.answers} 笔消费评了分，满分 5`,
    },
  ]
  return (
    <>
      <div className='nps-cells'>
        {cells.map((cell) => (
          <section key={cell.label} className='panel nps-cell'>
            <div className='i3'>{cell.label}</div>
            <div className='nps-value num'>{cell.value}</div>
            <div className='t12 i3'>{cell.hint}</div>
          </section>
        ))}
      </div>
      <div className='nps-halves'>
        <section className='panel'>
          <div className='hd'>
            <h2>打分分布</h2>
          </div>
          <div className='nps-bars'>
            {data.scores.map((count, score) => (
              <div key={`score${String(score)}`} className='nps-bar' title={`${score} 分：${count} 人`}>
                <span className='t12 num i2'>{count || ''}</span>
                <div className={`nps-fill ${kindOf(score)}`} style={{ height: `${(count * 110) / most + 2}px` }} />
                <span className='t12 num'>{score}</span>
              </div>
            ))}
          </div>
        </section>
        <section className='panel'>
          <div className='hd'>
            <h2>原因</h2>
          </div>
          {data.reasons.length === 0 ? (
            <p className='i3 nps-none'>还没有人选过原因</p>
          ) : (
            <table className='nps-reasons'>
              <thead>
                <tr>
                  <th>原因</th>
                  <th>推荐者</th>
                  <th>其余</th>
                </tr>
              </thead>
              <tbody>
                {data.reasons.map((row) => (
                  <tr key={row.reason}>
                    <td>{npsReasons[row.reason]}</td>
                    <td className='num'>{row.promoters}</td>
                    <td className='num'>{row.others}</td>
                  </tr>
                ))}
              </tbody>
            </table>
          )}
        </section>
      </div>
    </>
  )
}

/** How likely members would recommend the shop, and why. */
export default function NpsShow() {
  const [url, setUrl] = useUrlState(['days', 'kind'] as const)
  const days = Number(url.days ?? 90)
  const list = useList('GET /admin/nps/answers', { kind: url.kind as Kind | undefined, limit: 30 })
  const now = Date.now()
  return (
    <div className='page'>
      <div className='page-head'>
        <h1>推荐意愿</h1>
        <span className='sub'>每位会员 90 天最多问一次</span>
        <div className='actions'>
          <Segmented
            value={days}
            onChange={(value) => setUrl({ days: String(value) })}
            options={[
              { value: 30, label: '30 天' },
              { value: 90, label: '90 天' },
              { value: 365, label: '一年' },
            ]}
          />
        </div>
      </div>
      <Figures days={days} />
      <section className='panel list-panel'>
        <div className='list-bar'>
          <Segmented
            value={url.kind ?? ''}
            onChange={(value) => setUrl({ kind: String(value) || undefined })}
            options={[
              { value: '', label: '全部回答' },
              ...Object.entries(KINDS).map(([value, label]) => ({ value, label })),
            ]}
          />
        </div>
        <DataTable
          label='推荐意愿的回答'
          rows={list.rows}
          query={list}
          rowKey={(row) => row.id}
          minWidth={720}
          clearFilters={url.kind ? () => setUrl({ kind: undefined }) : undefined}
          empty={
            <Notice art='shelf' title='还没有回答'>
              会员在“意见反馈”里点一下 0–10 分就算回答。
            </Notice>
          }
          columns={[
            {
              key: 'score',
              title: '评分',
              width: 120,
              render: (_, row) => (
                <>
                  <span className='num m'>{row.score}</span>{' '}
                  <span className={`tag ${TONES[row.kind]}`}>{KINDS[row.kind]}</span>
                </>
              ),
            },
            {
              key: 'why',
              title: '原因与留言',
              className: 'wrap',
              render: (_, row) => (
                <>
                  {row.reasons.map((reason) => npsReasons[reason]).join('、')}
                  {row.comment ? <div className='i2'>{row.comment}</div> : null}
                </>
              ),
            },
            {
              key: 'who',
              title: '会员',
              width: 150,
              render: (_, row) => (
                <>
                  <Link to={`/members/${row.memberId}`}>{row.memberNameMasked}</Link>{' '}
                  <span className='t12 i3'>{row.tierName}</span>
                </>
              ),
            },
            {
              key: 'at',
              title: '时间',
              width: 130,
              render: (_, row) => <span className='num i2'>{describeMoment(row.at, now)}</span>,
            },
          ]}
        />
      </section>
    </div>
  )
}
