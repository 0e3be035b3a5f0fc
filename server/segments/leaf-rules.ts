import type { Input } from '../../shared/contract'
import { addDays, civilDayFrom, endOfDay, isCivilDay, monthLength, partsOf, startOfDay } from '../../shared/time'
import { type AppError, refuse } from '../errors'
import { bitsOf } from './category-bit-rules'
import { fieldOf } from './field-rules'
import { type Answer, type Field, type Op, opWords } from './field-shape-rules'

export type Tree = Input<'POST /admin/segments/count'>['tree']
/** One condition. */
export interface Leaf {
  field: string
  op: Op
  value?: string | number | boolean | string[] | number[]
  days?: number
  times?: number
}
export interface Branch {
  join: 'all' | 'any' | 'none'
  of: Node[]
}
export type Node = Leaf | Branch
export type Bindable = string | number

export const segmentPolicy = {
  /** Conditions of one tree. */
  maxLeaves: 60,
  /** Products of one condition: each is a range of an index. */
  maxProducts: 20,
  /** Interactions are looked up as far back as this, in days. */
  maxInteractionDays: 90,
  /** Windows that category counts are kept for. */
  categoryWindows: [90, 365],
  /** Bound values of one statement; MariaDB and SQLite take more. */
  maxValues: 100,
  /** A live count that takes longer is given up. */
  countLimitMs: 8000,
} as const

/** What compiling needs besides the tree. `birthdayKeys` gives the keyed hashes under which birthdays of civil days are kept. */
export interface Terms {
  today: string
  birthdayKeys(days: readonly string[]): string[]
}
const marks = (list: readonly unknown[]): string => `(${list.map(() => '?').join(',')})`
/** A refusal that names the place in the tree. */
export const wrong = (path: string, reason: string): AppError => refuse('invalid_input', { reason, field: path })

/** The leaf's field if the catalogue has it and the operator belongs to it. */
const fieldFor = (leaf: Leaf, path: string): Field => {
  const field = fieldOf(leaf.field)
  if (!field) throw wrong(path, `没有“${leaf.field}”这个条件`)
  if (!field.ops.includes(leaf.op)) throw wrong(path, `“${field.label}”不能用“${opWords[leaf.op].label}”比较`)
  return field
}
const numberIn = (leaf: Leaf, field: Field, path: string): number => {
  if (typeof leaf.value !== 'number' || !Number.isFinite(leaf.value))
    throw wrong(`${path}.value`, `“${field.label}”要填一个数`)
  // Probabilities are kept in basis points, everything else as it is asked for; all of it as integers.
  return Math.round(field.type === 'percent' ? leaf.value * 100 : leaf.value)
}
const rangeIn = (leaf: Leaf, field: Field, path: string): [number, number] => {
  const { value } = leaf
  if (!Array.isArray(value) || value.length !== 2 || !value.every((v) => typeof v === 'number'))
    throw wrong(`${path}.value`, `“${field.label}”要填起止两个数`)
  const [from, to] = value.map((v) => numberIn({ ...leaf, value: v as number }, field, path))
  if (from > to) throw wrong(`${path}.value`, `“${field.label}”的起点大于终点`)
  return [from, to]
}
const dayIn = (value: unknown, field: Field, path: string): string => {
  if (typeof value !== 'string' || !isCivilDay(value)) throw wrong(`${path}.value`, `“${field.label}”要填日期`)
  return value
}
const daysIn = (leaf: Leaf, field: Field, path: string): number => {
  if (!leaf.days) throw wrong(`${path}.days`, `“${field.label}”要填天数`)
  return leaf.days
}
const listIn = (leaf: Leaf, field: Field, path: string, most: number = segmentPolicy.maxValues): string[] => {
  const { value } = leaf
  if (!Array.isArray(value) || !value.length || !value.every((v) => typeof v === 'string'))
    throw wrong(`${path}.value`, `“${field.label}”至少要选一项`)
  const list = [...new Set(value as string[])]
  if (list.length > most) throw wrong(`${path}.value`, `“${field.label}”最多选 ${most} 项`)
  const known = field.options
  if (known && !list.every((v) => known.some((o) => o.value === v)))
    throw wrong(`${path}.value`, `“${field.label}”没有这个选项`)
  return list
}

/**
 * A condition, and where it is a list of ids that can also be looked up member by member: `each`. A list is made once and costs by its
 * length; looking up costs by the members that are still in question, so it pays where others have thinned them out before: `cheap`, once
 * plain columns have; not cheap, only beside a short list. Both forms bind the same values.
 */
export type Part = {
  text: string
  params: Bindable[]
  each?: { text: string; cheap: boolean }
  plain?: boolean
  /** A list of a few members. */
  short?: boolean
  tags?: string[]
  segments?: string[]
}
const part = (text: string, params: Bindable[]): Part => ({ text, params })

const numberPart = (a: Answer & { by: 'number' }, leaf: Leaf, field: Field, path: string): Part => {
  const column = `f.${a.column}`
  const known = a.absent === undefined ? '' : `${column} <> ${a.absent} AND `
  if (leaf.op === 'between') return part(`(${known}${column} BETWEEN ? AND ?)`, rangeIn(leaf, field, path))
  const sign = { eq: '=', gte: '>=', lte: '<=' }[leaf.op as 'eq' | 'gte' | 'lte']
  return part(`(${known}${column} ${sign} ?)`, [numberIn(leaf, field, path)])
}

/** Bounds of a stretch of civil days, first and last included; null: open. */
const stretchOf = (leaf: Leaf, field: Field, path: string, today: string): [string | null, string | null] => {
  const { op } = leaf
  if (op === 'within') return [addDays(today, 1 - daysIn(leaf, field, path)), null]
  if (op === 'not_within') return [null, addDays(today, -daysIn(leaf, field, path))]
  if (op === 'next') return [today, addDays(today, daysIn(leaf, field, path) - 1)]
  if (op === 'on_or_after') return [dayIn(leaf.value, field, path), null]
  if (op === 'on_or_before') return [null, dayIn(leaf.value, field, path)]
  const [from, to] = Array.isArray(leaf.value) ? leaf.value : []
  const stretch: [string, string] = [dayIn(from, field, path), dayIn(to, field, path)]
  if (stretch[0] > stretch[1]) throw wrong(`${path}.value`, `“${field.label}”的起点晚于终点`)
  return stretch
}
const stretchPart = (
  column: string,
  absent: string | null,
  [from, to]: [string | null, string | null],
  bound: { from(day: string): Bindable; to(day: string): Bindable },
): Part => {
  const bounds = [
    ...(absent === null ? [] : [{ text: `${column} <> ${absent}`, params: [] }]),
    ...(from === null ? [] : [{ text: `${column} >= ?`, params: [bound.from(from)] }]),
    ...(to === null ? [] : [{ text: `${column} <= ?`, params: [bound.to(to)] }]),
  ]
  return part(
    `(${bounds.map((b) => b.text).join(' AND ')})`,
    bounds.flatMap((b) => b.params),
  )
}
const timePart = (a: Answer & { by: 'time' }, leaf: Leaf, field: Field, path: string, t: Terms): Part => {
  if (leaf.op === 'none') return part(`(f.${a.column} = ${a.absent ?? 0})`, [])
  const stretch = stretchOf(leaf, field, path, t.today)
  // The sum keeps a database without statistics from walking an index instead of the table.
  return stretchPart(`f.${a.column} + 0`, a.absent === undefined ? null : String(a.absent), stretch, {
    from: startOfDay,
    to: endOfDay,
  })
}
const dayPart = (column: string, leaf: Leaf, field: Field, path: string, t: Terms): Part => {
  if (leaf.op === 'none') return part(`(f.${column} = '')`, [])
  const same = (day: string): string => day
  return stretchPart(`f.${column}`, "''", stretchOf(leaf, field, path, t.today), { from: same, to: same })
}
const choicePart = (a: Answer & { by: 'choice' }, leaf: Leaf, field: Field, path: string): Part => {
  const list = listIn(leaf, field, path)
  const numbers = field.choices === 'tiers' || field.choices === 'groups'
  const values = numbers ? list.map(Number) : list
  if (!values.every((v) => typeof v === 'string' || Number.isSafeInteger(v)))
    throw wrong(`${path}.value`, `“${field.label}”没有这个选项`)
  return part(`(f.${a.column} ${leaf.op === 'in' ? 'IN' : 'NOT IN'} ${marks(values)})`, values)
}
const flagPart = (a: Answer & { by: 'flag' }, leaf: Leaf, field: Field, path: string): Part => {
  if (typeof leaf.value !== 'boolean') throw wrong(`${path}.value`, `“${field.label}”要选是或否`)
  return part(`(f.${a.column} = ?)`, [Number(leaf.value)])
}
const birthdayPart = (leaf: Leaf, field: Field, path: string, t: Terms): Part => {
  const { year, month: present } = partsOf(t.today)
  // A month that has passed means next year's, whose lunar days fall on other solar ones.
  const daysOf = (month: number): string[] => {
    const inYear = month < present ? year + 1 : year
    return Array.from({ length: monthLength(inYear, month) }, (_, i) => civilDayFrom(inYear, month, i + 1))
  }
  const days =
    leaf.op === 'next'
      ? Array.from({ length: Math.min(daysIn(leaf, field, path), 366) }, (_, i) => addDays(t.today, i))
      : listIn(leaf, field, path).flatMap((m) => daysOf(Number(m)))
  // Lists of 500 at most; a year of solar and lunar days is a good seven hundred.
  const distinct = [...new Set(t.birthdayKeys(days))]
  const chunks = Array.from({ length: Math.ceil(distinct.length / 500) }, (_, i) =>
    distinct.slice(i * 500, i * 500 + 500),
  )
  const one = (chunk: string[]): string => `f.memberId IN (SELECT id FROM member WHERE birthdayKey IN ${marks(chunk)})`
  return { ...part(`(${chunks.map(one).join(' OR ') || '1 = 0'})`, distinct), short: true }
}

/** Sets: one list of member ids per value, so that "all of them" is a conjunction and every list is read from an index. */
const setPart = (leaf: Leaf, list: string[], select: (n: number) => string): Part => {
  const has = (n: number): string => `f.memberId IN (${select(n)})`
  if (leaf.op === 'has_all') return part(`(${list.map(() => has(1)).join(' AND ')})`, list)
  return part(`(${leaf.op === 'has_none' ? 'NOT ' : ''}${has(list.length)})`, list)
}
const few = (n: number): string => `IN (${Array.from({ length: n }, () => '?').join(',')})`

const eventPart = (leaf: Leaf, text: string, params: Bindable[]): Part =>
  part(`(${leaf.op === 'did_not' ? 'NOT ' : ''}f.memberId IN (${text}))`, params)

const productsPart = (leaf: Leaf, field: Field, path: string, t: Terms): Part => {
  const list = listIn(leaf, field, path, segmentPolicy.maxProducts)
  const since = leaf.days ? ' AND p.onDay >= ?' : ''
  const often = (leaf.times ?? 1) > 1
  const listed = eventPart(
    leaf,
    `SELECT p.memberId FROM purchase_line l JOIN purchase p ON p.id = l.purchaseId WHERE l.productId IN ${marks(list)} AND l.quantity > l.refundedQuantity${since}${often ? ' GROUP BY p.memberId HAVING COUNT(DISTINCT p.id) >= ?' : ''}`,
    [...list, ...(leaf.days ? [addDays(t.today, 1 - leaf.days)] : []), ...(often ? [leaf.times ?? 1] : [])],
  )
  return { ...listed, short: leaf.op === 'did' }
}
/** Members by category: the bits of the row say no to most, and the primary key of segment_category knows the rest. */
const categoriesPart = (leaf: Leaf, field: Field, path: string, t: Terms): Part => {
  const list = listIn(leaf, field, path)
  const { days, times = 1 } = leaf
  const windows: readonly number[] = segmentPolicy.categoryWindows
  if (times > 1 && days && !windows.includes(days))
    throw wrong(`${path}.days`, `“${field.label}”要求次数时，天数请选 ${windows.join('、')} 或不限`)
  // Bits of a window that ends no later than today and is no shorter: they never miss anybody.
  const window = windows.find((w) => days && days <= w)
  const perhaps = `(f.categories${window ?? 'Ever'} & ?) <> 0`
  const own = `segment_category c WHERE c.category IN ${marks(list)} AND c.memberId = f.memberId`
  const known =
    times > 1
      ? `(SELECT SUM(c.orders${days ?? ''}) FROM ${own}) >= ?`
      : // COALESCE keeps the day out of the choice of an index: the primary key finds one member's row at once.
        `EXISTS (SELECT 1 FROM ${own}${days ? " AND COALESCE(c.lastDay, '') >= ?" : ''})`
  return part(`(${leaf.op === 'did_not' ? 'NOT ' : ''}(${perhaps} AND ${known}))`, [
    bitsOf(list),
    ...list,
    ...(times > 1 ? [times] : days ? [addDays(t.today, 1 - days)] : []),
  ])
}
const interactionsPart = (leaf: Leaf, field: Field, path: string, t: Terms): Part => {
  const list = listIn(leaf, field, path)
  const days = daysIn(leaf, field, path)
  if (days > segmentPolicy.maxInteractionDays)
    throw wrong(`${path}.days`, `“${field.label}”最多看最近 ${segmentPolicy.maxInteractionDays} 天`)
  const often = (leaf.times ?? 1) > 1
  const listed = eventPart(
    leaf,
    `SELECT memberId FROM interaction WHERE type IN ${marks(list)} AND onDay >= ?${often ? ' GROUP BY memberId HAVING COUNT(*) >= ?' : ''}`,
    [...list, addDays(t.today, 1 - days), ...(often ? [leaf.times ?? 1] : [])],
  )
  // COALESCE again: of the indexes only the primary key, which begins with the member, finds one member's rows.
  const own = `FROM interaction i WHERE i.memberId = f.memberId AND COALESCE(i.type, '') IN ${marks(list)} AND COALESCE(i.onDay, '') >= ?`
  const found = often ? `(SELECT COUNT(*) ${own}) >= ?` : `EXISTS (SELECT 1 ${own})`
  return { ...listed, each: { text: `(${leaf.op === 'did_not' ? 'NOT ' : ''}(${found}))`, cheap: false } }
}

const plainAnswers: readonly Answer['by'][] = ['number', 'time', 'day', 'choice', 'flag']

/** One condition as SQL on the row `f` of segment_fact. */
export const leafPart = (leaf: Leaf, path: string, t: Terms): Part & { profiling: boolean } => {
  const field = fieldFor(leaf, path)
  const { answer } = field
  const made = ((): Part => {
    switch (answer.by) {
      case 'number':
        return numberPart(answer, leaf, field, path)
      case 'time':
        return timePart(answer, leaf, field, path, t)
      case 'day':
        return dayPart(answer.column, leaf, field, path, t)
      case 'choice':
        return choicePart(answer, leaf, field, path)
      case 'flag':
        return flagPart(answer, leaf, field, path)
      case 'birthday':
        return birthdayPart(leaf, field, path, t)
      case 'tags': {
        const list = listIn(leaf, field, path)
        const listed = setPart(leaf, list, (n) => `SELECT memberId FROM member_tag WHERE tagId ${few(n)}`)
        const has = (n: number): string =>
          `EXISTS (SELECT 1 FROM member_tag x WHERE x.memberId = f.memberId AND x.tagId ${few(n)})`
        const each =
          leaf.op === 'has_all'
            ? list.map(() => has(1)).join(' AND ')
            : `${leaf.op === 'has_none' ? 'NOT ' : ''}${has(list.length)}`
        return { ...listed, each: { text: `(${each})`, cheap: true }, tags: list }
      }
      case 'interests':
        return setPart(
          leaf,
          listIn(leaf, field, path),
          (n) => `SELECT memberId FROM member_interest WHERE interest ${few(n)}`,
        )
      case 'segments': {
        const list = listIn(leaf, field, path)
        const select = (n: number): string =>
          `SELECT memberId FROM segment_member WHERE segmentId ${few(n)} AND inside = 1`
        return { ...setPart(leaf, list, select), segments: list }
      }
      case 'coupons':
        return setPart(
          leaf,
          listIn(leaf, field, path),
          (n) => `SELECT memberId FROM coupon WHERE templateId ${few(n)} AND status = '${answer.status}'`,
        )
      case 'products':
        return productsPart(leaf, field, path, t)
      case 'categories':
        return categoriesPart(leaf, field, path, t)
      case 'interactions':
        return interactionsPart(leaf, field, path, t)
    }
  })()
  return { ...made, plain: plainAnswers.includes(answer.by), profiling: field.profiling }
}
