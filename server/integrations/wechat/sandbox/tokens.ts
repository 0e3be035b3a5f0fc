/** The two token endpoints, whose pools do not affect each other. */
import { randomBytes } from 'node:crypto'
import { tokenRequest } from '../schemas'
import { type Answer, type Endpoint, type EndpointRequest, refuse, type World } from './answers'
import type { IssuedToken } from './state'

const lifeMs = 7200_000
/** In the last five minutes of a token the next one is given out, and both work. */
const overlapMs = 300_000
const forcedPerDay = 20
const forcedPauseMs = 30_000
const dayMs = 86_400_000

export const tokenEndpoints: Record<string, Endpoint> = {
  '/cgi-bin/stable_token': {
    method: 'POST',
    needsToken: false,
    perMinute: 10_000,
    minuteErrcode: 45011,
    handle: (world, request) => {
      world.state.tokenRequests += 1
      const body = tokenRequest.partial().safeParse(request.body)
      if (!body.success) return refuse(world, 47001)
      const { appid, secret, grant_type, force_refresh: force } = body.data
      return checkApp(world, request, appid, secret, grant_type) ?? issueStable(world, force === true)
    },
  },
  '/cgi-bin/token': {
    method: 'GET',
    needsToken: false,
    perMinute: 10_000,
    minuteErrcode: 45011,
    handle: (world, request) => {
      world.state.tokenRequests += 1
      const { appid, secret, grant_type } = request.query
      return checkApp(world, request, appid, secret, grant_type) ?? issuePlain(world)
    },
  },
}

/** The app id is judged before the grant type; that the secret comes between them is an assumption. */
function checkApp(
  world: World,
  request: EndpointRequest,
  appId: string | undefined,
  secret: string | undefined,
  grantType: string | undefined,
): Answer | null {
  if (!appId) return refuse(world, 41002)
  if (appId !== world.appId) return refuse(world, 40013)
  if (!secret) return refuse(world, 41004)
  if (secret !== world.secret) return refuse(world, 40125)
  if (grantType !== 'client_credential') return refuse(world, 40002)
  const { ipWhitelist } = world.state
  const ip = request.remoteAddress
  if (ipWhitelist && !ipWhitelist.includes(ip)) {
    return refuse(world, 40164, `invalid ip ${ip} ipv6 ::ffff:${ip}, not in whitelist`)
  }
  return null
}

function issueStable(world: World, force: boolean): Answer {
  const { state } = world
  const now = world.now()
  const newest = state.tokens.findLast((token) => token.pool === 'stable' && !token.revoked)
  if (force) {
    const lastDay = state.forcedRefreshes.filter((at) => at > now - dayMs)
    if (lastDay.length >= forcedPerDay) return refuse(world, 45009)
    // A forced refresh too soon after the last one is quietly treated as an ordinary call.
    if (!lastDay.some((at) => at > now - forcedPauseMs)) {
      state.forcedRefreshes = [...lastDay, now]
      for (const token of state.tokens) if (token.pool === 'stable') token.revoked = true
      return tokenAnswer(issue(world, 'stable'), now)
    }
  }
  if (newest && newest.expiresAt - now > overlapMs) return tokenAnswer(newest, now)
  return tokenAnswer(issue(world, 'stable'), now)
}

function issuePlain(world: World): Answer {
  const now = world.now()
  for (const token of world.state.tokens) {
    if (token.pool === 'plain') token.expiresAt = Math.min(token.expiresAt, now + overlapMs)
  }
  return tokenAnswer(issue(world, 'plain'), now)
}

function issue(world: World, pool: IssuedToken['pool']): IssuedToken {
  const now = world.now()
  const token: IssuedToken = {
    value: `${pool === 'stable' ? '9' : '7'}8_${randomBytes(102).toString('base64url')}`,
    pool,
    expiresAt: now + lifeMs,
    revoked: false,
  }
  // Tokens stay known for a day after their end, so that they are refused as expired and not as strange.
  world.state.tokens = [...world.state.tokens.filter((old) => old.expiresAt > now - dayMs), token]
  return token
}

/** Token answers carry no errcode. */
function tokenAnswer(token: IssuedToken, now: number): Answer {
  const seconds = Math.floor((token.expiresAt - now) / 1000)
  return { kind: 'json', body: { access_token: token.value, expires_in: seconds } }
}

/** Judges the token of a call; null when it is good. */
export function checkToken(world: World, value: string | undefined): Answer | null {
  if (!value) return refuse(world, 41001)
  if (!/^[\w-]{64,512}$/.test(value)) return refuse(world, 40014)
  const token = world.state.tokens.find((one) => one.value === value)
  if (!token || token.revoked) return refuse(world, 40001)
  return token.expiresAt <= world.now() ? refuse(world, 42001) : null
}
