import { birthdayKeysOn } from '../../shared/lunar'
import { civilDay } from '../../shared/time'
import type { Tx } from '../db/transaction'
import { type Batched, batchEach } from '../jobs/batch'
import type { Tick } from '../jobs/job'
import { birthdayKeyOf } from '../members/service'
import { anniversariesOn, type CareKind, daysToTreat, yearsOn } from './rules'
import { type Celebrant, giveGifts } from './service'

interface Candidate {
  id: string
  tierLevel: number
  joinedOn: string
}

/** The civil days of a run: those that became due since the run before, this one's own included. */
const daysOf = (tick: Tick): string[] =>
  daysToTreat(tick.previousSlotAt === null ? null : civilDay(tick.previousSlotAt), civilDay(tick.slotAt))

const celebrate = (
  kind: CareKind,
  day: string,
  next: (tx: Tx, cursor: string, limit: number) => Promise<Candidate[]>,
  celebrant: (candidate: Candidate) => Omit<Celebrant, 'memberId' | 'tierLevel'>,
): Batched<Candidate> => ({
  next,
  keyOf: (candidate) => candidate.id,
  treat: async (tx, candidates, now) => {
    const celebrants = candidates.map((c) => ({ memberId: c.id, tierLevel: c.tierLevel, ...celebrant(c) }))
    const { given, refusals } = await giveGifts(tx, kind, day, celebrants, now)
    return {
      processed: given,
      failed: refusals.length,
      error: refusals.length ? `礼物不完整：${refusals.slice(0, 3).join('；')}` : undefined,
    }
  },
})

/**
 * Birthday gifts: solar and lunar, 29 February and short lunar months as shared/lunar.ts has them. A birthday must have been known before
 * its day began, so that nobody earns by typing in today's date, or, after an outage, one of the days that are made up for.
 */
export const giveBirthdayGifts = (tick: Tick): Promise<void> =>
  batchEach(
    tick,
    daysOf(tick).flatMap((day) =>
      birthdayKeysOn(day).map(({ giftYear, ...birthday }) => {
        const key = birthdayKeyOf(tick.deps.keys, birthday)
        const next = (tx: Tx, cursor: string, limit: number): Promise<Candidate[]> =>
          tx.read(
            `SELECT id, tierLevel, joinedOn FROM member WHERE birthdayKey = ? AND id > ? AND status = 'active'
             AND joinedOn < ? AND (birthdayChangedOn IS NULL OR birthdayChangedOn < ?) ORDER BY id LIMIT ?`,
            [key, cursor, day, day, limit],
          )
        return {
          key: `${day}/${birthday.calendar}${birthday.day}`,
          work: celebrate('birthday', day, next, () => ({ giftYear, years: 0 })),
        }
      }),
    ),
  )

/** Anniversary gifts, from the first full year of membership on. */
export const giveAnniversaryGifts = (tick: Tick): Promise<void> =>
  batchEach(
    tick,
    daysOf(tick).flatMap((day) =>
      anniversariesOn(day).map((monthDay) => {
        const next = (tx: Tx, cursor: string, limit: number): Promise<Candidate[]> =>
          tx.read(
            `SELECT id, tierLevel, joinedOn FROM member WHERE joinedMonthDay = ? AND id > ? AND status = 'active' AND joinedOn < ? ORDER BY id LIMIT ?`,
            [monthDay, cursor, `${day.slice(0, 4)}-01-01`, limit],
          )
        return {
          key: `${day}/${monthDay}`,
          work: celebrate('anniversary', day, next, ({ joinedOn }) => {
            const years = yearsOn(day, joinedOn)
            return { giftYear: Number(day.slice(0, 4)), years }
          }),
        }
      }),
    ),
  )
