import type { Output } from '../../shared/contract'
import type { Verdict } from './statistics/analyse'

type Metrics = Output<'GET /admin/experiments/journeys/:journeyId'>['metrics']
type Range = { estimate: number; low: number; high: number } | null

const percent = (share: number): string => `${share > 0 ? '+' : ''}${(share * 100).toFixed(1)}%`
const range = (lift: Range): string =>
  lift ? `${percent(lift.estimate)}（95% 区间 ${percent(lift.low)} 到 ${percent(lift.high)}）` : ''

/** What may be said of one arm and one metric. */
export const sentenceOn = (metric: string, verdict: Verdict, lift: Range): string => {
  switch (verdict) {
    case 'mismatch':
      return '分组人数与计划不符，结果不可信，请先查明原因'
    case 'too_few':
      return '人数太少或没有变化，还不能比较'
    case 'better':
      return `${metric}提升 ${range(lift)}`.trim()
    case 'worse':
      return `${metric}下降 ${range(lift)}`.trim()
    case 'no_conclusion':
      return `${metric}还没有结论：${lift ? `目前看 ${range(lift)}，` : ''}区间包含 0，可能只是巧合`
  }
}

/** The sample-ratio check in words. */
export const mismatchSentence = (mismatch: boolean, p: number): string =>
  mismatch
    ? `各组人数偏离计划，这种偏离碰巧发生的可能只有 ${p.toExponential(1)}，下面的结果不可信`
    : '各组人数与计划相符'

/** The whole in one sentence; revenue speaks first, since it is what the shop lives on. */
export const conclusionOf = (metrics: Metrics, waiting: number): string => {
  const later = waiting ? `另有 ${waiting} 人进入不久，观察期满后计入。` : ''
  const first = metrics[0].arms.slice(1)
  if (first.some((a) => a.against?.verdict === 'mismatch')) return `分组人数与计划不符，暂不下结论。${later}`
  const sure = ['revenue', 'orders', 'conversion'].flatMap((name) => {
    const metric = metrics.find((m) => m.metric === name)
    return (metric?.arms ?? []).flatMap((a) =>
      a.against && (a.against.verdict === 'better' || a.against.verdict === 'worse')
        ? [metric?.arms.length === 2 ? a.against.sentence : `${a.name}：${a.against.sentence}`]
        : [],
    )
  })
  if (sure.length) return `${sure.slice(0, 2).join('；')}。${later}`
  const few = metrics.every((m) => m.arms.slice(1).every((a) => a.against?.verdict === 'too_few'))
  return few ? `人数还太少，没有结论。${later}` : `没有结论：各项差异都可能只是巧合。${later}`
}
