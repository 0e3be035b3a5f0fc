import { civilDay } from '../../shared/time'
import { bind, bindCommand } from '../http/bind'
import { requireMember } from '../members/service'
import { accountOf, adjust, awardPoints, entriesOf, monthSums, reversePoints, spendPoints } from './service'
import { earningRules } from './views'

const bySystem = (c: { actor: { operatorId: string; role: string }; input: { reason: string } }) => ({
  type: c.actor.role === 'pos' ? 'pos' : 'operator',
  id: c.actor.operatorId,
  note: c.input.reason,
})

export const pointsRoutes = [
  bind('GET /me/points', async ({ tx, actor, now }) => {
    const today = civilDay(now)
    const [account, month] = await Promise.all([
      accountOf(tx, actor.memberId, today),
      monthSums(tx, actor.memberId, today),
    ])
    return { account, rules: earningRules, earnedThisMonth: month.earned, spentThisMonth: month.spent }
  }),
  bind('GET /me/points/entries', ({ tx, actor, input }) => entriesOf(tx, actor.memberId, input)),
  bind('GET /admin/members/:memberId/points-entries', async ({ tx, input }) => {
    await requireMember(tx, input.memberId)
    return entriesOf(tx, input.memberId, input)
  }),
  bindCommand(
    'POST /points/awards',
    awardPoints,
    (c) => ({ memberId: c.input.memberId, points: c.input.points, source: bySystem(c) }),
    (m) => m,
  ),
  bindCommand(
    'POST /points/spends',
    spendPoints,
    (c) => ({ memberId: c.input.memberId, points: c.input.points, source: bySystem(c) }),
    (m) => m,
  ),
  bindCommand(
    'POST /points/reversals',
    reversePoints,
    (c) => ({ memberId: c.input.memberId, seq: Number(c.input.entryId), source: bySystem(c) }),
    (m) => m,
  ),
  bind('POST /admin/members/:memberId/points-adjustments', async ({ tx, actor, input, now }) => ({
    balance: await adjust(
      tx,
      input.memberId,
      input.points,
      { type: 'operator', id: actor.operatorId, note: input.reason },
      now,
    ),
  })),
]
