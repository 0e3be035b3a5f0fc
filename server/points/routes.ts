import { civilDay } from '../../shared/time'
import { bind, bindCommand } from '../http/bind'
import { executeOne } from '../http/command'
import { appLink } from '../http/links'
import { requireMember } from '../members/service'
import { accountOf, adjust, awardPoints, entriesOf, monthSums, reversePoints, spendPoints } from './service'
import { claimPoints, givePoints, recipientOf, revokePoints } from './transfer'
import { giftByToken, maskedNameOf, transfersOf } from './transfer-queries'
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
  bind('GET /me/points/transfers', ({ tx, actor, input, now }) => transfersOf(tx, actor.memberId, input, now)),
  bind('POST /me/points/transfers', async ({ tx, deps, actor, input, now }) => {
    const toMemberId = await recipientOf(tx, deps.keys, input.phone)
    const gift = { fromMemberId: actor.memberId, toMemberId, points: input.points, note: input.note }
    const { transfer, balance } = await executeOne(tx, givePoints, gift, now)
    const sharePath = transfer.token && `packages/gift/points?token=${transfer.token}`
    return {
      transferId: transfer.id,
      state: transfer.state as 'waiting' | 'done',
      points: transfer.points,
      balance,
      recipientMasked: toMemberId && (await maskedNameOf(tx, toMemberId)),
      token: transfer.token,
      sharePath,
      link: sharePath && appLink(deps.env, sharePath),
      closesAt: transfer.closesAt,
    }
  }),
  bind('GET /points-gifts/:token', ({ tx, input, now }) => giftByToken(tx, input.token, now)),
  bind('POST /me/points/transfers/claims', async ({ tx, actor, input, now }) => {
    const { points, balance, fromMemberId } = await claimPoints(tx, actor.memberId, input.token, now)
    return { points, balance, fromMasked: await maskedNameOf(tx, fromMemberId) }
  }),
  bind('POST /me/points/transfers/:transferId/revoke', ({ tx, actor, input, now }) =>
    revokePoints(tx, actor.memberId, input.transferId, now),
  ),
]
