import { formatYuan } from '@shared/money'
import { DataTable } from '../components/DataTable'
import { LoadFailed, Notice } from '../components/Fallbacks'
import { ExportMenu } from '../dashboards/FigurePanel'
import { useRead } from '../queries'

const fen = (value: number | null): string =>
  value === null ? '—' : `${value < 0 ? '\u2212' : ''}${formatYuan(Math.abs(Math.round(value)))}`
const percent = (bp: number | null): string => (bp === null ? '—' : `${(bp / 100).toFixed(1)}%`)

/** What the models' choices brought against the holdout, and which rewards bring people back. */
export default function BenefitTab() {
  const benefit = useRead('GET /admin/scores/benefit', {})
  const mix = useRead('GET /admin/scores/reward-mix', {})
  if (benefit.isError && !benefit.data)
    return <LoadFailed error={benefit.error} retry={() => void benefit.refetch()} busy={benefit.isFetching} />
  return (
    <div style={{ display: 'grid', gap: 12 }}>
      <section className='panel list-panel'>
        <div className='hd'>
          <h2 className='grow'>用模型选人，多赚了多少</h2>
        </div>
        <p className='t12 i2 in'>{benefit.data?.definition}</p>
        <DataTable
          label='模型的收益'
          rows={benefit.data?.models}
          query={benefit}
          rowKey={(row) => row.model}
          minWidth={900}
          empty={
            <Notice art='shelf' title='还没有可比的活动'>
              用模型选人的旅程跑一段时间之后，这里会有对照。
            </Notice>
          }
          columns={[
            {
              key: 'name',
              title: '模型',
              width: 190,
              className: 'wrap',
              render: (_, row) => <span className='m'>{row.name}</span>,
            },
            {
              key: 'members',
              title: '选中 / 留出',
              width: 120,
              align: 'right',
              render: (_, row) => (
                <span className='num'>
                  {row.chosen} / {row.heldOut}
                </span>
              ),
            },
            {
              key: 'gain',
              title: '人均多付',
              width: 190,
              align: 'right',
              render: (_, row) => (
                <>
                  <div className='num m'>{fen(row.gainFen)}</div>
                  {row.gainLowFen === null ? null : (
                    <div className='num t12 i3'>
                      {fen(row.gainLowFen)} 到 {fen(row.gainHighFen)}
                    </div>
                  )}
                </>
              ),
            },
            { key: 'verdict', title: '结论', className: 'wrap', render: (_, row) => row.verdict },
            {
              key: 'even',
              title: '保本',
              className: 'wrap',
              render: (_, row) => <span className='t12 i2'>{row.breakEven}</span>,
            },
          ]}
        />
      </section>
      <section className='panel list-panel'>
        <div className='hd'>
          <h2 className='grow'>用过奖励的人，是不是更常回来</h2>
          {mix.data ? (
            <ExportMenu
              name='奖励结构'
              sheet={() => ({
                head: ['奖励', '发出', '使用', '优惠（元）', '积分', '用过又来', '没用又来', '差别'],
                rows: (mix.data?.rewards ?? []).map((r) => [
                  r.name,
                  r.granted,
                  r.used,
                  r.savedFen / 100,
                  r.points,
                  r.returnedUsedBp === null ? null : r.returnedUsedBp / 10_000,
                  r.returnedUnusedBp === null ? null : r.returnedUnusedBp / 10_000,
                  r.difference,
                ]),
              })}
            />
          ) : null}
        </div>
        <p className='t12 i2 in'>
          {mix.data?.definition} {mix.data?.caveat}
        </p>
        <DataTable
          label='奖励'
          rows={mix.data?.rewards}
          query={mix}
          rowKey={(row) => `${row.kind}/${row.id}`}
          minWidth={760}
          empty={
            <Notice art='shelf' title='还没有发过奖励'>
              发券或上架礼品之后，这里会比较。
            </Notice>
          }
          columns={[
            { key: 'name', title: '奖励', render: (_, row) => <span className='m'>{row.name}</span> },
            {
              key: 'used',
              title: '使用 / 发出',
              align: 'right',
              width: 120,
              render: (_, row) => (
                <span className='num'>
                  {row.used} / {row.granted}
                </span>
              ),
            },
            {
              key: 'returned',
              title: '用过又来 / 没用又来',
              align: 'right',
              width: 170,
              render: (_, row) => (
                <span className='num'>
                  {percent(row.returnedUsedBp)} / {percent(row.returnedUnusedBp)}
                </span>
              ),
            },
            { key: 'difference', title: '差别', className: 'wrap', render: (_, row) => row.difference },
          ]}
        />
      </section>
    </div>
  )
}
