import { mkdtempSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { gzipSync } from 'node:zlib'
import { type BrokenLine, type FileRecord, readRecords } from '../../server/imports/reader'

const folder = mkdtempSync(join(tmpdir(), 'huiyuan-reader-'))
let files = 0
const write = (content: string | Buffer, extension = 'csv'): string => {
  const file = join(folder, `${++files}.${extension}`)
  writeFileSync(file, content)
  return file
}
const comma = { delimiter: ',', encoding: 'utf-8' } as const
const read = async (file: string, format: Parameters<typeof readRecords>[1] = comma) => {
  const records: (FileRecord | BrokenLine)[] = []
  let header: string[] = []
  for await (const batch of readRecords(file, format)) {
    header = batch.header
    records.push(...batch.records)
  }
  return { header, records }
}

describe('reading a file record by record', () => {
  test('quoted commas, doubled quotes, quotes inside a field, line ends of both kinds, a blank line, no final line end', async () => {
    const { header, records } = await read(
      write('\uFEFFno, name\r\n1,"A, B"\r\n2,"say ""hi"""\n\n3,RECORD FRAME 7" SINGLE\n4,last'),
    )
    expect(header).toEqual(['no', 'name'])
    expect(records).toEqual([
      { line: 2, fields: ['1', 'A, B'] },
      { line: 3, fields: ['2', 'say "hi"'] },
      { line: 5, fields: ['3', 'RECORD FRAME 7" SINGLE'] },
      { line: 6, fields: ['4', 'last'] },
    ])
  })

  test('a field may hold a line break, and the numbers of later lines stay right', async () => {
    const { records } = await read(write('no,name\n1,"two\nlines"\n2,b\n'))
    expect(records).toEqual([
      { line: 2, fields: ['1', 'two\nlines'] },
      { line: 4, fields: ['2', 'b'] },
    ])
  })

  test('a quote that is never closed costs its own line only', async () => {
    const rest = Array.from({ length: 30 }, (_, i) => `${i + 2},ok`).join('\n')
    const { records } = await read(write(`no,name\n1,"open\n${rest}\n`))
    expect(records[0]).toEqual({ line: 2, text: '1,"open' })
    expect(records.slice(1)).toHaveLength(30)
    expect(records[30]).toEqual({ line: 32, fields: ['31', 'ok'] })
  })

  test('an open quote at the end of the file, and two open quotes that would swallow what lies between', async () => {
    const atEnd = await read(write('no,name\n1,a\n2,"open'))
    expect(atEnd.records).toEqual([
      { line: 2, fields: ['1', 'a'] },
      { line: 3, text: '2,"open' },
    ])
    const twice = await read(write('no,name,x\n1,"open,y\n2,b,c\n3,"open,z\n4,d,e\n'))
    expect(twice.records.map((r) => ('text' in r ? `broken ${r.line}` : r.fields[0]))).toEqual([
      'broken 2',
      '2',
      'broken 4',
      '4',
    ])
  })

  test('too few and too many columns are broken lines, neighbours are not', async () => {
    const { records } = await read(write('a,b,c\n1,2,3\n1,2\n1,2,3,4\n4,5,6\n'))
    expect(records.map((r) => ('text' in r ? r.text : r.fields.length))).toEqual([3, '1,2', '1,2,3,4', 3])
  })

  test('a gzipped file, in pieces, gives what the plain file gives; progress ends at 1', async () => {
    const content = `no,name\n${Array.from({ length: 60_000 }, (_, i) => `${i},"n, ${i}"`).join('\n')}\n`
    const plain = await read(write(content))
    const packed = await read(write(gzipSync(content), 'csv.gz'))
    expect(packed.records).toHaveLength(60_000)
    expect(packed.records).toEqual(plain.records)
    let progress = 0
    for await (const batch of readRecords(write(content), comma)) progress = batch.progress
    expect(progress).toBe(1)
  })

  test('columns divided by blanks, and Chinese in GB 18030', async () => {
    const blanks = await read(write(' id  date n\r\n 00001 19970101   3\r\n'), { ...comma, delimiter: 'whitespace' })
    expect(blanks).toEqual({ header: ['id', 'date', 'n'], records: [{ line: 2, fields: ['00001', '19970101', '3'] }] })
    const bytes = Buffer.concat([Buffer.from('no,name\n1,'), Buffer.from([0xb2, 0xe8, 0xba, 0xf8]), Buffer.from('\n')])
    const chinese = await read(write(bytes), { ...comma, encoding: 'gb18030' })
    expect(chinese.records).toEqual([{ line: 2, fields: ['1', '茶壶'] }])
  })

  test('a file that is not there, or not gzip, ends with an error', async () => {
    await expect(read(join(folder, 'missing.csv'))).rejects.toThrow(/ENOENT/)
    await expect(read(write('not gzip', 'csv.gz'))).rejects.toThrow(/incorrect header/)
  })
})
