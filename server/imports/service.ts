import type { Mapping } from './mapping'
import { isBroken, readRecords } from './reader'
import {
  type CancelledRow,
  type FilePurchase,
  invoiceReader,
  purchaseOf,
  type RejectedRow,
  type RowContext,
  rowReader,
  type SoldRow,
} from './rules'

export { dryTarget } from './dry'
export { builtInMappings, checkMapping, loadMapping, type Mapping } from './mapping'
export { describeSummary, problemFile, progressLine } from './report'
export { databaseTarget, type People } from './settle'

/** A cancelled row with a number of its own: `<invoice>#<how manieth cancelled row of it>`. */
export interface Cancellation extends CancelledRow {
  externalNo: string
}
/** What is settled in one transaction. */
export interface Chunk {
  purchases: FilePurchase[]
  cancellations: Cancellation[]
}
/** What became of a chunk. `known` things were in the database before, with the same content, and were left alone. */
export interface Outcome {
  purchases: { created: FilePurchase[]; known: FilePurchase[] }
  refunds: { created: number; known: number }
  newMembers: number
  /** Cancellations that no purchase was found for. */
  unmatched: Cancellation[]
  rejected: RejectedRow[]
}
/** Where a file goes: the database, or nowhere (a dry run). */
export interface Target {
  settle(chunk: Chunk): Promise<Outcome>
  /** Called once, after everything is settled. */
  finish?(): Promise<void>
}

/** What the person who waits sees. */
export interface Progress {
  rows: number
  purchases: number
  refunds: number
  /** Part of the file that has been read, 0 to 1. */
  progress: number
}
/** The result of an import. Counts of rows add up: accepted + all rejected = rows. */
export interface Summary {
  mapping: string
  dryRun: boolean
  rows: number
  /** Sold rows of settled purchases and cancelled rows that could be read. */
  accepted: number
  rejected: Record<string, number>
  soldRows: number
  /** Customers with at least one purchase in the file. */
  members: number
  purchases: number
  /** Cancelled rows, and those of them that took something back from a purchase. */
  refunds: number
  refundsMatched: number
  /** Sum of the purchases' lines, before refunds, in minor units. */
  revenueMinor: number
  /** What this very run added: all zero when the file was imported before. */
  created: { members: number; purchases: number; refunds: number }
  seconds: number
  rowsPerSecond: number
}

export interface ImportRequest {
  file: string
  mapping: Mapping
  dryRun: boolean
  target: Target
  context: RowContext
  /** Called for every row that is not imported and every cancellation without a purchase. */
  onProblem(line: number, reason: string, detail: string): void
  onProgress(progress: Progress): void
}

/** Purchases and cancellations of one transaction: enough to share its cost, little enough that others need not wait long. */
const chunkPurchases = 250
const chunkRows = 6000
/** IN lists stay below 500. */
const chunkCancellations = 250

/**
 * The ordinal of the last record of every invoice: with it an invoice is settled as soon as it is complete, wherever in the file its
 * rows are, while only the open ones are held in memory.
 */
const surveyInvoices = async (file: string, mapping: Mapping): Promise<Map<string, number>> => {
  const last = new Map<string, number>()
  let ordinal = 0
  let invoiceOf: ReturnType<typeof invoiceReader> | null = null
  for await (const batch of readRecords(file, mapping)) {
    invoiceOf ??= invoiceReader(mapping, batch.header)
    for (const record of batch.records) if (!isBroken(record)) last.set(invoiceOf(record.fields), ++ordinal)
  }
  return last
}

/**
 * Reads a file through a mapping into a target, a transaction per few hundred purchases, so that an interrupted import is simply run
 * again. Rows keep their order. A cancelled row takes back from what is settled before it; one that finds nothing is tried once more
 * at the end, for files that are not in order of time.
 */
export const importFile = async (request: ImportRequest): Promise<Summary> => {
  const { file, mapping, target, context, onProblem, onProgress } = request
  const started = performance.now()
  const customers = new Set<string>()
  const rejected: Record<string, number> = {}
  const created = { members: 0, purchases: 0, refunds: 0 }
  const count = { rows: 0, soldRows: 0, purchases: 0, cancelled: 0, matched: 0, revenue: 0 }
  let progress = 0
  const reject = ({ line, reason, detail }: RejectedRow): void => {
    rejected[reason] = (rejected[reason] ?? 0) + 1
    onProblem(line, reason, detail)
  }
  let chunk: Chunk = { purchases: [], cancellations: [] }
  let rowsInChunk = 0
  const waiting: Cancellation[] = []
  const flush = async (lastTry = false): Promise<void> => {
    if (!chunk.purchases.length && !chunk.cancellations.length) return
    const outcome = await target.settle(chunk)
    for (const p of [...outcome.purchases.created, ...outcome.purchases.known]) {
      customers.add(p.customer)
      count.purchases++
      count.soldRows += p.rows.length
      for (const row of p.rows) count.revenue += row.amountFen
    }
    created.purchases += outcome.purchases.created.length
    created.refunds += outcome.refunds.created
    created.members += outcome.newMembers
    count.matched += outcome.refunds.created + outcome.refunds.known
    outcome.rejected.forEach(reject)
    for (const c of outcome.unmatched) {
      if (lastTry) onProblem(c.line, 'no_purchase_to_refund', `${c.invoice} ${c.sku} × ${c.quantity}`)
      else waiting.push(c)
    }
    chunk = { purchases: [], cancellations: [] }
    rowsInChunk = 0
    onProgress({ rows: count.rows, purchases: count.purchases, refunds: count.matched, progress })
  }

  const lastRecord = mapping.grouping === 'invoice' ? await surveyInvoices(file, mapping) : null
  const open = new Map<string, SoldRow[]>()
  const cancelledOf = new Map<string, number>()
  const close = (rows: SoldRow[]): void => {
    const { purchase, strangers } = purchaseOf(rows)
    strangers.forEach(reject)
    chunk.purchases.push(purchase)
    rowsInChunk += purchase.rows.length
  }
  let ordinal = 0
  let readRow: ReturnType<typeof rowReader> | null = null
  let invoiceOf: ReturnType<typeof invoiceReader> | null = null
  for await (const batch of readRecords(file, mapping)) {
    readRow ??= rowReader(mapping, batch.header, context)
    invoiceOf ??= invoiceReader(mapping, batch.header)
    const [before, after] = [progress, batch.progress]
    for (const [index, record] of batch.records.entries()) {
      progress = before + ((after - before) * (index + 1)) / batch.records.length
      count.rows++
      if (isBroken(record)) {
        reject({ kind: 'rejected', line: record.line, reason: 'unreadable', detail: record.text.slice(0, 120) })
        continue
      }
      ordinal++
      const row = readRow(record.line, record.fields)
      if (row.kind === 'rejected') reject(row)
      else if (row.kind === 'cancelled') {
        const number = (cancelledOf.get(row.invoice) ?? 0) + 1
        cancelledOf.set(row.invoice, number)
        count.cancelled++
        chunk.cancellations.push({ ...row, externalNo: `${row.invoice}#${number}` })
      } else if (!lastRecord) close([row])
      else {
        const rows = open.get(row.invoice)
        if (rows) rows.push(row)
        else open.set(row.invoice, [row])
      }
      if (lastRecord) {
        const invoice = invoiceOf(record.fields)
        if (lastRecord.get(invoice) === ordinal) {
          const rows = open.get(invoice)
          if (rows) close(rows)
          open.delete(invoice)
          cancelledOf.delete(invoice)
          lastRecord.delete(invoice)
        }
      }
      if (
        chunk.purchases.length >= chunkPurchases ||
        rowsInChunk >= chunkRows ||
        chunk.cancellations.length >= chunkCancellations
      )
        await flush()
    }
  }
  if (!readRow) throw new Error(`${file} is empty`)
  await flush()
  const retry = waiting.splice(0)
  for (let i = 0; i < retry.length; i += chunkCancellations) {
    chunk.cancellations = retry.slice(i, i + chunkCancellations)
    await flush(true)
  }
  await target.finish?.()
  const seconds = (performance.now() - started) / 1000
  return {
    mapping: mapping.name,
    dryRun: request.dryRun,
    rows: count.rows,
    accepted: count.soldRows + count.cancelled,
    rejected,
    soldRows: count.soldRows,
    members: customers.size,
    purchases: count.purchases,
    refunds: count.cancelled,
    refundsMatched: count.matched,
    revenueMinor: count.revenue,
    created,
    seconds: Math.round(seconds * 100) / 100,
    rowsPerSecond: Math.round(count.rows / Math.max(seconds, 0.001)),
  }
}
