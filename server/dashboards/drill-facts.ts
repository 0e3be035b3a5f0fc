import { addDays, daysBetween, endOfDay, HOUR_MS, isCivilDay, startOfDay } from '../../shared/time'
import { type Bindable, marks } from '../db/statement'
import { groupWallet } from '../points/service'
import { distinct, inRange, isGathered, type ListOf, type MemberList, rangeOf } from './drill-rules'
import { scoreLists } from './drill-score-facts'
import { daysFrom, firstOfMonth, monthName, monthNumber } from './rules'

/** Read-only SQL over other modules' tables: the members behind a cell, by id, after one. */

/** What happened on one day: buyers, who got money back, who joined … */
const onOneDay: Record<string, (day: string) => MemberList> = {
  buyers: (day) => ({
    title: `${day} 消费的会员`,
    select: distinct('purchase', 'onDay = ?'),
    id: 'memberId',
    params: [day],
    store: 'storeId',
  }),
  refunded: (day) => ({
    title: `${day} 退款的会员`,
    select: distinct('refund', 'onDay = ?'),
    id: 'memberId',
    params: [day],
    store: 'storeId',
  }),
  joined: (day) => ({
    title: `${day} 入会的会员`,
    select: 'SELECT id AS memberId FROM member WHERE joinedAt >= ? AND joinedAt <= ?',
    id: 'id',
    params: [startOfDay(day), endOfDay(day)],
    store: 'joinedStoreId',
  }),
  redeemed: (day) => ({
    title: `${day} 用券的会员`,
    select: distinct('coupon', 'redeemedOn = ?'),
    id: 'memberId',
    params: [day],
    store: 'storeId',
  }),
  issued: (day) => ({
    title: `${day} 得到券的会员`,
    select: distinct('coupon', 'claimedOn = ?'),
    id: 'memberId',
    params: [day],
  }),
  visits: (day) => ({
    title: `${day} 打开过页面的会员`,
    select: distinct('interaction', "type = 'page_view' AND onDay = ?"),
    id: 'memberId',
    params: [day],
  }),
}

/** Buyers of one hour of a day. Index purchase_day. */
const hourly: ListOf = (day, hour) => {
  if (!isCivilDay(day) || !/^(1?\d|2[0-3])$/.test(hour)) return null
  const from = startOfDay(day) + Number(hour) * HOUR_MS
  return {
    title: `${day} ${hour} 点消费的会员`,
    select: distinct('purchase', 'onDay = ? AND at >= ? AND at < ?'),
    id: 'memberId',
    params: [day, from, from + HOUR_MS],
    store: 'storeId',
  }
}

const reward = (key: string, col: string): MemberList | null => {
  const range = rangeOf(col)
  const [kind, source] = key.split(':')
  if (!range || !source) return null
  return kind === 'coupon'
    ? {
        title: '用过这种奖励的会员',
        // Index coupon_reward.
        select: distinct('coupon', 'redeemedOn >= ? AND redeemedOn <= ? AND source = ?'),
        id: 'memberId',
        params: [...range, source],
      }
    : {
        title: '用过这种奖励的会员',
        // Along the primary key.
        select: distinct('points_entry', "onDay >= ? AND onDay <= ? AND kind = 'spend' AND sourceType = ?"),
        id: 'memberId',
        params: [...range, source],
        along: true,
      }
}

/**
 * Members who opened a page and tapped one thing on it, `target|from..to` being the column. Index interaction_target, day by day: a range of
 * days would end what the index is used for, and every tap of the range be looked at.
 */
const tapped: ListOf = (page, col) => {
  const cut = col.lastIndexOf('|')
  const range = rangeOf(col.slice(cut + 1))
  // A range of a thousand years is not spelt out.
  if (!range || daysBetween(...range) >= 366) return null
  const days = daysFrom(...range)
  return {
    title: `点过“${col.slice(0, cut)}”的会员`,
    select: distinct('interaction', `type = 'tap' AND onDay IN ${marks(days)} AND page = ? AND target = ?`),
    id: 'memberId',
    params: [...days, page, col.slice(0, cut)],
  }
}

/** What moved the points of a month, as the figure's columns name it, and the kinds of entries behind it. */
const pointsKinds: Record<string, { word: string; kinds: string[] }> = {
  issued: { word: '得到积分', kinds: ['earn', 'gift'] },
  spent: { word: '用过积分', kinds: ['spend'] },
  expired: { word: '有积分到期', kinds: ['expire'] },
  takenBack: { word: '被收回积分', kinds: ['clawback'] },
}
/** Index points_entry_day. */
const pointsMoved: ListOf = (month, kind) => {
  const known = pointsKinds[kind]
  if (!known || !/^\d{4}-(0[1-9]|1[0-2])$/.test(month)) return null
  const next = firstOfMonth(monthName(monthNumber(month) + 1))
  return {
    title: `${month} ${known.word}的会员`,
    select: distinct('points_entry', `onDay >= ? AND onDay < ? AND kind IN ${marks(known.kinds)}`),
    id: 'memberId',
    params: [firstOfMonth(month), next, ...known.kinds],
  }
}

const answers = { all: [0, 10], promoter: [9, 10], passive: [7, 8], detractor: [0, 6] } as const
/** Members a recommendation of an arm was shown to; the column is `from..to|slot`, the slot empty for all. */
const recommended: ListOf = (arm, col) => {
  const [days, slot = ''] = col.split('|')
  const range = rangeOf(days)
  return (
    range && {
      title: '看到过推荐的会员',
      // Index recommendation_event_day.
      select: distinct(
        'recommendation_event',
        `onDay >= ? AND onDay <= ? AND kind = 'exposure' AND arm = ?${slot ? ' AND slot = ?' : ''}`,
      ),
      id: 'memberId',
      params: [...range, arm, ...(slot ? [slot] : [])],
    }
  )
}

/** Lists that need more than a day. */
const byFigure: Record<string, ListOf> = {
  ...scoreLists,
  hour: hourly,
  coupon: (row, col) => {
    const range = rangeOf(col)
    return (
      range && {
        title: '用过这张券的会员',
        // Index coupon_redeemed.
        select: distinct('coupon', 'redeemedOn >= ? AND redeemedOn <= ? AND templateId = ?'),
        id: 'memberId',
        params: [...range, row],
      }
    )
  },
  reward,
  // One pass over the orders: a shop has far fewer of them than purchases.
  'reward-order': inRange((from, to, rewardId) => ({
    title: '换过这件礼品的会员',
    select: distinct('reward_order', 'rewardId = ? AND createdOn >= ? AND createdOn <= ? AND closedAt IS NULL'),
    id: 'memberId',
    params: [rewardId, from, to],
  })),
  'store-buyers': (row, col) => {
    const range = rangeOf(col)
    return (
      range && {
        title: '在这家门店消费过的会员',
        // Index purchase_store.
        select: distinct('purchase', 'storeId = ? AND at >= ? AND at <= ?'),
        id: 'memberId',
        params: [row, startOfDay(range[0]), endOfDay(range[1])],
      }
    )
  },
  // Along the members, each by index purchase_member: no index leads by the source of a purchase.
  channel: (source) => ({
    title: '从这个渠道消费过的会员',
    select:
      'SELECT s.memberId FROM member_stats s WHERE EXISTS (SELECT 1 FROM purchase p WHERE p.memberId = s.memberId AND p.source = ?)',
    id: 's.memberId',
    params: [source],
  }),
  'points-held': () => ({
    title: '手里有积分的会员',
    select: 'SELECT memberId FROM points_account WHERE walletId = ? AND balance > 0',
    id: 'memberId',
    params: [groupWallet],
  }),
  'points-expiring': (day) =>
    isCivilDay(day)
      ? {
          title: '30 天内有积分到期的会员',
          // Index points_lot_expiry.
          select: distinct('points_lot', 'expiresOn >= ? AND expiresOn <= ? AND walletId = ? AND remaining > 0'),
          id: 'memberId',
          params: [day, addDays(day, 30), groupWallet],
        }
      : null,
  'points-moved': pointsMoved,
  tapped,
  recommended,
  funnel: (row, col) => ({
    title: `走到第 ${col} 步的会员`,
    select: 'SELECT memberId FROM funnel_member WHERE funnelId = ? AND reached >= ?',
    id: 'memberId',
    params: [row, Number(col) || 1],
  }),
  nps: (row, col) => {
    const range = rangeOf(col)
    const bounds = answers[row as keyof typeof answers] as readonly number[] | undefined
    return range && bounds
      ? {
          title: '给出这类评分的会员',
          // Index nps_answer_day.
          select: distinct('nps_answer', 'onDay >= ? AND onDay <= ? AND score >= ? AND score <= ?'),
          id: 'memberId',
          params: [...range, ...bounds],
        }
      : null
  },
}

/** The list behind a cell; null for a cell there is none of. */
export const listBehind = (figure: string, row: string, col: string): MemberList | null =>
  figure in onOneDay ? (isCivilDay(row) ? onOneDay[figure](row) : null) : (byFigure[figure]?.(row, col) ?? null)

/**
 * One page of a list: the statement and its values. Members of a range are gathered before they are put in order: asked for the first few
 * in order, MariaDB goes through the purchases of everybody member by member instead (half a minute for an hour's buyers among 10 million
 * purchases, where the hour's own rows take 20 ms).
 */
export const pageOf = (
  list: MemberList,
  stores: readonly string[] | null,
  cursor: string,
  limit: number,
): { text: string; params: Bindable[] } => {
  const select = `${list.select}${stores ? ` AND ${list.store} IN ${marks(stores)}` : ''}`
  const params = [...list.params, ...(stores ?? []), cursor, limit]
  return isGathered(list)
    ? { text: `SELECT memberId FROM (${select}) g WHERE memberId > ? ORDER BY memberId LIMIT ?`, params }
    : { text: `${select} AND ${list.id} > ? ORDER BY ${list.id} LIMIT ?`, params }
}
