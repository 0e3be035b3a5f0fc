import type { Output, Parsed } from '../../shared/contract'
import { referralPlan } from '../../shared/contract/referrals'
import type { Reader, Tx } from '../db/transaction'
import { refuse } from '../errors'
import type { ReferralPlan } from './entity'
import { defaultPlan, type Plan } from './rules'

const planId = 'main'

/** The rules as they stand, and their version; 0 while the shop has never changed them. */
export const planOf = async (db: Reader): Promise<{ plan: Plan; version: number }> => {
  const [row] = await db.read<ReferralPlan>('SELECT * FROM referral_plan WHERE id = ?', [planId])
  return row
    ? { plan: referralPlan.parse(JSON.parse(row.plan)), version: row.version }
    : { plan: defaultPlan, version: 0 }
}

/** The rules with what they have brought about. */
export const showPlan = async (db: Reader): Promise<Output<'GET /admin/referral-plan'>> => {
  const [{ plan, version }, rows] = await Promise.all([
    planOf(db),
    db.read<{ state: string; n: number; points: number | null }>(
      'SELECT state, COUNT(*) AS n, SUM(inviterPoints + friendPoints) AS points FROM referral GROUP BY state',
    ),
  ])
  const count = (...states: string[]): number =>
    rows.filter((r) => states.includes(r.state)).reduce((sum, r) => sum + Number(r.n), 0)
  return {
    ...plan,
    version,
    figures: {
      friends: rows.reduce((sum, r) => sum + Number(r.n), 0),
      paid: count('paid', 'capped'),
      held: count('held'),
      points: rows.reduce((sum, r) => sum + Number(r.points ?? 0), 0),
    },
  }
}

/** Changes the rules; two editors at once meet at the version. */
export const changePlan = async (
  tx: Tx,
  { version, ...plan }: Parsed<'PUT /admin/referral-plan'>,
  now: number,
): Promise<Output<'PUT /admin/referral-plan'>> => {
  const text = JSON.stringify(plan)
  const changed =
    version === 0
      ? await tx.insertNew('referral_plan', [{ id: planId, plan: text, version: 1, changedAt: now }])
      : await tx.run(
          'UPDATE referral_plan SET plan = ?, version = version + 1, changedAt = ? WHERE id = ? AND version = ?',
          [text, now, planId, version],
        )
  if (!changed) throw refuse('referral_plan_conflict')
  return { ...plan, version: version + 1 }
}
