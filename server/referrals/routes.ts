import { bind } from '../http/bind'
import { bindCode, changePlan, decideReferral, drawPoster, inviting, landing, listReferrals, showPlan } from './service'

export const referralsRoutes = [
  bind('GET /me/referrals', ({ tx, deps, actor, input, now }) => inviting(tx, deps, actor.memberId, input, now)),
  bind('GET /me/referrals/poster', async ({ fetched }) => fetched, drawPoster),
  bind('GET /invites/:code', ({ tx, deps, input }) => landing(tx, deps, input.code)),
  bind('POST /me/referrals/bindings', ({ tx, actor, input, now }) => bindCode(tx, actor.memberId, input.code, now)),
  bind('GET /admin/referrals', ({ tx, input }) => listReferrals(tx, input)),
  bind('POST /admin/referrals/:friendId/decisions', ({ tx, input, now }) => decideReferral(tx, input, now)),
  bind('GET /admin/referral-plan', ({ tx }) => showPlan(tx)),
  bind('PUT /admin/referral-plan', ({ tx, input, now }) => changePlan(tx, input, now)),
]
