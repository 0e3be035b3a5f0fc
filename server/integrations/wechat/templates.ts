/**
 * What WeChat accepts in the fields of a subscription message.
 *
 * The key of a field names its type (`thing1` is a `thing`). Check or fit the values when the message is composed: a
 * value that WeChat refuses (47003) loses the message, and the refusal comes only when it is too late to change it.
 */

const fieldTypes = [
  'character_string',
  'phone_number',
  'car_number',
  'thing',
  'number',
  'letter',
  'symbol',
  'time',
  'date',
  'amount',
  'name',
  'phrase',
  'enum',
] as const

export type FieldType = (typeof fieldTypes)[number]

/** The type that a template key such as `thing1` or `character_string12` stands for; null for an unknown one. */
export function fieldTypeOf(key: string): FieldType | null {
  const type = /^([a-z_]+?)\d*$/.exec(key)?.[1]
  return fieldTypes.find((known) => known === type) ?? null
}

const clock = '([01]?\\d|2[0-3]):[0-5]\\d(:[0-5]\\d)?'
const day = '\\d{4}(年\\d{1,2}月\\d{1,2}日|-\\d{1,2}-\\d{1,2}|/\\d{1,2}/\\d{1,2}|\\.\\d{1,2}\\.\\d{1,2})'
const time = `(${day} ?)?${clock}`
const date = `${day}( ?${clock})?`

const patterns: Record<Exclude<FieldType, 'name' | 'enum'>, RegExp> = {
  thing: /^.{1,20}$/u,
  number: /^(?=.{1,32}$)-?\d+(\.\d+)?$/,
  letter: /^[A-Za-z]{1,32}$/,
  symbol: /^[\p{P}\p{S}]{1,5}$/u,
  character_string: /^[\x21-\x7e]{1,32}$/,
  time: new RegExp(`^${time}( ?~ ?${time})?$`),
  date: new RegExp(`^${date}( ?~ ?${date})?$`),
  amount: /^[¥￥$]?\d{1,10}(\.\d{1,2})?元?$/,
  phone_number: /^[\d+\-() ]{1,17}$/,
  car_number: /^.[A-Za-z0-9·]{0,6}.?$/u,
  phrase: /^\p{Script=Han}{1,5}$/u,
}

/**
 * Tells whether WeChat accepts `value` in a field of this type.
 *
 * @param allowed the listed values of an `enum` field; without the list any short text passes.
 */
export function acceptsValue(type: FieldType, value: string, allowed?: readonly string[]): boolean {
  if (value.trim() === '' || /\p{Cc}/u.test(value)) return false
  if (type === 'enum') return allowed ? allowed.includes(value) : [...value].length <= 20
  if (type === 'name') return [...value].length <= (/\p{Script=Han}/u.test(value) ? 10 : 20)
  return patterns[type].test(value)
}

export type FieldProblem = { key: string; problem: 'unknown-type' | 'empty' | 'invalid' }

/** The first field that WeChat would refuse, in the order of `data`, or null when all are fine. */
export function findFieldProblem(
  data: Record<string, string>,
  enums: Record<string, readonly string[]> = {},
): FieldProblem | null {
  for (const [key, value] of Object.entries(data)) {
    const type = fieldTypeOf(key)
    if (!type) return { key, problem: 'unknown-type' }
    if (value === '') return { key, problem: 'empty' }
    if (!acceptsValue(type, value, enums[key])) return { key, problem: 'invalid' }
  }
  return null
}

/** Longest free texts in characters; other types have a form that cutting would destroy. */
const cutAt: Partial<Record<FieldType, number>> = { thing: 20, phrase: 5, character_string: 32, letter: 32 }

/**
 * Makes free text fit its field: control characters become spaces, the end is cut (with … in a `thing`).
 * Values of types with a fixed form (numbers, dates, amounts) come back unchanged.
 */
export function fitValue(type: FieldType, value: string): string {
  const limit = type === 'name' ? (/\p{Script=Han}/u.test(value) ? 10 : 20) : cutAt[type]
  if (limit === undefined) return value
  const characters = [...value.replace(/\p{Cc}+/gu, ' ').trim()]
  if (characters.length <= limit) return characters.join('')
  return type === 'thing' ? `${characters.slice(0, limit - 1).join('')}…` : characters.slice(0, limit).join('')
}
