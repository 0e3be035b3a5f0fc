import { createReadStream, statSync } from 'node:fs'
import { createBrotliDecompress, createGunzip } from 'node:zlib'
import { parse } from 'csv-parse/sync'
import type { Mapping } from './mapping'

/** One record of a file. */
export interface FileRecord {
  /** Number of its first physical line; the header is line 1. */
  line: number
  fields: string[]
}
/** A line that is no record: an open quote, a wrong number of columns. */
export interface BrokenLine {
  line: number
  text: string
}
/** What the reader hands on at a time: records and broken lines in file order, and how much of the file has been read (0 to 1). */
export interface Batch {
  records: (FileRecord | BrokenLine)[]
  progress: number
}

/** A quoted field may go over this many lines; a quote that stays open longer is a typing mistake of its first line. */
const longestRecordLines = 12

export const isBroken = (r: FileRecord | BrokenLine): r is BrokenLine => 'text' in r

interface Lines {
  lines: string[]
  progress: number
}

/** Physical lines of a plain, gzipped (.gz) or brotli-compressed (.br) file, a chunk at a time. */
async function* readLines(file: string, encoding: string): AsyncGenerator<Lines> {
  const size = Math.max(1, statSync(file).size)
  const raw = createReadStream(file, { highWaterMark: 256 * 1024 })
  // pipe() does not hand on errors: a file that vanishes while being read must end the reading.
  const unpack = file.endsWith('.gz') ? createGunzip() : file.endsWith('.br') ? createBrotliDecompress() : null
  const bytes = unpack ? raw.pipe(unpack) : raw
  if (bytes !== raw) raw.on('error', (error) => bytes.destroy(error))
  const decoder = new TextDecoder(encoding)
  let rest = ''
  for await (const chunk of bytes) {
    const parts = (rest + decoder.decode(chunk as Buffer, { stream: true })).split('\n')
    rest = parts.pop() as string
    yield { lines: parts, progress: Math.min(1, (unpack ? unpack.bytesWritten : raw.bytesRead) / size) }
  }
  rest += decoder.decode()
  if (rest) yield { lines: [rest], progress: 1 }
}

const withoutReturn = (line: string): string => (line.endsWith('\r') ? line.slice(0, -1) : line)

/**
 * Reads a file record by record. A line without quotes is simply divided; csv-parse reads what is quoted. A line that cannot be read is
 * handed on as broken and costs nobody else anything: after an open quote the reading goes on with the very next line.
 * @returns the header and the batches; throws when the file lacks a column that the mapping names
 */
export async function* readRecords(
  file: string,
  mapping: Pick<Mapping, 'delimiter' | 'encoding'>,
): AsyncGenerator<Batch & { header: string[] }> {
  let header: string[] | null = null
  let line = 0
  /** Lines of a record whose quote is still open. */
  let open: string[] = []
  const divide = (text: string): string[] | null => {
    if (mapping.delimiter === 'whitespace') return text.trim().split(/\s+/)
    if (!text.includes('"')) return text.split(mapping.delimiter)
    try {
      const rows: string[][] = parse(text, {
        delimiter: mapping.delimiter,
        // A stray quote within a line is taken as it stands; over several lines it would swallow the rows between two of them.
        relax_quotes: !text.includes('\n'),
        relax_column_count: true,
      })
      return rows.length === 1 ? rows[0] : null
    } catch {
      return null
    }
  }
  /** Takes the lines at hand; `final` when no more can come. */
  const take = (incoming: string[], final: boolean): (FileRecord | BrokenLine)[] => {
    const out: (FileRecord | BrokenLine)[] = []
    const queue = [...open, ...incoming]
    open = []
    let at = 0
    while (at < queue.length) {
      const first = at
      let text = withoutReturn(queue[at++])
      const mayContinue = mapping.delimiter !== 'whitespace'
      let fields = divide(text)
      const complete = (): boolean => fields !== null && (!header || fields.length === header.length)
      while (!complete() && fields === null && mayContinue && at < queue.length && at - first < longestRecordLines) {
        text += `\n${withoutReturn(queue[at++])}`
        fields = divide(text)
      }
      if (fields === null && !final && at - first < longestRecordLines) {
        // The rest of this record may come with the next chunk.
        open = queue.slice(first)
        break
      }
      if (!complete()) at = first + 1
      const number = line + 1
      line += at - first
      if (!complete()) {
        const broken = withoutReturn(queue[first])
        if (broken.trim()) out.push({ line: number, text: broken })
        continue
      }
      if (!text.trim()) continue
      out.push({ line: number, fields: fields as string[] })
    }
    return out
  }
  const hand = function* (batch: Lines, final: boolean): Generator<Batch & { header: string[] }> {
    let incoming = batch.lines
    if (!header) {
      const [firstLine, ...others] = incoming
      if (firstLine === undefined) return
      header = (divide(withoutReturn(firstLine)) ?? []).map((name) => name.trim())
      line = 1
      incoming = others
    }
    yield { header, records: take(incoming, final), progress: batch.progress }
  }
  for await (const batch of readLines(file, mapping.encoding)) yield* hand(batch, false)
  yield* hand({ lines: [], progress: 1 }, true)
}
