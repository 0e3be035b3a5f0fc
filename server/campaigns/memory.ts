import { addDays, civilDay } from '../../shared/time'
import { marks } from '../db/statement'
import type { Tx } from '../db/transaction'
import { sweep } from '../jobs/batch'
import type { Tick } from '../jobs/job'
import { returnKeysOf } from '../members/service'
import { carePolicy } from './rules'

/** The day and year of a birthday gift. */
export interface LastGift {
  onDay: string
  giftYear: number
}

/** Keeps, for somebody who is leaving, that they have had their birthday gift. Call it before their identities are deleted. */
export const rememberGift = async (tx: Tx, memberId: string): Promise<void> => {
  const [last] = await tx.read<{ onDay: string | null; giftYear: number | null }>(
    "SELECT MAX(onDay) AS onDay, MAX(giftYear) AS giftYear FROM care_gift WHERE memberId = ? AND kind = 'birthday'",
    [memberId],
  )
  if (!last?.onDay || last.giftYear === null) return
  const { onDay, giftYear } = last
  const keptUntil = addDays(onDay, carePolicy.birthdayGapDays)
  const keys = (await returnKeysOf(tx, [memberId])).get(memberId) ?? []
  tx.upsert(
    'gift_memory',
    ['hash'],
    ['giftYear', 'onDay', 'keptUntil'],
    keys.map((hash) => ({ hash, giftYear, onDay, keptUntil })),
  )
}

/** The birthday gifts that some members had in an earlier membership, at most 500 members. */
export const rememberedGifts = async (tx: Tx, memberIds: readonly string[]): Promise<Map<string, LastGift>> => {
  const keys = await returnKeysOf(tx, memberIds)
  const hashes = [...keys.values()].flat()
  const found = new Map<string, LastGift>()
  for (let i = 0; i < hashes.length; i += 500) {
    const part = hashes.slice(i, i + 500)
    const rows = await tx.read<LastGift & { hash: string }>(
      `SELECT hash, giftYear, onDay FROM gift_memory WHERE hash IN ${marks(part)}`,
      part,
    )
    for (const [memberId, own] of keys)
      for (const { hash, giftYear, onDay } of rows) {
        const known = found.get(memberId)
        if (own.includes(hash) && (!known || known.onDay < onDay)) found.set(memberId, { giftYear, onDay })
      }
  }
  return found
}

/** Forgets the gifts of those who left long enough ago. */
export const forgetGiftMemory = (tick: Tick): Promise<void> =>
  sweep(tick, {
    table: 'gift_memory',
    key: ['hash'],
    where: 'keptUntil < ?',
    params: [civilDay(tick.deps.clock.now())],
  })
