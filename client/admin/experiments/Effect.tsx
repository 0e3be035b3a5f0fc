import type { Output } from '@shared/contract'
import { formatYuan, formatYuanShort } from '@shared/money'
import './experiments.css'

/** What an experiment shows. */
export type Report = Output<'GET /admin/experiments/journeys/:journeyId'>
type Metric = Report['metrics'][number]
type ArmResult = Metric['arms'][number]
type Against = NonNullable<ArmResult['against']>
type Interval = NonNullable<Against['difference']>

const verdicts: Record<Against['verdict'], { word: string; tone: string }> = {
  better: { word: '有提升', tone: 'brand' },
  worse: { word: '有下降', tone: 'danger' },
  no_conclusion: { word: '没有结论', tone: '' },
  too_few: { word: '人数太少', tone: '' },
  mismatch: { word: '分组有误', tone: 'warn' },
}
const percent = (share: number): string =>
  `${share > 0 ? '+' : share < 0 ? '\u2212' : ''}${Math.abs(share * 100).toFixed(1)}%`

/** A member's mean in the unit of its metric. */
export const meanOf = (metric: Metric, mean: number): string =>
  metric.unit === 'share'
    ? `${(mean * 100).toFixed(2)}%`
    : metric.unit === 'fen'
      ? formatYuan(Math.round(mean))
      : mean.toFixed(3)

/** The interval of the lift as a line around zero: what lies wholly on one side is a conclusion. */
function Whisker({ lift, reach }: { lift: Interval; reach: number }) {
  const place = (x: number): number => 50 + 50 * Math.max(-1, Math.min(1, x / reach))
  const low = place(lift.low)
  const high = place(lift.high)
  return (
    <div
      className='whisker'
      role='img'
      aria-label={`提升 ${percent(lift.estimate)}，95% 区间 ${percent(lift.low)} 到 ${percent(lift.high)}`}
    >
      <i className='zero' />
      <i
        className={lift.low > 0 ? 'range up' : lift.high < 0 ? 'range down' : 'range'}
        style={{ left: `${low}%`, width: `${Math.max(0.5, high - low)}%` }}
      />
      <i className='point' style={{ left: `${place(lift.estimate)}%` }} />
    </div>
  )
}

/** Every arm's mean of a metric, its lift over the control with the interval, and the verdict. */
export function MetricRows({ metric }: { metric: Metric }) {
  const lifts = metric.arms.flatMap((a) => (a.against?.lift ? [a.against.lift] : []))
  const reach = Math.max(0.05, ...lifts.flatMap((l) => [Math.abs(l.low), Math.abs(l.high)]))
  return (
    <table>
      <thead>
        <tr>
          <th scope='col'>分组</th>
          <th scope='col'>人数</th>
          <th scope='col'>人均</th>
          <th scope='col'>比对照组</th>
          <th scope='col'>95% 区间</th>
          <th scope='col'>结论</th>
        </tr>
      </thead>
      <tbody>
        {metric.arms.map((arm) => (
          <tr key={arm.arm}>
            <th scope='row'>{arm.name}</th>
            <td className='num'>{arm.members.toLocaleString('zh-CN')}</td>
            <td className='num'>{meanOf(metric, arm.mean)}</td>
            {arm.against ? (
              <>
                <td className='num m'>{arm.against.lift ? percent(arm.against.lift.estimate) : '—'}</td>
                <td>{arm.against.lift ? <Whisker lift={arm.against.lift} reach={reach} /> : null}</td>
                <td title={arm.against.sentence}>
                  <span className={`tag ${verdicts[arm.against.verdict].tone}`}>
                    {verdicts[arm.against.verdict].word}
                  </span>
                  {arm.against.corrected === null ? null : (
                    <span className='t12 i3 num'> p={arm.against.corrected.toFixed(3)}</span>
                  )}
                </td>
              </>
            ) : (
              <td colSpan={3} className='i3'>
                用来比较
              </td>
            )}
          </tr>
        ))}
      </tbody>
    </table>
  )
}

/** One metric with what may be said of it. */
export function MetricTable({ metric }: { metric: Metric }) {
  return (
    <section className='panel effect' aria-label={metric.name}>
      <div className='hd'>
        <h2>{metric.name}</h2>
        {metric.varianceSaved > 0.01 ? (
          <span className='t12 i3'>用进入前的消费校正，误差方差少了 {Math.round(metric.varianceSaved * 100)}%</span>
        ) : null}
      </div>
      <MetricRows metric={metric} />
      <p className='t12 i2 said'>
        {metric.arms
          .flatMap((a) => (a.against ? [a.against.sentence] : []))
          .filter((sentence, index, all) => all.indexOf(sentence) === index)
          .join('；')}
      </p>
    </section>
  )
}

const range = (interval: Interval | null, text: (value: number) => string): string =>
  interval ? `${text(interval.estimate)}（${text(interval.low)} 到 ${text(interval.high)}）` : '还算不出'
const yuan = (fen: number): string => `${fen < 0 ? '\u2212' : ''}${formatYuanShort(Math.abs(Math.round(fen)))}`

/** What it brought and what it cost. */
export function Money({ money }: { money: Report['money'][number] }) {
  const lines: [string, string, string][] = [
    ['多出的订单', range(money.incrementalOrders, (n) => n.toFixed(0)), '参与组比没做时多下的订单'],
    ['多出的实付', range(money.incrementalRevenueFen, yuan), '参与组比没做时多付的钱，已减去退款和优惠'],
    ['多出的毛利', range(money.incrementalMarginFen, yuan), '多出的实付 × 毛利率'],
    [
      '花费',
      `${yuan(money.costFen.total)}（积分 ${yuan(money.costFen.points)}，短信 ${yuan(money.costFen.sms)}）`,
      '积分和短信的成本；券的优惠已经从实付里减去',
    ],
    [
      '核销的券',
      `${money.couponsRedeemed.toLocaleString('zh-CN')} 张，优惠 ${yuan(money.couponDiscountFen)}`,
      '由它发出并核销的券',
    ],
    [
      '本来就会下的单',
      money.cannibalisedOrders === null ? '还没有结论' : `${money.cannibalisedOrders} 单用了券`,
      '核销的券减去多出的订单',
    ],
    [
      '回报',
      money.returnOnCost === null ? '还没有结论' : `每花 1 元，多赚毛利 ${money.returnOnCost.toFixed(2)} 元`,
      '多出的毛利 ÷ 花费',
    ],
    ['保本点', `人均多付 ${yuan(money.breakEvenFenPerMember)} 就保本`, '花费 ÷ 毛利率 ÷ 人数'],
  ]
  return (
    <section className='panel effect' aria-label='账'>
      <div className='hd'>
        <h2>划不划算</h2>
      </div>
      <dl className='money'>
        {lines.map(([label, value, why]) => (
          <div key={label} title={why}>
            <dt>{label}</dt>
            <dd className='num'>{value}</dd>
          </div>
        ))}
      </dl>
    </section>
  )
}
