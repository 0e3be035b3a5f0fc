import type { CheckCode } from '../../shared/score-words'

/** Outcome of one check; `failed` stops the scoring. */
export interface Checked {
  code: CheckCode
  result: 'passed' | 'warned' | 'failed'
  /** What was found and what is normal, in words. */
  measured: string
  expected: string
  /** What the next run compares with; undefined where nothing is kept. */
  baseline?: number[]
}

/** Below so many purchases a share or a distribution says nothing. */
export const fewestRows = 100

const percent = (share: number): string => `${(share * 100).toFixed(share < 0.01 && share > 0 ? 2 : 1)}%`

/** @param hours since the newest purchase; null: there has never been one */
export const judgeFreshness = (hours: number | null, limitHours: number): Checked => ({
  code: 'freshness',
  result: hours === null || hours <= limitHours / 4 ? 'passed' : hours <= limitHours ? 'warned' : 'failed',
  measured: hours === null ? '还没有消费记录' : `最近一笔在 ${Math.max(0, Math.round(hours))} 小时前`,
  expected: `${limitHours} 小时以内`,
})

/** A day's purchases against the mean of the same weekday of four weeks. */
export const judgeVolume = (orders: number, usual: number, lowBp: number, highBp: number): Checked => {
  const expected = `同一星期几平均 ${usual.toFixed(0)} 单的 ${lowBp / 100}% 到 ${highBp / 100}%`
  // A shop with a few purchases a day may well have a day with none.
  if (usual < 20) return { code: 'volume', result: 'passed', measured: `${orders} 单，平时太少，不作判断`, expected }
  const ratio = (orders / usual) * 10_000
  const middle = ratio < lowBp * 2 || ratio > highBp / 2
  return {
    code: 'volume',
    result: ratio < lowBp || ratio > highBp ? 'failed' : middle ? 'warned' : 'passed',
    measured: `${orders} 单，是平时的 ${percent(orders / usual)}`,
    expected,
  }
}

/** Rows that repeat an earlier one, out of all that came in. */
export const judgeDuplicates = (repeated: number, rows: number): Checked => {
  const share = rows ? repeated / rows : 0
  return {
    code: 'duplicates',
    result: repeated >= 5 && share > 0.05 ? 'failed' : repeated >= 5 && share > 0.01 ? 'warned' : 'passed',
    measured: `${rows} 笔中有 ${repeated} 笔像是重复（${percent(share)}）`,
    expected: '不超过 5%',
  }
}

export const judgeImpossible = (wrong: number, rows: number): Checked => ({
  code: 'impossible',
  result: !wrong ? 'passed' : wrong / rows > 0.005 ? 'failed' : 'warned',
  measured: `${rows} 笔中有 ${wrong} 笔不可能`,
  expected: '没有；超过 0.5% 就停止评分',
})

export const judgeRecounted = (waiting: number, members: number): Checked => ({
  code: 'recounted',
  result: !waiting ? 'passed' : waiting / Math.max(1, members) > 0.01 ? 'failed' : 'warned',
  measured: waiting ? `${waiting} 位会员的统计在等重算` : '没有积压',
  expected: '不超过 1%',
})

/**
 * Population stability index of two histograms over the same bins: Σ (p − q) · ln(p / q), with half a count added to every bin so that an
 * empty one stays finite. Below 0.1 nothing has happened, above 0.25 something has (Siddiqi, Credit Risk Scorecards, 2006).
 */
export const stabilityIndex = (recent: readonly number[], reference: readonly number[]): number => {
  const total = (bins: readonly number[]): number => bins.reduce((sum, n) => sum + n + 0.5, 0)
  const [a, b] = [total(recent), total(reference)]
  return recent.reduce((sum, n, i) => {
    const p = (n + 0.5) / a
    const q = (reference[i] + 0.5) / b
    return sum + (p - q) * Math.log(p / q)
  }, 0)
}

/** A festival shifts what people buy; only a feed that means something else moves a distribution this far. */
const driftFails = 1
const driftWarns = 0.25

/** @param keep histogram of a longer stretch, for the next run to compare with */
export const judgeDrift = (
  code: 'drift_amount' | 'drift_hours',
  recent: readonly number[],
  reference: readonly number[],
  keep: readonly number[],
): Checked => {
  const rows = (bins: readonly number[]): number => bins.reduce((sum, n) => sum + n, 0)
  const expected = `PSI 不超过 ${driftWarns}；超过 ${driftFails} 就停止评分`
  if (rows(recent) < fewestRows || rows(reference) < fewestRows)
    return { code, result: 'passed', measured: '样本太少，不作判断', expected, baseline: [...keep] }
  const psi = stabilityIndex(recent, reference)
  const result = psi > driftFails ? 'failed' : psi > driftWarns ? 'warned' : 'passed'
  return {
    code,
    result,
    measured: `PSI ${psi.toFixed(3)}`,
    expected,
    // A stretch that is not believed must not become what the next one is measured by.
    ...(result === 'failed' ? {} : { baseline: [...keep] }),
  }
}
