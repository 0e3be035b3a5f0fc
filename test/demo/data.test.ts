/** The demo shop's files as they lie in the repository: what the seed relies on without looking. */
import { readdirSync, readFileSync, statSync } from 'node:fs'
import path from 'node:path'
import { gunzipSync } from 'node:zlib'
import { type Birthday, isBirthday } from '../../shared/lunar'

const folder = path.resolve(__dirname, '../../server/demo/data')
const readJson = <T>(name: string): T => JSON.parse(readFileSync(path.join(folder, name), 'utf8'))

type Member = { no: string; name: string; phone: string; birthday: Birthday; store: string }
type Product = { sku: string; name: string; category: string; priceFen: number }

const shop = readJson<{ name: string; stores: { code: string; name: string }[]; firstDay: string; lastDay: string }>(
  'shop.json',
)
const members = readJson<Member[]>('members.json')
const products = readJson<Product[]>('products.json')
const [header, ...lines] = gunzipSync(readFileSync(path.join(folder, 'purchases.csv.gz')))
  .toString('utf8')
  .trimEnd()
  .split('\n')
const purchases = lines.map((line) => {
  const [invoice, at, store, member, sku, quantity, unitPriceFen] = line.split(',') as [
    string,
    string,
    string,
    string,
    string,
    string,
    string,
  ]
  return { invoice, at, store, member, sku, quantity: Number(quantity), unitPriceFen: Number(unitPriceFen) }
})

test('it is small, and says where it comes from', () => {
  const bytes = readdirSync(folder).reduce((sum, name) => sum + statSync(path.join(folder, name)).size, 0)
  expect(bytes).toBeLessThan(1_500_000)
  const credit = readFileSync(path.join(folder, 'CREDIT.md'), 'utf8')
  for (const word of ['Chen', 'Sain', 'Guo', '2012', 'CC0', 'onlineretail']) expect(credit).toContain(word)
})

test('a shop of three stores', () => {
  expect(shop.name).toBe('拾光生活馆')
  expect(shop.stores.map((store) => store.name)).toEqual(['静安寺店', '陆家嘴店', '世纪公园店'])
})

test('members are 700 different people with birthdays a calendar can hold', () => {
  expect(members).toHaveLength(700)
  for (const key of ['no', 'name', 'phone'] as const) expect(new Set(members.map((m) => m[key])).size).toBe(700)
  expect(members[0]?.name).toBe('林知夏')
  expect(members.filter((m) => !isBirthday(m.birthday))).toEqual([])
  expect(members.filter((m) => m.birthday.calendar === 'lunar').length).toBeGreaterThan(50)
  expect(members.filter((m) => !/^199\d{8}$/.test(m.phone))).toEqual([])
})

test('every article has a Chinese name of its own, a category and a price', () => {
  expect(new Set(products.map((p) => p.name)).size).toBe(products.length)
  expect(products.filter((p) => !/[\u4e00-\u9fff]/.test(p.name) || /[a-z]/.test(p.name))).toEqual([])
  expect(new Set(products.map((p) => p.category)).size).toBe(11)
  expect(products.filter((p) => !Number.isInteger(p.priceFen) || p.priceFen <= 0)).toEqual([])
})

test('every line is of a known member, article and store; purchases are positive and cancellations negative', () => {
  expect(header).toBe('invoice,at,store,member,sku,quantity,unitPriceFen')
  expect(purchases.length).toBeGreaterThan(50_000)
  expect(purchases.length).toBeLessThanOrEqual(60_000)
  const known = {
    member: new Set(members.map((m) => m.no)),
    sku: new Set(products.map((p) => p.sku)),
    store: new Set(shop.stores.map((s) => s.code)),
  }
  const wrong = purchases.filter(
    (line) =>
      !known.member.has(line.member) ||
      !known.sku.has(line.sku) ||
      !known.store.has(line.store) ||
      !Number.isInteger(line.unitPriceFen) ||
      line.unitPriceFen <= 0 ||
      !Number.isInteger(line.quantity) ||
      line.invoice.startsWith('C') !== line.quantity < 0,
  )
  expect(wrong).toEqual([])
  expect(purchases.filter((line) => line.quantity < 0).length).toBeGreaterThan(500)
  expect(new Set(purchases.map((line) => line.member)).size).toBe(700)
})

test('lines are in order of time within the first and last day, and an invoice has one member and one store', () => {
  const times = purchases.map((line) => line.at)
  expect([...times].sort()).toEqual(times)
  expect([times[0]?.slice(0, 10), times.at(-1)?.slice(0, 10)]).toEqual([shop.firstDay, shop.lastDay])
  const owners = new Map<string, string>()
  const torn = purchases.filter(({ invoice, member, store }) => {
    const owner = `${member} ${store}`
    if (!owners.has(invoice)) owners.set(invoice, owner)
    return owners.get(invoice) !== owner
  })
  expect(torn).toEqual([])
})
