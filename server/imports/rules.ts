import { multiplyPrice } from '../../shared/money'
import { addDays, HOUR_MS, isCivilDay, MINUTE_MS, startOfDay, type Zone } from '../../shared/time'
import type { Mapping } from './mapping'

/**
 * Why a row is not imported. A row has one reason, the first that holds in this order, so that the counts of a file add up:
 * it cannot be read; nobody bought it; its numbers make no sense; it has no price; its purchase was refused.
 */
export type RejectReason =
  | 'unreadable'
  | 'no_customer'
  | 'no_invoice'
  | 'bad_date'
  | 'bad_quantity'
  | 'bad_price'
  | 'no_price'
  | 'bad_product'
  | 'unknown_store'
  | 'mixed_customers'
  | 'already_imported_differently'
  | 'refused'

/** One sold row of a file. */
export interface SoldRow {
  kind: 'sold'
  line: number
  invoice: string
  customer: string
  /** Epoch ms. */
  at: number
  sku: string
  product: string
  category: string
  quantity: number
  unitFen: number
  amountFen: number
  storeCode: string | null
  /** Absent where the file does not say how it was paid. */
  payKind?: Mapping['pay'][string]
}
/** One cancelled row; quantity and price are positive. */
export interface CancelledRow extends Omit<SoldRow, 'kind'> {
  kind: 'cancelled'
}
export interface RejectedRow {
  kind: 'rejected'
  line: number
  reason: RejectReason
  detail: string
}
export type Row = SoldRow | CancelledRow | RejectedRow

/** Longest texts the tables hold; a longer description is cut, a longer code is refused because it would name something else. */
const longestCode = 64
const longestName = 191
const maxQuantity = 1_000_000_000
const maxAmountFen = 1_000_000_000_000

const tokens: Record<string, [pattern: string, part: string]> = {
  yyyy: ['(\\d{4})', 'year'],
  MM: ['(\\d{2})', 'month'],
  M: ['(\\d{1,2})', 'month'],
  dd: ['(\\d{2})', 'day'],
  d: ['(\\d{1,2})', 'day'],
  HH: ['(\\d{2})', 'hour'],
  H: ['(\\d{1,2})', 'hour'],
  mm: ['(\\d{2})', 'minute'],
  ss: ['(\\d{2})', 'second'],
}

/** Noon: a date without a time must not slip into the day before or after in any zone's reckoning. */
const hourWithoutTime = 12

/**
 * Makes a reader of dates in one format.
 * @returns epoch ms, or null for a text that is no such date
 */
export const dateReader = (format: string, zone: Zone, shiftDays: number): ((text: string) => number | null) => {
  const parts: string[] = []
  const pattern = format.replace(/yyyy|MM|M|dd|d|HH|H|mm|ss|[^A-Za-z]/g, (token) => {
    const known = tokens[token]
    if (!known) return token.replace(/[.*+?^${}()|[\]\\/]/g, '\\$&')
    parts.push(known[1])
    return known[0]
  })
  const matcher = new RegExp(`^${pattern}$`)
  const hasTime = parts.includes('hour')
  /** Files are in order of time as a rule, so the day of the row before is nearly always right. */
  let lastDay = ''
  let lastStart: number | null = null
  return (text) => {
    const match = matcher.exec(text.trim())
    if (!match) return null
    const value: Record<string, number> = {}
    parts.forEach((part, i) => {
      value[part] = Number(match[i + 1])
    })
    const { year, month = 1, day = 1, hour = hasTime ? 0 : hourWithoutTime, minute = 0, second = 0 } = value
    if (hour > 23 || minute > 59 || second > 59) return null
    const civil = `${String(year).padStart(4, '0')}-${String(month).padStart(2, '0')}-${String(day).padStart(2, '0')}`
    if (civil !== lastDay) {
      lastDay = civil
      lastStart = isCivilDay(civil) ? startOfDay(addDays(civil, shiftDays), zone) : null
    }
    return lastStart === null ? null : lastStart + hour * HOUR_MS + minute * MINUTE_MS + second * 1000
  }
}

/** '+08:00' -> 480. */
export const zoneOf = (zone: Mapping['zone'], shopMinutes: number): number => {
  if (zone === 'shop') return shopMinutes
  const minutes = Number(zone.slice(1, 3)) * 60 + Number(zone.slice(4))
  return zone.startsWith('-') ? -minutes : minutes
}

/** A decimal text in minor units without rounding away what a line total still needs: '2.55' stays text in `major`. */
const timesPrice = (quantity: number, price: string, unit: Mapping['priceUnit']): number | null =>
  unit === 'major' ? multiplyPrice(quantity, price) : minor(quantity, price)
const minor = (quantity: number, price: string): number | null => {
  const hundredfold = multiplyPrice(quantity, price)
  return hundredfold === null ? null : Math.floor((hundredfold + 50) / 100)
}

interface Goods {
  name: string
  category: string
}

/** What a reader of rows needs besides the mapping. */
export interface RowContext {
  /** Minutes east of UTC of the shop. */
  shopZoneMinutes: number
  now: number
  /** Names and categories by stock code, where the file itself has none. */
  goods?: ReadonlyMap<string, Goods>
}

/** The invoice a record belongs to, before anything else of it is read; '' where rows stand alone. */
export const invoiceReader = (mapping: Mapping, header: string[]): ((fields: string[]) => string) => {
  const at = mapping.columns.invoice ? header.indexOf(mapping.columns.invoice) : -1
  return (fields) => (at < 0 ? '' : fields[at].trim())
}

/**
 * Makes a reader of rows: fields of a record in, a row or the reason against it out. Throws when the header lacks a named column.
 */
export const rowReader = (
  mapping: Mapping,
  header: string[],
  context: RowContext,
): ((line: number, fields: string[]) => Row) => {
  const missing = Object.values(mapping.columns).filter((name) => name && !header.includes(name))
  if (missing.length)
    throw new Error(`The file has no column ${missing.join(', ')}; its header is: ${header.join(', ')}`)
  const index = Object.fromEntries(Object.entries(mapping.columns).map(([key, name]) => [key, header.indexOf(name)]))
  const cell = (fields: string[], key: keyof Mapping['columns']): string =>
    index[key] === undefined ? '' : fields[index[key]].trim()
  const readDate = dateReader(mapping.dateFormat, zoneOf(mapping.zone, context.shopZoneMinutes), mapping.shiftDays)
  const seen = new Map<string, number>()
  const numberOf = (customer: string, date: string): string => {
    const key = `${customer}-${date}`
    const count = (seen.get(key) ?? 0) + 1
    seen.set(key, count)
    return `${key}-${count}`
  }

  return (line, fields) => {
    const no = (reason: RejectReason, detail: string): RejectedRow => ({ kind: 'rejected', line, reason, detail })
    const customer = cell(fields, 'customer')
    if (!customer) return no('no_customer', cell(fields, 'invoice'))
    const invoice = cell(fields, 'invoice')
    if (!invoice && mapping.grouping === 'invoice') return no('no_invoice', customer)
    const dateText = cell(fields, 'at')
    const at = readDate(dateText)
    if (at === null || at > context.now) return no('bad_date', dateText)
    const quantityText = index.quantity === undefined ? '1' : cell(fields, 'quantity')
    const quantity = /^-?\d{1,10}$/.test(quantityText) ? Number(quantityText) : 0
    if (!quantity || Math.abs(quantity) > maxQuantity) return no('bad_quantity', quantityText)
    const way = mapping.cancellation
    const cancelled =
      way?.by === 'prefix' ? invoice.startsWith(way.prefix) : way?.by === 'negative' ? quantity < 0 : false
    if (quantity < 0 !== cancelled) return no('bad_quantity', quantityText)
    const priceText = cell(fields, mapping.columns.amount ? 'amount' : 'unitPrice')
    const pieces = Math.abs(quantity)
    const amountFen = timesPrice(
      mapping.columns.amount ? 1 : pieces,
      priceText.replace(/^-/, cancelled ? '' : '-'),
      mapping.priceUnit,
    )
    if (amountFen === null || amountFen < 0 || amountFen > maxAmountFen) return no('bad_price', priceText)
    if (!/[1-9]/.test(priceText)) return no('no_price', priceText)
    const unitFen = mapping.columns.amount
      ? Math.floor((amountFen * 2 + pieces) / (pieces * 2))
      : (timesPrice(1, priceText.replace('-', ''), mapping.priceUnit) ?? 0)
    const sku = cell(fields, 'sku') || mapping.constants.sku || ''
    if (!sku || sku.length > longestCode || invoice.length > longestCode - 8 || customer.length > longestCode)
      return no('bad_product', sku || invoice)
    const known = context.goods?.get(sku)
    return {
      kind: cancelled ? 'cancelled' : 'sold',
      line,
      invoice: mapping.grouping === 'row' ? invoice || numberOf(customer, dateText) : invoice,
      customer,
      at,
      sku,
      product: (cell(fields, 'product') || known?.name || mapping.constants.product || sku).slice(0, longestName),
      category: (cell(fields, 'category') || known?.category || mapping.constants.category || '其他').slice(
        0,
        longestCode,
      ),
      quantity: pieces,
      unitFen,
      amountFen,
      storeCode: cell(fields, 'store') || null,
      ...(index.pay === undefined ? {} : { payKind: mapping.pay[cell(fields, 'pay')] ?? 'other' }),
    }
  }
}

/** Rows of one invoice that became one purchase. */
export interface FilePurchase {
  invoice: string
  customer: string
  at: number
  storeCode: string | null
  payKind?: SoldRow['payKind']
  rows: SoldRow[]
}

/**
 * Makes a purchase of the sold rows of one invoice, in file order, equal lines and all. It happened when its first row says; rows of
 * another customer than the first one's are refused, since a purchase has one owner.
 */
export const purchaseOf = (rows: SoldRow[]): { purchase: FilePurchase; strangers: RejectedRow[] } => {
  const [first] = rows
  const own = rows.filter((r) => r.customer === first.customer)
  const strangers = rows
    .filter((r) => r.customer !== first.customer)
    .map((r): RejectedRow => ({ kind: 'rejected', line: r.line, reason: 'mixed_customers', detail: r.invoice }))
  const at = own.reduce((earliest, r) => Math.min(earliest, r.at), first.at)
  return {
    purchase: {
      invoice: first.invoice,
      customer: first.customer,
      at,
      storeCode: first.storeCode,
      payKind: first.payKind,
      rows: own,
    },
    strangers,
  }
}

/** One line of an earlier purchase that may still be taken back. */
export interface Candidate {
  purchaseId: string
  at: number
  lineNo: number
  unitFen: number
  /** Quantity not refunded yet. */
  left: number
}
/** What a cancelled row takes back, and from which purchase. */
export interface Match {
  purchaseId: string
  lines: { lineNo: number; quantity: number }[]
}

/**
 * Finds the purchase a cancelled row belongs to: of the same customer and the same goods (the caller gives only those), not later than
 * the cancellation, with enough left that has not been refunded. Purchases at the cancelled price go first, then the latest. What is
 * taken is subtracted from the candidates, so that the next cancellation sees it.
 */
export const matchCancellation = (
  candidates: readonly Candidate[],
  cancelled: { at: number; quantity: number; unitFen: number },
): Match | null => {
  const byPurchase = new Map<string, { at: number; all: number; same: number; lines: Candidate[] }>()
  for (const c of candidates) {
    if (c.at > cancelled.at || c.left <= 0) continue
    const entry = byPurchase.get(c.purchaseId) ?? { at: c.at, all: 0, same: 0, lines: [] }
    entry.all += c.left
    if (c.unitFen === cancelled.unitFen) entry.same += c.left
    entry.lines.push(c)
    byPurchase.set(c.purchaseId, entry)
  }
  let best: { purchaseId: string; at: number; same: boolean; lines: Candidate[] } | null = null
  for (const [purchaseId, p] of byPurchase) {
    if (p.all < cancelled.quantity) continue
    const same = p.same >= cancelled.quantity
    if (best && (best.same !== same ? best.same : best.at > p.at || (best.at === p.at && best.purchaseId > purchaseId)))
      continue
    best = { purchaseId, at: p.at, same, lines: p.lines }
  }
  if (!best) return null
  const rank = (c: Candidate): number => (c.unitFen === cancelled.unitFen ? 0 : 1)
  let needed = cancelled.quantity
  const lines: Match['lines'] = []
  for (const c of best.lines.sort((a, b) => rank(a) - rank(b) || a.lineNo - b.lineNo)) {
    const quantity = Math.min(needed, c.left)
    if (!quantity) break
    c.left -= quantity
    needed -= quantity
    lines.push({ lineNo: c.lineNo, quantity })
  }
  return { purchaseId: best.purchaseId, lines }
}
