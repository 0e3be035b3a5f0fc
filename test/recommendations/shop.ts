import { newId } from '../../server/db/id'
import { executeOne } from '../../server/http/command'
import { requireJob, runnerOf } from '../../server/jobs/service'
import { importMembers } from '../../server/members/service'
import { learnProducts, refundPurchases, settlePurchases } from '../../server/purchases/service'
import { defineTiers } from '../../server/tiers/service'
import { DAY_MS } from '../../shared/time'
import { openStore } from '../support/people'
import type { TestServer } from '../support/server'

/**
 * A shop with a planted structure: members of the tea circle buy tea things, those of the coffee circle coffee things; everybody now and
 * then buys milk, and buys it again every ten days. Mugs are bought once.
 */
export const goods = [
  ...['龙井茶叶', '紫砂茶壶', '茶漏', '茶盘', '茶巾', '盖碗'].map((name, i) => ({
    id: `T${i}`,
    name,
    category: '茶具',
  })),
  ...['手冲壶', '咖啡豆', '滤纸', '磨豆机', '分享壶', '电子秤'].map((name, i) => ({
    id: `C${i}`,
    name,
    category: '咖啡',
  })),
  { id: 'MILK', name: '鲜牛奶', category: '乳品' },
  { id: 'MUG', name: '马克杯', category: '餐具' },
].map((p) => ({ ...p, priceFen: 2000 }))

export interface Shop {
  storeId: string
  /** Members by circle, in a fixed order. */
  tea: string[]
  coffee: string[]
  /** Has bought nothing. */
  newcomer: string
  buy(memberId: string, productIds: string[], daysAgo: number): Promise<string>
  refund(purchaseId: string, lineNo?: number): Promise<void>
  run(job: string): Promise<void>
}

/** Runs a job as an operator would and waits for its end; throws when it failed. */
export const runJob = async (server: TestServer, name: string): Promise<void> => {
  const started = await runnerOf(server.deps).runNow(requireJob(name), newId(server.clock.now()))
  if (!started) throw new Error(`${name} is running already`)
  await started.ended
  const [run] = await server.deps.db.read<{ state: string; errorSample: string | null }>(
    'SELECT state, errorSample FROM job_run WHERE name = ? AND slot = ?',
    [name, started.slot],
  )
  if (run?.state !== 'done') throw new Error(`${name}: ${run?.state} ${run?.errorSample}`)
}

const draw = (seed: number): (() => number) => {
  let state = seed
  return () => {
    state = (state * 48_271) % 2_147_483_647
    return state / 2_147_483_647
  }
}

/** Opens the shop with `each` members in both circles and half a year of purchases. */
export const openShop = async (server: TestServer, each: number): Promise<Shop> => {
  const { db } = server.deps
  const storeId = await openStore(server)
  await db.tx(async (tx) => {
    await defineTiers(tx, [{ level: 0, name: '普通', threshold: 0, multiplierBp: 10_000, benefits: [] }])
    learnProducts(tx, goods)
  })
  const joined = await db.tx((tx) =>
    importMembers(
      tx,
      server.deps,
      Array.from({ length: 2 * each + 1 }, (_, i) => ({
        externalId: { kind: 'test', value: `r${i}` },
        name: `会员${i}`,
        at: server.clock.now() - 200 * DAY_MS,
      })),
    ),
  )
  const ids = [...joined.values()]
  let receipts = 0
  const shop: Shop = {
    storeId,
    tea: ids.slice(0, each),
    coffee: ids.slice(each, 2 * each),
    newcomer: ids[2 * each],
    buy: async (memberId, productIds, daysAgo) => {
      const lines = productIds.map((id) => {
        const { name, category, priceFen } = goods.find((g) => g.id === id) as (typeof goods)[number]
        return { productId: id, name, category, quantity: 1, unitFen: priceFen, amountFen: priceFen }
      })
      const now = server.clock.now()
      const settled = await db.tx((tx) =>
        executeOne(
          tx,
          settlePurchases,
          {
            source: 'test',
            externalNo: `R${++receipts}`,
            memberId,
            storeId,
            operatorId: null,
            at: now - daysAgo * DAY_MS,
            amountFen: lines.reduce((sum, l) => sum + l.amountFen, 0),
            lines,
            couponIds: [],
            birthdayKeys: [],
          },
          now,
        ),
      )
      return settled.purchase.id
    },
    refund: async (purchaseId, lineNo) => {
      const now = server.clock.now()
      await db.tx((tx) =>
        executeOne(
          tx,
          refundPurchases,
          {
            source: 'test',
            externalNo: newId(now),
            purchaseId,
            lines: lineNo ? [{ lineNo, quantity: 1 }] : undefined,
            amountFen: undefined,
            reason: '不合适',
            at: now,
            operatorId: null,
            storeIds: null,
          },
          now,
        ),
      )
    },
    run: (job) => runJob(server, job),
  }
  const random = draw(11)
  for (const circle of [shop.tea, shop.coffee])
    for (const [n, memberId] of circle.entries()) {
      const prefix = circle === shop.tea ? 'T' : 'C'
      for (let daysAgo = 170 - (n % 10); daysAgo > 0; daysAgo -= 10) {
        const basket = daysAgo % 20 < 10 ? ['MILK'] : []
        // Each member lacks one item of the circle until the last weeks: what is to be found.
        const missing = n % 6
        const item = Math.floor(random() * 6)
        if (item !== missing || daysAgo < 40) basket.push(`${prefix}${item}`)
        if (basket.length) await shop.buy(memberId, [...new Set(basket)], daysAgo)
      }
    }
  return shop
}
