/** Everything the sandbox remembers, in memory, and the few look-ups that several endpoints share. */
import { randomBytes } from 'node:crypto'
import { type CastMember, cast, openidFor, type SandboxTemplate, templates, unionidFor } from './cast'
import type { FaultRule } from './faults'

export type SandboxUser = {
  key: string
  nickname: string
  phone: string
  openid: string
  unionid: string
  riskRank: number
  blocked: boolean
  /** Epoch milliseconds of the last login; content checks need one within two hours. */
  lastVisitAt: number
  privacyAgreed: boolean
  /** Only the newest session key of a user is valid. */
  sessionKey: string | null
  mainSwitch: boolean
  /** Templates with "always keep" and the choice that is kept. */
  kept: Map<string, 'accept' | 'reject'>
  /** Messages that may still be sent, by template id. */
  grants: Map<string, number>
}

export type IssuedCode = { userKey: string; appId: string; issuedAt: number; used: boolean }

export type IssuedToken = { value: string; pool: 'stable' | 'plain'; expiresAt: number; revoked: boolean }

export type SentMessage = {
  msgid: string
  at: number
  openid: string
  templateId: string
  title: string
  page: string | null
  state: string
  fields: { key: string; label: string; value: string }[]
}

export type PushDelivery = {
  event: string
  at: number
  /** Body as it was before encryption. */
  message: Record<string, unknown>
  attempts: number
  /** HTTP status of the last try, null when nobody answered or no push target is set. */
  status: number | null
  accepted: boolean
}

export type SandboxState = {
  clockOffsetMs: number
  users: Map<string, SandboxUser>
  templates: Map<string, SandboxTemplate>
  loginCodes: Map<string, IssuedCode>
  phoneCodes: Map<string, IssuedCode>
  /** Phone-button calls left; WeChat gives 1,000 free in an app's life. */
  phoneQuotaLeft: number
  phoneCallsCharged: number
  tokens: IssuedToken[]
  tokenRequests: number
  forcedRefreshes: number[]
  sends: SentMessage[]
  /** Openids with a message under way. */
  sending: Set<string>
  links: Map<string, { page: string; query: string; expiresAt: number }>
  pushes: PushDelivery[]
  faults: FaultRule[]
  counters: Map<string, { window: number; count: number }>
  /** Per path, instead of the endpoint's own limits. */
  limits: Map<string, { perMinute?: number; perDay?: number }>
  /** Published pages; null: every well-formed page counts as published. */
  pages: readonly string[] | null
  /** Addresses that may ask for a token; null: all. */
  ipWhitelist: readonly string[] | null
  words: { risky: string[]; review: string[]; sensitive: string[] }
  /** How long one message takes; two to the same person within it clash (43108). */
  sendLatencyMs: number
}

export const freePhoneCalls = 1000
/** Lists that only serve inspection forget their oldest entries. */
const keptRecords = 500

export function createState(now: number, pages: readonly string[] | null): SandboxState {
  const state: SandboxState = {
    clockOffsetMs: 0,
    users: new Map(),
    templates: new Map(templates.map((one) => [one.templateId, { ...one }])),
    loginCodes: new Map(),
    phoneCodes: new Map(),
    phoneQuotaLeft: freePhoneCalls,
    phoneCallsCharged: 0,
    tokens: [],
    tokenRequests: 0,
    forcedRefreshes: [],
    sends: [],
    sending: new Set(),
    links: new Map(),
    pushes: [],
    faults: [],
    counters: new Map(),
    limits: new Map(),
    pages,
    ipWhitelist: null,
    words: { risky: ['赌博', '代开发票'], review: ['加微信', '刷单'], sensitive: ['最低价保证', '稳赚不赔'] },
    sendLatencyMs: 5,
  }
  for (const member of cast) state.users.set(member.key, createUser(member, now))
  return state
}

export function createUser(member: CastMember, now: number): SandboxUser {
  return {
    key: member.key,
    nickname: member.nickname,
    phone: member.phone,
    openid: openidFor(member.key),
    unionid: unionidFor(member.key),
    riskRank: member.riskRank ?? 0,
    blocked: member.blocked ?? false,
    lastVisitAt: now,
    privacyAgreed: false,
    sessionKey: null,
    mainSwitch: true,
    kept: new Map(),
    grants: new Map(),
  }
}

/** Finds a user by cast key or by openid. */
export function findUser(state: SandboxState, name: string): SandboxUser | null {
  const byKey = state.users.get(name)
  if (byKey) return byKey
  for (const user of state.users.values()) if (user.openid === name) return user
  return null
}

/** Appends to a list kept for inspection. */
export function keep<T>(list: T[], record: T): void {
  list.push(record)
  if (list.length > keptRecords) list.splice(0, list.length - keptRecords)
}

export const codeLifeMs = 5 * 60_000

/** Issues a single-use code into one of the two pools. Old codes are forgotten after a day. */
export function issueCode(pool: Map<string, IssuedCode>, code: Omit<IssuedCode, 'used'>): string {
  for (const [old, { issuedAt }] of pool) {
    if (issuedAt > code.issuedAt - 86_400_000) break
    pool.delete(old)
  }
  const value = `0${randomBytes(24).toString('base64url')}`.slice(0, 32)
  pool.set(value, { ...code, used: false })
  return value
}

/** Counts one call in the minute or day of `now` and tells whether it exceeds `limit`. */
export function exceeds(
  state: SandboxState,
  name: string,
  limit: number,
  span: 'minute' | 'day',
  now: number,
): boolean {
  const key = `${span}:${name}`
  const window = Math.floor(now / (span === 'minute' ? 60_000 : 86_400_000))
  const counter = state.counters.get(key)
  const count = counter?.window === window ? counter.count + 1 : 1
  state.counters.set(key, { window, count })
  return count > limit
}
