import { newId } from '../db/id'
import type { Keys } from '../keys'
import type { Arm, Slot } from './rules'

/** What a trace id says: which list was shown to whom, in which group, by which model. */
export interface Trace {
  slot: Slot
  arm: Arm
  modelVersion: number
}

const slotLetters: Record<Slot, string> = { home: 'h', discover: 'd', again: 'a', coupons: 'c', rewards: 'r' }
const armLetters: Record<Arm, string> = { personal: 'p', control: 'k', newcomer: 'n', off: 'o' }
const keyOf = <K extends string>(table: Record<K, string>, letter: string): K | undefined =>
  (Object.keys(table) as K[]).find((k) => table[k] === letter)

const signature = (keys: Keys, body: string, memberId: string): string =>
  keys.blind('recommendation', `${body}/${memberId}`).slice(0, 10)

/** A list's name. It carries its own meaning and is signed for the member, so that nothing has to be stored when a list is read. */
export const makeTrace = (keys: Keys, memberId: string, t: Trace, now: number): string => {
  const body = `${slotLetters[t.slot]}${armLetters[t.arm]}${t.modelVersion.toString(36)}.${newId(now)}`
  return `${body}.${signature(keys, body, memberId)}`
}

/** What the trace says; null when it was not made for this member. */
export const readTrace = (keys: Keys, memberId: string, traceId: string): Trace | null => {
  const match = /^(([a-z])([a-z])([0-9a-z]+)\.[0-9a-z]+)\.([\w-]{10})$/.exec(traceId)
  if (!match || signature(keys, match[1], memberId) !== match[5]) return null
  const [slot, arm] = [keyOf(slotLetters, match[2]), keyOf(armLetters, match[3])]
  return slot && arm ? { slot, arm, modelVersion: Number.parseInt(match[4], 36) } : null
}
