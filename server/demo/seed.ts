import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { contract } from '../../shared/contract'
import type { Birthday } from '../../shared/lunar'
import { addDays, civilDay, DAY_MS, daysBetween, HOUR_MS, partsOf, startOfDay } from '../../shared/time'
import { createTemplate, moveTemplate } from '../coupons/service'
import { newId } from '../db/id'
import type { Deps } from '../deps'
import { databaseTarget, importFile, loadMapping, type People } from '../imports/service'
import { requireJob, runnerOf } from '../jobs/service'
import { joinMember } from '../members/service'
import { createOperator, createStore, hashPassword, operatorByUsername, storeByCode } from '../operators/service'
import { learnProducts } from '../purchases/service'
import { learnNow } from '../recommendations/service'
import { defineTiers } from '../tiers/service'
import { demoMember, demoOperator, demoPassword, demoPos, demoStaff } from './accounts'
import { seedBanners } from './banners'
import { publishCare } from './care'
import { seedGroups } from './groups'
import { seedMall } from './mall'
import { demoTemplates, demoTiers } from './shop'
import { giveCoupons, tellStory } from './story'
import { letMembersSpeak } from './voices'

/** The files of server/demo/data; data/CREDIT.md says where they come from. */
interface ShopFile {
  name: string
  stores: { code: string; name: string; address: string }[]
  lastDay: string
}
interface PersonFile {
  no: string
  name: string
  phone: string
  birthday: Birthday
  store: string
}
interface ProductFile {
  sku: string
  name: string
  category: string
  priceFen: number
}

/** The customer whose year makes the story of the demo's member: a 金叶 member who was here the day before yesterday. */
const demoCustomer = '14135'

/** Size of the first model: two seconds of work; the night learns with all goods and tests on all members. */
const demoModel = { easeItems: 400, tested: 250 }

const dataFile = (name: string): string => join(__dirname, 'data', name)
const readData = <T>(name: string): T => JSON.parse(readFileSync(dataFile(name), 'utf8')) as T

/** Says what is being done; a shop takes some seconds and nobody should wonder. */
export type Say = (text: string) => void

const seedStores = async (deps: Deps, shop: ShopFile, since: number): Promise<void> => {
  for (const { code, name, address } of shop.stores)
    await deps.db.tx(async (tx) => {
      if (await storeByCode(tx, code)) return
      await createStore(
        tx,
        { code, name, address, hours: '10:00–22:00', phone: '' },
        { now: since, shop: deps.env.SHOP_NAME },
      )
    })
}

const seedOperators = async (deps: Deps, since: number): Promise<void> => {
  const passwordHash = await hashPassword(demoPassword)
  const home = await storeByCode(deps.db, 'JA')
  const storeIds = home ? [home.id] : []
  const accounts = [
    { ...demoOperator, storeIds: [] },
    { ...demoStaff, storeIds },
    { ...demoPos, storeIds: [] },
  ]
  for (const account of accounts)
    await deps.db.tx(async (tx) => {
      if (!(await operatorByUsername(tx, account.username)))
        await createOperator(tx, deps.keys, { ...account, passwordHash }, since)
    })
}

/** Makes the coupon templates, as of the day the shop's year began; answers their ids. */
const seedTemplates = async (deps: Deps, since: number): Promise<Map<string, string>> => {
  const ids = new Map<string, string>()
  for (const { key, purpose = null, state, rule, ...draft } of demoTemplates)
    await deps.db.tx(async (tx) => {
      const [known] = await tx.read<{ id: string }>('SELECT id FROM coupon_template WHERE name = ?', [draft.name])
      if (known) return void ids.set(key, known.id)
      const { storeCodes = [], ...promise } = rule
      const stores = await Promise.all(storeCodes.map((code) => storeByCode(tx, code)))
      const storeIds = stores.flatMap((s) => (s ? [s.id] : []))
      const parsed = contract['POST /admin/coupon-templates'].input.parse({ ...draft, rule: { ...promise, storeIds } })
      const made = await createTemplate(tx, parsed, null, since, purpose)
      ids.set(key, made.id)
      if (state === 'draft') return
      const published = await moveTemplate(tx, { templateId: made.id, version: made.version, to: 'published' }, since)
      if (state === 'ended')
        await moveTemplate(tx, { templateId: made.id, version: published.version, to: 'ended' }, since + 300 * DAY_MS)
    })
  return ids
}

const seedProducts = async (deps: Deps, products: readonly ProductFile[]): Promise<void> => {
  const known = products.map(({ sku, name, category, priceFen }) => ({ id: sku, name, category, priceFen }))
  await deps.db.tx(async (tx) => learnProducts(tx, known))
}

/** The members of the file, one of them being the demo's own, whose birthday is today. */
const peopleOf = (today: string): People => {
  const persons = readData<PersonFile[]>('members.json')
  const namesake = persons.find((p) => p.name === demoMember.name)
  const own = persons.find((p) => p.no === demoCustomer)
  const { month, day } = partsOf(today)
  return new Map(
    persons.map((p) => {
      const story = p.no === demoCustomer
      const name = story ? demoMember.name : p === namesake ? (own?.name ?? p.name) : p.name
      const phone = story ? demoMember.phone : p.phone
      const birthday: Birthday = story ? { calendar: 'solar', month, day } : p.birthday
      return [p.no, { name, phone, birthday, storeCode: p.store }]
    }),
  )
}

/** Imports the year of purchases, moved so that it ends yesterday. */
const seedPurchases = async (
  deps: Deps,
  { shop, products, today, say }: { shop: ShopFile; products: readonly ProductFile[]; today: string; say: Say },
): Promise<void> => {
  const mapping = { ...loadMapping('demo'), shiftDays: daysBetween(shop.lastDay, addDays(today, -1)) }
  let told = 0
  const summary = await importFile({
    file: dataFile('purchases.csv.gz'),
    mapping,
    dryRun: false,
    target: databaseTarget(deps, mapping, peopleOf(today)),
    context: {
      shopZoneMinutes: deps.env.TIME_ZONE_OFFSET_MINUTES,
      now: deps.clock.now(),
      goods: new Map(products.map((p) => [p.sku, p])),
    },
    // The file was made of matched and unmatched cancellations alike; what has no purchase is nobody's loss here.
    onProblem: () => undefined,
    onProgress: ({ progress, purchases }) => {
      const fifth = Math.floor(progress * 5)
      if (fifth <= told) return
      told = fifth
      say(`    ${fifth * 20} %, ${purchases} purchases`)
    },
  })
  say(
    `    ${summary.members} members, ${summary.purchases} purchases, ${summary.refundsMatched} refunds in ${summary.seconds} s`,
  )
}

/** Jobs whose nights the imported year has missed, in the order of a night. */
const missedJobs = [
  'points.expire',
  'coupons.expire',
  'tiers.expire-growth',
  'tiers.review',
  'journeys.run',
  'purchases.recount',
  'scores.facts',
  'scores.stages',
  'scores.forecasts',
  'segments.facts',
  'segments.refresh',
  'dashboards.days',
  'dashboards.night',
]

/** Runs the jobs of a night at once, so that a year that just came in is in the state it would be in. Throws when one fails. */
const runMissedJobs = async (deps: Deps): Promise<void> => {
  for (const name of missedJobs) {
    const started = await runnerOf(deps).runNow(requireJob(name), newId(deps.clock.now()))
    if (!started) continue
    await started.ended
    const [run] = await deps.db.read<{ state: string; errorSample: string | null }>(
      'SELECT state, errorSample FROM job_run WHERE name = ? AND slot = ?',
      [name, started.slot],
    )
    if (run?.state !== 'done') throw new Error(`The job ${name} did not finish: ${run?.errorSample ?? run?.state}`)
  }
}

/**
 * Fills a database with the demo shop: stores, accounts, levels, coupons, a real year of purchases through the import, the story of its
 * member, and the nights that year has missed. Every step finds what is there already, so an interrupted seed is simply run again.
 */
export const seedDemo = async (deps: Deps, say: Say): Promise<void> => {
  const started = performance.now()
  const shop = readData<ShopFile>('shop.json')
  const products = readData<ProductFile[]>('products.json')
  const today = civilDay(deps.clock.now())
  const since = startOfDay(addDays(today, -400))
  say('  shop: stores, accounts, levels, coupons, products')
  await seedStores(deps, shop, since)
  await seedOperators(deps, since)
  await deps.db.tx(async (tx) => defineTiers(tx, demoTiers))
  const templates = await seedTemplates(deps, since)
  await seedProducts(deps, products)
  say('  a year of purchases')
  await seedPurchases(deps, { shop, products, today, say })
  say(`  coupons, and the story of ${demoMember.name}`)
  await deps.db.tx((tx) =>
    joinMember(tx, deps, {
      via: 'staff',
      phone: demoStaff.phone,
      name: demoStaff.name,
      at: startOfDay(addDays(today, -60)) + 10 * HOUR_MS,
    }),
  )
  await giveCoupons(
    deps,
    templates,
    demoCustomer,
    readData<PersonFile[]>('members.json').map((p) => p.no),
  )
  await tellStory(deps, templates, products)
  say('  what members say: reviews, posts, scores')
  await letMembersSpeak(
    deps,
    readData<PersonFile[]>('members.json').map((p) => p.no),
  )
  say('  groups of people, marks on the time line, a month in the app')
  await seedGroups(
    deps,
    readData<PersonFile[]>('members.json').map((p) => p.no),
  )
  say('  banners, and what members like')
  await seedBanners(
    deps,
    readData<PersonFile[]>('members.json').map((p) => p.no),
  )
  say('  the mall, check-ins and invitations')
  await seedMall(
    deps,
    templates,
    readData<PersonFile[]>('members.json').map((p) => p.no),
  )
  say('  the nights since: expiry, levels, birthdays, scores')
  await publishCare(deps)
  await runMissedJobs(deps)
  say('  what goes with what: the recommendations')
  await learnNow(deps, demoModel)
  say(`  done in ${((performance.now() - started) / 1000).toFixed(1)} s`)
}
