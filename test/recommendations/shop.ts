import { newId } from '../../server/db/id'
import { execute, executeOne } from '../../server/http/command'
import { requireJob, runnerOf } from '../../server/jobs/service'
import { importMembers } from '../../server/members/service'
import { learnProducts, refundPurchases, settlePurchases } from '../../server/purchases/service'
import { defineTiers } from '../../server/tiers/service'
import { DAY_MS } from '../../shared/time'
import type { DatabaseName } from '../support/databases'
import { openStore } from '../support/people'
import { type TestServer, testNow } from '../support/server'

/**
 * A shop with a planted structure: members of the tea circle buy tea things, those of the coffee circle coffee things; everybody now and
 * then buys milk, and buys it again every ten days. Mugs are bought once.
 */
const named = (letter: string, category: string, names: string) =>
  names.split(' ').map((name, i) => ({ id: `${letter}${i}`, name, category }))
export const goods = [
  ...named('T', '茶具', '龙井 茶壶 茶漏 茶盘 茶巾 盖碗 茶针 普洱 茶宠 茶刀 茶罐 白茶'),
  ...named('C', '咖啡', '手冲壶 豆子 滤纸 磨机 分享壶 电子秤 滤杯 拿铁 冰滴 奶缸 压粉锤 挂耳'),
  { id: 'MILK', name: '鲜牛奶', category: '乳品' },
  { id: 'MUG', name: '马克杯', category: '餐具' },
].map((p) => ({ ...p, priceFen: 2000 }))

/** Ids grow with time over the whole process, so the suite of the second database begins a year after the first. */
export const startOf = (database: DatabaseName): number => testNow + (database === 'mariadb' ? 365 * DAY_MS : 0)

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
  const settlementOf = (memberId: string, productIds: string[], daysAgo: number) => {
    const lines = productIds.map((id) => {
      const { name, category, priceFen } = goods.find((g) => g.id === id) as (typeof goods)[number]
      return { productId: id, name, category, quantity: 1, unitFen: priceFen, amountFen: priceFen }
    })
    return {
      source: 'test',
      externalNo: `R${++receipts}`,
      memberId,
      storeId,
      operatorId: null,
      at: server.clock.now() - daysAgo * DAY_MS,
      amountFen: lines.reduce((sum, l) => sum + l.amountFen, 0),
      lines,
      couponIds: [],
      birthdayKeys: [],
    }
  }
  const shop: Shop = {
    storeId,
    tea: ids.slice(0, each),
    coffee: ids.slice(each, 2 * each),
    newcomer: ids[2 * each],
    buy: async (memberId, productIds, daysAgo) => {
      const request = settlementOf(memberId, productIds, daysAgo)
      const settled = await db.tx((tx) => executeOne(tx, settlePurchases, request, server.clock.now()))
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
  const half: ReturnType<typeof settlementOf>[] = []
  for (const circle of [shop.tea, shop.coffee])
    for (const [n, memberId] of circle.entries()) {
      const prefix = circle === shop.tea ? 'T' : 'C'
      // The first five months each member keeps to two thirds of the circle: the rest is to be found.
      const unknown = [n % 12, (n + 1) % 12, (n + 5) % 12, (n + 8) % 12]
      for (let daysAgo = 170 - (n % 10); daysAgo > 0; daysAgo -= 10) {
        const basket = daysAgo % 20 < 10 ? ['MILK'] : []
        for (const item of [Math.floor(random() * 12), Math.floor(random() * 12)])
          if (!unknown.includes(item) || daysAgo < 40) basket.push(`${prefix}${item}`)
        if (basket.length) half.push(settlementOf(memberId, [...new Set(basket)], daysAgo))
      }
    }
  for (let i = 0; i < half.length; i += 200)
    await db.tx((tx) => execute(tx, settlePurchases, half.slice(i, i + 200), server.clock.now()))
  return shop
}
