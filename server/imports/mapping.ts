import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { z } from 'zod'
import { payKind } from '../../shared/contract/purchases'

/**
 * A mapping says, as data, how a till's export is to be read. The built-in ones lie in mappings/; anyone may write another file of the
 * same shape and name it on the command line.
 */
const column = z.string().min(1)
const schema = z.strictObject({
  /** Source of the purchases it makes: with the invoice number it names a purchase for good, so it must not change later. */
  name: z.string().regex(/^[a-z0-9][a-z0-9-]{1,39}$/, 'two to forty small letters, digits and hyphens'),
  title: z.string().min(1),
  /** `whitespace`: any run of blanks divides columns, as in old statistics files. */
  delimiter: z.enum([',', ';', '\t', '|', 'whitespace']).default(','),
  /** Any encoding the platform decodes, such as gb18030. */
  encoding: z.string().default('utf-8'),
  /** Names of the file's header; what is missing here comes from `constants`. */
  columns: z.strictObject({
    invoice: column.optional(),
    customer: column,
    at: column,
    sku: column.optional(),
    product: column.optional(),
    category: column.optional(),
    quantity: column.optional(),
    /** One of the two: the price of one, or the amount of the line. */
    unitPrice: column.optional(),
    amount: column.optional(),
    /** Code of the store; without it every purchase belongs to `store`. */
    store: column.optional(),
    /** How it was paid, in the till's own words; `pay` says what they mean. */
    pay: column.optional(),
  }),
  constants: z.strictObject({ sku: z.string(), product: z.string(), category: z.string() }).partial().default({}),
  /** The till's words for a way of paying; a word that is not here counts as other. */
  pay: z.record(z.string(), payKind).default({}),
  /** `invoice`: rows of one invoice number are one purchase. `row`: every row is a purchase of its own. */
  grouping: z.enum(['invoice', 'row']),
  /** Built from yyyy MM dd HH mm ss, or M d H for numbers without leading zeros. */
  dateFormat: z.string().regex(/yyyy/),
  /** Wall clock of the file: `shop` is the shop's own zone, otherwise an offset such as +00:00. */
  zone: z.union([z.literal('shop'), z.string().regex(/^[+-]\d{2}:\d{2}$/)]).default('shop'),
  /** Days added to every date; the demo moves an old year to the present with it. */
  shiftDays: z.int().default(0),
  /** `major`: pounds, dollars, yuan with decimals. `minor`: pence, cents, fen. */
  priceUnit: z.enum(['major', 'minor']),
  /** How a cancelled line is told: by the start of its invoice number or by a negative quantity. Absent: the file has none. */
  cancellation: z
    .discriminatedUnion('by', [
      z.strictObject({ by: z.literal('prefix'), prefix: z.string().min(1) }),
      z.strictObject({ by: z.literal('negative') }),
    ])
    .optional(),
  /** Made when it does not exist yet. */
  store: z.strictObject({ code: z.string().min(1).max(40), name: z.string().min(1), address: z.string().default('') }),
})

/** A checked mapping. */
export type Mapping = z.output<typeof schema>

/** Names of the mappings that come with the product. */
export const builtInMappings = ['online-retail', 'cdnow', 'demo'] as const

/**
 * Loads a mapping by name or from a JSON file. Throws an Error that says what is wrong with it.
 */
export const loadMapping = (nameOrFile: string): Mapping => {
  const builtIn = (builtInMappings as readonly string[]).includes(nameOrFile)
  const file = builtIn ? join(__dirname, 'mappings', `${nameOrFile}.json`) : nameOrFile
  let text: string
  try {
    text = readFileSync(file, 'utf8')
  } catch {
    throw new Error(
      `There is no mapping "${nameOrFile}". Built in are ${builtInMappings.join(', ')}; or name a JSON file.`,
    )
  }
  return checkMapping(JSON.parse(text), file)
}

/** Checks a mapping that was read elsewhere; throws one Error that names every wrong field. */
export const checkMapping = (value: unknown, where: string): Mapping => {
  const parsed = schema.safeParse(value)
  const wrong = parsed.success
    ? contradictions(parsed.data)
    : parsed.error.issues.map((i) => `${i.path.join('.')}: ${i.message}`)
  if (!parsed.success || wrong.length) throw new Error(`The mapping ${where} is wrong:\n  ${wrong.join('\n  ')}`)
  return parsed.data
}

const contradictions = (m: Mapping): string[] => {
  const wrong: string[] = []
  if (!m.columns.unitPrice === !m.columns.amount) wrong.push('columns: name unitPrice or amount, one of them')
  if (m.grouping === 'invoice' && !m.columns.invoice) wrong.push('columns.invoice: grouping by invoice needs it')
  if (!m.columns.sku && !m.constants.sku) wrong.push('columns.sku: name the column, or a constant')
  if (m.cancellation?.by === 'prefix' && !m.columns.invoice)
    wrong.push('cancellation: a prefix needs the column of the invoice')
  return wrong
}
