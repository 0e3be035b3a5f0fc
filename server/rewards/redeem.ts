import { randomInt } from 'node:crypto'
import { civilDay, MINUTE_MS } from '../../shared/time'
import { issueCoupons } from '../coupons/service'
import { newId, newReceiptNo } from '../db/id'
import { marks, sql } from '../db/statement'
import type { Tx } from '../db/transaction'
import { AppError, refuse } from '../errors'
import type { Command } from '../http/command'
import { appendEvents } from '../interactions/service'
import { luhnDigit } from '../members/service'
import { allStores } from '../operators/service'
import { type Accounts, loadAccounts, spend, spendable, usableAccount, writeAccounts } from '../points/service'
import { type Level, levelsOf } from '../tiers/service'
import type { Reward, RewardEvent, RewardOrder, RewardPayment } from './entity'
import { freeSlot, type Method, methodOf, paidState, redeemRefusal, rewardPolicy, type Shelf } from './rules'

/** Somebody wants a reward. */
export interface Redemption {
  memberId: string
  rewardId: string
  method?: Method
  storeId?: string
  /** The address, sealed; null when none was given. */
  addressSealed: string | null
  /** Whether money can be taken at all: a reward with a price in yuan needs a gateway. */
  canPay: boolean
}
/** A redemption that happened. */
export interface Redeemed {
  order: RewardOrder
  balance: number
  stockLeft: number
  payment: RewardPayment | null
}
interface State {
  now: number
  accounts: Accounts
  shelf: Map<string, Shelf & { row: Reward; dirty: boolean }>
  /** Slots in use by `reward/member`. */
  slots: Map<string, Set<number>>
  stores: Set<string>
  levels: Level[]
  coupons: Awaited<ReturnType<typeof issueCoupons.load>> | null
  made: Redeemed[]
}

/** A reward's row as the rules take it. */
export const shelfOf = (row: Reward): Shelf => ({
  ...row,
  pickup: row.pickup === 1,
  delivery: row.delivery === 1,
  storeIds: JSON.parse(row.storeIds) as string[],
})

/** Twelve digits beginning with 66, the last one catching typing mistakes. Nine random ones make guessing hopeless. */
const newPickupCode = (): string => {
  const body = `66${String(randomInt(1_000_000_000)).padStart(9, '0')}`
  return body + luhnDigit(body)
}

const issueFor = (memberId: string, templateId: string, orderId: string | null, at: number) => ({
  memberId,
  templateId,
  source: 'reward' as const,
  sourceId: orderId && `reward:${orderId}`,
  at,
})

const redeemOne = (state: State, r: Redemption): Redeemed | AppError => {
  const { now } = state
  const shelf = state.shelf.get(r.rewardId)
  if (!shelf) return refuse('reward_not_found')
  const account = usableAccount(state.accounts, r.memberId)
  if (account instanceof AppError) return account
  const onDay = civilDay(now)
  const slots = state.slots.get(`${r.rewardId}/${r.memberId}`) ?? new Set<number>()
  const tierName = (level: number): string => state.levels.find((l) => l.level === level)?.name ?? `${level} 级`
  const tierLevel = state.accounts.standing.get(r.memberId)?.tierLevel ?? 0
  const who = { tierLevel, taken: slots.size, available: spendable(account, onDay) }
  const refusal = redeemRefusal(shelf, who, now, tierName)
  if (refusal) return refusal
  const method = methodOf(shelf, r.method)
  if (method instanceof AppError) return method
  if (method === 'pickup') {
    const open = r.storeId && state.stores.has(r.storeId)
    if (!open || (shelf.storeIds.length && !shelf.storeIds.includes(r.storeId as string)))
      return refuse('reward_store_wrong', { reason: r.storeId ? '这家门店不能取这件礼品' : '请选择取货门店' })
  }
  if (method === 'delivery' && !r.addressSealed)
    return refuse('invalid_input', { reason: '请填写收件地址', field: 'address' })
  if (shelf.cashFen && !r.canPay) return refuse('payment_unavailable')
  const id = newId(now)
  let couponId: string | null = null
  if (method === 'coupon') {
    const templateId = shelf.row.couponTemplateId
    if (!templateId || !state.coupons) return refuse('coupon_template_not_found')
    const [issued] = issueCoupons.decide(state.coupons, [issueFor(r.memberId, templateId, id, now)], now)
    if (issued instanceof AppError) return issued
    couponId = issued.couponId
  }
  const entry = spend(account, shelf.points, { at: now, onDay }, { type: 'reward', id, note: `兑换 ${shelf.name}` })
  // The same lots were counted a moment ago; a coupon is already made, so a refusal here must undo the batch.
  if (entry instanceof AppError) throw new Error(`Points of ${r.memberId} changed under their lock`)
  const slot = freeSlot(slots, shelf.perMember)
  if (slot === null) throw new Error(`No slot of ${r.rewardId} is free although the limit allows one`)
  slots.add(slot)
  state.slots.set(`${r.rewardId}/${r.memberId}`, slots)
  shelf.used += 1
  shelf.dirty = true
  const unpaid = shelf.cashFen > 0
  const stateNow = unpaid ? 'unpaid' : paidState(method)
  const dueAt = unpaid
    ? now + rewardPolicy.payMinutes * MINUTE_MS
    : stateNow === 'ready'
      ? now + shelf.row.pickupDays * 24 * 60 * MINUTE_MS
      : null
  const order: RewardOrder = {
    id,
    no: newReceiptNo(onDay),
    rewardId: shelf.id,
    memberId: r.memberId,
    slot,
    method,
    state: stateNow,
    points: shelf.points,
    cashFen: shelf.cashFen,
    pointsSeq: entry.seq,
    holdsStock: 1,
    couponId,
    pickupCode: method === 'pickup' ? newPickupCode() : null,
    storeId: method === 'pickup' ? (r.storeId as string) : null,
    addressSealed: method === 'delivery' ? r.addressSealed : null,
    carrier: null,
    trackingNo: null,
    createdAt: now,
    createdOn: onDay,
    dueAt,
    handedAt: null,
    handedBy: null,
    closedAt: stateNow === 'done' ? now : null,
  }
  const payment: RewardPayment | null = unpaid
    ? {
        id: newId(now),
        orderId: id,
        memberId: r.memberId,
        amountFen: shelf.cashFen,
        state: 'open',
        transactionId: null,
        createdAt: now,
        paidAt: null,
        refundedAt: null,
      }
    : null
  const made = { order, payment, balance: Math.max(0, account.balance), stockLeft: shelf.stock - shelf.used }
  state.made.push(made)
  return made
}

/**
 * Redeems rewards: points, coupon, stock and the member's limit in one transaction. Locks in the house order: account, lots, coupon
 * template, reward. Ten thousand hands on one reward are one row lock a batch.
 */
export const redeemRewards: Command<Redemption, State, Redeemed> = {
  load: async (tx, requests, now) => {
    const rewardIds = [...new Set(requests.map((r) => r.rewardId))].sort()
    const memberIds = [...new Set(requests.map((r) => r.memberId))].sort()
    // The coupon's template comes before the reward in the order of locks, so its id is read without one first; it never changes.
    const peek = await tx.read<Pick<Reward, 'id' | 'couponTemplateId'>>(
      `SELECT id, couponTemplateId FROM reward WHERE id IN ${marks(rewardIds)}`,
      rewardIds,
    )
    const accounts = await loadAccounts(tx, memberIds, { lots: true, now })
    const issues = requests.flatMap((r) => {
      const templateId = peek.find((p) => p.id === r.rewardId)?.couponTemplateId
      return templateId ? [issueFor(r.memberId, templateId, null, now)] : []
    })
    const coupons = issues.length ? await issueCoupons.load(tx, issues, now) : null
    const [rows, taken] = await tx.readAll([
      sql(`SELECT * FROM reward WHERE id IN ${marks(rewardIds)} ORDER BY id${tx.lock}`, rewardIds),
      sql(
        `SELECT rewardId, memberId, slot FROM reward_order WHERE rewardId IN ${marks(rewardIds)} AND memberId IN ${marks(memberIds)} AND slot IS NOT NULL`,
        [...rewardIds, ...memberIds],
      ),
    ])
    const slots = new Map<string, Set<number>>()
    for (const t of taken as unknown as RewardOrder[]) {
      const key = `${t.rewardId}/${t.memberId}`
      slots.set(key, (slots.get(key) ?? new Set()).add(t.slot as number))
    }
    return {
      now,
      accounts,
      shelf: new Map((rows as unknown as Reward[]).map((row) => [row.id, { ...shelfOf(row), row, dirty: false }])),
      slots,
      stores: new Set((await allStores(tx)).map((s) => s.id)),
      levels: await levelsOf(tx),
      coupons,
      made: [],
    }
  },
  decide: (state, requests) => requests.map((r) => redeemOne(state, r)),
  write: (tx, state) => {
    writeAccounts(tx, state.accounts, state.now)
    if (state.coupons) issueCoupons.write(tx, state.coupons)
    tx.insert(
      'reward_order',
      state.made.map(({ order }) => ({ ...order })),
    )
    tx.insert(
      'reward_payment',
      state.made.flatMap(({ payment }) => (payment ? [{ ...payment }] : [])),
    )
    for (const s of state.shelf.values())
      if (s.dirty) tx.write('UPDATE reward SET used = ? WHERE id = ?', [s.used, s.id])
    appendRewardEvents(
      tx,
      state.made.map(({ order: o }) => ({
        rewardId: o.rewardId,
        orderId: o.id,
        kind: 'redeem',
        delta: -1,
        operatorId: null,
        note: '',
      })),
      state.now,
    )
    appendEvents(
      tx,
      state.made.map(({ order: o }) => ({
        memberId: o.memberId,
        eventId: `reward:${o.id}`,
        type: 'reward_redeem',
        at: o.createdAt,
        target: o.rewardId,
        origin: 'server' as const,
      })),
      state.now,
    )
  },
}

/** Writes down what happened to stock and orders. */
export const appendRewardEvents = (tx: Tx, events: readonly Omit<RewardEvent, 'id' | 'at'>[], now: number): void =>
  tx.insert(
    'reward_event',
    events.map((e) => ({ id: newId(now), at: now, ...e })),
  )
