import type { Db } from '../../server/db/transaction'
import { claimTemplate, memberCount, openingPoints, redeemTemplate } from './shape'

/** How many requests of each operation were answered with success. */
export interface Acknowledged {
  earn: number
  spend: number
  claim: number
  redeem: number
}
/** One thing that must hold: the figures that have to be equal. */
export interface Invariant {
  name: string
  holds: boolean
  figures: string
}

const one = async (db: Db, text: string, params: string[] = []): Promise<number> => {
  const [row] = await db.read<{ n: number | null }>(text, params)
  return Number(row?.n ?? 0)
}
const equal = (name: string, values: Record<string, number>): Invariant => ({
  name,
  holds: new Set(Object.values(values)).size === 1,
  figures: Object.entries(values)
    .map(([k, v]) => `${k} ${v}`)
    .join(' = '),
})

/**
 * What must hold after the load, reckoned from the rows: points agree with each other and with what was acknowledged, account by account,
 * and coupons agree with the stock.
 */
export const checkInvariants = async (db: Db, acked: Acknowledged, pointsEach: number): Promise<Invariant[]> => {
  const broken = await one(
    db,
    `SELECT COUNT(*) AS n FROM points_account a
     LEFT JOIN (SELECT memberId, SUM(amount) AS total, COUNT(*) AS entries, MAX(seq) AS top FROM points_entry GROUP BY memberId) e ON e.memberId = a.memberId
     LEFT JOIN (SELECT memberId, SUM(remaining) AS held FROM points_lot GROUP BY memberId) l ON l.memberId = a.memberId
     WHERE a.balance <> e.total OR a.balance + a.debt <> l.held OR a.seq <> e.entries OR a.seq <> e.top`,
  )
  return [
    equal('points', {
      entries: await one(db, 'SELECT SUM(amount) AS n FROM points_entry'),
      balances: await one(db, 'SELECT SUM(balance) AS n FROM points_account'),
      'lots - debts':
        (await one(db, 'SELECT SUM(remaining) AS n FROM points_lot')) -
        (await one(db, 'SELECT SUM(debt) AS n FROM points_account')),
      acknowledged: memberCount * openingPoints + (acked.earn - acked.spend) * pointsEach,
    }),
    equal('accounts whose entries, lots or numbers disagree', { found: broken, allowed: 0 }),
    equal('coupons claimed', {
      rows: await one(db, 'SELECT COUNT(*) AS n FROM coupon WHERE templateId = ?', [claimTemplate]),
      'stock used': await one(db, 'SELECT issued AS n FROM coupon_template WHERE id = ?', [claimTemplate]),
      acknowledged: acked.claim,
    }),
    equal('coupons redeemed', {
      used: await one(db, "SELECT COUNT(*) AS n FROM coupon WHERE templateId = ? AND status = 'used'", [
        redeemTemplate,
      ]),
      events: await one(db, "SELECT COUNT(*) AS n FROM coupon_event WHERE kind = 'redeem'"),
      acknowledged: acked.redeem,
    }),
  ]
}
