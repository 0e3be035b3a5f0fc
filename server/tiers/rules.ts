import { addDays } from '../../shared/time'

/** Policy numbers of the growth programme. */
export const tierPolicy = {
  /** Growth for one yuan paid. */
  growthPerYuan: 1,
  /** Growth counts for this many days after it was earned. */
  windowDays: 365,
  /** A level once reached or kept is certain for this many days. */
  validDays: 365,
  /** Days after validUntil in which growth can still be made up before the level falls. */
  graceDays: 30,
} as const

/** The group's track, the default of every level. */
export const groupTrack = 'group'

/** Growth for a payment, rounded down. */
export const growthFor = (paidFen: number): number => Math.floor((paidFen * tierPolicy.growthPerYuan) / 100)

/** What the rules need of a level. Sorted by level, from 0. */
export interface Level {
  level: number
  name: string
  threshold: number
  multiplierBp: number
}
export interface GrowthChange {
  seq: number
  at: number
  earnedOn: string
  amount: number
  growthAfter: number
  kind: 'earn' | 'clawback' | 'expire'
  source: { type: string; id: string | null }
}
export interface LevelChange {
  at: number
  fromLevel: number | null
  toLevel: number
  direction: 'up' | 'down' | 'keep'
  reason: string
  validUntil: string | null
}
/** One member's growth while a batch is being decided. */
export interface Growth {
  memberId: string
  growth: number
  seq: number
  level: number
  since: string
  validUntil: string | null
  expiredThrough: string | null
  entries: GrowthChange[]
  changes: LevelChange[]
  dirty: boolean
}

/** The highest level whose threshold this growth reaches. */
export const levelFor = (growth: number, levels: readonly Level[]): Level => {
  let best = levels[0]
  for (const l of levels) if (growth >= l.threshold && l.level >= best.level) best = l
  return best
}

const append = (
  g: Growth,
  amount: number,
  kind: GrowthChange['kind'],
  at: number,
  earnedOn: string,
  source: GrowthChange['source'],
): void => {
  g.growth += amount
  g.seq += 1
  g.entries.push({ seq: g.seq, at, earnedOn, amount, growthAfter: g.growth, kind, source })
  g.dirty = true
}

const moveTo = (
  g: Growth,
  level: Level,
  direction: LevelChange['direction'],
  at: number,
  today: string,
  reason: string,
): void => {
  const fromLevel = g.level
  g.level = level.level
  g.since = today
  g.validUntil = level.level > 0 ? addDays(today, tierPolicy.validDays) : null
  g.changes.push({ at, fromLevel, toLevel: level.level, direction, reason, validUntil: g.validUntil })
  g.dirty = true
}

/** Adds growth and raises the level at once when a threshold is reached. Answers the level reached, or null when it stays. */
export const addGrowth = (
  g: Growth,
  amount: number,
  at: number,
  today: string,
  source: GrowthChange['source'],
  levels: readonly Level[],
): Level | null => {
  if (amount <= 0) return null
  append(g, amount, 'earn', at, today, source)
  const reached = levelFor(g.growth, levels)
  if (reached.level <= g.level) return null
  moveTo(g, reached, 'up', at, today, `成长值达到 ${g.growth}，满 ${reached.threshold} 升级`)
  return reached
}

/**
 * Takes back the growth of a refunded purchase. What has already left the window is not taken twice. A level that this purchase (or a
 * later one) brought falls back at once when its growth is gone; a level held longer waits for its review.
 * @param earnedOn the purchase's day
 */
export const takeBackGrowth = (
  g: Growth,
  amount: number,
  at: number,
  earnedOn: string,
  source: GrowthChange['source'],
  levels: readonly Level[],
  today: string,
): number => {
  if (amount <= 0 || (g.expiredThrough && earnedOn <= g.expiredThrough)) return 0
  append(g, -amount, 'clawback', at, earnedOn, source)
  const fits = levelFor(g.growth, levels)
  if (fits.level < g.level && g.since >= earnedOn) {
    const held = levels.find((l) => l.level === g.level)
    moveTo(g, fits, 'down', at, today, `退款后成长值 ${g.growth}，不足${held?.name ?? ''}的 ${held?.threshold ?? ''}`)
  }
  return amount
}

/** Lets growth earned up to `cutoff` leave the window. `amount` is its sum. */
export const expireGrowthOf = (g: Growth, amount: number, cutoff: string, at: number, today: string): void => {
  if (amount > 0) append(g, -amount, 'expire', at, today, { type: 'window', id: null })
  g.expiredThrough = cutoff
  g.dirty = true
}

/**
 * The nightly review of a level whose certainty has ended: kept when the growth of the window still reaches its threshold, lowered by one
 * step when the days of grace are over too. Answers what happened, or null when it is not yet time.
 */
export const review = (
  g: Growth,
  at: number,
  today: string,
  levels: readonly Level[],
): LevelChange['direction'] | null => {
  if (!g.validUntil || g.validUntil >= today) return null
  const held = levels.find((l) => l.level === g.level)
  if (!held) throw new Error(`Level ${g.level} of ${g.memberId} is not in the table`)
  if (g.growth >= held.threshold) {
    moveTo(g, held, 'keep', at, today, `近 ${tierPolicy.windowDays} 天成长值 ${g.growth}，满 ${held.threshold} 保级`)
    return 'keep'
  }
  if (addDays(g.validUntil, tierPolicy.graceDays) >= today) return null
  const lower = levels.filter((l) => l.level < g.level).at(-1) ?? levels[0]
  moveTo(
    g,
    lower,
    'down',
    at,
    today,
    `近 ${tierPolicy.windowDays} 天成长值 ${g.growth}，不足 ${held.threshold}，宽限 ${tierPolicy.graceDays} 天后降一级`,
  )
  return 'down'
}
