import { civilDay } from '../../shared/time'
import { bind } from '../http/bind'
import { closeSessionsOf } from '../operators/service'
import { demoOf, openDemoSessions } from './demo'
import { requireMember } from './lookup'
import { issueCodes } from './member-code'
import { memberSelf, revealPhone } from './profile'
import { signInAsStaff, signInBySms, signInByWechat } from './sign-in'
import { sendSmsCode } from './sms-codes'
import { joinByStaff } from './staff-join'
import { wechatIdentity } from './wechat'

export const membersRoutes = [
  bind('POST /auth/wechat', signInByWechat, wechatIdentity),
  bind('POST /auth/sms/codes', async ({ fetched }) => fetched, sendSmsCode),
  bind('POST /auth/sms', signInBySms),
  bind('POST /auth/staff', signInAsStaff),
  bind('GET /demo', async ({ deps }) => demoOf(deps)),
  bind('POST /demo/sessions', openDemoSessions),
  bind('GET /me', async ({ tx, deps, actor, now }) =>
    memberSelf(tx, deps.keys, await requireMember(tx, actor.memberId), civilDay(now)),
  ),
  bind('GET /me/code', ({ deps, actor, input, now }) =>
    issueCodes(deps, actor, { refresh: input.refresh === '1', now }),
  ),
  bind('POST /me/logout-everywhere', async ({ tx, actor, now }) => {
    closeSessionsOf(tx, 'member', actor.memberId, now)
    return { ok: true as const }
  }),
  bind('POST /staff/members', joinByStaff),
  bind('POST /admin/members/:memberId/phone-reveals', ({ tx, deps, input }) =>
    revealPhone(tx, deps.keys, input.memberId),
  ),
]
