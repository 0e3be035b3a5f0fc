/** Ways to break the books of mall, check-in, gifts and referrals: the check that must find it, the break, and what mends it. */
export const rewardPlants = [
  [
    'rewards.used-is-orders',
    "UPDATE reward SET used = used + 1 WHERE id = '?R'",
    "UPDATE reward SET used = used - 1 WHERE id = '?R'",
  ],
  [
    'rewards.used-is-orders',
    "UPDATE reward_order SET holdsStock = 0 WHERE state = 'ready'",
    "UPDATE reward_order SET holdsStock = 1 WHERE state = 'ready'",
  ],
  [
    'rewards.points-in-ledger',
    "UPDATE reward_order SET points = points + 1 WHERE state = 'ready'",
    "UPDATE reward_order SET points = points - 1 WHERE state = 'ready'",
  ],
  [
    'rewards.points-in-ledger',
    "UPDATE reward_order SET state = 'ready', slot = 9, holdsStock = 1 WHERE state = 'cancelled'",
    "UPDATE reward_order SET state = 'cancelled', slot = NULL, holdsStock = 0 WHERE slot = 9",
  ],
  [
    'rewards.spent-has-order',
    "UPDATE points_entry SET sourceId = 'nowhere' WHERE sourceType = 'reward' AND sourceId = '?C' AND kind = 'spend'",
    "UPDATE points_entry SET sourceId = '?C' WHERE sourceId = 'nowhere'",
  ],
  [
    'rewards.orders-stand',
    "UPDATE reward_order SET slot = NULL WHERE state = 'ready'",
    "UPDATE reward_order SET slot = 1 WHERE state = 'ready'",
  ],
  [
    'rewards.orders-stand',
    "UPDATE reward_order SET couponId = 'nowhere' WHERE method = 'coupon'",
    "UPDATE reward_order SET couponId = '?K' WHERE method = 'coupon'",
  ],
  [
    'profiles.points-in-ledger',
    "INSERT INTO profile_reward (memberId, field, points, at) VALUES ('m1', 'birthday', 10, 0)",
    "DELETE FROM profile_reward WHERE memberId = 'm1' AND field = 'birthday'",
  ],
  ['checkins.points-in-ledger', 'UPDATE checkin SET points = points + 1', 'UPDATE checkin SET points = points - 1'],
  ['checkins.total-is-days', 'UPDATE checkin_account SET total = 5', 'UPDATE checkin_account SET total = 1'],
  [
    'gifts.points-in-ledgers',
    "UPDATE points_transfer SET state = 'done', toMemberId = 'm2' WHERE state = 'waiting'",
    "UPDATE points_transfer SET state = 'waiting', toMemberId = NULL WHERE state = 'done'",
  ],
  [
    'gifts.points-in-ledgers',
    "UPDATE points_transfer SET points = points + 1 WHERE state = 'waiting'",
    "UPDATE points_transfer SET points = points - 1 WHERE state = 'waiting'",
  ],
  [
    'gifts.coupons',
    "UPDATE coupon SET status = 'held' WHERE status = 'giving'",
    "UPDATE coupon SET status = 'giving' WHERE status = 'held' AND id = '?K'",
  ],
  [
    'referrals.points-in-ledger',
    'UPDATE referral SET inviterPoints = inviterPoints + 1',
    'UPDATE referral SET inviterPoints = inviterPoints - 1',
  ],
].map(([finds, plant, mend]) => ({ finds, plant, mend }))
