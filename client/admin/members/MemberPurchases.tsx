import { formatYuan } from '@shared/money'
import { describeMoment } from '@shared/time'
import { DataTable } from '../components/DataTable'
import { Notice } from '../components/Fallbacks'
import { type Row, useList } from '../queries'

type Purchase = Row<'GET /admin/members/:memberId/purchases'>
const states = { settled: null, part_refunded: '退过一部分', refunded: '已全退' }

/** '雪松香薰蜡烛 ×1、亚麻杯垫 ×2 等 5 样'. */
function linesText(lines: Purchase['lines']): string {
  if (lines.length === 0) return '没有明细'
  const shown = lines.slice(0, 2).map((line) => `${line.name} ×${line.quantity}`)
  return lines.length > 2 ? `${shown.join('、')} 等 ${lines.length} 样` : shown.join('、')
}

/** What the member bought. */
export function MemberPurchases({ memberId }: { memberId: string }) {
  const list = useList('GET /admin/members/:memberId/purchases', { memberId, limit: 30 })
  const now = Date.now()
  return (
    <div className='inner-table'>
      <DataTable
        label='消费'
        rows={list.rows}
        query={list}
        rowKey={(row) => row.id}
        empty={
          <Notice art='shelf' title='还没有消费'>
            店员扫码录入，或从收银系统导入后，会出现在这里。
          </Notice>
        }
        columns={[
          {
            key: 'what',
            title: '买了什么',
            className: 'wrap',
            render: (_, row) => (
              <>
                <div>{linesText(row.lines)}</div>
                <div className='t12 i3 num'>
                  {describeMoment(row.at, now)}，{row.storeName}，{row.no}
                </div>
              </>
            ),
          },
          {
            key: 'paid',
            title: '实付',
            align: 'right',
            width: 120,
            render: (_, row) => (
              <>
                <div className='num m'>{formatYuan(row.paidFen)}</div>
                {row.refundedFen > 0 ? (
                  <div className='t12 cw num'>退 {formatYuan(row.refundedFen)}</div>
                ) : row.amountFen > row.paidFen ? (
                  <div className='t12 i3 num'>优惠 {formatYuan(row.amountFen - row.paidFen)}</div>
                ) : null}
              </>
            ),
          },
          {
            key: 'points',
            title: '得积分',
            align: 'right',
            width: 96,
            render: (_, row) => (
              <>
                <div className='num'>{row.pointsEarned.toLocaleString('zh-CN')}</div>
                {states[row.status] ? <div className='t12 cw'>{states[row.status]}</div> : null}
              </>
            ),
          },
        ]}
      />
    </div>
  )
}
