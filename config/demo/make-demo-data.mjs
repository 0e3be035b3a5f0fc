// Makes the demo shop's data from the Online Retail file, always the same from the same file:
//   node config/demo/make-demo-data.mjs <onlineretail.csv.gz>
// Writes server/demo/data/: shop.json, members.json, products.json, purchases.csv.gz and their credit.
import { createReadStream, mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import { fileURLToPath } from 'node:url'
import { createGunzip, gzipSync } from 'node:zlib'
import { parse } from 'csv-parse'
import { nameGoods } from './chinese-names.mjs'
import { inventMembers } from './invent-members.mjs'
import { createRandom } from './random.mjs'

const OUT = path.resolve(path.dirname(fileURLToPath(import.meta.url)), '../../server/demo/data')
const SEED = 20111209
const DAY_MS = 86_400_000

/** The shop keeps its home country's retail customers; wholesalers with hundreds of lines would drown the others. */
const COUNTRY = 'United Kingdom'
const MOST_LINES = 350
const MOST_PENCE = 1_200_000

/** How many members of each kind the demo shop has; days are counted back from the last day of the file. */
const KINDS = [
  { name: 'frequent', count: 130, fits: (c) => c.invoices >= 8 && c.daysSinceLast <= 60 },
  { name: 'new', count: 90, fits: (c) => c.daysSinceFirst <= 60 },
  { name: 'regular', count: 220, fits: (c) => c.invoices >= 3 && c.invoices < 8 && c.daysSinceLast <= 90 },
  { name: 'dormant', count: 120, fits: (c) => c.daysSinceLast > 90 && c.daysSinceLast <= 180 },
  { name: 'lapsed', count: 140, fits: (c) => c.daysSinceLast > 180 },
]

const STORES = [
  { code: 'JA', name: '静安寺店', address: '上海市静安区南京西路（演示地址）', weight: 0.45 },
  { code: 'LJZ', name: '陆家嘴店', address: '上海市浦东新区陆家嘴环路（演示地址）', weight: 0.33 },
  { code: 'SJ', name: '世纪公园店', address: '上海市浦东新区花木路（演示地址）', weight: 0.22 },
]
const ELSEWHERE = 0.12

/** Pounds as the file writes them ('2.55', '0.125') in pence, half up; the demo shop sells the same figure in fen. */
function toPence(price) {
  const [, sign, pounds, decimals = ''] = /^(-?)(\d+)(?:\.(\d+))?$/.exec(price) ?? []
  if (pounds === undefined || sign) return 0
  return Math.floor((Number(`${pounds}${decimals.padEnd(4, '0').slice(0, 4)}`) + 50) / 100)
}

async function readLines(file) {
  const stream = createReadStream(file)
  const rows = (file.endsWith('.gz') ? stream.pipe(createGunzip()) : stream).pipe(
    parse({ columns: true, relax_quotes: true }),
  )
  const lines = []
  let read = 0
  for await (const row of rows) {
    read++
    const quantity = Number(row.Quantity)
    const pence = toPence(row.UnitPrice)
    const isCancelled = row.InvoiceNo.startsWith('C')
    if (!row.CustomerID || pence <= 0 || row.Country !== COUNTRY || isCancelled !== quantity < 0) continue
    lines.push({
      invoice: row.InvoiceNo,
      sku: row.StockCode,
      description: row.Description.trim(),
      quantity,
      at: row.InvoiceDate.slice(0, 16),
      pence,
      customer: row.CustomerID,
      isCancelled,
    })
  }
  console.log(`${read} rows read, ${lines.length} clean or cancelled lines of customers in the ${COUNTRY}`)
  return lines
}

function describeCustomers(lines) {
  const lastDay = lines.reduce((latest, line) => Math.max(latest, Date.parse(`${line.at.slice(0, 10)}Z`)), 0)
  const customers = new Map()
  for (const line of lines) {
    const day = Date.parse(`${line.at.slice(0, 10)}Z`)
    const customer = customers.get(line.customer) ?? {
      id: line.customer,
      lines: 0,
      pence: 0,
      numbers: new Set(),
      first: Infinity,
      last: 0,
    }
    customer.lines++
    if (!line.isCancelled) {
      customer.pence += line.quantity * line.pence
      customer.numbers.add(line.invoice)
      customer.first = Math.min(customer.first, day)
      customer.last = Math.max(customer.last, day)
    }
    customers.set(line.customer, customer)
  }
  return [...customers.values()]
    .filter((customer) => customer.numbers.size > 0)
    .map(({ id, lines: count, pence, numbers, first, last }) => ({
      id,
      lines: count,
      pence,
      invoices: numbers.size,
      daysSinceFirst: (lastDay - first) / DAY_MS,
      daysSinceLast: (lastDay - last) / DAY_MS,
    }))
    .sort((a, b) => (a.id < b.id ? -1 : 1))
}

/** Customers of each kind by a seeded draw; nobody is of two kinds. The busiest frequent one comes first. */
function chooseCustomers(customers, random) {
  const pool = random.shuffle(customers.filter((c) => c.lines <= MOST_LINES && c.pence <= MOST_PENCE))
  const chosen = []
  for (const { name, count, fits } of KINDS) {
    const fitting = pool.filter((customer) => !chosen.includes(customer) && fits(customer)).slice(0, count)
    console.log(`${name}: ${fitting.length} members`)
    chosen.push(...fitting)
  }
  const busiest = chosen.reduce((best, customer) => (customer.invoices > best.invoices ? customer : best))
  return [busiest, ...chosen.filter((customer) => customer !== busiest)]
}

/** The most frequent of some values; the earlier one where two are equally frequent. */
function mostFrequent(values) {
  const counts = new Map()
  for (const value of values) counts.set(value, (counts.get(value) ?? 0) + 1)
  return [...counts].reduce((best, entry) => (entry[1] > best[1] ? entry : best))[0]
}

function describeGoods(lines) {
  const bySku = new Map()
  for (const line of lines) {
    const entry = bySku.get(line.sku) ?? []
    entry.push(line)
    bySku.set(line.sku, entry)
  }
  // Best sellers are named first, so that of two equal names the better known article has the plain one.
  const goods = [...bySku]
    .map(([sku, sold]) => ({
      sku,
      sold: sold.length,
      description: mostFrequent(sold.map((line) => line.description)),
      priceFen: mostFrequent(sold.map((line) => line.pence)),
    }))
    .sort((a, b) => b.sold - a.sold || (a.sku < b.sku ? -1 : 1))
  const named = nameGoods(goods)
  return goods.map(({ sku, priceFen }) => ({ sku, ...named.get(sku), priceFen }))
}

function chooseStores(members, lines, random) {
  const home = new Map(members.map((member) => [member.no, random.weighted(STORES).code]))
  const byInvoice = new Map()
  for (const line of lines)
    if (!byInvoice.has(line.invoice))
      byInvoice.set(line.invoice, random.next() < ELSEWHERE ? random.weighted(STORES).code : home.get(line.customer))
  return { home, byInvoice }
}

const CREDIT = `# Where the demo data comes from

The purchases are the real ones of about 700 customers of a British online gift shop from December 2010 to December 2011:
the data set "Online Retail" by Daqing Chen, Sai Liang Sain and Kun Guo (2012), published by the UCI Machine Learning
Repository and, with the donor's permission, under CC0 in the CRAN package \`onlineretail\`, from which it was taken here.

> Chen, D., Sain, S.L., Guo, K. (2012). Data mining for the online retail industry: A case study of RFM model-based
> customer segmentation using data mining. Journal of Database Marketing & Customer Strategy Management 19, 197-208.

Invoice numbers, stock codes, quantities, times and customer numbers are unchanged. One penny became one fen. Invented
are the names, phone numbers and birthdays of the members, the Chinese names and categories of the goods, and the stores.
\`node config/demo/make-demo-data.mjs <onlineretail.csv.gz>\` makes these files again, byte for byte.

| file | what it is |
|---|---|
| shop.json | the shop, its three stores, first and last day of the purchases |
| members.json | no (customer number), name, phone, birthday (month and day, solar or lunar), store; the first is the demo's own |
| products.json | sku, Chinese name, category, usual price in fen |
| purchases.csv.gz | invoice, at (local time), store, member, sku, quantity, unitPriceFen; an invoice beginning with C and a negative quantity is a cancellation |
`

const input = process.argv[2]
if (!input) {
  console.error('Which file? node config/demo/make-demo-data.mjs <onlineretail.csv.gz>')
  process.exit(1)
}
const random = createRandom(SEED)
const everyLine = await readLines(input)
const chosen = chooseCustomers(describeCustomers(everyLine), random)
const chosenIds = new Set(chosen.map((customer) => customer.id))
const lines = everyLine.filter((line) => chosenIds.has(line.customer))
const members = inventMembers(
  chosen.map((customer) => customer.id),
  random,
)
const { home, byInvoice } = chooseStores(members, lines, random)
const products = describeGoods(lines)
const csv = [
  'invoice,at,store,member,sku,quantity,unitPriceFen',
  ...lines
    // The file is in order of invoices; a stable sort by time keeps the lines of one invoice together.
    .map((line, index) => ({ line, index }))
    .sort((a, b) => (a.line.at < b.line.at ? -1 : a.line.at > b.line.at ? 1 : a.index - b.index))
    .map(({ line }) =>
      [line.invoice, line.at, byInvoice.get(line.invoice), line.customer, line.sku, line.quantity, line.pence].join(
        ',',
      ),
    ),
  '',
].join('\n')

mkdirSync(OUT, { recursive: true })
const rowsOf = (rows) => `[\n${rows.map((row) => JSON.stringify(row)).join(',\n')}\n]\n`
const files = {
  'shop.json': `${JSON.stringify(
    {
      name: '拾光生活馆',
      stores: STORES.map(({ code, name, address }) => ({ code, name, address })),
      firstDay: csv.split('\n')[1].split(',')[1].slice(0, 10),
      lastDay: csv.trimEnd().split('\n').at(-1).split(',')[1].slice(0, 10),
    },
    null,
    2,
  )}\n`,
  'members.json': rowsOf(members.map((member) => ({ ...member, store: home.get(member.no) }))),
  'products.json': rowsOf(products),
  'purchases.csv.gz': gzipSync(csv, { level: 9 }),
  'CREDIT.md': CREDIT,
}
for (const [name, content] of Object.entries(files)) {
  writeFileSync(path.join(OUT, name), content)
  console.log(`${name}: ${readFileSync(path.join(OUT, name)).length} bytes`)
}
console.log(`${members.length} members, ${lines.length} lines, ${byInvoice.size} invoices, ${products.length} goods`)
