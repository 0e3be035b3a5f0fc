import type { Output, Parsed } from '../../shared/contract'
import { addDays, civilDay } from '../../shared/time'
import { namingOf, templatesByIds } from '../coupons/service'
import { newId } from '../db/id'
import { marks } from '../db/statement'
import type { Reader, Tx } from '../db/transaction'
import { refuse } from '../errors'
import { keepOperatorPictures } from '../http/uploads'
import { operatorNames, storeById } from '../operators/service'
import type { Reward, RewardEvent } from './entity'
import { appendRewardEvents, shelfOf } from './redeem'
import { checkReward, openStates, rewardSentence } from './rules'
import { type AdminReward, adminRewardOf, cardOf, type Figures, noFigures } from './views'

export type RewardDraft = Parsed<'POST /admin/rewards'>

const columns = (d: RewardDraft) => ({
  name: d.name,
  subtitle: d.subtitle,
  description: d.description,
  kind: d.kind,
  category: d.category,
  pictures: JSON.stringify(d.pictures),
  points: d.points,
  cashFen: d.cashFen,
  worthFen: d.worthFen,
  couponTemplateId: d.kind === 'coupon' ? d.couponTemplateId : null,
  stock: d.stock,
  perMember: d.perMember,
  minTierLevel: d.minTierLevel,
  saleFrom: d.saleFrom,
  saleUntil: d.saleUntil,
  pickup: Number(d.kind === 'goods' && d.pickup),
  delivery: Number(d.kind === 'goods' && d.delivery),
  storeIds: JSON.stringify([...new Set(d.storeIds)].sort()),
  pickupDays: d.pickupDays,
  sort: d.sort,
})

/** What a reward costs and gives: frozen once members may have redeemed it. */
const promise = (r: Omit<ReturnType<typeof columns>, 'kind'> & { kind: string }): string =>
  JSON.stringify([
    r.kind,
    r.points,
    r.cashFen,
    r.couponTemplateId,
    r.stock,
    r.perMember,
    r.minTierLevel,
    r.saleFrom,
    r.pickup,
    r.delivery,
  ])

const figuresOf = async (db: Reader, ids: readonly string[]): Promise<Map<string, Figures>> => {
  const open = openStates.map((s) => `'${s}'`).join(', ')
  const rows = await db.read<{ rewardId: string } & Record<keyof Figures, number | null>>(
    `SELECT rewardId, COUNT(*) AS orders, COUNT(DISTINCT memberId) AS members,
       SUM(CASE WHEN state IN (${open}) THEN 1 ELSE 0 END) AS open, SUM(points) AS points,
       SUM(CASE WHEN state = 'unpaid' THEN 0 ELSE cashFen END) AS cashFen
     FROM reward_order WHERE rewardId IN ${marks(ids)} AND state NOT IN ('cancelled', 'expired', 'refunded') GROUP BY rewardId`,
    [...ids],
  )
  return new Map(
    rows.map((r) => [
      r.rewardId,
      {
        orders: Number(r.orders),
        open: Number(r.open),
        points: Number(r.points),
        cashFen: Number(r.cashFen),
        members: Number(r.members),
      },
    ]),
  )
}

const viewRewards = async (db: Reader, rows: readonly Reward[]): Promise<AdminReward[]> => {
  if (!rows.length) return []
  const templateIds = [...new Set(rows.flatMap((r) => (r.couponTemplateId ? [r.couponTemplateId] : [])))]
  const [naming, figures, templates] = await Promise.all([
    namingOf(db),
    figuresOf(
      db,
      rows.map((r) => r.id),
    ),
    templatesByIds(db, templateIds),
  ])
  return rows.map((r) =>
    adminRewardOf(r, figures.get(r.id) ?? noFigures, templates.get(r.couponTemplateId ?? '')?.name ?? null, naming),
  )
}

const rowById = async (db: Reader, id: string): Promise<Reward> => {
  const [row] = await db.read<Reward>('SELECT * FROM reward WHERE id = ?', [id])
  if (!row) throw refuse('reward_not_found')
  return row
}
const shown = async (db: Reader, id: string): Promise<AdminReward> =>
  (await viewRewards(db, [await rowById(db, id)]))[0]

/** What a draft names must exist: its coupon, its stores, and the pictures that were uploaded, which are kept from now on. */
const requireNamed = async (db: Tx, d: RewardDraft, now: number): Promise<void> => {
  if (d.couponTemplateId && !(await templatesByIds(db, [d.couponTemplateId])).size)
    throw refuse('coupon_template_not_found')
  for (const id of d.storeIds) await storeById(db, id)
  await keepOperatorPictures(db, d.pictures, now)
}

/** Makes a draft. */
export const createReward = async (
  tx: Tx,
  draft: RewardDraft,
  operatorId: string | null,
  now: number,
): Promise<AdminReward> => {
  await requireNamed(tx, draft, now)
  const id = newId(now)
  tx.insert('reward', [
    {
      id,
      ...columns(draft),
      used: 0,
      state: 'draft',
      version: 1,
      createdAt: now,
      createdBy: operatorId,
      publishedAt: null,
      endedAt: null,
    },
  ])
  return shown(tx, id)
}

const lockReward = async (tx: Tx, id: string): Promise<Reward> => {
  const [row] = await tx.read<Reward>(`SELECT * FROM reward WHERE id = ?${tx.lock}`, [id])
  if (!row) throw refuse('reward_not_found')
  return row
}
const stateNames: Record<string, string> = { draft: '草稿', published: '已上架', ended: '已下架' }

/** Changes a draft freely; of a published one only words, pictures, order, stores and the end. */
export const updateReward = async (
  tx: Tx,
  { rewardId, version, ...draft }: Parsed<'PUT /admin/rewards/:rewardId'>,
  now: number,
): Promise<AdminReward> => {
  const before = await lockReward(tx, rewardId)
  if (before.version !== version) throw refuse('reward_conflict')
  if (before.state === 'ended') throw refuse('reward_bad_state', { state: stateNames.ended })
  await requireNamed(tx, draft, now)
  const set = columns(draft)
  if (before.state !== 'draft' && promise(before) !== promise(set)) throw refuse('reward_not_editable')
  const names = Object.keys(set) as (keyof typeof set)[]
  await tx.run(`UPDATE reward SET ${names.map((n) => `${n} = ?`).join(', ')}, version = version + 1 WHERE id = ?`, [
    ...names.map((n) => set[n]),
    rewardId,
  ])
  return shown(tx, rewardId)
}

/** Publishes a draft or ends a reward. Orders that are under way go on. */
export const moveReward = async (
  tx: Tx,
  { rewardId, version, to }: Parsed<'POST /admin/rewards/:rewardId/state'>,
  now: number,
): Promise<AdminReward> => {
  const row = await lockReward(tx, rewardId)
  if (row.version !== version) throw refuse('reward_conflict')
  const allowed = row.state === 'draft' ? ['published', 'ended'] : row.state === 'published' ? ['ended'] : []
  if (!allowed.includes(to)) throw refuse('reward_bad_state', { state: stateNames[row.state] })
  if (to === 'published') {
    const [wrong] = checkReward({ ...shelfOf(row), couponTemplateId: row.couponTemplateId }, now)
    if (wrong) throw refuse('invalid_input', { reason: wrong.message, field: wrong.field })
  }
  await tx.run('UPDATE reward SET state = ?, version = version + 1, publishedAt = ?, endedAt = ? WHERE id = ?', [
    to,
    row.publishedAt ?? (to === 'published' ? now : null),
    to === 'ended' ? now : null,
    rewardId,
  ])
  return shown(tx, rewardId)
}

/** Adds to the stock or takes from it, with a reason; what is redeemed stays covered. */
export const adjustStock = async (
  tx: Tx,
  { rewardId, delta, reason }: Parsed<'POST /admin/rewards/:rewardId/stock-adjustments'>,
  operatorId: string,
  now: number,
): Promise<AdminReward> => {
  const row = await lockReward(tx, rewardId)
  if (row.state === 'ended' || delta === 0)
    throw refuse('reward_bad_state', { state: delta === 0 ? '没有变化' : stateNames.ended })
  if (row.stock + delta < row.used || row.stock + delta < 1)
    throw refuse('reward_stock_below_used', { used: row.used, wanted: row.stock + delta })
  tx.write('UPDATE reward SET stock = stock + ?, version = version + 1 WHERE id = ?', [delta, rewardId])
  appendRewardEvents(tx, [{ rewardId, orderId: null, kind: 'adjust', delta, operatorId, note: reason }], now)
  return shown(tx, rewardId)
}

/** One page of rewards, newest first, with the counts of every state. */
export const listRewards = async (
  db: Reader,
  { cursor, limit, state, kind, q }: Parsed<'GET /admin/rewards'>,
): Promise<Output<'GET /admin/rewards'>> => {
  const rows = await db.read<Reward>(
    `SELECT * FROM reward WHERE id < ?${state ? ' AND state = ?' : ''}${kind ? ' AND kind = ?' : ''}${q ? ' AND name LIKE ?' : ''} ORDER BY id DESC LIMIT ?`,
    [
      cursor ?? '~',
      ...(state ? [state] : []),
      ...(kind ? [kind] : []),
      ...(q ? [`%${q.replace(/[%_\\]/g, '')}%`] : []),
      limit + 1,
    ],
  )
  const counted = await db.read<{ state: string; n: number }>('SELECT state, COUNT(*) AS n FROM reward GROUP BY state')
  const count = (s: string): number => Number(counted.find((c) => c.state === s)?.n ?? 0)
  const page = rows.slice(0, limit)
  return {
    items: await viewRewards(db, page),
    nextCursor: rows.length > limit ? page[page.length - 1].id : null,
    counts: { draft: count('draft'), published: count('published'), ended: count('ended') },
  }
}

/** A draft as members would see it, its rule in a sentence, and what is missing. */
export const previewReward = async (
  db: Reader,
  draft: RewardDraft,
  now: number,
): Promise<Output<'POST /admin/rewards/previews'>> => {
  const naming = await namingOf(db)
  const template = draft.couponTemplateId
    ? (await templatesByIds(db, [draft.couponTemplateId])).get(draft.couponTemplateId)
    : undefined
  const row: Reward = {
    ...columns(draft),
    id: 'preview',
    used: 0,
    state: 'published',
    version: 1,
    createdAt: now,
    createdBy: null,
    publishedAt: now,
    endedAt: null,
  }
  const shelf = shelfOf(row)
  const issues = checkReward({ ...shelf, couponTemplateId: row.couponTemplateId }, now)
  if (template && template.state !== 'published')
    issues.push({ field: 'couponTemplateId', message: '这张优惠券还没有发布，兑换时会被拒绝' })
  return {
    card: cardOf(row, null, now, naming.tier),
    sentence: rewardSentence({ ...shelf, pickupDays: row.pickupDays, couponName: template?.name ?? null }, naming),
    issues,
  }
}

const stockKinds: Record<string, string> = {
  redeem: '兑换',
  cancel: '取消退回',
  expire: '超时退回',
  refund: '退换退回',
  adjust: '人工调整',
}

/** Days of the chart on a reward's page. */
const chartDays = 30

/** One reward with its stock's history and thirty days of redemptions. */
export const showReward = async (
  db: Reader,
  rewardId: string,
  now: number,
): Promise<Output<'GET /admin/rewards/:rewardId'>> => {
  const row = await rowById(db, rewardId)
  const from = addDays(civilDay(now), -(chartDays - 1))
  const [[view], naming, events, days] = await Promise.all([
    viewRewards(db, [row]),
    namingOf(db),
    db.read<RewardEvent>('SELECT * FROM reward_event WHERE rewardId = ? AND delta <> 0 ORDER BY id DESC LIMIT 50', [
      rewardId,
    ]),
    db.read<{ d: string; n: number; points: number }>(
      "SELECT createdOn AS d, COUNT(*) AS n, SUM(points) AS points FROM reward_order WHERE rewardId = ? AND createdOn >= ? AND state NOT IN ('cancelled', 'expired', 'refunded') GROUP BY createdOn",
      [rewardId, from],
    ),
  ])
  const names = await operatorNames(db, [...new Set(events.flatMap((e) => (e.operatorId ? [e.operatorId] : [])))])
  return {
    ...view,
    card: cardOf(row, null, now, naming.tier),
    stockChanges: events.map((e) => ({
      id: e.id,
      at: e.at,
      delta: e.delta,
      kind: stockKinds[e.kind] ?? e.kind,
      reason: e.note,
      by: e.operatorId ? (names.get(e.operatorId) ?? null) : null,
    })),
    daily: Array.from({ length: chartDays }, (_, i) => {
      const on = addDays(from, i)
      const day = days.find((d) => d.d === on)
      return { on, orders: Number(day?.n ?? 0), points: Number(day?.points ?? 0) }
    }),
  }
}
