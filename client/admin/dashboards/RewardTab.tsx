import { DataTable } from '../components/DataTable'
import { Notice } from '../components/Fallbacks'
import { useRead } from '../queries'
import type { TabProps } from './Dashboards'
import { useDrill } from './Drill'
import { FigurePanel } from './FigurePanel'
import { percent, shown, yuan } from './values'

const number = (value: number) => <span className='num'>{value.toLocaleString('zh-CN')}</span>
const nothing = (
  <Notice art='shelf' title='这段时间没有用过'>
    换一段时间看看。
  </Notice>
)

/** What coupons and rewards bring. */
export default function RewardTab({ from, to }: TabProps) {
  const coupons = useRead('GET /admin/dashboards/coupons', { from, to }, { keep: true })
  const mix = useRead('GET /admin/dashboards/reward-mix', {}, { keep: true })
  const open = useDrill()
  return (
    <div style={{ display: 'grid', gap: 12 }}>
      <FigurePanel
        title='优惠券效果'
        query={coupons}
        height={260}
        sheet={(d) => ({
          head: ['优惠券', '发出', '核销', '核销率', '优惠（元）', '带来的实付（元）', '笔均（元）'],
          rows: d.rows.map((r) => [
            r.name,
            r.issued,
            r.redeemed,
            r.rate,
            yuan(r.savedFen),
            yuan(r.salesFen),
            yuan(r.averageFen),
          ]),
        })}
      >
        {(d) => (
          <>
            <div className='facts'>
              <div>
                <b className='num'>{d.total.issued.toLocaleString('zh-CN')}</b>
                <small>发出</small>
              </div>
              <div>
                <b className='num'>{d.total.redeemed.toLocaleString('zh-CN')}</b>
                <small>核销</small>
              </div>
              <div>
                <b className='num'>{shown(d.total.savedFen, 'fen')}</b>
                <small>优惠了</small>
              </div>
              <div>
                <b className='num'>{shown(d.total.salesFen, 'fen')}</b>
                <small>用券那笔的实付</small>
              </div>
            </div>
            <DataTable
              label='优惠券'
              rows={d.rows}
              query={coupons}
              rowKey={(row) => row.templateId}
              open={(row) => open(row.drill)}
              minWidth={760}
              empty={nothing}
              columns={[
                { key: 'name', title: '优惠券', render: (_, row) => <span className='m'>{row.name}</span> },
                { key: 'issued', title: '发出', align: 'right', render: (_, row) => number(row.issued) },
                { key: 'redeemed', title: '核销', align: 'right', render: (_, row) => number(row.redeemed) },
                {
                  key: 'rate',
                  title: '核销率',
                  align: 'right',
                  render: (_, row) => <span className='num'>{percent(row.rate)}</span>,
                },
                {
                  key: 'saved',
                  title: '优惠',
                  align: 'right',
                  render: (_, row) => <span className='num'>{shown(row.savedFen, 'fen')}</span>,
                },
                {
                  key: 'sales',
                  title: '实付',
                  align: 'right',
                  render: (_, row) => <span className='num'>{shown(row.salesFen, 'fen')}</span>,
                },
              ]}
            />
          </>
        )}
      </FigurePanel>
      <FigurePanel
        title='哪些奖励带来了回头客'
        query={mix}
        height={260}
        sheet={(d) => ({
          head: ['奖励', '使用', '会员', '花费积分', '优惠（元）', '30 天内又来', '已满 30 天', '比例'],
          rows: d.rows.map((r) => [
            r.label,
            r.uses,
            r.members,
            r.costPoints,
            yuan(r.savedFen),
            r.returned,
            r.matured,
            r.rate,
          ]),
        })}
      >
        {(d) => (
          <DataTable
            label='奖励'
            rows={d.rows}
            query={mix}
            rowKey={(row) => row.key}
            open={(row) => open(row.drill)}
            minWidth={720}
            empty={nothing}
            columns={[
              { key: 'label', title: '奖励', render: (_, row) => <span className='m'>{row.label}</span> },
              { key: 'uses', title: '使用', align: 'right', render: (_, row) => number(row.uses) },
              { key: 'members', title: '会员', align: 'right', render: (_, row) => number(row.members) },
              { key: 'points', title: '积分', align: 'right', render: (_, row) => number(row.costPoints) },
              {
                key: 'rate',
                title: '用后 30 天又来',
                align: 'right',
                render: (_, row) => (
                  <>
                    <div className='num m'>{percent(row.rate)}</div>
                    <div className='num t12 i3'>
                      {row.returned} / {row.matured}
                    </div>
                  </>
                ),
              },
            ]}
          />
        )}
      </FigurePanel>
    </div>
  )
}
