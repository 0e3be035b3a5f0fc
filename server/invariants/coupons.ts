import type { Check } from './check'

/** Stock, limits and redemptions of coupons, and the gifts of care. */
export const couponChecks: Check[] = [
  {
    name: 'coupons.issued-is-granted',
    holds:
      'A template’s issued count is the number of its coupons (one that was given to a friend lives on as the friend’s) and never above its stock',
    slicedBy: null,
    sql: () => `SELECT t.id AS templateId, t.stock, t.issued, COALESCE(c.made, 0) AS coupons FROM coupon_template t
      LEFT JOIN (SELECT templateId, COUNT(*) AS made FROM coupon WHERE status <> 'given' GROUP BY templateId) c ON c.templateId = t.id
      WHERE t.issued <> COALESCE(c.made, 0) OR t.issued > t.stock OR t.issued < 0`,
  },
  {
    name: 'coupons.ordinals',
    holds: 'A member’s coupons of one template are numbered 1, 2, 3 …, those claimed or granted within the limit',
    slicedBy: 'member',
    sql: (
      within,
    ) => `SELECT c.templateId, c.memberId, MAX(c.ordinal) AS top, COUNT(*) AS coupons, MAX(t.perMember) AS perMember FROM coupon c
      LEFT JOIN coupon_template t ON t.id = c.templateId
      WHERE ${within('c.memberId')}
      GROUP BY c.templateId, c.memberId
      HAVING MIN(c.ordinal) <> 1 OR MAX(c.ordinal) <> COUNT(*) OR COUNT(DISTINCT c.ordinal) <> COUNT(*) OR MAX(t.perMember) IS NULL
        OR MAX(CASE WHEN c.source IN ('claim', 'grant') AND c.ordinal > t.perMember THEN 1 ELSE 0 END) = 1`,
  },
  {
    name: 'coupons.used-has-place',
    holds:
      'A used coupon says when and where, and unless it was exchanged for a thing in which purchase of its member; any other says none of it',
    slicedBy: 'member',
    sql: (within) => `SELECT c.id AS couponId, c.memberId, c.status, c.storeId, c.purchaseId FROM coupon c
      LEFT JOIN coupon_template t ON t.id = c.templateId
      LEFT JOIN purchase p ON p.id = c.purchaseId
      LEFT JOIN store s ON s.id = c.storeId
      WHERE ${within('c.memberId')} AND (
        (c.status = 'used' AND (c.redeemedAt IS NULL OR c.redeemedOn IS NULL OR s.id IS NULL
          OR (c.purchaseId IS NOT NULL AND (p.id IS NULL OR p.memberId <> c.memberId))
          OR (c.purchaseId IS NULL AND (t.rule IS NULL OR t.rule NOT LIKE '%"kind":"exchange"%'))))
        OR (c.status <> 'used' AND (c.redeemedAt IS NOT NULL OR c.purchaseId IS NOT NULL OR c.storeId IS NOT NULL OR c.savedFen <> 0))
        OR c.status NOT IN ('held', 'used', 'expired', 'void', 'giving', 'given'))`,
  },
  {
    name: 'coupons.saving-is-discount',
    holds: 'A purchase’s discount is what its coupons saved; a wholly refunded one has given them back',
    slicedBy: 'purchase',
    sql: (within) => `SELECT p.id AS purchaseId, p.status, p.discountFen, COALESCE(c.saved, 0) AS saved FROM purchase p
      LEFT JOIN (SELECT purchaseId, SUM(savedFen) AS saved FROM coupon WHERE ${within('purchaseId')} GROUP BY purchaseId) c ON c.purchaseId = p.id
      WHERE ${within('p.id')} AND COALESCE(c.saved, 0) <> (CASE WHEN p.status = 'refunded' THEN 0 ELSE p.discountFen END)`,
  },
  {
    name: 'care.one-gift',
    holds: 'A member has at most one gift of a kind in a year',
    slicedBy: 'member',
    sql: (within) => `SELECT memberId, kind, giftYear, COUNT(*) AS gifts FROM care_gift
      WHERE ${within('memberId')} GROUP BY memberId, kind, giftYear HAVING COUNT(*) > 1`,
  },
]
