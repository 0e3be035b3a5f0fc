import { Drawer } from 'antd'
import { DataTable } from '../components/DataTable'
import { Notice } from '../components/Fallbacks'
import { ExportMenu } from '../dashboards/FigurePanel'
import { money } from '../dashboards/values'
import { useRead } from '../queries'

const percent = (bp: number | null) => (bp === null ? '—' : `${(bp / 100).toFixed(0)}%`)

/** How one member's scores changed, the newest first. */
export function ScoreHistory({ memberId, close }: { memberId: string; close: () => void }) {
  const query = useRead('GET /admin/members/:memberId/score-history', { memberId, limit: 100 })
  const rows = query.data?.items
  return (
    <Drawer
      open
      onClose={close}
      size={560}
      title='评分的变化'
      extra={
        rows?.length ? (
          <ExportMenu
            name='评分的变化'
            sheet={() => ({
              head: ['截至', '阶段', 'RFM', '90 天内不再来', '未来 12 个月价值（元）'],
              rows: rows.map((r) => [
                r.onDay,
                r.stageName,
                r.rfmName,
                r.churnBp === null ? null : r.churnBp / 10_000,
                r.clvFen === null ? null : r.clvFen / 100,
              ]),
            })}
          />
        ) : null
      }
    >
      <DataTable
        label='评分的变化'
        rows={rows}
        query={query}
        rowKey={(row) => row.onDay}
        empty={
          <Notice art='shelf' title='还没有变化'>
            每晚评分后，变了的会记在这里。
          </Notice>
        }
        columns={[
          { key: 'day', title: '截至', width: 110, render: (_, row) => <span className='num'>{row.onDay}</span> },
          { key: 'stage', title: '阶段', width: 72, render: (_, row) => row.stageName },
          { key: 'rfm', title: 'RFM', render: (_, row) => row.rfmName },
          {
            key: 'churn',
            title: '不再来',
            width: 80,
            align: 'right',
            render: (_, row) => <span className='num'>{percent(row.churnBp)}</span>,
          },
          {
            key: 'clv',
            title: '未来价值',
            width: 120,
            align: 'right',
            render: (_, row) => <span className='num'>{row.clvFen === null ? '—' : money(row.clvFen)}</span>,
          },
        ]}
      />
    </Drawer>
  )
}
