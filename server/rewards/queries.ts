import type { Output, Parsed } from '../../shared/contract'
import { civilDay } from '../../shared/time'
import { namingOf, templatesByIds, ticketFace } from '../coupons/service'
import type { Bindable } from '../db/statement'
import type { Reader } from '../db/transaction'
import { refuse } from '../errors'
import type { Keys } from '../keys'
import { requireMember } from '../members/service'
import { allStores } from '../operators/service'
import { accountOf } from '../points/service'
import { levelsOf } from '../tiers/service'
import type { Reward, RewardOrder } from './entity'
import { openStates, type Wish } from './rules'
import { type Card, cardOf, conditionsOf, type OrderView, picturesOf, viewOrders } from './views'

type Detail = Output<'GET /me/rewards/:rewardId'>
type Filter = Parsed<'GET /rewards'> & { affordable?: '0' | '1' }

const tierNamer = async (db: Reader): Promise<(level: number) => string> => {
  const levels = await levelsOf(db)
  return (level) => levels.find((l) => l.level === level)?.name ?? `${level} 级`
}

/** The member's standing before the shelf: tier and points, and what was taken of each reward. */
const shopper = async (
  db: Reader,
  memberId: string,
  now: number,
): Promise<{ of: (rewardId: string) => Wish; available: number }> => {
  const [member, account, rows] = await Promise.all([
    requireMember(db, memberId),
    accountOf(db, memberId, civilDay(now)),
    db.read<{ rewardId: string; n: number }>(
      'SELECT rewardId, COUNT(*) AS n FROM reward_order WHERE memberId = ? AND slot IS NOT NULL GROUP BY rewardId',
      [memberId],
    ),
  ])
  const taken = new Map(rows.map((r) => [r.rewardId, Number(r.n)]))
  const available = account.balance
  return {
    of: (rewardId) => ({ tierLevel: member.tierLevel, taken: taken.get(rewardId) ?? 0, available }),
    available,
  }
}

const onShelf = "state = 'published' AND (saleUntil IS NULL OR saleUntil >= ?)"
/** How a list is ordered: the column, which way, and that the id decides between equals. */
const orders = {
  usual: { column: 'sort', up: true },
  points: { column: 'points', up: true },
  new: { column: 'publishedAt', up: false },
} as const

const shelfPage = async (db: Reader, f: Filter, available: number | null, now: number) => {
  const { column, up } = orders[f.sort]
  const where = [onShelf]
  const params: Bindable[] = [now]
  const add = (text: string, ...values: Bindable[]): void => {
    where.push(text)
    params.push(...values)
  }
  if (f.category) add('category = ?', f.category)
  if (f.kind) add('kind = ?', f.kind)
  if (f.affordable === '1' && available !== null) add('points <= ? AND used < stock', available)
  const [value, after] = f.cursor?.split('-') ?? []
  const than = up ? '>' : '<'
  if (/^\d+$/.test(value ?? '') && after)
    add(`(${column} ${than} ? OR (${column} = ? AND id ${than} ?))`, Number(value), Number(value), after)
  const way = up ? 'ASC' : 'DESC'
  const rows = await db.read<Reward>(
    `SELECT * FROM reward WHERE ${where.join(' AND ')} ORDER BY ${column} ${way}, id ${way} LIMIT ?`,
    [...params, f.limit + 1],
  )
  const shown = rows.slice(0, f.limit)
  const last = shown.at(-1)
  return { shown, nextCursor: rows.length > f.limit && last ? `${last[column]}-${last.id}` : null }
}

const categoriesOf = async (db: Reader, now: number): Promise<string[]> =>
  (
    await db.read<{ category: string }>(
      `SELECT category, MIN(sort) AS first FROM reward WHERE ${onShelf} GROUP BY category ORDER BY first, category LIMIT 20`,
      [now],
    )
  ).map((r) => r.category)

/** The mall as a visitor sees it. */
export const visitorRewards = async (db: Reader, filter: Filter, now: number): Promise<Output<'GET /rewards'>> => {
  const [{ shown, nextCursor }, tierName, categories] = await Promise.all([
    shelfPage(db, filter, null, now),
    tierNamer(db),
    categoriesOf(db, now),
  ])
  return { items: shown.map((r) => cardOf(r, null, now, tierName)), nextCursor, categories }
}

/** The mall for a member: each reward with what stands against it. */
export const memberRewards = async (
  db: Reader,
  memberId: string,
  filter: Filter,
  now: number,
): Promise<Output<'GET /me/rewards'>> => {
  const who = await shopper(db, memberId, now)
  const [{ shown, nextCursor }, tierName, categories] = await Promise.all([
    shelfPage(db, filter, who.available, now),
    tierNamer(db),
    categoriesOf(db, now),
  ])
  return {
    items: shown.map((r) => cardOf(r, who.of(r.id), now, tierName)),
    nextCursor,
    categories,
    balance: who.available,
  }
}

/** A few rewards for the home page: what this member can have now, dearest first, then what comes nearest. */
export const rewardTeaser = async (
  db: Reader,
  { tierLevel, balance }: { tierLevel: number; balance: number },
  now: number,
  limit = 4,
): Promise<Output<'GET /me/home'>['rewards']> => {
  const rows = await db.read<Reward>(
    `SELECT * FROM reward WHERE ${onShelf} AND used < stock AND (saleFrom IS NULL OR saleFrom <= ?) AND minTierLevel <= ? ORDER BY sort, id LIMIT 40`,
    [now, now, tierLevel],
  )
  const within = rows.filter((r) => r.points <= balance).sort((a, b) => b.points - a.points)
  const beyond = rows.filter((r) => r.points > balance).sort((a, b) => a.points - b.points)
  return [...within, ...beyond].slice(0, limit).map((r) => ({
    id: r.id,
    name: r.name,
    picture: picturesOf(r)[0],
    points: r.points,
    cashFen: r.cashFen,
    affordable: r.points <= balance,
  }))
}

/** One reward with its conditions. `memberId` null: a visitor. */
export const rewardDetail = async (
  db: Reader,
  memberId: string | null,
  rewardId: string,
  now: number,
): Promise<Detail> => {
  const [row] = await db.read<Reward>("SELECT * FROM reward WHERE id = ? AND state <> 'draft'", [rewardId])
  if (!row) throw refuse('reward_not_found')
  const [who, tierName, stores, templates, naming] = await Promise.all([
    memberId ? shopper(db, memberId, now) : null,
    tierNamer(db),
    allStores(db),
    row.couponTemplateId ? templatesByIds(db, [row.couponTemplateId]) : null,
    namingOf(db),
  ])
  const wish = who?.of(rewardId) ?? null
  const storeIds = JSON.parse(row.storeIds) as string[]
  const template = templates?.get(row.couponTemplateId ?? '')
  const card: Card = cardOf(row, wish, now, tierName)
  return {
    ...card,
    description: row.description,
    pictures: picturesOf(row),
    stock: row.stock,
    perMember: row.perMember,
    taken: wish?.taken ?? 0,
    methods:
      row.kind === 'coupon'
        ? ['coupon']
        : [...(row.pickup ? (['pickup'] as const) : []), ...(row.delivery ? (['delivery'] as const) : [])],
    stores: row.pickup
      ? stores
          .filter((s) => !storeIds.length || storeIds.includes(s.id))
          .map(({ id, name, address }) => ({ id, name, address }))
      : [],
    pickupDays: row.pickupDays,
    conditions: conditionsOf(row, wish, now, tierName),
    couponRules: template ? ticketFace(template, naming).rules : [],
    balanceAfter: who ? who.available - row.points : null,
  }
}

const states = openStates.map((s) => `'${s}'`).join(', ')
/** A member's redemptions, newest first. */
export const ordersOf = async (
  db: Reader,
  keys: Keys,
  memberId: string,
  { tab, cursor, limit }: Parsed<'GET /me/reward-orders'>,
): Promise<Output<'GET /me/reward-orders'>> => {
  const which = tab === 'open' ? ` AND state IN (${states})` : tab === 'closed' ? ` AND state NOT IN (${states})` : ''
  const rows = await db.read<RewardOrder>(
    `SELECT * FROM reward_order WHERE memberId = ? AND id < ?${which} ORDER BY id DESC LIMIT ?`,
    [memberId, cursor ?? '~', limit + 1],
  )
  const shown = rows.slice(0, limit)
  return {
    items: await viewOrders(db, keys, shown),
    nextCursor: rows.length > limit ? shown[shown.length - 1].id : null,
  }
}

/** One redemption of this member; somebody else's is not found. */
export const orderOf = async (db: Reader, keys: Keys, memberId: string, orderId: string): Promise<OrderView> => {
  const rows = await db.read<RewardOrder>('SELECT * FROM reward_order WHERE id = ? AND memberId = ?', [
    orderId,
    memberId,
  ])
  if (!rows.length) throw refuse('reward_order_not_found')
  return (await viewOrders(db, keys, rows))[0]
}

/** Rewards an operator handed out in a store, in [from, until) epoch ms, for the shift's totals. */
export const handedBy = async (
  db: Reader,
  { operatorId, storeId, from, until }: { operatorId: string; storeId: string; from: number; until: number },
): Promise<number> => {
  const [row] = await db.read<{ n: number }>(
    "SELECT COUNT(*) AS n FROM reward_order WHERE handedBy = ? AND storeId = ? AND state = 'handed' AND handedAt >= ? AND handedAt < ?",
    [operatorId, storeId, from, until],
  )
  return Number(row.n)
}
