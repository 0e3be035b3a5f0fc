import type { Output } from '@shared/contract'
import { formatYuan } from '@shared/money'
import { addDays, civilDay } from '@shared/time'
import { Link } from 'react-router'
import { DataTable } from '../components/DataTable'
import { LoadFailed, Notice } from '../components/Fallbacks'
import { useDrill } from '../dashboards/Drill'
import { Definition, ExportMenu } from '../dashboards/FigurePanel'
import { useRead } from '../queries'

const fen = (value: number | null): string =>
  value === null ? '—' : `${value < 0 ? '\u2212' : ''}${formatYuan(Math.abs(Math.round(value)))}`
const percent = (bp: number | null): string => (bp === null ? '—' : `${(bp / 100).toFixed(1)}%`)

const inYuan = (value: number | null): number | null => (value === null ? null : Math.round(value) / 100)

type Model = Output<'GET /admin/scores/benefit'>['models'][number]

/** The journeys and campaigns whose members a model chose, each with the way to its own effect. */
function Counted({ rows }: { rows: Model['counted'] }) {
  if (!rows.length) return <div className='t12 i3'>还没有旅程或群发用它选人</div>
  return (
    <div className='t12 i3'>
      {rows.map((row, index) => (
        <span key={`${row.kind}/${row.id}`}>
          {index ? '、' : '来自 '}
          <Link className='link' to={`/experiments/${row.kind}/${row.id}`}>
            {row.name}
          </Link>
        </span>
      ))}
    </div>
  )
}

/** What the models' choices brought against the holdout, and which rewards bring people back. */
export default function BenefitTab() {
  const benefit = useRead('GET /admin/scores/benefit', {})
  const mix = useRead('GET /admin/scores/reward-mix', {})
  const open = useDrill()
  const today = civilDay(Date.now())
  const last180 = `${addDays(today, -180)}..${today}`
  if (benefit.isError && !benefit.data)
    return <LoadFailed error={benefit.error} retry={() => void benefit.refetch()} busy={benefit.isFetching} />
  return (
    <div style={{ display: 'grid', gap: 12 }}>
      <section className='panel list-panel'>
        <div className='hd'>
          <h2>用模型选人，多赚了多少</h2>
          {benefit.data ? <Definition of='用模型选人，多赚了多少' text={benefit.data.definition} /> : null}
          <span className='grow' />
          {benefit.data ? (
            <ExportMenu
              name='模型的收益'
              sheet={() => ({
                head: [
                  '模型',
                  '选中',
                  '留出',
                  '选中人均（元）',
                  '留出人均（元）',
                  '人均多付（元）',
                  '区间低（元）',
                  '区间高（元）',
                  '成本（元）',
                  '结论',
                  '保本（元）',
                  '算进来的',
                ],
                rows: (benefit.data?.models ?? []).map((m) => [
                  m.name,
                  m.chosen,
                  m.heldOut,
                  inYuan(m.perChosenFen),
                  inYuan(m.perHeldOutFen),
                  inYuan(m.gainFen),
                  inYuan(m.gainLowFen),
                  inYuan(m.gainHighFen),
                  inYuan(m.costFen),
                  m.verdict,
                  inYuan(m.breakEvenFen),
                  m.counted.map((c) => c.name).join('、'),
                ]),
              })}
            />
          ) : null}
        </div>
        <div className='t12 i2 in'>
          <p>
            只算条件里写明用了评分的旅程和群发：触发是“流失概率高于”“该再买了”，或条件、人群里有“流失概率”“未来价值”“下次购买日”“自动分群”。
            没写评分的，即使碰巧发给了同一批人，也不算在这里；它们各自的效果在“
            <Link className='link' to='/experiments'>
              效果与实验
            </Link>
            ”里。
          </p>
          <p>每次都会留出一部分人不发，拿两边之后 30 天的消费相比；没有留出的人，就比不出，也就不报数。</p>
        </div>
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
              width: 220,
              className: 'wrap',
              render: (_, row) => (
                <>
                  <span className='m'>{row.name}</span>
                  <Counted rows={row.counted} />
                </>
              ),
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
          <h2>用过奖励的人，是不是更常回来</h2>
          {mix.data ? <Definition of='用过奖励的人，是不是更常回来' text={mix.data.definition} /> : null}
          <span className='grow' />
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
        <p className='t12 i2 in'>{mix.data?.caveat}。点一行，看近 180 天用过它的会员。</p>
        <DataTable
          label='奖励'
          rows={mix.data?.rewards}
          query={mix}
          rowKey={(row) => `${row.kind}/${row.id}`}
          minWidth={760}
          open={(row) => open({ figure: row.kind === 'coupon' ? 'coupon' : 'reward-order', row: row.id, col: last180 })}
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
