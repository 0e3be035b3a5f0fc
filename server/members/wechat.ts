import type { Deps } from '../deps'
import { refuse } from '../errors'
import { isWechatError } from '../integrations/wechat/errors'
import { openIdOf } from './lookup'

/** Runs a call to WeChat and turns its failure into a refusal a person understands. */
const asking = async <T>(deps: Deps, call: () => Promise<T>): Promise<T> => {
  try {
    return await call()
  } catch (error) {
    if (!isWechatError(error)) throw error
    deps.log.warn({ errcode: error.errcode, kind: error.class, rid: error.rid, path: error.path }, 'wechat refused')
    throw refuse(error.class === 'user' ? 'wechat_code_invalid' : 'wechat_unavailable')
  }
}

/** Who stands behind the code of wx.login. The session key never leaves this function. */
export const wechatIdentity = async ({
  deps,
  input,
}: {
  deps: Deps
  input: { code: string }
}): Promise<{ openid: string; unionid: string | null }> => {
  const { openid, unionid } = await asking(deps, () => deps.wechat.codeToSession({ code: input.code }))
  return { openid, unionid }
}

/** The number behind the code of the phone button, or null when the member proves a phone by SMS instead. */
export const wechatPhone = async ({
  deps,
  actor,
  input,
}: {
  deps: Deps
  actor: { memberId: string }
  input: { wechatCode?: string }
}): Promise<string | null> => {
  const code = input.wechatCode
  if (!code) return null
  const openid = (await openIdOf(deps.db, deps.keys, actor.memberId)) ?? undefined
  const { phone, countryCode } = await asking(deps, () => deps.wechat.getPhoneNumber({ code, openid }))
  if (countryCode !== '86' || !/^1[3-9]\d{9}$/.test(phone))
    throw refuse('invalid_input', { reason: '暂时只支持中国大陆手机号', field: 'wechatCode' })
  return phone
}
