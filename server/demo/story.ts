import { addDays, civilDay, DAY_MS, HOUR_MS, MINUTE_MS, startOfDay } from '../../shared/time'
import { grantCoupons } from '../coupons/service'
import type { Deps } from '../deps'
import { AppError } from '../errors'
import { execute, executeOne } from '../http/command'
import { findByPhone, membersByExternalId } from '../members/service'
import { storeByCode } from '../operators/service'
import { accountOf, spendPoints } from '../points/service'
import { settlePurchases } from '../purchases/service'
import { demoMember, demoPos } from './accounts'

/** Points of the demo's member that stay unspent although they expire soon, so that the page has something to warn of. */
const keptExpiring = 300
/** Commands take at most a few hundred requests at a time. */
const perBatch = 250

type Issue = Parameters<typeof grantCoupons.load>[1][number]

/** Makes coupons; what is refused (a member who has had one, a level too low) is no fault here. */
const issue = async (deps: Deps, requests: readonly Issue[]): Promise<Map<string, string>> => {
  const made = new Map<string, string>()
  for (let i = 0; i < requests.length; i += perBatch) {
    const batch = requests.slice(i, i + perBatch)
    const results = await deps.db.tx((tx) => execute(tx, grantCoupons, batch, deps.clock.now()))
    results.forEach((result, n) => {
      if (!(result instanceof AppError)) made.set(batch[n].sourceId ?? '', result.couponId)
    })
  }
  return made
}

/**
 * Coupons that members claimed in the last months: everybody's first coupon on the day of joining, and a scent coupon for every fourth.
 * The names of the claims make a second run add nothing.
 */
export const giveCoupons = async (
  deps: Deps,
  templates: ReadonlyMap<string, string>,
  except: string,
  customers: readonly string[],
): Promise<void> => {
  const now = deps.clock.now()
  const requests: Issue[] = []
  for (let i = 0; i < customers.length; i += perBatch) {
    const part = customers.slice(i, i + perBatch)
    const ids = await membersByExternalId(deps.db, deps.keys, 'demo', part)
    part.forEach((customer, n) => {
      const memberId = ids.get(customer)
      if (!memberId || customer === except) return
      const number = i + n
      const claim = (key: string, daysAgo: number): void => {
        const templateId = templates.get(key)
        if (templateId)
          requests.push({ memberId, templateId, source: 'claim', sourceId: `demo-${key}`, at: now - daysAgo * DAY_MS })
      }
      if (number % 2 === 0) claim('welcome', number % 200)
      if (number % 4 === 0) claim('scent', number % 30)
      if (number % 10 === 0) claim('golden', number % 45)
    })
  }
  await issue(deps, requests)
}

/** A till's receipt of goods of one category that comes to at least `atLeastFen`. */
const basket = (
  products: readonly { sku: string; name: string; category: string; priceFen: number }[],
  category: string,
  atLeastFen: number,
) => {
  const goods = products.filter((p) => p.category === category && p.priceFen >= 100).slice(0, 4)
  const share = atLeastFen / goods.length
  return goods.map(({ sku, name, priceFen }) => {
    const quantity = Math.ceil(share / priceFen)
    return { productId: sku, name, category, quantity, unitFen: priceFen, amountFen: quantity * priceFen }
  })
}

/**
 * What happened to the demo's member lately: coupons for every tab, one of them used yesterday in a purchase, and points spent at the
 * till. A second run adds nothing: the coupons and the purchase have names, and the points are spent only after a new purchase.
 */
export const tellStory = async (
  deps: Deps,
  templates: ReadonlyMap<string, string>,
  products: Parameters<typeof basket>[0],
): Promise<void> => {
  const now = deps.clock.now()
  const today = civilDay(now)
  const member = await findByPhone(deps.db, deps.keys, demoMember.phone)
  const store = await storeByCode(deps.db, 'JA')
  if (!member || !store) throw new Error(`The demo data have no ${demoMember.name}`)
  const coupon = (key: string, daysAgo: number, source: Issue['source'] = 'claim', name = key): Issue => ({
    memberId: member.id,
    templateId: templates.get(key) as string,
    source,
    sourceId: `demo-${name}`,
    at: Math.min(now, startOfDay(addDays(today, -daysAgo)) + 10 * HOUR_MS),
  })
  const made = await issue(deps, [
    // Expired by now, ends today, used yesterday, and good for a while; the last one begins in three days.
    coupon('welcome', 40),
    coupon('scent', 14),
    coupon('scent', 10, 'claim', 'scent-used'),
    coupon('coffee', 21),
    coupon('golden', 16),
    coupon('opening', 7, 'grant'),
    coupon('weekend', 0),
  ])
  const used = made.get('demo-scent-used')
  if (!used) return
  const at = startOfDay(addDays(today, -1)) + 15 * HOUR_MS + 20 * MINUTE_MS
  const lines = basket(products, '家居香氛', 20_000)
  await deps.db.tx(async (tx) => {
    await executeOne(
      tx,
      settlePurchases,
      {
        source: 'pos',
        externalNo: `${demoPos.username}-1`,
        memberId: member.id,
        storeId: store.id,
        operatorId: null,
        at,
        amountFen: lines.reduce((sum, l) => sum + l.amountFen, 0),
        lines,
        couponIds: [used],
        birthdayKeys: [],
      },
      now,
    )
    const { expiring } = await accountOf(tx, member.id, today)
    const spare = expiring.reduce((sum, e) => sum + e.points, 0) - keptExpiring
    if (spare > 0)
      await executeOne(
        tx,
        spendPoints,
        { memberId: member.id, points: spare, source: { type: 'pos', id: null, note: '积分换礼：亚麻餐垫' } },
        at + 30 * MINUTE_MS,
      )
  })
}
