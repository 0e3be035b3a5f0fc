/** What an endpoint answers, and the message texts that the real service uses. */
import { randomBytes } from 'node:crypto'
import type { SandboxState } from './state'

export type Answer = { kind: 'json'; body: Record<string, unknown> } | { kind: 'image'; bytes: Buffer; type: string }

/** Sandbox-wide things that every endpoint needs. */
export type World = {
  state: SandboxState
  appId: string
  secret: string
  /** The sandbox's own clock, epoch milliseconds; the control plane can move it. */
  now: () => number
  /** Sends an event to the callback address, if one is set, after an optional delay. */
  push: (event: PushRequest) => void
}

export type PushRequest = {
  event: string
  openid: string
  /** Members besides the common head; `List` is an object or an array. */
  fields: Record<string, unknown>
  delayMs?: number
  /** Deliveries of the very same request, for duplicates. Default 1. */
  copies?: number
  badSignature?: boolean
  /** Age of the transport timestamp, to test the receiver's freshness check. */
  ageSeconds?: number
  /** CreateTime in epoch seconds, to test events out of order. */
  createTime?: number
}

export type EndpointRequest = {
  query: Record<string, string>
  /** Parsed JSON of a POST; null for GET. */
  body: unknown
  remoteAddress: string
  /** Address under which the sandbox is mounted, for links that lead back to it. */
  origin: string
}

export type Endpoint = {
  method: 'GET' | 'POST'
  needsToken: boolean
  /** Calls per minute and the code that refuses more. */
  perMinute: number
  minuteErrcode: 45009 | 45011 | 44991
  handle: (world: World, request: EndpointRequest) => Answer | Promise<Answer>
}

const texts: Record<number, string> = {
  [-1]: 'system error',
  40001:
    'invalid credential, access_token is invalid or not latest, could get access_token by getStableAccessToken, more details at https://mmbizurl.cn/s/JtxxFh33r',
  40002: 'invalid grant_type',
  40003: 'invalid openid',
  40013: 'invalid appid',
  40014: 'invalid access_token',
  40029: 'invalid code',
  40037: 'invalid template_id',
  40097: 'invalid args',
  40125: 'invalid appsecret',
  40129: 'invalid scene',
  40163: 'code been used',
  40165: 'invalid weapp pagepath',
  40169: 'invalid length for scene, or the data is not json string',
  40212: 'invalid query',
  40226: 'code blocked',
  41001: 'access_token missing',
  41002: 'appid missing',
  41004: 'appsecret missing',
  41008: 'missing code',
  41030: 'invalid page',
  42001: 'access_token expired',
  43001: 'require GET method',
  43002: 'require POST method',
  43101: 'user refuse to accept the msg',
  43107: 'template or subscribe ability is banned',
  43108: 'concurrent send to the same user',
  44002: 'empty post data',
  44990: 'reach max api second frequence limit',
  44991: 'reach max api minute frequence limit',
  44993: 'reach max api day frequence limit',
  45009: 'reach max api daily quota limit',
  45011: 'api minute-quota reach limit  mustslower  retry next minute',
  45168: 'hit sensitive word',
  47001: 'data format error',
  48001: 'api unauthorized',
  61010: 'user access expired',
  85096: 'scancode_time is a reserved parameter',
  85400: 'reach max long time quota limit',
  85401: 'expire time invalid',
  87008: 'invalid sig_method',
  87009: 'invalid signature',
}

/** Three 8-digit hex groups, the first of which is the Unix time. */
export function traceId(now: number): string {
  const seconds = Math.floor(now / 1000)
    .toString(16)
    .padStart(8, '0')
  return `${seconds}-${randomBytes(4).toString('hex')}-${randomBytes(4).toString('hex')}`
}

/**
 * A refusal with WeChat's own words.
 *
 * @param comma the login endpoints write `text, rid: …`, the others `text rid: …`.
 */
export function refuse(world: World, errcode: number, text?: string, comma = false): Answer {
  const errmsg = `${text ?? texts[errcode] ?? 'error'}${comma ? ',' : ''} rid: ${traceId(world.now())}`
  return { kind: 'json', body: { errcode, errmsg } }
}

/** An answer of an endpoint that always carries an errcode. */
export function ok(fields: Record<string, unknown> = {}): Answer {
  return { kind: 'json', body: { errcode: 0, errmsg: 'ok', ...fields } }
}
