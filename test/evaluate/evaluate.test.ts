import { spawnSync } from 'node:child_process'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { gzipSync } from 'node:zlib'
import { seededRandom } from '../../server/scores/models/random'
import { addDays } from '../../shared/time'
import { run as churn } from './churn'
import { run as clv } from './clv'
import { run as repeat } from './repeat'
import type { Figure } from './report'

const folder = mkdtempSync(join(tmpdir(), 'evaluate-'))
afterAll(() => rmSync(folder, { recursive: true }))
const write = (name: string, text: string | Buffer): string => {
  const file = join(folder, name)
  writeFileSync(file, text)
  return file
}
const refused = (...texts: string[]) =>
  expect.objectContaining({
    name: 'BadInput',
    message: expect.stringMatching(new RegExp(texts.map((t) => t.replace(/[.*+?^${}()|[\]\\]/g, '\\$&')).join('.*'))),
  })
const figureOf = (figures: Figure[], name: string): number => {
  const found = figures.find((f) => f.name === name)
  if (!found) throw new Error(`no ${name} among ${figures.map((f) => f.name).join(', ')}`)
  return found.value
}

/** 400 members, half of whom come weekly and half once a season, over a year. */
const drawPurchases = (): string[] => {
  const random = seededRandom(1)
  const lines: string[] = []
  for (let m = 0; m < 400; m++) {
    const gap = m % 2 ? 9 : 90
    const stays = 60 + random() * 700
    for (
      let day = Math.floor(random() * 100);
      day < Math.min(365, stays);
      day += 1 + Math.floor(-Math.log(1 - random()) * gap)
    )
      lines.push(`m${m},${addDays('2025-01-01', day)},${(5 + random() * 50).toFixed(2)}`)
  }
  return lines
}
const lines = drawPurchases()
const header = 'id,date,amount'

// What the evaluations explain on the way is for people.
beforeAll(() => {
  jest.spyOn(console, 'log').mockImplementation(() => undefined)
})
afterAll(() => jest.restoreAllMocks())

describe('files of id, date, amount', () => {
  test('clv and repeat answer figures named after the data set', async () => {
    const data = write('good.csv', [header, ...lines].join('\n'))
    const { figures } = await clv({ data })
    for (const name of ['data.bgnbd.ll', 'data.pnbd.ll', 'data.gg.ll'])
      expect(Number.isFinite(figureOf(figures, name))).toBe(true)
    expect(figureOf(figures, 'data.pnbd.auc')).toBeGreaterThan(0.6)
    const again = await repeat({ data, horizon: '60' })
    expect(figureOf(again.figures, 'data.repeat60.auc')).toBeGreaterThan(0.7)
    expect(figureOf(again.figures, 'data.repeat60.brier')).toBeLessThan(0.25)
  })
  test('other delimiters, other columns, other dates, gzip and times of day make no difference', async () => {
    const plain = await clv({ data: write('plain.csv', [header, ...lines].join('\n')) })
    const other = lines.map((line) => {
      const [id, date, amount] = line.split(',')
      return `${date.replaceAll('-', '/')} 9:30;"${amount}";x;${id}`
    })
    const data = write('other.csv.gz', gzipSync(['when;paid;more;who', ...other].join('\r\n')))
    const same = await clv({ data, id: 'who', date: 'when', amount: 'paid' })
    expect(same.figures).toEqual(plain.figures)
  })
  test.each<[string, string, string[]]>([
    ['a column is missing', 'id,date\na,2025-01-01', ['no column amount']],
    ['nothing behind the header', header, ['no rows']],
    ['an empty file', '', ['']],
    ['a date in words', `${header}\na,2025-01-01,3\nb,yesterday,3`, ['line 3', 'yesterday is no date']],
    ['no such day', `${header}\na,2025-02-30,3`, ['line 2', 'no date']],
    ['an amount in words', `${header}\na,2025-01-01,3\na,2025-01-02,much`, ['line 3', 'much is no amount']],
    ['nobody', `${header}\na,2025-01-01,3\n,2025-01-02,4`, ['line 3', 'no id']],
    ['too few fields', `${header}\na,2025-01-01,3\nb,2025-01-02`, ['line 3', '3 columns']],
    ['an open quote', `${header}\na,2025-01-01,3\n"b,2025-01-02,4`, ['line 3']],
  ])('%s', async (_, text, messages) => {
    const data = write('bad.csv', text)
    await expect(clv({ data })).rejects.toEqual(refused(...messages))
    await expect(repeat({ data })).rejects.toEqual(refused(...messages))
  })
  test('a cut outside of the file, a horizon that is none, a file that is none, too short a file', async () => {
    const data = write('good.csv', [header, ...lines].join('\n'))
    await expect(clv({ data, cut: '2024-01-01' })).rejects.toEqual(refused('does not lie within'))
    await expect(clv({ data, cut: '2025-06-31' })).rejects.toEqual(refused('no date'))
    await expect(clv({ data, horizon: 'soon' })).rejects.toEqual(refused('--horizon soon'))
    await expect(clv({ data: join(folder, 'none.csv') })).rejects.toEqual(refused('no file'))
    await expect(repeat({ data, horizon: '200' })).rejects.toEqual(refused('two horizons'))
    await expect(repeat({ data, 'train-cut': '2025-09-01', horizon: '60', cut: '2025-10-01' })).rejects.toEqual(
      refused('would know'),
    )
    await expect(clv({ cut: '2025-01-01' })).rejects.toEqual(refused('--data'))
  })
  test('nobody who came twice is refused, not fitted', async () => {
    const once = Array.from({ length: 30 }, (_, i) => `m${i},2025-01-${String((i % 28) + 1).padStart(2, '0')},5`)
    const data = write('once.csv', [header, ...once].join('\n'))
    await expect(clv({ data, cut: '2025-01-20', horizon: '8' })).rejects.toEqual(refused('Nobody'))
  })
})

describe('labelled tables', () => {
  const random = seededRandom(2)
  const rows = Array.from({ length: 300 }, (_, i) => {
    const plan = ['month', 'year'][i % 2]
    const age = Math.floor(random() * 60)
    const left = random() < (plan === 'month' ? 0.6 : 0.2) - age / 200
    return `c${i},${plan},${i % 10 ? age : ''},"a, b",${left ? 'Yes' : 'No'}`
  })
  const head = 'customer,plan,age,note,left'
  const data = (): string => write('churn.csv', [head, ...rows].join('\n'))
  test('answer AUC and Brier score, the target by name, missing cells and quotes and all', async () => {
    const { figures } = await churn({ data: data(), target: 'left', repeats: '1' })
    expect(figureOf(figures, 'data.auc')).toBeGreaterThan(0.65)
    expect(figureOf(figures, 'data.brier')).toBeLessThan(0.24)
    const turned = await churn({ data: data(), target: 'left', positive: 'No', repeats: '1' })
    expect(figureOf(turned.figures, 'data.logistic.auc')).toBeGreaterThan(0.65)
  })
  test.each<[string, string[], Record<string, string>, string]>([
    ['no target named', [head, ...rows], {}, '--target'],
    ['no such column', [head, ...rows], { target: 'gone' }, 'no column gone'],
    ['three values', [head, ...rows], { target: 'customer' }, 'different values'],
    ['one value', [head, ...rows], { target: 'note' }, 'different values'],
    ['a row without a label', [head, ...rows, 'c,month,1,x,'], { target: 'left' }, 'line 302'],
    [
      'too few of one class',
      [head, ...rows.map((r) => r.replace(/Yes$/, 'No')), 'c,month,1,x,Yes'],
      { target: 'left' },
      'too few',
    ],
    ['nothing to learn from', ['left', 'Yes', 'No', 'Yes'], { target: 'left' }, 'no column to learn from'],
    ['no such positive value', [head, ...rows], { target: 'left', positive: 'maybe' }, '--positive maybe'],
    ['one fold', [head, ...rows], { target: 'left', folds: '1' }, '--folds 1'],
  ])('%s', async (_, text, flags, message) => {
    await expect(churn({ data: write('bad.csv', text.join('\n')), ...flags })).rejects.toEqual(refused(message))
  })
})

describe('the command', () => {
  const evaluate = (...args: string[]) =>
    spawnSync(process.execPath, ['--import', 'tsx', join(__dirname, 'index.ts'), ...args], {
      encoding: 'utf8',
      timeout: 60_000,
    })
  test('prints the figures and, asked to, one line of JSON at the end', () => {
    const { status, stdout } = evaluate(
      'churn',
      '--data',
      write('tiny.csv', 'f,y\n'.concat('1,0\n2,1\n3,0\n4,1\n'.repeat(10))),
      '--target',
      'y',
      '--json',
    )
    expect(status).toBe(0)
    const report = JSON.parse(stdout.trim().split('\n').at(-1) as string)
    expect(report.name).toBe('churn')
    expect(report.figures[0]).toEqual({ name: 'data.auc', value: expect.any(Number), unit: '', goal: null })
  })
  test('says what is wrong with what it was given and exits with 2', () => {
    const broken = evaluate('clv', '--data', write('broken.csv', 'id,date,amount\na,2025-01-01,3\nb,2025-13-01,3\n'))
    expect(broken.status).toBe(2)
    expect(broken.stderr).toContain('line 3')
    expect(broken.stderr).not.toContain('    at ')
    expect(evaluate('nothing').status).toBe(2)
    expect(evaluate('clv', '--bogus', '1').status).toBe(2)
  })
})
