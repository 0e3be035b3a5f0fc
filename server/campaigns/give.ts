import type { Output } from '../../shared/contract'
import { addDays, civilDay, describeDay } from '../../shared/time'
import { grantCoupons, namingOf, templateByPurpose, ticketFace } from '../coupons/service'
import { newId } from '../db/id'
import { marks } from '../db/statement'
import type { Tx } from '../db/transaction'
import { AppError } from '../errors'
import { execute } from '../http/command'
import { recordEvents } from '../interactions/service'
import { queueMessages } from '../messages/service'
import { awardPoints } from '../points/service'
import { rememberedGifts } from './memory'
import { type CareKind, carePolicy, giftPoints, giftTitle } from './rules'

type Content = Output<'GET /me/gifts'>['items'][number]['gifts'][number]

/** Somebody who celebrates. */
export interface Celebrant {
  memberId: string
  tierLevel: number
  /** The year the gift is for; a member gets one of a kind for each. */
  giftYear: number
  /** Whole years of membership; 0 for a birthday. */
  years: number
}

/** The day and year of each member's last birthday gift. */
const lastBirthdays = async (
  tx: Tx,
  memberIds: readonly string[],
): Promise<Map<string, { onDay: string; giftYear: number }>> => {
  const rows = await tx.read<{ memberId: string; onDay: string; giftYear: number }>(
    `SELECT memberId, MAX(onDay) AS onDay, MAX(giftYear) AS giftYear FROM care_gift WHERE memberId IN ${marks(memberIds)} AND kind = 'birthday' GROUP BY memberId`,
    [...memberIds],
  )
  return new Map(rows.map((r) => [r.memberId, r]))
}

/**
 * Who of the celebrants is due. Within 300 days of the last birthday gift nobody is; and since lunar and solar years overlap, a member who
 * changed the calendar may celebrate a new year under the number of the last one, and then gets the next number.
 */
const dueBirthdays = async (tx: Tx, celebrants: readonly Celebrant[], day: string): Promise<Celebrant[]> => {
  const last = await lastBirthdays(
    tx,
    celebrants.map((c) => c.memberId),
  )
  const earlier = await rememberedGifts(
    tx,
    celebrants.map((c) => c.memberId),
  )
  const earliest = addDays(day, -carePolicy.birthdayGapDays)
  return celebrants.flatMap((c) => {
    const before = last.get(c.memberId) ?? earlier.get(c.memberId)
    if (!before) return [c]
    return before.onDay > earliest ? [] : [{ ...c, giftYear: Math.max(c.giftYear, before.giftYear + 1) }]
  })
}

interface Gift extends Celebrant {
  id: string
  points: number
  couponIds: string[]
  until: string
  contents: Content[]
}

const rowOf = (gift: Gift, kind: CareKind, day: string, now: number) => ({
  id: gift.id,
  memberId: gift.memberId,
  kind,
  giftYear: gift.giftYear,
  onDay: day,
  until: gift.until,
  points: gift.points,
  couponIds: JSON.stringify(gift.couponIds),
  years: gift.years,
  contents: JSON.stringify(gift.contents),
  createdAt: now,
  openedAt: null,
})

/** Inserts the gifts and answers those that are ours: the unique key decides when two runs meet. */
const claimGifts = async (
  tx: Tx,
  gifts: readonly Gift[],
  kind: CareKind,
  day: string,
  now: number,
): Promise<Gift[]> => {
  const fresh = await tx.insertNew(
    'care_gift',
    gifts.map((g) => rowOf(g, kind, day, now)),
  )
  if (fresh === gifts.length) return [...gifts]
  const ids = gifts.map((g) => g.id)
  const rows = await tx.read<{ id: string }>(`SELECT id FROM care_gift WHERE id IN ${marks(ids)}`, ids)
  const ours = new Set(rows.map((r) => r.id))
  return gifts.filter((g) => ours.has(g.id))
}

/** Puts the points in; answers the refusals. */
const addPoints = async (tx: Tx, gifts: readonly Gift[], kind: CareKind, now: number): Promise<string[]> => {
  const refusals: string[] = []
  const results = await execute(
    tx,
    awardPoints,
    gifts.map((g) => ({
      memberId: g.memberId,
      points: giftPoints(kind, g.tierLevel),
      source: { type: kind, id: g.id, note: giftTitle(kind, g.years) },
      kind: 'gift' as const,
    })),
    now,
  )
  for (const [i, result] of results.entries()) {
    const gift = gifts[i]
    if (result instanceof AppError) {
      refusals.push(`${gift.memberId} ${result.code}`)
      continue
    }
    gift.points = result.amount
    gift.contents.push({ kind: 'points', title: `${result.amount} 积分`, detail: '已存入你的积分账户' })
  }
  return refusals
}

/** Puts a coupon in, when the shop has published one for the occasion; answers the refusals. */
const addCoupons = async (tx: Tx, gifts: readonly Gift[], kind: CareKind, now: number): Promise<string[]> => {
  const template = await templateByPurpose(tx, kind)
  if (!template) return []
  const face = ticketFace(template, await namingOf(tx))
  const refusals: string[] = []
  const results = await execute(
    tx,
    grantCoupons,
    gifts.map((g) => ({ memberId: g.memberId, templateId: template.id, source: kind, sourceId: g.id, at: now })),
    now,
  )
  for (const [i, result] of results.entries()) {
    const gift = gifts[i]
    if (result instanceof AppError) {
      refusals.push(`${gift.memberId} ${result.code}`)
      continue
    }
    const until = civilDay(result.validTo)
    const value = face.kind === 'amount' ? `¥${face.value}` : face.value
    gift.couponIds.push(result.couponId)
    gift.until = until
    gift.contents.push({
      kind: 'coupon',
      title: face.name,
      detail: `${value} · ${face.condition}，${describeDay(until, civilDay(now))}前可用`,
    })
  }
  return refusals
}

/**
 * Gives the gifts of a civil day: the record, points, coupon, message and event of a member all happen together or not at all. Who has had
 * one already is passed over. A coupon that cannot be issued (out of stock, budget) does not hold back the points; it is reported.
 * @returns how many were given and, for the operators, what could not be put in
 */
export const giveGifts = async (
  tx: Tx,
  kind: CareKind,
  day: string,
  celebrants: readonly Celebrant[],
  now: number,
): Promise<{ given: number; refusals: string[] }> => {
  const due = (kind === 'birthday' ? await dueBirthdays(tx, celebrants, day) : celebrants).map((c): Gift => {
    return { ...c, id: newId(now), points: 0, couponIds: [], until: addDays(day, carePolicy.shownDays), contents: [] }
  })
  const gifts = due.length ? await claimGifts(tx, due, kind, day, now) : []
  if (!gifts.length) return { given: 0, refusals: [] }
  const refusals = [...(await addPoints(tx, gifts, kind, now)), ...(await addCoupons(tx, gifts, kind, now))]
  tx.upsert(
    'care_gift',
    ['id'],
    ['points', 'couponIds', 'until', 'contents'],
    gifts.map((g) => rowOf(g, kind, day, now)),
  )
  queueMessages(
    tx,
    gifts.map((g) => {
      const what = g.contents.map((c) => c.title).join('和') || '一份祝福'
      return {
        memberId: g.memberId,
        kind,
        title: giftTitle(kind, g.years),
        text: kind === 'birthday' ? `生日快乐！${what}已送到，祝你今天开心。` : `感谢一路相伴，${what}已送到。`,
        page: 'packages/birthday/index',
        data: { gift: what, until: g.until, tip: '礼物已到账，点击拆开' },
        dedupeKey: `${kind}:${g.memberId}:${g.giftYear}`,
        channels: ['inbox' as const, 'subscribe' as const],
      }
    }),
    now,
  )
  await recordEvents(
    tx,
    gifts.map((g) => ({
      memberId: g.memberId,
      eventId: `gift:${g.id}`,
      type: 'gift_given',
      at: now,
      target: kind,
      origin: 'server' as const,
    })),
    now,
  )
  return { given: gifts.length, refusals }
}
