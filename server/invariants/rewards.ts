import type { Check } from './check'

/** The mall, check-in, gifts between members and referrals against the ledgers they move. */
export const rewardChecks: Check[] = [
  {
    name: 'rewards.used-is-orders',
    holds: 'A reward’s used count is the number of its orders that hold a piece, never above its stock',
    slicedBy: null,
    sql: () => `SELECT r.id AS rewardId, r.stock, r.used, COALESCE(o.held, 0) AS orders FROM reward r
      LEFT JOIN (SELECT rewardId, SUM(holdsStock) AS held FROM reward_order GROUP BY rewardId) o ON o.rewardId = r.id
      WHERE r.used <> COALESCE(o.held, 0) OR r.used > r.stock OR r.used < 0`,
  },
  {
    name: 'rewards.points-in-ledger',
    holds:
      'An order’s points are one entry of its member that names it, reversed when and only when the order was closed',
    slicedBy: 'member',
    sql: (
      within,
    ) => `SELECT o.id AS orderId, o.memberId, o.state, o.points, e.amount AS entry, v.bySeq AS reversedBy FROM reward_order o
      LEFT JOIN points_entry e ON e.memberId = o.memberId AND e.walletId = 'group' AND e.seq = o.pointsSeq AND e.sourceType = 'reward' AND e.sourceId = o.id
      LEFT JOIN points_reversal v ON v.memberId = o.memberId AND v.walletId = 'group' AND v.seq = o.pointsSeq
      WHERE ${within('o.memberId')} AND (e.seq IS NULL OR e.amount <> -o.points
        OR (o.state IN ('cancelled', 'expired', 'refunded') AND v.bySeq IS NULL)
        OR (o.state NOT IN ('cancelled', 'expired', 'refunded') AND v.bySeq IS NOT NULL))`,
  },
  {
    name: 'rewards.spent-has-order',
    holds: 'Points spent on a reward belong to an order',
    slicedBy: 'member',
    sql: (within) => `SELECT e.memberId, e.seq, e.amount, e.sourceId AS orderId FROM points_entry e
      LEFT JOIN reward_order o ON o.id = e.sourceId
      WHERE ${within('e.memberId')} AND e.sourceType = 'reward' AND e.kind = 'spend' AND o.id IS NULL`,
  },
  {
    name: 'rewards.orders-stand',
    holds:
      'A closed order has no turn, an open one has; a coupon order has its coupon; one that was paid for has its money',
    slicedBy: 'member',
    sql: (within) => `SELECT o.id AS orderId, o.state, o.slot, o.couponId, p.state AS payment FROM reward_order o
      LEFT JOIN reward_payment p ON p.orderId = o.id
      LEFT JOIN coupon c ON c.id = o.couponId
      WHERE ${within('o.memberId')} AND (
        (o.state IN ('cancelled', 'expired', 'refunded') AND (o.slot IS NOT NULL OR p.state IN ('open', 'paid')))
        OR (o.state NOT IN ('cancelled', 'expired', 'refunded') AND (o.slot IS NULL OR o.holdsStock <> 1))
        OR (o.method = 'coupon' AND (c.id IS NULL OR c.memberId <> o.memberId))
        OR (o.cashFen > 0 AND o.state NOT IN ('unpaid', 'cancelled', 'expired', 'refunded') AND (p.id IS NULL OR p.state <> 'paid')))`,
  },
  {
    name: 'checkins.points-in-ledger',
    holds: 'The points of a day’s check-in are one entry that names the day',
    slicedBy: 'member',
    sql: (within) => `SELECT c.memberId, c.onDay, c.points, COALESCE(e.total, 0) AS entries FROM checkin c
      LEFT JOIN (SELECT memberId, sourceId, SUM(amount) AS total FROM points_entry
        WHERE ${within('memberId')} AND sourceType = 'checkin' AND kind = 'earn' GROUP BY memberId, sourceId) e ON e.memberId = c.memberId AND e.sourceId = c.onDay
      WHERE ${within('c.memberId')} AND c.points <> COALESCE(e.total, 0)`,
  },
  {
    name: 'profiles.points-in-ledger',
    holds: 'The points for a field of the profile are one entry that names the field',
    slicedBy: 'member',
    sql: (within) => `SELECT r.memberId, r.field, r.points, COALESCE(e.total, 0) AS entries FROM profile_reward r
      LEFT JOIN (SELECT memberId, sourceId, SUM(amount) AS total FROM points_entry
        WHERE ${within('memberId')} AND sourceType = 'profile' AND kind = 'earn' GROUP BY memberId, sourceId) e ON e.memberId = r.memberId AND e.sourceId = r.field
      WHERE ${within('r.memberId')} AND r.points <> COALESCE(e.total, 0)`,
  },
  {
    name: 'checkins.total-is-days',
    holds: 'A member’s number of check-ins is the number of days',
    slicedBy: 'member',
    sql: (within) => `SELECT a.memberId, a.total, COALESCE(c.days, 0) AS days FROM checkin_account a
      LEFT JOIN (SELECT memberId, COUNT(*) AS days FROM checkin WHERE ${within('memberId')} GROUP BY memberId) c ON c.memberId = a.memberId
      WHERE ${within('a.memberId')} AND (a.total <> COALESCE(c.days, 0) OR a.cards < 0)`,
  },
  {
    name: 'gifts.points-in-ledgers',
    holds: 'Points given away left the giver once; what was taken arrived whole, what was not came back',
    slicedBy: 'member',
    sql: (
      within,
    ) => `SELECT t.id AS transferId, t.fromMemberId, t.state, t.points, e.amount AS gave, COALESCE(g.got, 0) AS got, v.bySeq AS reversedBy
      FROM points_transfer t
      LEFT JOIN points_entry e ON e.memberId = t.fromMemberId AND e.walletId = 'group' AND e.seq = t.fromSeq AND e.sourceType = 'transfer' AND e.sourceId = t.id
      LEFT JOIN points_reversal v ON v.memberId = t.fromMemberId AND v.walletId = 'group' AND v.seq = t.fromSeq
      LEFT JOIN (SELECT memberId, sourceId, SUM(amount) AS got FROM points_entry WHERE sourceType = 'transfer' AND kind = 'gift' GROUP BY memberId, sourceId) g
        ON g.memberId = t.toMemberId AND g.sourceId = t.id
      WHERE ${within('t.fromMemberId')} AND (e.seq IS NULL OR e.amount <> -t.points
        OR (t.state = 'done' AND (COALESCE(g.got, 0) <> t.points OR v.bySeq IS NOT NULL))
        OR (t.state = 'waiting' AND (g.got IS NOT NULL OR v.bySeq IS NOT NULL))
        OR (t.state IN ('revoked', 'returned') AND (g.got IS NOT NULL OR v.bySeq IS NULL)))`,
  },
  {
    name: 'gifts.coupons',
    holds: 'A coupon in a waiting link is giving; one that was taken is given, and its friend has another',
    slicedBy: 'member',
    sql: (within) => `SELECT g.id AS giftId, g.state, c.status, n.memberId AS takenBy FROM coupon_gift g
      LEFT JOIN coupon c ON c.id = g.couponId
      LEFT JOIN coupon n ON n.id = g.newCouponId
      WHERE ${within('g.fromMemberId')} AND (c.id IS NULL
        OR (g.state = 'waiting' AND c.status <> 'giving')
        OR (g.state = 'claimed' AND (c.status <> 'given' OR n.id IS NULL OR n.memberId <> g.toMemberId)))`,
  },
  {
    name: 'referrals.points-in-ledger',
    holds: 'What an invitation paid is in the ledgers of both, once',
    slicedBy: 'member',
    sql: (
      within,
    ) => `SELECT r.friendId, r.inviterId, r.state, r.inviterPoints, r.friendPoints, COALESCE(e.total, 0) AS entries FROM referral r
      LEFT JOIN (SELECT sourceId, SUM(amount) AS total FROM points_entry WHERE sourceType = 'referral' GROUP BY sourceId) e ON e.sourceId = r.friendId
      WHERE ${within('r.friendId')} AND COALESCE(e.total, 0) <> r.inviterPoints + r.friendPoints`,
  },
]
