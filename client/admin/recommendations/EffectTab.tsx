import { formatYuan } from '@shared/money'
import { Segmented, Select } from 'antd'
import { DataTable } from '../components/DataTable'
import { LoadFailed, Notice, StaleStrip } from '../components/Fallbacks'
import { useUrlState } from '../components/useUrlState'
import { DrillPlace, useDrill } from '../dashboards/Drill'
import { Definition, ExportMenu } from '../dashboards/FigurePanel'
import { useRead } from '../queries'
import { type Arm, arms, slotOptions } from './words'

const periods = [7, 30, 90, 180]
const rate = (value: number) => `${(value * 100).toFixed(1)}%`
const points = (value: number) => `${value > 0 ? '+' : ''}${(value * 100).toFixed(2)} 个百分点`
const yuan = (fen: number) => `${fen > 0 ? '+' : ''}${(fen / 100).toFixed(2)} 元`

/** One difference with what it may really be. */
function Difference(props: {
  label: string
  found: { value: number; interval: { low: number; high: number } } | null
  say: (value: number) => string
}) {
  const { label, found, say } = props
  return (
    <div>
      <small className='t12 i3'>{label}</small>
      {found ? (
        <>
          <div className='m num' style={{ fontSize: 18, lineHeight: '28px' }}>
            {say(found.value)}
          </div>
          <div className='t12 i3 num'>
            {say(found.interval.low)} 到 {say(found.interval.high)}
          </div>
        </>
      ) : (
        <div className='i3'>人数还不够比较</div>
      )}
    </div>
  )
}

function Effect() {
  const open = useDrill()
  const [url, setUrl] = useUrlState(['days', 'slot'] as const)
  const days = periods.find((period) => String(period) === url.days) ?? 30
  const slot = slotOptions.find(({ value }) => value === url.slot)?.value
  const query = useRead('GET /admin/recommendation-effect', { days, slot }, { keep: true })
  const { data } = query
  const rows = data
    ? (Object.keys(arms) as (keyof typeof arms)[]).map((key) => ({ key, name: arms[key], ...(data[key] as Arm) }))
    : []
  return (
    <div style={{ display: 'grid', gap: 12 }}>
      <div className='row g2'>
        <Segmented
          value={days}
          options={periods.map((value) => ({ value, label: `近 ${value} 天` }))}
          onChange={(value) => setUrl({ days: String(value) })}
          aria-label='看多久'
        />
        <Select
          allowClear
          style={{ width: 140 }}
          value={slot}
          placeholder='全部位置'
          options={slotOptions}
          onChange={(value) => setUrl({ slot: value })}
          aria-label='看哪个位置'
        />
      </div>
      {data ? (
        <>
          <StaleStrip query={query} />
          <section className='panel' style={{ padding: 16 }} role='status'>
            <div className='row g1'>
              <b>{data.conclusion}</b>
              <Definition
                of='推荐的效果'
                text='每十位会员里固定有一位是对照组，看到的是热门商品。两组之差就是“为他挑”带来的；95% 区间包含 0，就还说不准'
              />
            </div>
            <div className='row' style={{ gap: 40, marginTop: 12, flexWrap: 'wrap', alignItems: 'start' }}>
              <Difference label='点击率之差' found={data.difference.clickRate} say={points} />
              <Difference label='7 天内购买率之差' found={data.difference.buyRate} say={points} />
              <Difference label='每人次收入之差' found={data.difference.revenuePerUnitFen} say={yuan} />
            </div>
            <p className='t12 i3' style={{ marginTop: 8 }}>
              {data.from} 至 {data.to}，个性化减对照组，下面一行是 95% 区间。
            </p>
          </section>
          <section className='panel list-panel' aria-label='各组'>
            <div className='hd' style={{ paddingBottom: 8 }}>
              <h2>各组的结果</h2>
              <Definition
                of='各组的结果'
                text='人次：一位会员在一天里看到过这种推荐，算一次。点击率：点过的人次占比。7 天内购买率：看过之后 7 天里买了推荐的东西的人次占比。收入只算买推荐的东西的钱。对照组看到的是热门商品，不是为他挑的'
              />
              <span className='grow' />
              <ExportMenu
                name='推荐效果'
                sheet={() => ({
                  head: ['分组', '人次', '曝光', '点击', '点击率', '购买', '购买率', '订单', '收入（元）'],
                  rows: rows.map((r) => [
                    r.name,
                    r.units,
                    r.exposures,
                    r.clicks,
                    r.clickRate,
                    r.buyers,
                    r.buyRate,
                    r.orders,
                    r.revenueFen / 100,
                  ]),
                })}
              />
            </div>
            {rows.some((row) => row.units > 0) ? (
              <DataTable
                label='分组'
                rows={rows}
                query={query}
                rowKey={(row) => row.key}
                open={(row) =>
                  open({ figure: 'recommended', row: row.key, col: `${data.from}..${data.to}|${slot ?? ''}` })
                }
                minWidth={760}
                empty={null}
                columns={[
                  { key: 'name', title: '分组', render: (_, row) => <span className='m'>{row.name}</span> },
                  ...(
                    [
                      ['units', '人次'],
                      ['exposures', '曝光'],
                      ['clicks', '点击'],
                    ] as const
                  ).map(([key, title]) => ({
                    key,
                    title,
                    align: 'right' as const,
                    render: (_: unknown, row: Arm) => <span className='num'>{row[key].toLocaleString('zh-CN')}</span>,
                  })),
                  {
                    key: 'ctr',
                    title: '点击率',
                    align: 'right',
                    render: (_, row) => <span className='num'>{rate(row.clickRate)}</span>,
                  },
                  {
                    key: 'buy',
                    title: '7 天内购买率',
                    align: 'right',
                    render: (_, row) => <span className='num'>{rate(row.buyRate)}</span>,
                  },
                  {
                    key: 'revenue',
                    title: '收入',
                    align: 'right',
                    render: (_, row) => <span className='num'>{formatYuan(row.revenueFen)}</span>,
                  },
                ]}
              />
            ) : (
              <Notice art='shelf' title='还没有曝光'>
                会员在小程序里看到推荐后，这里开始有数字。
              </Notice>
            )}
          </section>
        </>
      ) : query.isError ? (
        <LoadFailed error={query.error} retry={() => void query.refetch()} busy={query.isFetching} />
      ) : (
        <div className='bone' style={{ height: 320 }} role='status' aria-label='正在读取效果' />
      )}
    </div>
  )
}

/** Exposures, taps and purchases, personal against the control group; each group opens the members in it. */
export function EffectTab() {
  return (
    <DrillPlace storeId={undefined}>
      <Effect />
    </DrillPlace>
  )
}
