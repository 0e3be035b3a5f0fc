import { addDays, civilDay, describeDay, endOfDay, startOfDay } from '../../shared/time'
import { type Batched, batch, batchEach, steps } from '../jobs/batch'
import type { Tick } from '../jobs/job'
import { queueMessages } from '../messages/service'
import type { CouponGift } from './entity'
import { returnGifts } from './gifts'
import { expireCoupons } from './service'

/** Days before its last day on which a member is told of a coupon. */
const noticeDaysAhead = [3, 0]

/** Marks coupons whose time is over. */
export const expireDueCoupons = (tick: Tick): Promise<void> =>
  steps(tick, async (tx, cursor, limit, now) => {
    const { cursor: next, expired } = await expireCoupons(tx, cursor, limit, now)
    return { cursor: next, processed: expired }
  })

/** Members with coupons ending on a civil day: one message names the first and how many there are. */
const tellEnding = (on: string): Batched<{ memberId: string; coupons: number; name: string }> => ({
  next: (tx, cursor, limit) =>
    tx.read(
      `SELECT c.memberId, COUNT(*) AS coupons, MIN(t.name) AS name FROM coupon c
       JOIN coupon_template t ON t.id = c.templateId JOIN member m ON m.id = c.memberId
       WHERE c.status = 'held' AND c.validTo >= ? AND c.validTo <= ? AND c.memberId > ? AND m.status = 'active'
       GROUP BY c.memberId ORDER BY c.memberId LIMIT ?`,
      [startOfDay(on), endOfDay(on), cursor, limit],
    ),
  keyOf: (row) => row.memberId,
  treat: async (tx, rows, now) => {
    const today = civilDay(now)
    const day = on === today ? '今天' : describeDay(on, today)
    queueMessages(
      tx,
      rows.map(({ memberId, coupons, name }) => {
        const what = Number(coupons) > 1 ? `${name}等 ${Number(coupons)} 张券` : name
        return {
          memberId,
          kind: 'coupon_expiring' as const,
          title: '卡券即将到期',
          text: `${what}${day}到期，别忘了使用。`,
          page: 'pages/coupons/index',
          data: { what, on, tip: '到期后不能使用' },
          dedupeKey: `coupon_expiring:${memberId}:${on}:${on === today ? 'last' : 'soon'}`,
          channels: ['inbox' as const, 'subscribe' as const],
        }
      }),
      now,
    )
    return { processed: rows.length }
  },
})

/** Tells members of coupons that end in three days or today. A notice that an outage swallowed is not made up for: today's still comes. */
export const noticeEndingCoupons = (tick: Tick): Promise<void> =>
  batchEach(
    tick,
    noticeDaysAhead.map((days) => {
      const on = addDays(civilDay(tick.deps.clock.now()), days)
      return { key: on, work: tellEnding(on) }
    }),
  )

/** Gives coupons back that lay in links nobody opened in time. */
export const returnUntakenGifts = (tick: Tick): Promise<void> =>
  batch(tick, {
    next: (tx, cursor, limit) =>
      tx.read<CouponGift>(
        "SELECT * FROM coupon_gift WHERE state = 'waiting' AND closesAt < ? AND id > ? ORDER BY id LIMIT ?",
        [tick.deps.clock.now(), cursor, limit],
      ),
    keyOf: (gift) => gift.id,
    treat: async (tx, gifts, now) => ({ processed: await returnGifts(tx, gifts, now) }),
  })
