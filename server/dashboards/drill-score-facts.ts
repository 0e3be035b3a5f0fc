import { DAY_MS, endOfDay, lastDayOfMonth, startOfDay } from '../../shared/time'
import type { Bindable } from '../db/statement'
import { anyReturn, returnBit, returnMonths } from '../segments/service'
import { banded, distinct, inRange, isMonth, type ListOf, type MemberList } from './drill-rules'
import { churnBands, clvBands, orderBands, repurchaseDays } from './member-rules'
import { firstOfMonth, monthName, monthNumber } from './rules'

/** Read-only SQL over the tables of scores and segments: the members behind figures that are made of scores and first purchases. */

const firstBought = (month: string): { text: string; params: Bindable[] } => {
  const first = firstOfMonth(month)
  return {
    text: 'f.firstAt >= ? AND f.firstAt <= ?',
    params: [startOfDay(first), endOfDay(lastDayOfMonth(first))],
  }
}

/** Who of those that first bought in a month bought in the one so many months later. */
const cameBack = (month: string, after: number): { text: string; params: Bindable[] } => {
  const later = firstOfMonth(monthName(monthNumber(month) + after))
  const bought =
    "EXISTS (SELECT 1 FROM purchase p WHERE p.memberId = f.memberId AND p.at >= ? AND p.at <= ? AND p.status <> 'refunded')"
  const params = [startOfDay(later), endOfDay(lastDayOfMonth(later))]
  return after > returnMonths
    ? { text: ` AND ${bought}`, params }
    : {
        text: ` AND (f.returnBits & ?) <> 0 AND (f.returnBits <> ? OR ${bought})`,
        params: [returnBit(after), anyReturn, ...params],
      }
}

const cohort = (month: string, after: string): MemberList | null => {
  if (!isMonth(month) || !/^\d{1,3}$/.test(after)) return null
  const first = firstBought(month)
  const back = after === '0' ? { text: '', params: [] } : cameBack(month, Number(after))
  return {
    title: after === '0' ? `${month} 首次消费的会员` : `${month} 首次消费、${after} 个月后又来的会员`,
    // Index segment_fact_return alone, but for those whose months nobody has looked at yet: purchase_member.
    select: `SELECT f.memberId FROM segment_fact f WHERE ${first.text}${back.text}`,
    id: 'f.memberId',
    params: [...first.params, ...back.params],
  }
}

/** Who first bought in a month and came again within so many days. Index segment_fact_return alone. */
const again: ListOf = (month, col) => {
  const days = repurchaseDays.find((known) => String(known) === col)
  if (!isMonth(month) || !days) return null
  const first = firstBought(month)
  return {
    title: `${month} 首次消费、${days} 天内又来的会员`,
    select: `SELECT f.memberId FROM segment_fact f WHERE ${first.text} AND f.secondAt > 0 AND f.secondAt - f.firstAt <= ?`,
    id: 'f.memberId',
    params: [...first.params, days * DAY_MS],
  }
}

/** Index stage_change_day. */
const stageMove = inRange((from, to, row) => {
  const [before, after] = row.split('>')
  return before && after
    ? {
        title: `${from} 至 ${to} 阶段转变的会员`,
        select: distinct('stage_change', 'onDay >= ? AND onDay <= ? AND fromStage = ? AND toStage = ?'),
        id: 'memberId',
        params: [from, to, before, after],
      }
    : null
})

const rfmColumns = (method: string): [string, string] => (method === 'quantile' ? ['r', 'f'] : ['rFixed', 'fFixed'])

/** Lists by the figure they stand behind. */
export const scoreLists: Record<string, ListOf> = {
  stage: (row) => ({
    title: '这个阶段的会员',
    // Index member_score_stage.
    select: 'SELECT memberId FROM member_score WHERE stage = ?',
    id: 'memberId',
    params: [row],
  }),
  'stage-move': stageMove,
  'stage-entered': inRange((from, to, stage) => ({
    title: `${from} 至 ${to} 转入这个阶段的会员`,
    select: distinct('stage_change', 'onDay >= ? AND onDay <= ? AND toStage = ?'),
    id: 'memberId',
    params: [from, to, stage],
  })),
  lost: inRange((from, to, month) => ({
    title: `${month} 转入流失的会员`,
    select: distinct('stage_change', "onDay >= ? AND onDay <= ? AND toStage = 'lost'"),
    id: 'memberId',
    params: [from, to],
  })),
  'first-bought': (row) => cohort(row, '0'),
  cohort,
  again,
  orders: (row) => banded(orderBands, row, '消费次数', 'segment_fact', 'purchases'),
  clv: (row) => banded(clvBands, row, '未来 12 个月价值', 'segment_fact', 'clvFen'),
  // The row is the least value of the best so many per cent, as the night found it.
  'clv-top': (row, col) =>
    /^\d{1,15}$/.test(row) && /^\d{1,2}$/.test(col)
      ? {
          title: `价值最高的 ${col}%`,
          select: 'SELECT memberId FROM segment_fact WHERE clvFen >= ?',
          id: 'memberId',
          params: [Number(row)],
        }
      : null,
  churn: (row) => banded(churnBands, row, '流失概率', 'segment_fact', 'churnBp'),
  rfm: (row, col) => {
    const found = /^([1-5]):([1-5])$/.exec(row)
    if (!found) return null
    const [r, f] = rfmColumns(col)
    return {
      title: '这一格的会员',
      select: `SELECT memberId FROM member_score WHERE ${r} = ? AND ${f} = ?`,
      id: 'memberId',
      params: [Number(found[1]), Number(found[2])],
    }
  },
  'rfm-best': (method) => {
    const [r, f] = rfmColumns(method)
    return {
      title: '最近来过、次数也多的会员',
      select: `SELECT memberId FROM member_score WHERE ${r} >= 4 AND ${f} >= 4`,
      id: 'memberId',
      params: [],
    }
  },
  // One pass over the facts in the order of their key.
  'home-store': (storeId) => ({
    title: '常去这家门店的会员',
    select: 'SELECT memberId FROM member_facts WHERE topStoreId = ?',
    id: 'memberId',
    params: [storeId],
  }),
}
