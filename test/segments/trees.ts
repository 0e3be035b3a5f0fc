import type { Input } from '../../shared/contract'
import { addDays, civilDay, endOfDay, startOfDay } from '../../shared/time'
import type { openShop } from '../insights/shop'
import { testNow } from '../support/server'

type Shop = Awaited<ReturnType<typeof openShop>>
type Member = Shop['members'][number]
export type Tree = Input<'POST /admin/segments/count'>['tree']
type Leaf = Exclude<Tree['of'][number], { join: unknown }>

/** A condition beside the same question asked of the rows in memory, the long way. */
export interface Question {
  leaf: Leaf
  holds(m: Member): boolean
}

/** A generator with a fixed seed (mulberry32). */
export const dice = (seed: number) => {
  let state = seed
  const next = (): number => {
    state = (state + 0x6d2b79f5) | 0
    let t = Math.imul(state ^ (state >>> 15), 1 | state)
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t
    return ((t ^ (t >>> 14)) >>> 0) / 4_294_967_296
  }
  return { below: (n: number): number => Math.floor(next() * n) }
}

/** Every kind of condition, against the shop of test/insights. Tags and held coupons are handed in as they are in the tables. */
export const questionsOf = (shop: Shop, tagged: ReadonlySet<string>, tagId: string): Question[] => {
  const today = civilDay(testNow)
  const from = (days: number): string => addDays(today, 1 - days)
  const stats = (m: Member) => shop.stats.get(m.id)
  const last = (m: Member): number => stats(m)?.lastPurchaseAt ?? 0
  const bought = (m: Member, category: string, since: string): number => {
    const own = new Set(shop.purchases.filter((p) => p.memberId === m.id && p.onDay >= since).map((p) => p.id))
    const kept = shop.lines.filter(
      (l) => own.has(l.purchaseId) && l.category === category && l.quantity > l.refundedQuantity,
    )
    return new Set(kept.map((l) => l.purchaseId)).size
  }
  const net = (m: Member, days: number): number =>
    shop.purchases.filter((p) => p.memberId === m.id && p.onDay >= from(days)).reduce((n, p) => n + p.paidFen, 0)
  const balance = (m: Member): number => shop.accounts.find((a) => a.memberId === m.id)?.balance ?? 0
  const holds = (m: Member, status: string): boolean =>
    shop.coupons.some((c) => c.memberId === m.id && c.status === status)
  const average = (m: Member): number => {
    const s = stats(m)
    return s?.purchases ? Math.round(s.spendFen / s.purchases) : 0
  }
  return [
    { leaf: { field: 'purchases', op: 'gte', value: 18 }, holds: (m) => (stats(m)?.purchases ?? 0) >= 18 },
    { leaf: { field: 'purchases', op: 'eq', value: 0 }, holds: (m) => !stats(m) },
    {
      leaf: { field: 'spend', op: 'between', value: [100_000, 300_000] },
      holds: (m) => (stats(m)?.spendFen ?? 0) >= 100_000 && (stats(m)?.spendFen ?? 0) <= 300_000,
    },
    { leaf: { field: 'average', op: 'lte', value: 15_000 }, holds: (m) => average(m) > 0 && average(m) <= 15_000 },
    { leaf: { field: 'lastPurchase', op: 'within', days: 4 }, holds: (m) => last(m) >= startOfDay(from(4)) },
    {
      leaf: { field: 'lastPurchase', op: 'not_within', days: 3 },
      holds: (m) => last(m) > 0 && last(m) < startOfDay(from(3)),
    },
    { leaf: { field: 'lastPurchase', op: 'none' }, holds: (m) => !stats(m) },
    {
      leaf: { field: 'joined', op: 'between', value: [from(8), from(3)] },
      holds: (m) => m.joinedAt >= startOfDay(from(8)) && m.joinedAt <= endOfDay(from(3)),
    },
    {
      leaf: { field: 'joinedStore', op: 'in', value: ['store1', 'store2'] },
      holds: (m) => ['store1', 'store2'].includes(m.joinedStoreId ?? ''),
    },
    { leaf: { field: 'joinedStore', op: 'not_in', value: ['store3'] }, holds: (m) => m.joinedStoreId !== 'store3' },
    { leaf: { field: 'tier', op: 'in', value: ['1', '2'] }, holds: (m) => m.tierLevel >= 1 },
    { leaf: { field: 'points', op: 'gte', value: 300 }, holds: (m) => balance(m) >= 300 },
    { leaf: { field: 'spend30', op: 'gte', value: 100_000 }, holds: (m) => net(m, 30) >= 100_000 },
    { leaf: { field: 'hasPhone', op: 'is', value: true }, holds: () => true },
    { leaf: { field: 'holdsCoupon', op: 'has_any', value: ['t1', 't2'] }, holds: (m) => holds(m, 'held') },
    { leaf: { field: 'usedCoupon', op: 'has_none', value: ['t1'] }, holds: (m) => !holds(m, 'used') },
    {
      leaf: { field: 'boughtCategory', op: 'did', value: ['茶器'], days: 10 },
      holds: (m) => bought(m, '茶器', from(10)) >= 1,
    },
    {
      leaf: { field: 'boughtCategory', op: 'did_not', value: ['布艺'], days: 20 },
      holds: (m) => bought(m, '布艺', from(20)) === 0,
    },
    {
      leaf: { field: 'boughtCategory', op: 'did', value: ['文具'], days: 90, times: 8 },
      holds: (m) => bought(m, '文具', from(90)) >= 8,
    },
    {
      leaf: { field: 'boughtProduct', op: 'did', value: ['x'], days: 7, times: 2 },
      holds: (m) =>
        new Set(
          shop.purchases
            .filter(
              (p) =>
                p.memberId === m.id &&
                p.onDay >= from(7) &&
                shop.lines.some((l) => l.purchaseId === p.id && l.quantity > l.refundedQuantity),
            )
            .map((p) => p.id),
        ).size >= 2,
    },
    { leaf: { field: 'tags', op: 'has_all', value: [tagId] }, holds: (m) => tagged.has(m.id) },
    { leaf: { field: 'tags', op: 'has_none', value: [tagId] }, holds: (m) => !tagged.has(m.id) },
    { leaf: { field: 'stage', op: 'in', value: ['loyal'] }, holds: () => false },
    { leaf: { field: 'churn', op: 'lte', value: 100 }, holds: () => false },
  ]
}

type Join = 'all' | 'any' | 'none'
const joins: Record<Join, (parts: boolean[]) => boolean> = {
  all: (p) => p.every(Boolean),
  any: (p) => p.some(Boolean),
  none: (p) => !p.some(Boolean),
}

/** A random tree of up to four levels with what it means. */
export const randomTree = (
  questions: readonly Question[],
  below: (n: number) => number,
): { tree: Tree; holds(m: Member): boolean } => {
  const grow = (depth: number): { tree: Tree; holds(m: Member): boolean } => {
    const join = (['all', 'any', 'none'] as const)[below(3)]
    const parts = Array.from({ length: 1 + below(3) }, () => {
      if (depth > 0 && below(3) === 0) return grow(depth - 1)
      const q = questions[below(questions.length)]
      return { tree: q.leaf as unknown as Tree, holds: q.holds }
    })
    return {
      tree: { join, of: parts.map((p) => p.tree) } as Tree,
      holds: (m) => joins[join](parts.map((p) => p.holds(m))),
    }
  }
  return grow(3)
}
