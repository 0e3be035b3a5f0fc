import { randomBytes } from 'node:crypto'

let lastMs = 0
let counter = 0
let pool = Buffer.alloc(0)
let at = 0

const random36 = (length: number): string => {
  let out = ''
  while (out.length < length) {
    if (at === pool.length) {
      pool = randomBytes(4096)
      at = 0
    }
    const byte = pool[at++]
    // 252 is the largest multiple of 36 below 256: bytes above it would favour the first digits.
    if (byte < 252) out += (byte % 36).toString(36)
  }
  return out
}

/**
 * A new id: 20 characters of base 36, eight of time (ms), three of a counter, nine random. Ids of one process sort in the order they
 * were made, ids of several replicas by the millisecond, so inserts stay near the end of an index; nothing relies on them being
 * gap-free. A clock that stands still or runs back (tests, NTP) is bridged by counting on.
 */
export const newId = (now: number): string => {
  if (now > lastMs) {
    lastMs = now
    counter = 0
  } else if (++counter === 46_656) {
    lastMs++
    counter = 0
  }
  return lastMs.toString(36).padStart(8, '0') + counter.toString(36).padStart(3, '0') + random36(9)
}

/** Letters and digits that nobody mistakes for one another on a receipt (Crockford's base 32). */
const readable = '0123456789ABCDEFGHJKMNPQRSTVWXYZ'

/** Random letters and digits to be read out and typed; each brings five bits. */
export const newReadable = (length: number): string => [...randomBytes(length)].map((b) => readable[b % 32]).join('')

/** A number for a receipt, `261122-7K3M-9QXD`: the civil day and 40 random bits, to be read out and typed. */
export const newReceiptNo = (day: string): string => {
  return `${day.slice(2).replaceAll('-', '')}-${newReadable(4)}-${newReadable(4)}`
}
