import { birthdayKeysOn } from '../../shared/lunar'
import { addDays, civilDay, describeDay, endOfDay, partsOf, startOfDay } from '../../shared/time'
import { anniversariesOn, daysToTreat, yearsOn } from '../campaigns/service'
import type { Tx } from '../db/transaction'
import type { Deps } from '../deps'
import { birthdayKeyOf } from '../members/service'
import { noticesDue } from '../points/service'
import { enterMembers } from './enter'
import { enteringVersions, type Live, liveVersions } from './load'
import {
  activeMembers,
  type Candidate,
  membersAboveChurn,
  membersAtTierRisk,
  membersJoinedOn,
  membersOverdue,
  membersWithBirthday,
  membersWithCouponsEnding,
  membersWithPointsEnding,
} from './member-facts'
import { isSearch, slotOf } from './rules'
import { lockCursor } from './tails'

/** One list of candidates of a search, gone through in the order of members. */
interface List {
  next(tx: Tx, cursor: string, limit: number): Promise<Candidate[]>
}
type Trigger = Live['definition']['trigger']

/** Days celebrated for a day treated: three days before the date means that the date is three days on. */
const dateLists = (
  deps: Pick<Deps, 'keys'>,
  trigger: Extract<Trigger, { kind: 'date' }>,
  days: readonly string[],
): List[] =>
  days.flatMap((treated) => {
    const day = addDays(treated, -trigger.days)
    const known = day < treated ? day : treated
    const vars = { day, on: day }
    if (trigger.field === 'birthday')
      return birthdayKeysOn(day).map(({ giftYear, ...birthday }): List => {
        const key = birthdayKeyOf(deps.keys, birthday)
        return {
          // A birthday must have been known before its day began: nobody earns by typing in today's date.
          next: async (tx, cursor, limit) =>
            (await membersWithBirthday(tx, { key, knownBefore: known, cursor, limit })).map(({ memberId }) => ({
              memberId,
              entryKey: `birthday:${day}`,
              vars: { ...vars, giftYear: String(giftYear), years: '0' },
            })),
        }
      })
    return anniversariesOn(day).map(
      (monthDay): List => ({
        next: async (tx, cursor, limit) =>
          (await membersJoinedOn(tx, { monthDay, before: `${day.slice(0, 4)}-01-01`, cursor, limit })).map((m) => ({
            memberId: m.memberId,
            entryKey: `anniversary:${day}`,
            vars: { ...vars, giftYear: String(partsOf(day).year), years: String(yearsOn(day, m.joinedOn)) },
          })),
      }),
    )
  })

const expiringLists = (
  trigger: Extract<Trigger, { kind: 'expiring' }>,
  previous: number | null,
  slot: number,
): List[] =>
  noticesDue(trigger.daysAhead, previous, slot).map(({ on, daysAhead }): List => {
    const day = on === civilDay(slot) ? '今天' : describeDay(on, civilDay(slot))
    const entryKey = `${trigger.what}:${on}:${daysAhead}`
    const candidate = (memberId: string, what: string): Candidate => ({
      memberId,
      entryKey,
      vars: { what, on, day, days: String(daysAhead) },
    })
    if (trigger.what === 'points')
      return {
        next: async (tx, cursor, limit) =>
          (await membersWithPointsEnding(tx, on, cursor, limit)).map((r) =>
            candidate(r.memberId, `${Number(r.points)} 积分`),
          ),
      }
    return {
      next: async (tx, cursor, limit) =>
        (await membersWithCouponsEnding(tx, { from: startOfDay(on), to: endOfDay(on), cursor, limit })).map((r) =>
          candidate(r.memberId, Number(r.coupons) > 1 ? `${r.name}等 ${Number(r.coupons)} 张券` : r.name),
        ),
    }
  })

/**
 * The lists of a search for one slot. Dates and what expires are gone through for every civil day since the slot before, so that an outage
 * costs nobody a gift; what is a state (at risk, overdue) is looked at as it is now.
 */
const listsOf = (deps: Pick<Deps, 'keys'>, trigger: Trigger, previous: number | null, slot: number): List[] => {
  const today = civilDay(slot)
  const days = daysToTreat(previous === null ? null : civilDay(previous), today)
  switch (trigger.kind) {
    case 'date':
      return dateLists(deps, trigger, days)
    case 'expiring':
      return expiringLists(trigger, previous, slot)
    case 'tier_risk':
      return [
        {
          next: async (tx, cursor, limit) => {
            const found = await membersAtTierRisk(tx, {
              from: today,
              to: addDays(today, trigger.daysAhead),
              cursor,
              limit,
            })
            return found.map((r) => ({
              memberId: r.memberId,
              entryKey: `risk:${r.on}`,
              vars: { on: r.on, until: r.on, gap: String(Number(r.gap)), tier: r.tier },
            }))
          },
        },
      ]
    case 'churn':
      return [
        {
          next: async (tx, cursor, limit) =>
            (await membersAboveChurn(tx, { aboveBp: Math.round(trigger.above * 10_000), cursor, limit })).map((r) => ({
              memberId: r.memberId,
              entryKey: `churn:${today}`,
              vars: {},
            })),
        },
      ]
    case 'repurchase':
      return [
        {
          next: async (tx, cursor, limit) => {
            const { percent, minPurchases } = trigger
            const found = await membersOverdue(tx, { percent, minPurchases, now: slot, cursor, limit })
            return found.map((r) => ({
              memberId: r.memberId,
              // One reminder for each silence, however long it lasts.
              entryKey: `repurchase:${r.lastPurchaseAt}`,
              vars: { days: String(Math.round((slot - r.lastPurchaseAt) / 86_400_000)) },
            }))
          },
        },
      ]
    case 'schedule':
      return [
        {
          next: async (tx, cursor, limit) =>
            (await activeMembers(tx, cursor, limit)).map((r) => ({
              memberId: r.memberId,
              entryKey: `at:${slot}`,
              vars: {},
            })),
        },
      ]
    default:
      return []
  }
}

/** The name of a journey's cursor. */
export const searchCursor = (journeyId: string): string => `journey:${journeyId}`

/** From when on a journey's searches count: dates of the day it is published are still treated, a schedule that has passed is not. */
const treatedBefore = (live: Live): number =>
  live.definition.trigger.kind === 'schedule' ? live.publishedAt : startOfDay(civilDay(live.publishedAt)) - 1

/**
 * Does one batch of one journey's search, if it is due: the cursor's row is locked, so each slot is gone through once whatever replicas run,
 * and one that broke off goes on where it was. Answers null when this journey is done for now.
 */
export const searchOnce = async (
  tx: Tx,
  deps: Deps,
  { journeyId, limit }: { journeyId: string; limit: number },
  now: number,
): Promise<{ processed: number } | null> => {
  const live = enteringVersions(await liveVersions(tx)).find((l) => l.journeyId === journeyId)
  if (!live || !isSearch(live.definition.trigger)) return null
  const cursor = await lockCursor(tx, searchCursor(journeyId), '', treatedBefore(live), now)
  const [started, listNo, after] = cursor.position.split('|')
  const slot = started ? Number(started) : slotOf(live.definition.trigger, now)
  if (slot === null || slot <= (cursor.treatedAt ?? 0)) return null
  const lists = listsOf(deps, live.definition.trigger, cursor.treatedAt, slot)
  const index = started ? Number(listNo) : 0
  const candidates = lists[index] ? await lists[index].next(tx, after ?? '', limit) : []
  const { entered, held } = await enterMembers(tx, deps, live, candidates, now)
  const more = candidates.length >= limit
  const position = more
    ? `${slot}|${index}|${candidates.at(-1)?.memberId}`
    : index + 1 < lists.length
      ? `${slot}|${index + 1}|`
      : ''
  tx.write('UPDATE journey_cursor SET position = ?, treatedAt = ?, updatedAt = ? WHERE name = ?', [
    position,
    position ? cursor.treatedAt : slot,
    now,
    searchCursor(journeyId),
  ])
  return { processed: entered + held }
}

/** Journeys that search, for the job to go through. */
export const searching = async (tx: Tx): Promise<string[]> =>
  enteringVersions(await liveVersions(tx))
    .filter((l) => isSearch(l.definition.trigger))
    .map((l) => l.journeyId)
