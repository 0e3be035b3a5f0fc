import { columnOf, numberOf, readTable, type Table } from './read'
import { badInput } from './report'

/** One row: a member took an item. `at` in epoch ms; `name` where the file tells it. */
export interface Event {
  member: string
  item: string
  at: number
  name: string | null
}

/** What the columns may be called; without a known name the order is member, item, value, time or member, item, time, value. */
const names = {
  member: ['member', 'memberid', 'member_id', 'user', 'userid', 'user_id', 'customer', 'customerid', 'customer_id'],
  item: ['item', 'itemid', 'item_id', 'product', 'productid', 'product_id', 'sku', 'movieid', 'movie_id'],
  at: ['timestamp', 'time', 'at', 'date', 'day'],
  value: ['value', 'rating', 'quantity', 'amount', 'score', 'weight'],
} as const

/** Epoch ms of a cell: seconds or milliseconds since 1970, or a date with or without a time. */
const momentOf = (text: string): number | null => {
  const number = numberOf(text)
  // Eight digits are a day (20110910); seconds have nine or ten digits, milliseconds twelve or thirteen.
  if (number !== null && !/^\d{8}$/.test(text.trim())) return number < 1e11 ? number * 1000 : number
  const compact = /^(\d{4})(\d\d)(\d\d)$/.exec(text.trim())
  const at = Date.parse(compact ? `${compact[1]}-${compact[2]}-${compact[3]}T00:00:00Z` : isoOf(text))
  return Number.isNaN(at) ? null : at
}
/** A date without a zone is taken as it stands, not in the zone of this machine. */
const isoOf = (text: string): string => {
  const iso = text.trim().replace(' ', 'T')
  if (/^\d{4}-\d\d-\d\d$/.test(iso)) return `${iso}T00:00:00Z`
  return /T\d\d:\d\d(:\d\d(\.\d+)?)?$/.test(iso) ? `${iso}Z` : iso
}

interface Columns {
  member: number
  item: number
  at: number
  value: number | null
  /** Whether the first line is a row, not a header. */
  bare: boolean
}
const columnsOf = (table: Table, file: string): Columns => {
  const header = table.header.map((h) => h.trim().toLowerCase())
  const find = (key: keyof typeof names): number =>
    header.findIndex((h) => (names[key] as readonly string[]).includes(h))
  const [member, item, at, value] = [find('member'), find('item'), find('at'), find('value')]
  if (member >= 0 && item >= 0 && at >= 0) return { member, item, at, value: value < 0 ? null : value, bare: false }
  const first = table.header
  if (first.length >= 3 && first.every((cell) => /\d/.test(cell))) {
    // MovieLens keeps the rating before the time: the column with the large numbers or dates is the time.
    const time = [2, 3].find((c) => c < first.length && (numberOf(first[c]) === null || Number(first[c]) > 1e8))
    if (time !== undefined)
      return { member: 0, item: 1, at: time, value: first.length > 3 ? 5 - time : null, bare: true }
  }
  throw badInput(`${file} has no columns member, item and timestamp; its first line is ${table.header.join(',')}`)
}

/** Reads member,item,timestamp[,value]; rows whose value is zero or less (returns, no interest) are left out. Throws on a bad cell. */
export const readEvents = async (file: string): Promise<Event[]> => {
  const table = await readTable(file)
  const columns = columnsOf(table, file)
  const events: Event[] = []
  const rows = columns.bare ? [{ line: 1, fields: table.header }, ...table.records] : table.records
  for (const { line, fields } of rows) {
    const member = fields[columns.member].trim()
    const item = fields[columns.item].trim()
    const at = momentOf(fields[columns.at])
    const value = columns.value === null ? 1 : numberOf(fields[columns.value])
    if (!member || !item || at === null || value === null)
      throw badInput(
        `${file}, line ${line}: not a member, an item, a time and a value: ${fields.join(',').slice(0, 80)}`,
      )
    if (value > 0) events.push({ member, item, at, name: null })
  }
  return events
}

/** The shipped Online Retail: sold lines of known customers, as the import counts them (397,884). */
export const readOnlineRetail = async (file: string): Promise<Event[]> => {
  const table = await readTable(file)
  const at = (name: string): number => columnOf(table, file, name)
  const [invoice, sku, name, quantity, time, price, customer] = [
    'InvoiceNo',
    'StockCode',
    'Description',
    'Quantity',
    'InvoiceDate',
    'UnitPrice',
    'CustomerID',
  ].map(at)
  const events: Event[] = []
  for (const { fields: f } of table.records) {
    if (!f[customer] || f[invoice].startsWith('C') || !(Number(f[quantity]) > 0) || !(Number(f[price]) > 0)) continue
    events.push({ member: f[customer], item: f[sku], at: Date.parse(isoOf(f[time])), name: f[name].trim() || null })
  }
  return events
}
