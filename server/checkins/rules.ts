import type { z } from 'zod'
import type { checkinPlan } from '../../shared/contract/checkins'
import { addDays, daysBetween } from '../../shared/time'
import { type AppError, refuse } from '../errors'

export type Plan = z.output<typeof checkinPlan>

/** What a shop has that never changed the rules. */
export const defaultPlan: Plan = {
  active: true,
  cycle: [2, 2, 4, 4, 6, 6, 15],
  milestones: [
    { days: 30, points: 60 },
    { days: 100, points: 200 },
  ],
  cardEveryDays: 7,
  cardPricePoints: 30,
  maxCards: 3,
  cardsPerMonth: 2,
  makeUpDays: 7,
}

/** A member's streak as its row keeps it. */
export interface Streak {
  streak: number
  longest: number
  total: number
  lastOn: string | null
  cards: number
  boughtMonth: string | null
  boughtInMonth: number
}
export const noStreak: Streak = {
  streak: 0,
  longest: 0,
  total: 0,
  lastOn: null,
  cards: 0,
  boughtMonth: null,
  boughtInMonth: 0,
}

/** Days in a row as of `today`: a streak that ended before yesterday is over. */
export const liveStreak = (s: Pick<Streak, 'streak' | 'lastOn'>, today: string): number =>
  s.lastOn && s.lastOn >= addDays(today, -1) ? s.streak : 0

/** Points of the `streak`th day in a row, and what stands on top of it. */
export const prizeOf = (plan: Plan, streak: number): { points: number; milestonePoints: number; card: boolean } => ({
  points: plan.cycle[(streak - 1) % plan.cycle.length],
  milestonePoints: plan.milestones.find((m) => m.days === streak)?.points ?? 0,
  card: plan.cardEveryDays > 0 && streak % plan.cardEveryDays === 0,
})

/** The streak after checking in today, and what it gives. Cards beyond the limit are not given. */
export const checkIn = (
  plan: Plan,
  s: Streak,
  today: string,
): { next: Streak; points: number; milestonePoints: number; cardsGiven: number } | AppError => {
  if (!plan.active) return refuse('checkin_off')
  if (s.lastOn && s.lastOn >= today) return refuse('checkin_done', { on: today })
  const streak = liveStreak(s, today) + 1
  const prize = prizeOf(plan, streak)
  const cardsGiven = prize.card && s.cards < plan.maxCards ? 1 : 0
  return {
    next: {
      ...s,
      streak,
      longest: Math.max(s.longest, streak),
      total: s.total + 1,
      lastOn: today,
      cards: s.cards + cardsGiven,
    },
    points: prize.points,
    milestonePoints: prize.milestonePoints,
    cardsGiven,
  }
}

/** Missed days that can still be made up, newest first: within the plan's days, not before the first check-in. */
export const makeUpDays = (plan: Plan, done: ReadonlySet<string>, firstOn: string | null, today: string): string[] => {
  if (!plan.active || !firstOn) return []
  return Array.from({ length: plan.makeUpDays }, (_, i) => addDays(today, -(i + 1))).filter(
    (on) => on > firstOn && !done.has(on),
  )
}

/** Days in a row that end with `lastOn`, out of the days checked in. */
export const streakEnding = (done: ReadonlySet<string>, lastOn: string): number => {
  let length = 0
  while (done.has(addDays(lastOn, -length))) length++
  return length
}

/**
 * The streak after making a day up. It costs a card and gives no points: what it brings is the streak, which goes on as if the day had not
 * been missed.
 * @param done every day checked in, as far back as the streak may reach
 */
export const makeUp = (
  plan: Plan,
  s: Streak,
  { on, done, firstOn, today }: { on: string; done: ReadonlySet<string>; firstOn: string | null; today: string },
): Streak | AppError => {
  if (!plan.active) return refuse('checkin_off')
  if (done.has(on)) return refuse('checkin_done', { on })
  if (!makeUpDays(plan, done, firstOn, today).includes(on))
    return refuse('checkin_make_up_range', { days: plan.makeUpDays })
  if (s.cards < 1) return refuse('checkin_no_card')
  const days = new Set([...done, on])
  const lastOn = s.lastOn && s.lastOn > on ? s.lastOn : on
  const streak = streakEnding(days, lastOn)
  return { ...s, cards: s.cards - 1, total: s.total + 1, lastOn, streak, longest: Math.max(s.longest, streak) }
}

/** Why no card can be bought, or null. `month` is YYYY-MM. */
export const cardRefusal = (plan: Plan, s: Streak, month: string): AppError | null => {
  if (!plan.active) return refuse('checkin_off')
  if (!plan.cardPricePoints) return refuse('checkin_card_not_sold')
  if (s.cards >= plan.maxCards) return refuse('checkin_card_limit', { max: plan.maxCards })
  const bought = s.boughtMonth === month ? s.boughtInMonth : 0
  return bought >= plan.cardsPerMonth ? refuse('checkin_card_month_limit', { limit: plan.cardsPerMonth }) : null
}

/** The streak with one more bought card. */
export const withCard = (s: Streak, month: string): Streak => ({
  ...s,
  cards: s.cards + 1,
  boughtMonth: month,
  boughtInMonth: (s.boughtMonth === month ? s.boughtInMonth : 0) + 1,
})

/** The steps of the cycle a member is in, one a day. */
export const ladderOf = (
  plan: Plan,
  streak: number,
  checkedToday: boolean,
): { days: number; points: number; card: boolean; state: 'done' | 'today' | 'ahead' }[] => {
  const today = checkedToday ? streak : streak + 1
  const first = today - ((today - 1) % plan.cycle.length)
  return plan.cycle.map((_, i) => {
    const days = first + i
    const { points, milestonePoints, card } = prizeOf(plan, days)
    const state = days < today || (days === today && checkedToday) ? 'done' : days === today ? 'today' : 'ahead'
    return { days, points: points + milestonePoints, card, state }
  })
}

/** The rules in one Chinese sentence. */
export const planSentence = (plan: Plan): string => {
  if (!plan.active) return '签到没有开放。'
  const cards = [
    plan.cardEveryDays ? `每连续 ${plan.cardEveryDays} 天送 1 张补签卡` : '',
    plan.cardPricePoints ? `${plan.cardPricePoints} 积分可买 1 张，每月最多 ${plan.cardsPerMonth} 张` : '',
  ].filter(Boolean)
  const stones = plan.milestones.map((m) => `满 ${m.days} 天加 ${m.points} 分`)
  return `每天签到一次，连续签到依次得 ${plan.cycle.join('、')} 分，${plan.cycle.length} 天一轮${stones.length ? `；${stones.join('，')}` : ''}。${cards.length && plan.makeUpDays ? `${cards.join('，')}，最多持有 ${plan.maxCards} 张，可补最近 ${plan.makeUpDays} 天。` : '不能补签。'}`
}

/** Days from the first of the ladder's wants of history: how far back a streak must be read to be counted whole. */
export const historyFrom = (s: Pick<Streak, 'streak' | 'lastOn'>, plan: Plan, today: string): string => {
  const back = Math.max(plan.makeUpDays + 1, s.lastOn ? daysBetween(s.lastOn, today) + s.streak + 1 : 0)
  // A day made up may join an older streak: a year more covers every milestone.
  return addDays(today, -(back + 366))
}
