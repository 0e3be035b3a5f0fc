import { formatYuan } from '../../shared/money'
import { civilDay } from '../../shared/time'
import {
  applyCoupons,
  type BasketLine,
  type HeldCoupons,
  lockCoupons,
  type Naming,
  namingOf,
  occasionAt,
  type Redeemed,
  usableOf,
  writeRedemptions,
} from '../coupons/service'
import { newId } from '../db/id'
import { marks } from '../db/statement'
import type { Tx } from '../db/transaction'
import { AppError, refuse } from '../errors'
import type { Command } from '../http/command'
import { appendEvents } from '../interactions/service'
import { queueMessages } from '../messages/service'
import {
  type Accounts,
  earn,
  loadAccounts,
  lotExpiry,
  pointsFor,
  pointsPolicy,
  usableAccount,
  writeAccounts,
} from '../points/service'
import { addGrowth, type Growth, growthFor, type Level, levelsOf, loadGrowth, writeGrowth } from '../tiers/service'
import type { Purchase } from './entity'
import { contentHash, type Line, purchasePolicy } from './rules'
import { loadStats, type Stats, writeStats } from './stats'

/** One purchase to be settled, whoever sends it: a till, an import, a POS. */
export interface Settlement {
  /** staff, pos or an import's mapping; with externalNo it names the purchase for good. */
  source: string
  externalNo: string
  memberId: string
  storeId: string
  operatorId: string | null
  at: number
  amountFen: number
  lines: Line[]
  couponIds: string[]
  /** The blind keys of the birthdays celebrated that day, for the birthday multiplier; empty in imports. */
  birthdayKeys: readonly string[]
  /** How it was paid; other where nobody said. */
  payKind?: string
  /** Whether it comes out of a till's offline queue. */
  offline?: boolean
}
/** What a settlement did. `repeated` when it had been settled before and nothing was done. */
export interface Settled {
  purchase: Purchase
  repeated: boolean
  pointsBalance: number
  growth: number
  level: Level
  upgraded: boolean
  next: Level | null
  coupons: { couponId: string; name: string; savedFen: number }[]
}

interface State {
  now: number
  known: Map<string, Purchase>
  accounts: Accounts
  growth: Map<string, Growth>
  levels: Level[]
  coupons: HeldCoupons
  naming: Naming | null
  stats: Map<string, Stats>
  made: { purchase: Purchase; lines: Line[] }[]
  redeemed: Redeemed[]
  reached: { memberId: string; level: Level; purchaseId: string }[]
}

const keyOf = (s: { source: string; externalNo: string }): string => `${s.source}/${s.externalNo}`

const loadKnown = async (tx: Tx, requests: readonly Settlement[]): Promise<Map<string, Purchase>> => {
  const known = new Map<string, Purchase>()
  for (const source of new Set(requests.map((r) => r.source))) {
    const numbers = requests.filter((r) => r.source === source).map((r) => r.externalNo)
    for (let i = 0; i < numbers.length; i += 500) {
      const part = numbers.slice(i, i + 500)
      const rows = await tx.read<Purchase>(`SELECT * FROM purchase WHERE source = ? AND externalNo IN ${marks(part)}`, [
        source,
        ...part,
      ])
      for (const row of rows) known.set(keyOf(row), row)
    }
  }
  return known
}

/** Points of a purchase in basis points: the tier's multiplier, doubled on the birthday. */
export const multiplierFor = (level: Level, isBirthday: boolean): number =>
  isBirthday ? Math.floor((level.multiplierBp * pointsPolicy.birthdayMultiplierBp) / 10_000) : level.multiplierBp

const basketOf = (r: Settlement): BasketLine[] =>
  r.lines.length
    ? r.lines.map((l) => ({ productId: l.productId, category: l.category, restFen: l.amountFen }))
    : [{ productId: '', category: '', restFen: r.amountFen }]

const settleOne = (state: State, r: Settlement): Settled | AppError => {
  const hash = contentHash(r)
  const known = state.known.get(keyOf(r))
  const growth = state.growth.get(r.memberId)
  const account = usableAccount(state.accounts, r.memberId)
  if (account instanceof AppError) return account
  if (!growth) throw new Error(`Growth of ${r.memberId} was not loaded`)
  const levelAt = (level: number): Level => state.levels.find((l) => l.level === level) ?? state.levels[0]
  const answer = (purchase: Purchase, repeated: boolean, upgraded: boolean, coupons: Settled['coupons']): Settled => ({
    purchase,
    repeated,
    pointsBalance: Math.max(0, account.balance),
    growth: growth.growth,
    level: levelAt(growth.level),
    upgraded,
    next: state.levels.find((l) => l.level > growth.level) ?? null,
    coupons,
  })
  if (known)
    return known.contentHash === hash
      ? answer(known, true, false, [])
      : refuse('purchase_duplicate', { externalNo: r.externalNo })
  if (r.at > state.now + purchasePolicy.futureToleranceMs) return refuse('purchase_in_future')
  const lineSum = r.lines.reduce((s, l) => s + l.amountFen, 0)
  if (r.lines.length && lineSum !== r.amountFen)
    return refuse('purchase_amount_mismatch', { lines: formatYuan(lineSum), total: formatYuan(r.amountFen) })

  const held = r.couponIds.map((id) => state.coupons.byId.get(id))
  if (held.some((c) => !c)) return refuse('coupon_not_found')
  const coupons = held.flatMap((c) => (c ? [c] : []))
  if (coupons.some((c) => c.memberId !== r.memberId)) return refuse('coupon_wrong_member')
  const naming = state.naming ?? { store: () => '', tier: () => '' }
  const applied = coupons.length
    ? applyCoupons(coupons.map(usableOf), occasionAt(r.storeId, growth.level, naming, r.at), basketOf(r))
    : []
  if (applied instanceof AppError) return applied

  const id = newId(state.now)
  const onDay = civilDay(r.at)
  const discountFen = applied.reduce((s, a) => s + a.savedFen, 0)
  const paidFen = r.amountFen - discountFen
  const birthdayKey = state.accounts.standing.get(r.memberId)?.birthdayKey
  const multiplierBp = multiplierFor(levelAt(growth.level), !!birthdayKey && r.birthdayKeys.includes(birthdayKey))
  const points = pointsFor(paidFen, multiplierBp)
  let pointsSeq = 0
  if (points > 0) {
    const entry = earn(
      account,
      { amount: points, expiresOn: lotExpiry(onDay) },
      { at: r.at, onDay },
      { type: 'purchase', id, note: `消费 ${formatYuan(paidFen)}` },
    )
    if (entry instanceof AppError) return entry
    pointsSeq = entry.seq
  }
  const growthEarned = growthFor(paidFen)
  const reached = addGrowth(growth, growthEarned, r.at, onDay, { type: 'purchase', id }, state.levels)
  if (reached) state.reached.push({ memberId: r.memberId, level: reached, purchaseId: id })
  for (const { coupon, savedFen } of applied) {
    const locked = state.coupons.byId.get(coupon.id)
    if (locked) locked.status = 'used'
    state.redeemed.push({
      couponId: coupon.id,
      memberId: r.memberId,
      at: r.at,
      storeId: r.storeId,
      operatorId: r.operatorId,
      purchaseId: id,
      savedFen,
    })
  }
  const purchase: Purchase = {
    id,
    source: r.source,
    externalNo: r.externalNo,
    contentHash: hash,
    memberId: r.memberId,
    storeId: r.storeId,
    operatorId: r.operatorId,
    at: r.at,
    onDay,
    amountFen: r.amountFen,
    discountFen,
    paidFen,
    refundedFen: 0,
    multiplierBp,
    pointsEarned: points,
    pointsTakenBack: 0,
    pointsSeq,
    growthEarned,
    growthTakenBack: 0,
    status: 'settled',
    refundedAt: null,
    payKind: r.payKind ?? 'other',
    recordedAt: state.now,
    offline: Number(r.offline ?? false),
  }
  state.known.set(keyOf(r), purchase)
  state.made.push({ purchase, lines: r.lines })
  const stats = state.stats.get(r.memberId)
  if (!stats) throw new Error(`Figures of ${r.memberId} were not loaded`)
  stats.addPurchase(purchase)
  return answer(
    purchase,
    false,
    reached !== null,
    applied.map((a) => ({ couponId: a.coupon.id, name: a.coupon.name, savedFen: a.savedFen })),
  )
}

/**
 * Settles purchases: coupons, points, growth, tier and the member's figures in one transaction. Locks are taken in the house order:
 * accounts, growth, coupons, figures.
 */
export const settlePurchases: Command<Settlement, State, Settled> = {
  load: async (tx, requests, now) => {
    const memberIds = [...new Set(requests.map((r) => r.memberId))]
    const couponIds = requests.flatMap((r) => r.couponIds)
    const accounts = await loadAccounts(tx, memberIds, { lots: false, now })
    const existing = memberIds.filter((id) => accounts.standing.has(id))
    const growth = await loadGrowth(tx, existing, civilDay(now))
    const coupons = await lockCoupons(tx, couponIds)
    return {
      now,
      accounts,
      growth,
      coupons,
      naming: couponIds.length ? await namingOf(tx) : null,
      levels: await levelsOf(tx),
      stats: await loadStats(tx, existing, now),
      known: await loadKnown(tx, requests),
      made: [],
      redeemed: [],
      reached: [],
    }
  },
  decide: (state, requests) => requests.map((r) => settleOne(state, r)),
  write: (tx, state) => {
    writeAccounts(tx, state.accounts, state.now)
    writeGrowth(tx, state.growth, state.now)
    writeRedemptions(tx, state.redeemed, state.now)
    tx.insert(
      'purchase',
      state.made.map((m) => ({ ...m.purchase })),
    )
    tx.insert(
      'purchase_line',
      state.made.flatMap((m) =>
        m.lines.map((l, i) => ({ purchaseId: m.purchase.id, lineNo: i + 1, ...l, refundedQuantity: 0 })),
      ),
    )
    writeStats(tx, state.stats)
    appendEvents(
      tx,
      state.made.map(({ purchase: p }) => ({
        memberId: p.memberId,
        eventId: `purchase:${p.id}`,
        type: 'purchase',
        at: p.at,
        target: p.storeId,
        origin: 'server' as const,
      })),
      state.now,
    )
    // History that is imported makes no noise: only a tier reached now is worth a message.
    const fresh = state.reached.filter((r) =>
      state.made.some((m) => m.purchase.id === r.purchaseId && m.purchase.at > state.now - 86_400_000),
    )
    queueMessages(
      tx,
      fresh.map((r) => ({
        memberId: r.memberId,
        kind: 'tier_up',
        title: `升级啦，${r.level.name}`,
        text: `恭喜升级为${r.level.name}，新权益已生效。`,
        page: 'packages/tier/index',
        data: { tier: r.level.name },
        dedupeKey: `tier_up:${r.memberId}:${r.purchaseId}`,
        channels: ['inbox' as const, 'subscribe' as const],
      })),
      state.now,
    )
  },
}
