// Makes the test fixture test/data/online-retail-sample.csv.gz: about 3,000 rows of the original file in its original
// shape, with every kind of row that an import must tell apart, and a few broken ones that the original lacks.
//   node config/demo/make-import-sample.mjs <onlineretail.csv.gz>
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import { fileURLToPath } from 'node:url'
import { gunzipSync, gzipSync } from 'node:zlib'
import { parse } from 'csv-parse/sync'
import { createRandom } from './random.mjs'

const OUT = path.resolve(path.dirname(fileURLToPath(import.meta.url)), '../../test/data')
const SEED = 536365

/** Whole histories of this many customers, so that cancellations find their purchases. */
const CUSTOMERS = 30
const MOST_LINES_OF_ONE = 160
const WITHOUT_CUSTOMER = 240

/** Rows no shop should write and some system always does; each is put in at the line where it stands in this list. */
const BROKEN = [
  [200, '536999,22423,REGENCY CAKESTAND 3 TIER,two,2010-12-03 10:00:00,12.75,17850,United Kingdom'],
  [400, '536999,22423,REGENCY CAKESTAND 3 TIER,1.5,2010-12-03 10:00:00,12.75,17850,United Kingdom'],
  [600, '536999,22423,REGENCY CAKESTAND 3 TIER,2,2010-13-45 10:00:00,12.75,17850,United Kingdom'],
  [800, '536999,22423,REGENCY CAKESTAND 3 TIER,2,2010-12-03 10:00:00,12.7.5,17850,United Kingdom'],
  [1000, '536999,22423,REGENCY CAKESTAND 3 TIER,2,2010-12-03 10:00:00,-1.00,17850,United Kingdom'],
  [1200, ',22423,REGENCY CAKESTAND 3 TIER,2,2010-12-03 10:00:00,12.75,17850,United Kingdom'],
  [1400, '536999,22423,REGENCY CAKESTAND 3 TIER,2'],
  [1600, '536999,22423,REGENCY CAKESTAND 3 TIER,2,2010-12-03 10:00:00,12.75,17850,United Kingdom,surplus'],
  [1800, '536999,22423,REGENCY CAKESTAND 3 TIER,99999999999999999999,2010-12-03 10:00:00,12.75,17850,United Kingdom'],
]

const input = process.argv[2]
if (!input) {
  console.error('Which file? node config/demo/make-import-sample.mjs <onlineretail.csv.gz>')
  process.exit(1)
}

const packed = readFileSync(input)
const text = (input.endsWith('.gz') ? gunzipSync(packed) : packed).toString('utf8')
const rows = parse(text, { columns: true, relax_quotes: true, raw: true }).map(({ record, raw }, index) => ({
  ...record,
  raw: raw.replace(/\r?\n$/, ''),
  index,
}))
const header = text.slice(0, text.indexOf('\n')).trimEnd()
const random = createRandom(SEED)

const byCustomer = new Map()
for (const row of rows)
  if (row.CustomerID) byCustomer.set(row.CustomerID, [...(byCustomer.get(row.CustomerID) ?? []), row])

const seen = new Set()
const repeats = new Set()
for (const row of rows) {
  if (seen.has(row.raw)) repeats.add(row.raw)
  seen.add(row.raw)
}

// Half of the customers have cancelled something and half have a line that repeats another exactly.
const fitting = random.shuffle([...byCustomer.values()]).filter((history) => history.length <= MOST_LINES_OF_ONE)
const hasCancelled = (history) => history.some((row) => row.InvoiceNo.startsWith('C'))
const hasRepeat = (history) => history.some((row) => repeats.has(row.raw))
const chosen = [
  ...fitting.filter((history) => hasCancelled(history) && history.length > 40).slice(0, CUSTOMERS / 2),
  ...fitting
    .filter((history) => hasRepeat(history) && !hasCancelled(history) && history.length > 40)
    .slice(0, CUSTOMERS / 2),
].flat()
const freeOfCharge = rows.filter((row) => row.CustomerID && Number(row.UnitPrice) === 0).slice(0, 12)
const anonymous = random.shuffle(rows.filter((row) => !row.CustomerID)).slice(0, WITHOUT_CUSTOMER)

const sample = [...new Set([...chosen, ...freeOfCharge, ...anonymous])]
  .sort((a, b) => a.index - b.index)
  .map((row) => row.raw)
for (const [position, line] of BROKEN) sample.splice(position, 0, line)

mkdirSync(OUT, { recursive: true })
writeFileSync(
  path.join(OUT, 'online-retail-sample.csv.gz'),
  gzipSync(`${header}\n${sample.join('\n')}\n`, { level: 9 }),
)
console.log(`${sample.length} rows, of which ${BROKEN.length} are broken on purpose`)
