import { endOfDay, lastDayOfMonth, startOfDay } from '../../shared/time'
import { type Bindable, marks } from '../db/statement'
import type { Band } from './member-rules'
import { churnBands, clvBands, orderBands } from './member-rules'
import { firstOfMonth, monthName, monthNumber } from './rules'

/** Read-only SQL over other modules' tables: the members behind a cell, by id, after one. */

/** A list of ids: what it is called and the SELECT that gives `memberId`, to which a page's bounds are added. */
export interface MemberList {
  title: string
  /** SELECT … WHERE …, the id being `id` here. */
  select: string
  id: string
  params: Bindable[]
  /** Whether one store can be asked for: the column that names it. */
  store?: string
}

const rangeOf = (text: string): [string, string] | null => {
  const found = /^(\d{4}-\d{2}-\d{2})\.\.(\d{4}-\d{2}-\d{2})$/.exec(text)
  return found ? [found[1], found[2]] : null
}
const isDay = (text: string): boolean => /^\d{4}-\d{2}-\d{2}$/.test(text)
const isMonth = (text: string): boolean => /^\d{4}-(0[1-9]|1[0-2])$/.test(text)

const distinct = (table: string, where: string, id = 'memberId'): string =>
  `SELECT DISTINCT ${id} AS memberId FROM ${table} WHERE ${where}`

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

const inBand = (column: string, band: Band): { text: string; params: Bindable[] } => ({
  text: `${column} >= ?${band.to === null ? '' : ` AND ${column} < ?`}`,
  params: band.to === null ? [band.from] : [band.from, band.to],
})
const banded = (
  bands: readonly Band[],
  key: string,
  title: string,
  table: string,
  column: string,
): MemberList | null => {
  const band = bands.find((b) => b.key === key)
  if (!band) return null
  const { text, params } = inBand(column, band)
  return {
    title: `${title}：${band.label}`,
    select: `SELECT memberId FROM ${table} WHERE ${text}`,
    id: 'memberId',
    params,
  }
}

const firstBought = (month: string): { text: string; params: Bindable[] } => {
  const first = firstOfMonth(month)
  return {
    text: 'f.firstAt >= ? AND f.firstAt <= ?',
    params: [startOfDay(first), endOfDay(lastDayOfMonth(first))],
  }
}

const cohort = (month: string, after: string): MemberList | null => {
  if (!isMonth(month) || !/^\d{1,3}$/.test(after)) return null
  const first = firstBought(month)
  const later = firstOfMonth(monthName(monthNumber(month) + Number(after)))
  const back =
    after === '0'
      ? { text: '', params: [] }
      : {
          text: " AND EXISTS (SELECT 1 FROM purchase p WHERE p.memberId = f.memberId AND p.at >= ? AND p.at <= ? AND p.status <> 'refunded')",
          params: [startOfDay(later), endOfDay(lastDayOfMonth(later))],
        }
  return {
    title: after === '0' ? `${month} 首次消费的会员` : `${month} 首次消费、${after} 个月后又来的会员`,
    // Index segment_fact_first, then purchase_member.
    select: `SELECT f.memberId FROM segment_fact f WHERE ${first.text}${back.text}`,
    id: 'f.memberId',
    params: [...first.params, ...back.params],
  }
}

const stageMove = (row: string, col: string): MemberList | null => {
  const range = rangeOf(col)
  const [from, to] = row.split('>')
  if (!range || !from || !to) return null
  return {
    title: `${range[0]} 至 ${range[1]} 阶段转变的会员`,
    // Index stage_change_day.
    select: distinct('stage_change', 'onDay >= ? AND onDay <= ? AND fromStage = ? AND toStage = ?'),
    id: 'memberId',
    params: [...range, from, to],
  }
}

const reward = (key: string, col: string): MemberList | null => {
  const range = rangeOf(col)
  const [kind, source] = key.split(':')
  if (!range || !source) return null
  return kind === 'coupon'
    ? {
        title: '用过这种奖励的会员',
        select: distinct('coupon', 'redeemedOn >= ? AND redeemedOn <= ? AND source = ?'),
        id: 'memberId',
        params: [...range, source],
      }
    : {
        title: '用过这种奖励的会员',
        select: distinct('points_entry', "onDay >= ? AND onDay <= ? AND kind = 'spend' AND sourceType = ?"),
        id: 'memberId',
        params: [...range, source],
      }
}

/** Lists that need more than a day. */
const byFigure: Record<string, (row: string, col: string) => MemberList | null> = {
  stage: (row) => ({
    title: '这个阶段的会员',
    // Index member_score_stage.
    select: 'SELECT memberId FROM member_score WHERE stage = ?',
    id: 'memberId',
    params: [row],
  }),
  'stage-move': stageMove,
  lost: (row, col) => {
    const range = rangeOf(col)
    return (
      range && {
        title: `${row} 转入流失的会员`,
        select: distinct('stage_change', "onDay >= ? AND onDay <= ? AND toStage = 'lost'"),
        id: 'memberId',
        params: [...range],
      }
    )
  },
  'first-bought': (row) => cohort(row, '0'),
  cohort,
  orders: (row) => banded(orderBands, row, '消费次数', 'segment_fact', 'purchases'),
  clv: (row) => banded(clvBands, row, '未来 12 个月价值', 'segment_fact', 'clvFen'),
  churn: (row) => banded(churnBands, row, '流失概率', 'segment_fact', 'churnBp'),
  rfm: (row, col) => {
    const found = /^([1-5]):([1-5])$/.exec(row)
    if (!found) return null
    const [r, f] = col === 'quantile' ? ['r', 'f'] : ['rFixed', 'fFixed']
    return {
      title: '这一格的会员',
      select: `SELECT memberId FROM member_score WHERE ${r} = ? AND ${f} = ?`,
      id: 'memberId',
      params: [Number(found[1]), Number(found[2])],
    }
  },
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
  funnel: (row, col) => ({
    title: `走到第 ${col} 步的会员`,
    select: 'SELECT memberId FROM funnel_member WHERE funnelId = ? AND reached >= ?',
    id: 'memberId',
    params: [row, Number(col) || 1],
  }),
  nps: (row, col) => {
    const range = rangeOf(col)
    const bounds = { promoter: [9, 10], passive: [7, 8], detractor: [0, 6] }[row]
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
  figure in onOneDay ? (isDay(row) ? onOneDay[figure](row) : null) : (byFigure[figure]?.(row, col) ?? null)

/** One page of a list: the statement and its values. */
export const pageOf = (
  list: MemberList,
  stores: readonly string[] | null,
  cursor: string,
  limit: number,
): { text: string; params: Bindable[] } => ({
  text: `${list.select}${stores ? ` AND ${list.store} IN ${marks(stores)}` : ''} AND ${list.id} > ? ORDER BY ${list.id} LIMIT ?`,
  params: [...list.params, ...(stores ?? []), cursor, limit],
})
