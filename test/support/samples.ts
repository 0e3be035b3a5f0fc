import { z } from 'zod'
import type { Endpoint } from '../../shared/contract/define'

/** Texts of the forms that the contract asks for; the first that fits a field's pattern and length is taken. */
const texts = [
  'abc',
  '13800138000',
  '2026-11-22',
  '2026-11',
  '123456',
  '881234567890123455',
  '661234567890',
  'ABCD2345',
  'sample-1',
  'https://example.invalid/a',
  '0123456789abcdef0123456789abcdef.jpg',
  '8f14e45f-ceea-467f-a9be-8b2d1b9f6a10',
  '09:30',
  'someone@example.com',
  'a long enough text for any field that asks for one',
  '1',
]

interface JsonSchema {
  type?: string
  const?: unknown
  enum?: unknown[]
  anyOf?: JsonSchema[]
  oneOf?: JsonSchema[]
  allOf?: JsonSchema[]
  properties?: Record<string, JsonSchema>
  required?: string[]
  items?: JsonSchema
  minItems?: number
  minimum?: number
  exclusiveMinimum?: number
  minLength?: number
  maxLength?: number
  pattern?: string
}

const textFor = (s: JsonSchema): string => {
  const patterns = [s, ...(s.allOf ?? [])].flatMap((p) => (p.pattern ? [new RegExp(p.pattern, 'u')] : []))
  const found = texts.find(
    (t) => t.length >= (s.minLength ?? 0) && t.length <= (s.maxLength ?? 1e9) && patterns.every((p) => p.test(t)),
  )
  if (found === undefined) throw new Error(`Add a text to samples.ts for ${JSON.stringify(s)}`)
  return found
}

const sample = (s: JsonSchema): unknown => {
  if (s.const !== undefined) return s.const
  if (s.enum) return s.enum[0]
  const [choice] = s.anyOf ?? s.oneOf ?? []
  if (choice) return sample(choice)
  if (s.type === 'object')
    return Object.fromEntries((s.required ?? []).map((name) => [name, sample(s.properties?.[name] ?? {})]))
  if (s.type === 'array') return Array.from({ length: s.minItems ?? 0 }, () => sample(s.items ?? {}))
  if (s.type === 'integer' || s.type === 'number') return Math.max(1, s.minimum ?? 1)
  if (s.type === 'boolean') return true
  if (s.type === 'string') return textFor(s)
  return null
}

/** An input that the endpoint's own schema accepts, with only what it requires. Throws when the schema refuses what was made. */
export const sampleInput = (endpoint: Endpoint, more: Record<string, unknown> = {}): Record<string, unknown> => {
  const schema = z.toJSONSchema(endpoint.input, { io: 'input', unrepresentable: 'any' }) as JsonSchema
  const input = { ...(sample(schema) as Record<string, unknown>), ...more }
  const parsed = endpoint.input.safeParse(input)
  if (!parsed.success) throw new Error(`Sample ${JSON.stringify(input)}: ${JSON.stringify(parsed.error.issues)}`)
  return input
}
