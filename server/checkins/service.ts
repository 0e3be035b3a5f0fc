import type { Output, Parsed } from '../../shared/contract'
import { checkinPlan } from '../../shared/contract/checkins'
import { addDays, civilDay, monthKey } from '../../shared/time'
import type { Reader, Tx } from '../db/transaction'
import { AppError, refuse } from '../errors'
import { executeOne } from '../http/command'
import { appendEvents } from '../interactions/service'
import { requireMember } from '../members/service'
import { accountOf, awardPoints, spendPoints } from '../points/service'
import type { Checkin, CheckinPlan } from './entity'
import {
  cardRefusal,
  checkIn,
  defaultPlan,
  historyFrom,
  ladderOf,
  liveStreak,
  makeUp,
  makeUpDays,
  noStreak,
  type Plan,
  planSentence,
  prizeOf,
  type Streak,
  withCard,
} from './rules'

type State = Output<'GET /me/checkins'>
const planId = 'main'
const streakColumns = 'streak, longest, total, lastOn, cards, boughtMonth, boughtInMonth'

/** The rules as they stand, and their version; 0 while the shop has never changed them. */
export const planOf = async (db: Reader, lock = ''): Promise<{ plan: Plan; version: number }> => {
  const [row] = await db.read<CheckinPlan>(`SELECT * FROM checkin_plan WHERE id = ?${lock}`, [planId])
  return row
    ? { plan: checkinPlan.parse(JSON.parse(row.plan)), version: row.version }
    : { plan: defaultPlan, version: 0 }
}

const streakOf = async (db: Reader, memberId: string): Promise<Streak> => {
  const [row] = await db.read<Streak>(`SELECT ${streakColumns} FROM checkin_account WHERE memberId = ?`, [memberId])
  return row ?? noStreak
}

/** Locks a member's streak, making its row the first time. Before points: nobody else holds this lock. */
const lockStreak = async (tx: Tx, memberId: string): Promise<Streak> => {
  const select = `SELECT ${streakColumns} FROM checkin_account WHERE memberId = ?${tx.lock}`
  let [row] = await tx.read<Streak>(select, [memberId])
  if (!row) {
    if ((await requireMember(tx, memberId)).status !== 'active') throw refuse('member_inactive')
    await tx.insertNew('checkin_account', [{ memberId, ...noStreak }])
    ;[row] = await tx.read<Streak>(select, [memberId])
  }
  return row
}

const writeStreak = (tx: Tx, memberId: string, s: Streak): void =>
  tx.upsert(
    'checkin_account',
    ['memberId'],
    ['streak', 'longest', 'total', 'lastOn', 'cards', 'boughtMonth', 'boughtInMonth'],
    [{ memberId, ...s }],
  )

/** Checks in today: the row of the day is the claim, so that of twenty taps at once one counts. */
export const checkInToday = async (tx: Tx, memberId: string, now: number): Promise<Output<'POST /me/checkins'>> => {
  const today = civilDay(now)
  const { plan } = await planOf(tx)
  const before = await lockStreak(tx, memberId)
  const done = checkIn(plan, before, today)
  if (done instanceof AppError) throw done
  const given = done.points + done.milestonePoints
  const fresh = await tx.insertNew('checkin', [
    { memberId, onDay: today, kind: 'day', points: given, streak: done.next.streak, at: now },
  ])
  if (!fresh) throw refuse('checkin_done', { on: today })
  writeStreak(tx, memberId, done.next)
  const moved = given
    ? await executeOne(
        tx,
        awardPoints,
        {
          memberId,
          points: given,
          source: { type: 'checkin', id: today, note: `连续签到第 ${done.next.streak} 天` },
        },
        now,
      )
    : null
  appendEvents(
    tx,
    [{ memberId, eventId: `checkin:${today}`, type: 'checkin', at: now, origin: 'server' as const }],
    now,
  )
  return {
    on: today,
    points: done.points,
    milestonePoints: done.milestonePoints,
    cardsGiven: done.cardsGiven,
    streak: done.next.streak,
    balance: Math.max(0, moved?.balance ?? (await accountOf(tx, memberId, today)).balance),
  }
}

const daysSince = (db: Reader, memberId: string, from: string): Promise<Pick<Checkin, 'onDay'>[]> =>
  db.read<Pick<Checkin, 'onDay'>>('SELECT onDay FROM checkin WHERE memberId = ? AND onDay >= ? ORDER BY onDay', [
    memberId,
    from,
  ])
const firstDay = async (db: Reader, memberId: string): Promise<string | null> =>
  (await db.read<{ first: string | null }>('SELECT MIN(onDay) AS first FROM checkin WHERE memberId = ?', [memberId]))[0]
    ?.first ?? null

/** Makes up one missed day with a card. */
export const makeUpDay = async (
  tx: Tx,
  memberId: string,
  on: string,
  now: number,
): Promise<Output<'POST /me/checkins/make-ups'>> => {
  const today = civilDay(now)
  const { plan } = await planOf(tx)
  const before = await lockStreak(tx, memberId)
  const rows = await daysSince(tx, memberId, historyFrom(before, plan, today))
  const next = makeUp(plan, before, {
    on,
    done: new Set(rows.map((r) => r.onDay)),
    firstOn: await firstDay(tx, memberId),
    today,
  })
  if (next instanceof AppError) throw next
  const fresh = await tx.insertNew('checkin', [
    { memberId, onDay: on, kind: 'make_up', points: 0, streak: next.streak, at: now },
  ])
  if (!fresh) throw refuse('checkin_done', { on })
  writeStreak(tx, memberId, next)
  return { on, streak: liveStreak(next, today), cards: next.cards }
}

/** Buys a make-up card with points. */
export const buyCard = async (tx: Tx, memberId: string, now: number): Promise<Output<'POST /me/checkins/cards'>> => {
  const month = monthKey(civilDay(now))
  const { plan } = await planOf(tx)
  const before = await lockStreak(tx, memberId)
  const refusal = cardRefusal(plan, before, month)
  if (refusal) throw refusal
  const next = withCard(before, month)
  const moved = await executeOne(
    tx,
    spendPoints,
    { memberId, points: plan.cardPricePoints, source: { type: 'checkin', id: null, note: '购买补签卡' } },
    now,
  )
  writeStreak(tx, memberId, next)
  return { cards: next.cards, points: plan.cardPricePoints, balance: Math.max(0, moved.balance) }
}

/** Where a member's streak stands today: the short answer for the home page. */
export const checkinState = async (
  db: Reader,
  memberId: string,
  today: string,
): Promise<Output<'GET /me/home'>['checkin']> => {
  const [{ plan }, s] = await Promise.all([planOf(db), streakOf(db, memberId)])
  return stateOf(plan, s, today)
}

const stateOf = (plan: Plan, s: Streak, today: string) => {
  const checkedToday = s.lastOn === today
  const streak = liveStreak(s, today)
  const total = (n: number): number => {
    const { points, milestonePoints } = prizeOf(plan, n)
    return points + milestonePoints
  }
  const at = checkedToday ? streak : streak + 1
  return {
    active: plan.active,
    today,
    checkedToday,
    streak,
    total: s.total,
    todayPoints: total(at),
    tomorrowPoints: total(at + 1),
    cards: s.cards,
  }
}

/** A month of check-ins with the ladder, the cards and what can be made up. */
export const checkinMonth = async (
  db: Reader,
  memberId: string,
  month: string | undefined,
  now: number,
): Promise<State> => {
  const today = civilDay(now)
  const shown = month ?? monthKey(today)
  const [{ plan }, s, days, recent, firstOn, account] = await Promise.all([
    planOf(db),
    streakOf(db, memberId),
    db.read<Checkin>('SELECT * FROM checkin WHERE memberId = ? AND onDay >= ? AND onDay <= ? ORDER BY onDay', [
      memberId,
      `${shown}-01`,
      `${shown}-31`,
    ]),
    daysSince(db, memberId, addDays(today, -61)),
    firstDay(db, memberId),
    accountOf(db, memberId, today),
  ])
  const state = stateOf(plan, s, today)
  const bought = s.boughtMonth === monthKey(today) ? s.boughtInMonth : 0
  return {
    ...state,
    month: shown,
    days: days.map((d) => ({ on: d.onDay, kind: d.kind as 'day' | 'make_up', points: d.points })),
    ladder: ladderOf(plan, state.streak, state.checkedToday),
    milestones: plan.milestones.map((m) => ({ ...m, reached: state.streak >= m.days })),
    makeUps: makeUpDays(plan, new Set(recent.map((r) => r.onDay)), firstOn, today),
    card: {
      pricePoints: plan.cardPricePoints,
      held: s.cards,
      max: plan.maxCards,
      buyableThisMonth: Math.max(0, plan.cardsPerMonth - bought),
      blocked: cardRefusal(plan, s, monthKey(today))?.message ?? null,
    },
    balance: account.balance,
  }
}

/** The rules with what they bring about, for the operators. */
export const showPlan = async (db: Reader, now: number): Promise<Output<'GET /admin/checkin-plan'>> => {
  const today = civilDay(now)
  const [{ plan, version }, [counts], [longest]] = await Promise.all([
    planOf(db),
    db.read<{ today: number | null; week: number | null; points: number | null }>(
      `SELECT SUM(CASE WHEN onDay = ? THEN 1 ELSE 0 END) AS today, SUM(CASE WHEN onDay >= ? THEN 1 ELSE 0 END) AS week,
         SUM(CASE WHEN onDay >= ? THEN points ELSE 0 END) AS points FROM checkin WHERE onDay >= ?`,
      [today, addDays(today, -6), `${monthKey(today)}-01`, addDays(today, -31)],
    ),
    db.read<{ longest: number | null }>('SELECT MAX(longest) AS longest FROM checkin_account'),
  ])
  return {
    ...plan,
    version,
    sentence: planSentence(plan),
    figures: {
      today: Number(counts?.today ?? 0),
      week: Number(counts?.week ?? 0),
      longest: Number(longest?.longest ?? 0),
      pointsThisMonth: Number(counts?.points ?? 0),
    },
  }
}

/** Changes the rules; two editors at once meet at the version. */
export const changePlan = async (
  tx: Tx,
  { version, ...plan }: Parsed<'PUT /admin/checkin-plan'>,
  now: number,
): Promise<Output<'PUT /admin/checkin-plan'>> => {
  const row = { id: planId, plan: JSON.stringify(plan), version: version + 1, changedAt: now }
  const changed =
    version === 0
      ? await tx.insertNew('checkin_plan', [row])
      : await tx.run(
          'UPDATE checkin_plan SET plan = ?, version = version + 1, changedAt = ? WHERE id = ? AND version = ?',
          [row.plan, now, planId, version],
        )
  if (!changed) throw refuse('checkin_plan_conflict')
  return { ...plan, version: version + 1, sentence: planSentence(plan) }
}
