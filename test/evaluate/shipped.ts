import { join } from 'node:path'
import { loadMapping } from '../../server/imports/mapping'
import { isBroken, readRecords } from '../../server/imports/reader'
import { rowReader, type SoldRow } from '../../server/imports/rules'
import { DAY_MS, serialOfDay } from '../../shared/time'
import { type PurchaseFile, toPurchases, unpacked } from './read'

/** The data in test/data, whose README says where they come from. */
export const shippedFile = (name: string): string => join(__dirname, '../data', name)

const cdnowDay = (text: string): number => serialOfDay(`${text.slice(0, 4)}-${text.slice(4, 6)}-${text.slice(6)}`)

/** CDNOW's transactions: all 23,570 customers, or the tenth of the papers. Neither file has commas; only one has a header. */
export const readCdnow = (part: 'master' | 'sample'): PurchaseFile => {
  const lines = unpacked(shippedFile(`cdnow-${part}.txt.br`))
    .toString('utf8')
    .split('\n')
  const rows = lines.map((line) => line.trim().split(/\s+/)).filter((row) => /^\d+$/.test(row[0]))
  const date = part === 'sample' ? 2 : 1
  return toPurchases(
    rows.map((row) => row[0]),
    rows.map((row) => cdnowDay(row[date])),
    rows.map((row) => Number(row[date + 2])),
  )
}

/** The last day of the papers' calibration period, and the days that follow until the data end. */
export const cdnowCut = { cut: cdnowDay('19970930'), horizon: 39 * 7 }

/** The papers' table of the sample at that day: repeat transactions, last one, age (weeks with two decimals) and mean value. */
export const readCdnowSummary = (): {
  repeats: Float64Array
  recency: Float64Array
  age: Float64Array
  meanValue: Float64Array
} => {
  const lines = unpacked(shippedFile('cdnow-summary.csv.br')).toString('utf8').trim().split('\n').slice(1)
  const rows = lines.map((line) => line.split(',').map(Number))
  const column = (at: number): Float64Array => Float64Array.from(rows, (row) => row[at])
  return { repeats: column(1), recency: column(2), age: column(3), meanValue: column(4) }
}

/** The sold lines of Online Retail, read as `npm run import` reads them: with a customer, a price and a quantity, not cancelled. */
export const readOnlineRetail = async (): Promise<SoldRow[]> => {
  const mapping = loadMapping('online-retail')
  const sold: SoldRow[] = []
  let read: ReturnType<typeof rowReader> | null = null
  for await (const batch of readRecords(shippedFile('online-retail.csv.br'), mapping)) {
    // Wall-clock times as UTC: days are then those of the file.
    read ??= rowReader(mapping, batch.header, { shopZoneMinutes: 0, now: Number.MAX_SAFE_INTEGER })
    for (const record of batch.records) {
      if (isBroken(record)) continue
      const row = read(record.line, record.fields)
      if (row.kind === 'sold') sold.push(row)
    }
  }
  return sold
}

/** Days since 1970-01-01 of a sold line. */
export const soldDay = (row: SoldRow): number => Math.floor(row.at / DAY_MS)

/** Online Retail by customer and day; amounts in pounds. */
export const readOnlineRetailPurchases = async (): Promise<PurchaseFile> => {
  const sold = await readOnlineRetail()
  return toPurchases(
    sold.map((row) => row.customer),
    sold.map(soldDay),
    sold.map((row) => row.amountFen / 100),
  )
}

/** The last 90 whole days of the file are to be foretold; its very last day ends at noon. */
export const onlineRetailCut = { cut: serialOfDay('2011-09-09'), horizon: 90 }
/** Where the published comparison takes its examples: their ninety days end the day before those of the test begin. */
export const onlineRetailTrainCut = serialOfDay('2011-06-10')
