import { serialOfDay } from '../../shared/time'
import type { Reader } from '../db/transaction'
import { latestFullRun, latestRun } from './runs'
import { settingsOf } from './settings'
import type { Cuts } from './stage-scorer'

/** The limits a grid was drawn with, and the words for its ranges. */
export interface RfmAxes {
  /** Days since the last purchase, ascending: up to the first limit is the best fifth. */
  recencyDays: number[]
  /** Purchases, ascending: up to the first limit is the lowest fifth. */
  purchases: number[]
  /** Best first. */
  rows: string[]
  /** Fewest first. */
  columns: string[]
}

const daysBetween = (from: number, to: number | null): string => {
  if (to === null) return from > 0 ? `${from} 天以上` : '更久'
  if (to < from) return '没有这一档'
  return from <= 0 ? `${to} 天内` : from === to ? `${to} 天` : `${from}–${to} 天`
}
const timesBetween = (from: number, to: number | null): string => {
  if (to === null) return `${from} 次以上`
  if (to < from) return '没有这一档'
  return from === to ? `${to} 次` : `${from}–${to} 次`
}
/** Five ranges between four limits; the first begins at `first`, each other one past the limit before it. */
const ranges = (
  limits: readonly number[],
  first: number,
  words: (from: number, to: number | null) => string,
): string[] => [first, ...limits.map((limit) => limit + 1)].map((from, i) => words(from, limits[i] ?? null))

const fifths = {
  rows: ['最近 20%', '较近 20%', '中间 20%', '较久 20%', '最久 20%'],
  columns: ['最少 20%', '较少 20%', '中间 20%', '较多 20%', '最多 20%'],
}

/**
 * The limits in force behind a grid of recency and frequency: the fixed ones of the settings the last scoring was made with, or the shop's
 * own fifths as the last run over everybody cut them. Before the first scoring the fixed limits are those of the settings, and the fifths
 * have none.
 * @param onDay the day the grid holds for: the fifths are cut between days, and grow older with it
 */
export const rfmAxes = async (db: Reader, method: 'fixed' | 'quantile', onDay: string): Promise<RfmAxes> => {
  if (method === 'fixed') {
    const [last, settings] = await Promise.all([latestRun(db, 'stages', 'done'), settingsOf(db)])
    const { recencyDays, purchases } = last?.settings.rfm ?? settings.rfm
    return {
      recencyDays,
      purchases,
      rows: ranges(recencyDays, 0, daysBetween),
      columns: ranges(purchases, 1, timesBetween),
    }
  }
  const cuts = (await latestFullRun(db, 'stages'))?.thresholds as Cuts | undefined
  if (!cuts?.lastDay?.length) return { recencyDays: [], purchases: [], ...fifths }
  // A last purchase after a cut is nearer than it: the limit is the day before the cut's age.
  const today = serialOfDay(onDay)
  const recencyDays = cuts.lastDay.map((day) => Math.max(0, today - day - 1)).reverse()
  const rows = ranges(recencyDays, 0, daysBetween)
  const columns = ranges(cuts.purchases, 1, timesBetween)
  return {
    recencyDays,
    purchases: cuts.purchases,
    rows: fifths.rows.map((name, i) => `${name}（${rows[i]}）`),
    columns: fifths.columns.map((name, i) => `${name}（${columns[i]}）`),
  }
}
