import { modelRefusal } from './refusal'

// Looked up once: where code runs in a sandbox, as under Jest, every look at a global is slow enough to be felt here.
const { imul, log, max } = Math

/** What the purchase models know of a member, in one unit of time throughout (weeks, days, …). */
export interface MemberHistory {
  /** Days with a purchase after the first such day. */
  repeats: number
  /** From the first purchase to the last; 0 when there was one only. */
  recency: number
  /** From the first purchase to now. */
  age: number
}
/** The same for many members, in columns. */
export interface Histories {
  repeats: ArrayLike<number>
  recency: ArrayLike<number>
  age: ArrayLike<number>
}
/** Different histories with how many members have each, and which one a member has. */
export interface GroupedHistories {
  repeats: Float64Array
  recency: Float64Array
  age: Float64Array
  weight: Float64Array
  /** By member: the place of the history in the columns above. */
  place: Int32Array
  members: number
}

/**
 * Joins members with the same history: a likelihood then costs by different histories, of which there are few when time is counted in
 * days. Throws a refusal for columns of different lengths and for values no history can have.
 */
export const groupHistories = ({ repeats, recency, age }: Histories): GroupedHistories => {
  const members = repeats.length
  if (recency.length !== members || age.length !== members) throw modelRefusal('The columns differ in length')
  let slots = 16
  while (slots < members * 2) slots *= 2
  const table = new Int32Array(slots).fill(-1)
  const place = new Int32Array(members)
  const first = new Int32Array(members)
  const weight = new Float64Array(members)
  const bits = new Float64Array(2)
  const words = new Int32Array(bits.buffer)
  let groups = 0
  for (let i = 0; i < members; i++) {
    const x = repeats[i]
    const tx = recency[i]
    const t = age[i]
    if (!(x >= 0 && Number.isInteger(x) && tx >= 0 && tx <= t && t < Infinity && (x === 0) === (tx === 0)))
      throw modelRefusal(`Member ${i}: ${x} repeat purchases, the last at ${tx} of ${t}, is no purchase history`)
    bits[0] = tx
    bits[1] = t
    let hash = imul(words[0] ^ imul(words[1], 0x85ebca6b), 0x9e3779b1)
    hash = imul(hash ^ words[2] ^ imul(words[3], 0xc2b2ae35) ^ x, 0x27d4eb2f)
    let slot = (hash ^ (hash >>> 15)) & (slots - 1)
    for (;;) {
      const group = table[slot]
      if (group < 0) {
        table[slot] = groups
        first[groups] = i
        weight[groups] = 1
        place[i] = groups++
        break
      }
      const j = first[group]
      if (repeats[j] === x && recency[j] === tx && age[j] === t) {
        weight[group]++
        place[i] = group
        break
      }
      slot = (slot + 1) & (slots - 1)
    }
  }
  const column = (from: ArrayLike<number>): Float64Array => Float64Array.from(first.subarray(0, groups), (i) => from[i])
  return {
    repeats: column(repeats),
    recency: column(recency),
    age: column(age),
    weight: weight.slice(0, groups),
    place,
    members,
  }
}

/** Throws a refusal where nothing could be learnt: no members, no time, no repeat purchase. */
export const requireRepeats = (h: GroupedHistories): void => {
  if (!h.members) throw modelRefusal('There are no members to learn from')
  if (!h.age.some((t) => t > 0)) throw modelRefusal('No time has passed since the first purchases')
  if (!h.repeats.some((x) => x > 0)) throw modelRefusal('Nobody has bought a second time')
}

/** The scale of time of the data, which puts start values and bounds where the unit does not matter. */
export const meanAge = (h: GroupedHistories): number => {
  let sum = 0
  for (let i = 0; i < h.age.length; i++) sum += h.age[i] * h.weight[i]
  return sum / h.members
}

/** ln Γ(r + x) - ln Γ(r) for x = 0 … most, which the likelihoods look up. */
export const risingLogs = (r: number, most: number): Float64Array => {
  const out = new Float64Array(most + 1)
  for (let x = 0; x < most; x++) out[x + 1] = out[x] + log(r + x)
  return out
}

export const mostRepeats = (h: GroupedHistories): number => h.repeats.reduce((most, x) => max(most, x), 0)
