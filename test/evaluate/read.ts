import { existsSync, readFileSync } from 'node:fs'
import { brotliDecompressSync, gunzipSync } from 'node:zlib'
import { isBroken, readRecords } from '../../server/imports/reader'
import { dateReader } from '../../server/imports/rules'
import { type DailyPurchases, mergeDays } from '../../server/scores/models/split'
import { civilDay, DAY_MS, SHANGHAI, serialOfDay } from '../../shared/time'
import type { Flags } from './index'
import { badInput } from './report'

/** A file as text fields. Every record has as many fields as the header. */
export interface Table {
  header: string[]
  records: { line: number; fields: string[] }[]
}

/** The bytes of a file as they were before .gz or .br. */
export const unpacked = (file: string): Buffer => {
  const bytes = readFileSync(file)
  if (file.endsWith('.gz')) return gunzipSync(bytes)
  return file.endsWith('.br') ? brotliDecompressSync(bytes) : bytes
}

/** The mark that divides most fields of a header; blanks where no mark does. */
const delimiterOf = (file: string): ',' | ';' | '\t' | 'whitespace' => {
  const bytes = unpacked(file)
  const end = bytes.indexOf(10)
  const head = bytes.subarray(0, end < 0 ? bytes.length : end).toString('utf8')
  const counts = ([',', ';', '\t'] as const).map((mark) => ({ mark, count: head.split(mark).length - 1 }))
  const most = counts.sort((a, b) => b.count - a.count)[0]
  return most.count ? most.mark : 'whitespace'
}

/** Reads a table with a header; any record that cannot be read ends it, since a model must not learn from half a file. */
export const readTable = async (file: string): Promise<Table> => {
  if (!existsSync(file)) throw badInput(`There is no file ${file}`)
  const table: Table = { header: [], records: [] }
  try {
    for await (const batch of readRecords(file, { delimiter: delimiterOf(file), encoding: 'utf-8' })) {
      table.header = batch.header
      for (const record of batch.records) {
        if (isBroken(record))
          throw badInput(
            `${file}, line ${record.line}: not the ${batch.header.length} columns of the header: ${record.text.slice(0, 80)}`,
          )
        table.records.push(record)
      }
    }
  } catch (error) {
    if ((error as Error).name === 'BadInput') throw error
    throw badInput(`${file} cannot be read: ${(error as Error).message}`)
  }
  if (!table.records.length) throw badInput(`${file} has no rows behind its header`)
  return table
}

/** Where the column of this name is. */
export const columnOf = (table: Table, file: string, name: string): number => {
  const at = table.header.indexOf(name)
  if (at < 0) throw badInput(`${file} has no column ${name}; its columns are ${table.header.join(', ')}`)
  return at
}

/** A number of a cell; null for text that is none. */
export const numberOf = (text: string): number | null => {
  const trimmed = text.trim()
  if (!/^[-+]?(\d+\.?\d*|\.\d+)([eE][-+]?\d+)?$/.test(trimmed)) return null
  const value = Number(trimmed)
  return Number.isFinite(value) ? value : null
}

/** The civil day of a number of days since 1970-01-01. */
export const dayText = (day: number): string => civilDay(day * DAY_MS, 0)

const dateFormats = [
  'yyyy-MM-dd',
  'yyyy-MM-dd HH:mm:ss',
  'yyyy-MM-dd HH:mm',
  'yyyy-MM-ddTHH:mm:ss',
  'yyyy-MM-ddTHH:mm:ssZ',
  'yyyyMMdd',
  'yyyy/M/d',
  'yyyy/M/d H:mm',
]

/** A reader of dates in whichever of the formats the first one has. */
const dayReader = (first: string): ((text: string) => number | null) | null => {
  for (const format of dateFormats) {
    const read = dateReader(format, SHANGHAI, 0)
    if (read(first) === null) continue
    return (text) => {
      const at = read(text)
      return at === null ? null : serialOfDay(civilDay(at, SHANGHAI))
    }
  }
  return null
}

/** Purchases of a file by member and day. */
export interface PurchaseFile {
  purchases: DailyPurchases
  firstDay: number
  lastDay: number
  rows: number
  /** Member days whose amounts sum to less than nothing: returns, which are no purchases. */
  returns: number
}

/** Makes purchases of rows of id, day and amount; a day on which a member took more back than was bought is no purchase. */
export const toPurchases = (ids: string[], days: number[], amounts: number[]): PurchaseFile => {
  const numbers = new Map<string, number>()
  const member = ids.map((id) => {
    const known = numbers.get(id)
    if (known !== undefined) return known
    numbers.set(id, numbers.size)
    return numbers.size - 1
  })
  const merged = mergeDays(member, days, amounts, numbers.size)
  const kept = Int32Array.from(merged.day, (_, i) => i).filter((i) => merged.amount[i] >= 0)
  return {
    purchases: {
      member: Int32Array.from(kept, (i) => merged.member[i]),
      day: Int32Array.from(kept, (i) => merged.day[i]),
      amount: Float64Array.from(kept, (i) => merged.amount[i]),
      members: merged.members,
    },
    firstDay: days.reduce((least, d) => Math.min(least, d), days[0]),
    lastDay: days.reduce((most, d) => Math.max(most, d), days[0]),
    rows: ids.length,
    returns: merged.day.length - kept.length,
  }
}

/** Flags of every file of purchases: names of its columns where they are not id, date and amount. */
export const purchaseFlags = ['id', 'date', 'amount']
export const purchaseUsage = `  --data <file>      csv, tsv, .gz or .br with a header and the columns id, date, amount; rows with a
                     negative amount are returns and are set off against purchases of that day
  --id, --date, --amount <column>   other names of those columns`

/** Reads a file of id, date, amount. */
export const readPurchases = async (file: string, flags: Flags): Promise<PurchaseFile> => {
  const table = await readTable(file)
  const [id, date, amount] = ['id', 'date', 'amount'].map((name) => columnOf(table, file, flags[name] ?? name))
  const first = table.records[0]
  const readDay = dayReader(first.fields[date])
  if (!readDay)
    throw badInput(`${file}, line ${first.line}: ${first.fields[date] || 'nothing'} is no date such as 2026-11-22`)
  const ids: string[] = []
  const days: number[] = []
  const amounts: number[] = []
  for (const { line, fields } of table.records) {
    const who = fields[id].trim()
    const day = readDay(fields[date])
    const value = numberOf(fields[amount])
    if (!who) throw badInput(`${file}, line ${line}: no ${flags.id ?? 'id'}`)
    if (day === null)
      throw badInput(`${file}, line ${line}: ${fields[date] || 'nothing'} is no date like ${first.fields[date]}`)
    if (value === null) throw badInput(`${file}, line ${line}: ${fields[amount] || 'nothing'} is no amount`)
    ids.push(who)
    days.push(day)
    amounts.push(value)
  }
  return toPurchases(ids, days, amounts)
}

/** A day from a flag. */
export const dayFlag = (flags: Flags, name: string): number | null => {
  const text = flags[name]
  if (text === undefined) return null
  const day = /^\d{4}-\d{2}-\d{2}$/.test(text) ? dayReader(text)?.(text) : null
  if (day === null || day === undefined) throw badInput(`--${name} ${text} is no date such as 2026-11-22`)
  return day
}

/** A whole number of at least `least` from a flag. */
export const countFlag = (flags: Flags, name: string, least: number, otherwise: number): number => {
  const text = flags[name]
  if (text === undefined) return otherwise
  const value = numberOf(text)
  if (value === null || !Number.isInteger(value) || value < least)
    throw badInput(`--${name} ${text} must be a whole number of at least ${least}`)
  return value
}

/** Where time is cut in two: what lies until `cut` is known, what follows within the horizon is to be foretold. */
export interface Cut {
  cut: number
  horizon: number
}

/** Reads --cut and --horizon, or puts the cut so that the horizon ends with the file. */
export const cutOf = (file: PurchaseFile, flags: Flags, horizonDays: number): Cut => {
  const horizon = countFlag(flags, 'horizon', 1, horizonDays)
  const cut = dayFlag(flags, 'cut') ?? file.lastDay - horizon
  if (cut < file.firstDay || cut + horizon > file.lastDay)
    throw badInput(
      `A cut at ${dayText(cut)} with ${horizon} days behind it does not lie within the file: ${dayText(file.firstDay)} to ${dayText(file.lastDay)}`,
    )
  return { cut, horizon }
}
