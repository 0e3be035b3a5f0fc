import { bind } from '../http/bind'
import { wechatPhone } from '../members/service'
import { bindOwnPhone, changePlan, changeProfile, showPlan, showProfile } from './service'

export const profilesRoutes = [
  bind('GET /me/profile', ({ tx, actor }) => showProfile(tx, actor.memberId)),
  bind('PATCH /me', ({ tx, deps, actor, input, now }) => changeProfile(tx, deps, actor.memberId, input, now)),
  bind('POST /me/phone', bindOwnPhone, wechatPhone),
  bind('GET /admin/profile-plan', ({ tx }) => showPlan(tx)),
  bind('PUT /admin/profile-plan', ({ tx, input, now }) => changePlan(tx, input, now)),
]
