import { newId } from '../../server/db/id'
import { AppError } from '../../server/errors'
import { execute } from '../../server/http/command'
import { recordEvents } from '../../server/interactions/service'
import { requireJob, runnerOf } from '../../server/jobs/service'
import { refundPurchases, settlePurchases } from '../../server/purchases/service'
import { civilDay, DAY_MS, HOUR_MS } from '../../shared/time'
import { insertMembers, insertShop, seeded } from '../support/ledger'
import type { TestServer } from '../support/server'

const goods = [
  { productId: 'p1', name: '香薰蜡烛', category: '香薰', unitFen: 6800 },
  { productId: 'p2', name: '茶杯', category: '茶器', unitFen: 12_900 },
  { productId: 'p3', name: '靠垫', category: '布艺', unitFen: 8900 },
  { productId: 'p4', name: '手账', category: '文具', unitFen: 3900 },
]

/** A shop whose days are lived through its own services, at random but the same in every run. */
export interface LivingShop {
  members: string[]
  random: () => number
  /** Purchases at a moment, one transaction; `back` days ago where a history is brought in late. Answers their ids. */
  buy(memberId: string, at: number, lines?: number): Promise<string>
  refund(purchaseId: string, at: number): Promise<void>
  act(memberId: string, type: string, at: number): Promise<void>
  /** Runs a job and answers what its run says. */
  run(name: string): Promise<{ state: string; processed: number; failed: number; errorSample: string | null }>
}

export const openLivingShop = async (server: TestServer, count: number, seed = 7): Promise<LivingShop> => {
  const { db, clock } = server.deps
  const random = seeded(seed)
  const members = Array.from({ length: count }, (_, i) => `m${String(i).padStart(5, '0')}`)
  await insertShop(db, clock.now() - 400 * DAY_MS)
  await insertMembers(db, members, clock.now() - 300 * DAY_MS)
  let number = 0
  const one = <T>([result]: (T | AppError)[]): T => {
    if (result instanceof AppError) throw result
    return result
  }
  return {
    members,
    random,
    buy: async (memberId, at, lines = 1 + Math.floor(random() * 3)) => {
      const bought = Array.from({ length: lines }, () => {
        const quantity = 1 + Math.floor(random() * 2)
        const product = goods[Math.floor(random() * goods.length)]
        return { ...product, quantity, amountFen: quantity * product.unitFen }
      })
      const settled = await db.tx((tx) =>
        execute(
          tx,
          settlePurchases,
          [
            {
              source: random() < 0.5 ? 'staff' : 'pos',
              externalNo: `t${++number}`,
              memberId,
              storeId: 'store1',
              operatorId: null,
              at,
              amountFen: bought.reduce((sum, l) => sum + l.amountFen, 0),
              lines: bought,
              couponIds: [],
              birthdayKeys: [],
            },
          ],
          clock.now(),
        ),
      )
      return one(settled).purchase.id
    },
    refund: async (purchaseId, at) => {
      const done = await db.tx((tx) =>
        execute(
          tx,
          refundPurchases,
          [
            {
              source: 'staff',
              externalNo: `r${++number}`,
              purchaseId,
              lines: [{ lineNo: 1, quantity: 1 }],
              reason: '退货',
              at,
              operatorId: null,
              storeIds: null,
            },
          ],
          clock.now(),
        ),
      )
      one(done)
    },
    act: async (memberId, type, at) => {
      await db.tx((tx) =>
        recordEvents(tx, [{ memberId, eventId: `e${++number}`, type, at, origin: 'client' }], clock.now()),
      )
    },
    run: async (name) => {
      const started = await runnerOf(server.deps).runNow(requireJob(name), newId(clock.now()))
      if (!started) throw new Error(`${name} is running already`)
      await started.ended
      const [run] = await db.read<{ state: string; processed: number; failed: number; errorSample: string | null }>(
        'SELECT state, processed, failed, errorSample FROM job_run WHERE name = ? AND slot = ?',
        [name, started.slot],
      )
      return run
    },
  }
}

/** Purchases written straight into the tables, for histories too long to be lived through. Members buy at their own pace. */
export const insertHistory = async (
  server: TestServer,
  options: { members: number; days: number; seed?: number; pace?: (member: number, random: () => number) => number },
): Promise<{ memberId: string; at: number; onDay: string; paidFen: number }[]> => {
  const { db, clock } = server.deps
  const random = seeded(options.seed ?? 11)
  const pace = options.pace ?? ((_, r) => 6 + 90 * r() * r())
  const now = clock.now()
  const ids = Array.from({ length: options.members }, (_, i) => `m${String(i).padStart(5, '0')}`)
  await insertShop(db, now - 800 * DAY_MS)
  await insertMembers(db, ids, now - options.days * DAY_MS)
  const purchases = ids.flatMap((memberId, i) => {
    const mean = pace(i, random)
    // Some stop for good: a shop without any would teach nothing.
    const stays = options.days * (random() < 0.35 ? random() : 1)
    const out: { memberId: string; at: number; onDay: string; paidFen: number }[] = []
    const level = 2000 + 40_000 * random()
    for (let day = random() * options.days * 0.5; day < stays; day += -Math.log(1 - random()) * mean + 0.5) {
      const at = now - Math.floor((options.days - day) * DAY_MS) - HOUR_MS
      if (at >= now) break
      out.push({ memberId, at, onDay: civilDay(at), paidFen: 100 * Math.round((level * (0.5 + random())) / 100) })
    }
    return out
  })
  purchases.sort((a, b) => a.at - b.at)
  const rows = purchases.map((p, i) => ({
    id: `p${String(i).padStart(8, '0')}`,
    source: 'staff',
    externalNo: `h${i}`,
    contentHash: '',
    memberId: p.memberId,
    storeId: 'store1',
    operatorId: null,
    at: p.at,
    onDay: p.onDay,
    amountFen: p.paidFen,
    discountFen: 0,
    paidFen: p.paidFen,
    refundedFen: 0,
    multiplierBp: 10_000,
    pointsEarned: 0,
    pointsTakenBack: 0,
    pointsSeq: 0,
    growthEarned: 0,
    growthTakenBack: 0,
    status: 'settled',
    refundedAt: null,
  }))
  await db.tx(async (tx) => {
    tx.insert('purchase', rows)
    tx.insert(
      'member_stats',
      [...new Set(purchases.map((p) => p.memberId))].map((memberId) => ({
        memberId,
        purchases: 1,
        firstPurchaseAt: 1,
        lastPurchaseAt: 1,
        updatedAt: 0,
      })),
    )
  })
  return purchases
}
