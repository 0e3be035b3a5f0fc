import { inflateRawSync } from 'node:zlib'

/** The files of a zip archive by name, read from its directory at the end; stored and deflated ones, which is what spreadsheets are made of. */
const unzip = (zip: Buffer): Map<string, string> => {
  const files = new Map<string, string>()
  const end = zip.lastIndexOf(Buffer.from('PK\x05\x06', 'latin1'))
  if (end < 0) throw new Error('Not a zip archive')
  let at = zip.readUInt32LE(end + 16)
  for (let n = zip.readUInt16LE(end + 10); n > 0; n--) {
    const [method, packed] = [zip.readUInt16LE(at + 10), zip.readUInt32LE(at + 20)]
    const [name, extra, comment] = [28, 30, 32].map((field) => zip.readUInt16LE(at + field))
    const local = zip.readUInt32LE(at + 42)
    const from = local + 30 + zip.readUInt16LE(local + 26) + zip.readUInt16LE(local + 28)
    const body = zip.subarray(from, from + packed)
    files.set(
      zip.toString('utf8', at + 46, at + 46 + name),
      (method === 8 ? inflateRawSync(body) : body).toString('utf8'),
    )
    at += 46 + name + extra + comment
  }
  return files
}

const plain = (xml: string): string =>
  xml
    .replace(/<[^>]*>/g, '')
    .replace(/&lt;/g, '<')
    .replace(/&gt;/g, '>')
    .replace(/&quot;/g, '"')
    .replace(/&apos;/g, "'")
    .replace(/&amp;/g, '&')

/** Missing cells as empty ones: a row of a triangle ends early in one format and is filled up in the other. */
const asWideAsTheFirst = (rows: readonly string[][]): string[][] =>
  rows.map((row) => Array.from({ length: Math.max(rows[0]?.length ?? 0, row.length) }, (_, at) => row[at] ?? ''))

/** 'C4' -> 2. */
const columnOf = (reference: string): number =>
  [...reference.replace(/\d/g, '')].reduce((n, letter) => n * 26 + letter.charCodeAt(0) - 64, 0) - 1

/** The cells of the first sheet of an Excel workbook, row by row and as wide as its first row, as text; empty cells are ''. */
export const readWorkbook = (file: Buffer): string[][] => {
  const files = unzip(file)
  const sheet = files.get('xl/worksheets/sheet1.xml')
  if (sheet === undefined) throw new Error(`No sheet in ${[...files.keys()].join(', ')}`)
  const shared = [...(files.get('xl/sharedStrings.xml') ?? '').matchAll(/<si>(.*?)<\/si>/gs)].map(([, xml]) =>
    plain(xml),
  )
  const rows = [...sheet.matchAll(/<row[^>]*>(.*?)<\/row>/gs)].map(([, row]) => {
    const cells: string[] = []
    for (const [, attributes, inside = ''] of row.matchAll(/<c ([^>]*?)(?:\/>|>(.*?)<\/c>)/gs)) {
      const reference = /r="([A-Z]+\d+)"/.exec(attributes)?.[1]
      const text = plain(inside)
      cells[reference ? columnOf(reference) : cells.length] = /t="s"/.test(attributes)
        ? (shared[Number(text)] ?? '')
        : text
    }
    return cells
  })
  return asWideAsTheFirst(rows)
}

/** The rows of a CSV file as a spreadsheet reads them, as wide as the first. */
export const readCsv = (text: string): string[][] => {
  const lines = text
    .replace(/^\uFEFF/, '')
    .trimEnd()
    .split('\r\n')
  const rows = lines.map((line) =>
    [...line.matchAll(/(?:^|,)(?:"((?:[^"]|"")*)"|([^,]*))/g)].map(
      ([, quoted, bare]) => quoted?.replace(/""/g, '"') ?? bare ?? '',
    ),
  )
  return asWideAsTheFirst(rows)
}
