/**
 * The phone's half of WeChat: what `wx.login`, the phone button and `wx.requestSubscribeMessage` would give to the
 * mini-program. Result objects have the same members as the real ones, so a client can pass them on unchanged.
 */
import type { World } from './answers'
import { issueCode, type SandboxUser } from './state'

/** `wx.login`: a code for five minutes and one use. */
export function login(world: World, user: SandboxUser, appId: string) {
  const now = world.now()
  user.lastVisitAt = now
  return { errMsg: 'login:ok', code: issueCode(world.state.loginCodes, { userKey: user.key, appId, issuedAt: now }) }
}

/** The event detail of `<button open-type="getPhoneNumber">`. */
export function pressPhoneButton(world: World, user: SandboxUser, choice: 'allow' | 'deny', appId: string) {
  if (choice === 'deny') return { errMsg: 'getPhoneNumber:fail user deny', errno: 103 }
  const { state } = world
  if (state.phoneQuotaLeft < 1) return { errMsg: 'getPhoneNumber:fail no quota', errno: 1400001 }
  state.phoneQuotaLeft -= 1
  state.phoneCallsCharged += 1
  const code = issueCode(state.phoneCodes, { userKey: user.key, appId, issuedAt: world.now() })
  return { errMsg: 'getPhoneNumber:ok', code }
}

export type SubscribeChoice = 'accept' | 'reject'

/** The current client takes five ids at most; older ones took three or one. */
const mostTemplatesPerCall = 5

const subscribeFailures: Record<number, string> = {
  10001: 'TmplIds can not be empty',
  20001: 'No template data return, verify the template id exist',
  20002: 'Templates type must be same',
  20003: 'Templates count out of max bounds',
  20004: 'The main switch is switched off',
}

/**
 * `wx.requestSubscribeMessage` with the person's answer, and the push event that follows it.
 *
 * @param keep ticks "always keep": later calls show nothing and repeat this choice, each accept adding one credit.
 * @returns the result object and the credits per template afterwards.
 */
export function answerSubscribe(
  world: World,
  user: SandboxUser,
  request: { templateIds: string[]; choice: SubscribeChoice | Record<string, SubscribeChoice>; keep: boolean },
) {
  const ids = [...new Set(request.templateIds)]
  const fail = (errCode: number) => ({
    result: { errMsg: `requestSubscribeMessage:fail ${subscribeFailures[errCode]}`, errCode },
    grants: grantsOf(user),
  })
  if (ids.length === 0) return fail(10001)
  if (ids.length > mostTemplatesPerCall) return fail(20003)
  const asked = ids.map((id) => world.state.templates.get(id))
  if (asked.some((template) => !template)) return fail(20001)
  const found = asked.filter((template) => template !== undefined)
  if (new Set(found.map(({ type }) => type)).size > 1) return fail(20002)
  if (!user.mainSwitch) return fail(20004)

  const result: Record<string, string> = { errMsg: 'requestSubscribeMessage:ok' }
  const answered: { TemplateId: string; SubscribeStatusString: SubscribeChoice; PopupScene: string }[] = []
  const titles = new Set<string>()
  for (const { templateId, title, banned } of found) {
    if (banned || titles.has(title)) {
      result[templateId] = banned ? 'ban' : 'filter'
      continue
    }
    titles.add(title)
    const given = typeof request.choice === 'string' ? request.choice : (request.choice[templateId] ?? 'reject')
    const choice = user.kept.get(templateId) ?? given
    if (request.keep) user.kept.set(templateId, choice)
    if (choice === 'accept') user.grants.set(templateId, (user.grants.get(templateId) ?? 0) + 1)
    result[templateId] = choice
    answered.push({ TemplateId: templateId, SubscribeStatusString: choice, PopupScene: '0' })
  }
  if (answered.length > 0) {
    const List = answered.length === 1 ? answered[0] : answered
    world.push({ event: 'subscribe_msg_popup_event', openid: user.openid, fields: { List } })
  }
  return { result, grants: grantsOf(user) }
}

/** The settings page of the mini-program: switches one template, whose refusal ends its credit and is pushed. */
export function switchTemplate(world: World, user: SandboxUser, templateId: string, choice: SubscribeChoice): void {
  user.kept.set(templateId, choice)
  if (choice === 'accept') return
  user.grants.delete(templateId)
  const List = { TemplateId: templateId, SubscribeStatusString: 'reject' }
  world.push({ event: 'subscribe_msg_change_event', openid: user.openid, fields: { List } })
}

/** `wx.getSetting({ withSubscriptions: true })`, which lists only the templates with "always keep". */
export function subscriptionSettings(user: SandboxUser) {
  const itemSettings = Object.fromEntries(user.kept)
  return { subscriptionsSetting: { mainSwitch: user.mainSwitch, itemSettings }, grants: grantsOf(user) }
}

/** `wx.getPrivacySetting`, after the person has agreed if `agree` says so. */
export function privacySetting(user: SandboxUser, agree: boolean) {
  if (agree) user.privacyAgreed = true
  return {
    errMsg: 'getPrivacySetting:ok',
    needAuthorization: !user.privacyAgreed,
    privacyContractName: '《惠员会员中心隐私保护指引》',
  }
}

function grantsOf(user: SandboxUser): Record<string, number> {
  return Object.fromEntries(user.grants)
}
