/** Login code, session key and phone code. */
import { createHmac, randomBytes } from 'node:crypto'
import { phoneRequest } from '../schemas'
import { type Answer, type Endpoint, ok, refuse, type World } from './answers'
import { codeLifeMs, exceeds, findUser, type IssuedCode } from './state'

const loginsPerUserAndMinute = 100

export const identityEndpoints: Record<string, Endpoint> = {
  '/sns/jscode2session': {
    method: 'GET',
    needsToken: false,
    perMinute: 100_000,
    minuteErrcode: 45011,
    handle: (world, { query }) => {
      const no = (errcode: number) => refuse(world, errcode, undefined, true)
      if (!query.appid) return no(41002)
      if (query.appid !== world.appId) return no(40013)
      if (!query.secret) return no(41004)
      if (query.secret !== world.secret) return no(40125)
      if (query.grant_type !== 'authorization_code') return no(40002)
      if (!query.js_code) return no(41008)
      const code = world.state.loginCodes.get(query.js_code)
      const refusal = judgeCode(world, code, query.appid)
      if (refusal) return no(refusal)
      const user = code && world.state.users.get(code.userKey)
      if (!user) return no(40029)
      if (user.blocked) return no(40226)
      if (exceeds(world.state, `login:${user.key}`, loginsPerUserAndMinute, 'minute', world.now())) return no(45011)
      code.used = true
      user.sessionKey = randomBytes(16).toString('base64')
      // A real answer carries no errcode here, although the document's sample shows one.
      return { kind: 'json', body: { session_key: user.sessionKey, openid: user.openid, unionid: user.unionid } }
    },
  },

  '/wxa/checksession': {
    method: 'GET',
    needsToken: true,
    perMinute: 5000,
    minuteErrcode: 45011,
    handle: (world, { query }) => checkSession(world, query).refusal ?? ok(),
  },

  '/wxa/resetusersessionkey': {
    method: 'GET',
    needsToken: true,
    perMinute: 5000,
    minuteErrcode: 45011,
    handle: (world, { query }) => {
      const { user, refusal } = checkSession(world, query)
      if (!user) return refusal
      user.sessionKey = randomBytes(16).toString('base64')
      return ok({ openid: user.openid, session_key: user.sessionKey })
    },
  },

  '/wxa/business/getuserphonenumber': {
    method: 'POST',
    needsToken: true,
    perMinute: 100_000,
    minuteErrcode: 45011,
    handle: (world, { body }) => {
      const request = phoneRequest.safeParse(body)
      if (!request.success) return refuse(world, 40029)
      const code = world.state.phoneCodes.get(request.data.code)
      if (code && code.appId !== world.appId) return refuse(world, 40013)
      // The table of this endpoint has only one code for strange, old and used codes.
      const refusal = judgeCode(world, code, world.appId)
      const user = code && world.state.users.get(code.userKey)
      if (refusal || !user) return refuse(world, 40029)
      if (request.data.openid && request.data.openid !== user.openid) return refuse(world, 40029)
      code.used = true
      return ok({
        phone_info: {
          phoneNumber: user.phone,
          purePhoneNumber: user.phone,
          // Documented as text, sent as a number.
          countryCode: 86,
          watermark: { timestamp: Math.floor(world.now() / 1000), appid: world.appId },
        },
      })
    },
  },
}

function judgeCode(world: World, code: IssuedCode | undefined, appId: string): 40029 | 40163 | null {
  if (!code || code.appId !== appId) return 40029
  if (code.used) return 40163
  return world.now() - code.issuedAt > codeLifeMs ? 40029 : null
}

function checkSession(world: World, query: Record<string, string>) {
  const user = findUser(world.state, query.openid ?? '')
  const no = (errcode: number): { user: null; refusal: Answer } => ({ user: null, refusal: refuse(world, errcode) })
  if (!user) return no(40003)
  if (query.sig_method !== 'hmac_sha256') return no(87008)
  const expected = user.sessionKey && createHmac('sha256', user.sessionKey).update('').digest('hex')
  return query.signature && query.signature === expected ? { user, refusal: null } : no(87009)
}
