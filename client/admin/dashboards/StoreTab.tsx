import { DataTable } from '../components/DataTable'
import { Notice } from '../components/Fallbacks'
import { useRead } from '../queries'
import type { TabProps } from './Dashboards'
import { useDrill } from './Drill'
import { FigurePanel } from './FigurePanel'
import { percent, shown, yuan } from './values'

/** The stores beside each other. */
export default function StoreTab({ from, to }: TabProps) {
  const query = useRead('GET /admin/dashboards/stores', { from, to }, { keep: true })
  const open = useDrill()
  const number = (value: number) => <span className='num'>{value.toLocaleString('zh-CN')}</span>
  return (
    <FigurePanel
      title='门店排行'
      query={query}
      height={320}
      sheet={(d) => ({
        head: [
          '名次',
          '门店',
          '销售额（元）',
          '上期（元）',
          '单数',
          '消费会员',
          '笔均（元）',
          '新会员',
          '核销',
          '退款率',
        ],
        rows: d.rows.map((r) => [
          r.rank,
          r.name,
          yuan(r.salesFen),
          yuan(r.beforeFen),
          r.orders,
          r.buyers,
          yuan(r.averageFen),
          r.joined,
          r.redeemed,
          r.refundRate,
        ]),
      })}
    >
      {(d) => (
        <DataTable
          label='门店'
          rows={d.rows}
          query={query}
          rowKey={(row) => row.storeId}
          open={(row) => open(row.drill)}
          minWidth={900}
          empty={
            <Notice art='shelf' title='还没有门店'>
              在“门店”里新建第一家。
            </Notice>
          }
          columns={[
            { key: 'rank', title: '名次', width: 64, render: (_, row) => <span className='num'>{row.rank}</span> },
            { key: 'name', title: '门店', render: (_, row) => <span className='m'>{row.name}</span> },
            {
              key: 'sales',
              title: '销售额',
              align: 'right',
              render: (_, row) => (
                <>
                  <div className='num m'>{shown(row.salesFen, 'fen')}</div>
                  <div className='num t12 i3'>上期 {shown(row.beforeFen, 'fen')}</div>
                </>
              ),
            },
            { key: 'orders', title: '单数', align: 'right', render: (_, row) => number(row.orders) },
            { key: 'buyers', title: '消费会员', align: 'right', render: (_, row) => number(row.buyers) },
            {
              key: 'average',
              title: '笔均',
              align: 'right',
              render: (_, row) => <span className='num'>{shown(row.averageFen, 'fen')}</span>,
            },
            { key: 'joined', title: '新会员', align: 'right', render: (_, row) => number(row.joined) },
            { key: 'redeemed', title: '核销', align: 'right', render: (_, row) => number(row.redeemed) },
            {
              key: 'refund',
              title: '退款率',
              align: 'right',
              render: (_, row) => <span className='num'>{percent(row.refundRate)}</span>,
            },
          ]}
        />
      )}
    </FigurePanel>
  )
}
