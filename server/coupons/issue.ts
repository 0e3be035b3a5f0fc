import { civilDay } from '../../shared/time'
import { newId } from '../db/id'
import { marks, sql } from '../db/statement'
import { AppError, refuse } from '../errors'
import type { Command } from '../http/command'
import { appendEvents } from '../interactions/service'
import { type Standing, selectStanding } from '../members/service'
import { type Level, levelsOf } from '../tiers/service'
import type { CouponTemplate } from './entity'
import { type Issue, issueCoupon, type NewCoupon, type Stock } from './rules'
import { templateOf } from './templates'

/** A coupon that was made. */
export interface Issued {
  couponId: string
  validFrom: number
  validTo: number
  stockLeft: number
}
interface State {
  stocks: Map<string, Stock>
  standing: Map<string, Standing>
  levels: Level[]
  made: (NewCoupon & { id: string })[]
  now: number
}

/**
 * Makes coupons: claims by members, grants by operators, gifts of care. The templates' rows are the lock, taken once a batch however many
 * hands reach for one coupon; stock, day and per-member limits are decided under it, and unique keys stand behind them.
 */
export const issueCoupons: Command<Issue, State, Issued> = {
  load: async (tx, requests, now) => {
    const templateIds = [...new Set(requests.map((r) => r.templateId))].sort()
    const memberIds = [...new Set(requests.map((r) => r.memberId))].sort()
    const sources = [...new Set(requests.flatMap((r) => (r.sourceId ? [r.sourceId] : [])))]
    const both = [...templateIds, ...memberIds]
    const [templates, standing, ordinals, granted] = await tx.readAll([
      sql(`SELECT * FROM coupon_template WHERE id IN ${marks(templateIds)} ORDER BY id${tx.lock}`, templateIds),
      selectStanding(memberIds),
      sql(
        `SELECT templateId, memberId, MAX(ordinal) AS top FROM coupon WHERE templateId IN ${marks(templateIds)} AND memberId IN ${marks(memberIds)} GROUP BY templateId, memberId`,
        both,
      ),
      sql(
        `SELECT templateId, memberId, sourceId FROM coupon WHERE templateId IN ${marks(templateIds)} AND memberId IN ${marks(memberIds)} AND sourceId IN ${marks(sources)}`,
        [...both, ...sources],
      ),
    ])
    const tops = ordinals as { templateId: string; memberId: string; top: number }[]
    const gifts = granted as { templateId: string; memberId: string; sourceId: string }[]
    const stocks = (templates as unknown as CouponTemplate[]).map((row): [string, Stock] => {
      const t = templateOf(row)
      return [
        t.id,
        {
          id: t.id,
          name: t.name,
          state: t.state,
          rule: t.rule,
          issue: t.issue,
          issued: t.issued,
          issuedDay: t.issuedDay,
          issuedToday: t.issuedToday,
          ordinals: new Map(tops.filter((o) => o.templateId === t.id).map((o) => [o.memberId, o.top])),
          granted: new Set(gifts.filter((g) => g.templateId === t.id).map((g) => `${g.memberId}/${g.sourceId}`)),
          dirty: false,
        },
      ]
    })
    return {
      stocks: new Map(stocks),
      standing: new Map((standing as unknown as Standing[]).map((s) => [s.id, s])),
      // Only a claim may be refused for its tier, so most batches need no names of levels.
      levels: stocks.some(([, s]) => s.rule.minTierLevel > 0) ? await levelsOf(tx) : [],
      made: [],
      now,
    }
  },
  decide: (state, requests) => {
    const tierName = (level: number): string => state.levels.find((l) => l.level === level)?.name ?? `${level} 级`
    return requests.map((r) => {
      const stock = state.stocks.get(r.templateId)
      if (!stock) return refuse('coupon_template_not_found')
      const member = state.standing.get(r.memberId)
      if (!member) return refuse('member_not_found')
      if (member.status !== 'active') return refuse('member_inactive')
      const coupon = issueCoupon(stock, r, member, tierName)
      if (coupon instanceof AppError) return coupon
      const id = newId(state.now)
      state.made.push({ ...coupon, id })
      return {
        couponId: id,
        validFrom: coupon.validFrom,
        validTo: coupon.validTo,
        stockLeft: stock.issue.stock - stock.issued,
      }
    })
  },
  write: (tx, { stocks, made, now }) => {
    tx.insert('coupon', made.map(couponRow))
    appendEvents(
      tx,
      made.map((c) => ({
        memberId: c.memberId,
        eventId: `coupon:${c.id}`,
        type: c.source === 'claim' ? 'coupon_claim' : 'coupon_grant',
        at: c.at,
        target: c.templateId,
        origin: 'server' as const,
      })),
      now,
    )
    for (const s of stocks.values())
      if (s.dirty)
        tx.write('UPDATE coupon_template SET issued = ?, issuedDay = ?, issuedToday = ? WHERE id = ?', [
          s.issued,
          s.issuedDay,
          s.issuedToday,
          s.id,
        ])
  },
}

const couponRow = (c: NewCoupon & { id: string }) => ({
  id: c.id,
  templateId: c.templateId,
  memberId: c.memberId,
  ordinal: c.ordinal,
  status: 'held',
  validFrom: c.validFrom,
  validTo: c.validTo,
  source: c.source,
  sourceId: c.sourceId,
  claimedAt: c.at,
  claimedOn: civilDay(c.at),
  redeemedAt: null,
  redeemedOn: null,
  purchaseId: null,
  storeId: null,
  operatorId: null,
  savedFen: 0,
})
