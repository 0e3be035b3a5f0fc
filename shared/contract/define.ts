import { z } from 'zod'
import type { ErrorCode } from '../errors'
import type { Permission } from '../permissions'

/**
 * One endpoint, stated before it is built. The key `'METHOD /path'` is the URL below /api; names after a colon in the path are taken
 * from `input`, the rest of `input` travels as the query of a GET and as the JSON body otherwise. Unknown fields are refused.
 */
export interface Endpoint {
  summary: string
  /** Who may call: anyone, a signed-in member, or an operator whose role has the permission. */
  allow: 'public' | 'member' | Permission
  input: z.ZodObject
  output: z.ZodType
  /** The refusals a caller must expect beyond those of every endpoint (input, access, rate). */
  errors: readonly ErrorCode[]
  /**
   * Idempotency of a mutating endpoint: `key` (the default) asks for the Idempotency-Key header and replays the stored answer;
   * `sealed` does the same but stores the answer encrypted, because it carries tokens; `natural` needs no key, since a repeat
   * changes nothing (log-out, events deduplicated by their own ids).
   */
  idempotency?: 'key' | 'sealed' | 'natural'
}

/** Types a slice of the contract without widening its keys. */
export const define = <const T extends Record<`${'GET' | 'POST' | 'PATCH' | 'PUT' | 'DELETE'} /${string}`, Endpoint>>(
  slice: T,
): T => slice

/** No input at all. */
export const nothing = z.strictObject({})
/** The answer of an endpoint that only acknowledges. */
export const done = z.object({ ok: z.literal(true) })

/** A time-ordered id of ours. */
export const id = z.string().regex(/^[0-9a-z]{1,24}$/, '编号格式不对')
/** Integer fen, never negative. Below 10 million yuan, so that sums stay far from 2^53. */
export const fen = z.int().min(0).max(1_000_000_000)
/** Points of one movement: a positive integer. */
export const pointsAmount = z.int().min(1).max(100_000_000)
/** Epoch milliseconds. */
export const time = z.int().min(0).max(4_102_444_800_000)
/** A civil day, YYYY-MM-DD. */
export const day = z.iso.date('日期格式应为 YYYY-MM-DD')
/** A mainland mobile number. */
export const phone = z.string().regex(/^1[3-9]\d{9}$/, '请输入 11 位手机号')
/** A line of text a person typed: trimmed, no control characters. */
export const text = (max: number, min = 1) =>
  z
    .string()
    .trim()
    .min(min, min === 1 ? '不能为空' : `至少 ${min} 个字`)
    .max(max, `最多 ${max} 个字`)
    .regex(/^[^\p{Cc}\p{Cs}]*$/u, '含有不能使用的字符')
/** The reason a person must give for a sensitive act. */
export const reason = text(100, 2)

/** Paging of every list: an opaque cursor and at most 100 rows. */
export const paging = {
  cursor: z.string().max(200).optional(),
  limit: z.coerce.number<number | string>().int().min(1).max(100).default(20),
}
/** One page of a list. */
export const page = <T extends z.ZodType>(item: T) =>
  z.object({ items: z.array(item), nextCursor: z.string().nullable() })
/** A whole number in a query. */
export const queryInt = (min: number, max: number) => z.coerce.number<number | string>().int().min(min).max(max)
/** A birthday as the member knows it; no year, which the gift does not need. */
export const birthday = z.strictObject({
  calendar: z.enum(['solar', 'lunar']),
  month: z.int().min(1).max(12),
  day: z.int().min(1).max(31),
  /** Lunar only: born in the leap month; celebrated in the ordinary one of the same number. */
  leap: z.literal(true).optional(),
})
