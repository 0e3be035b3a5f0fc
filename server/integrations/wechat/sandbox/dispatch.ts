/** The way of one call through the sandbox: fault, method, token, rate, body, endpoint, fault again. */
import { setTimeout as pause } from 'node:timers/promises'
import type { Context } from 'koa'
import { type Answer, type Endpoint, type EndpointRequest, refuse, type World } from './answers'
import { type FaultEffect, pickFault } from './faults'
import { exceeds } from './state'
import { checkToken } from './tokens'

const longestBody = 1024 * 1024
const gatewayPage = '<html><head><title>502 Bad Gateway</title></head><body><h1>502 Bad Gateway</h1></body></html>'

type Rendered = { status: number; type: string; bytes: Buffer }

/**
 * Answers one call of an endpoint.
 *
 * @param prefix where the sandbox is mounted, `/__wechat` or empty.
 */
export async function dispatch(
  ctx: Context,
  call: { world: World; path: string; endpoint: Endpoint; prefix: string; random: () => number },
): Promise<void> {
  const { world, path, endpoint } = call
  const text = await readBody(ctx)
  const body = parse(text)
  const request: EndpointRequest = {
    query: Object.fromEntries(new URLSearchParams(ctx.querystring)),
    body,
    remoteAddress: (ctx.req.socket.remoteAddress ?? '').replace(/^::ffff:/, ''),
    origin: `${ctx.protocol}://${ctx.host}${call.prefix}`,
  }
  const openid = openidOf(world, request)
  const effect = pickFault(world.state.faults, { path, openid }, call.random)

  if (effect?.type === 'delay' && effect.when === 'before') await pause(effect.ms, undefined, { ref: false })
  if (effect?.type === 'revoke-token') for (const token of world.state.tokens) token.revoked = true
  if (effect?.type === 'reset' && effect.when === 'before') return reset(ctx)

  const answer =
    refuseByFault(world, effect) ??
    judge(world, ctx.method, path, endpoint, request, text) ??
    (await endpoint.handle(world, request))

  if (effect?.type === 'delay' && effect.when === 'after') await pause(effect.ms, undefined, { ref: false })
  if (effect?.type === 'reset') return reset(ctx)
  const rendered = distort(render(path, answer), effect)
  ctx.status = rendered.status
  ctx.set('Content-Type', rendered.type)
  ctx.body = rendered.bytes
}

/** Validation in the order that makes a refusal mean something. */
function judge(
  world: World,
  method: string,
  path: string,
  endpoint: Endpoint,
  request: EndpointRequest,
  text: string,
): Answer | null {
  if (method !== endpoint.method) return refuse(world, endpoint.method === 'POST' ? 43002 : 43001)
  if (endpoint.needsToken) {
    const refusal = checkToken(world, request.query.access_token)
    if (refusal) return refusal
  }
  const own = world.state.limits.get(path)
  if (own?.perDay !== undefined && exceeds(world.state, path, own.perDay, 'day', world.now())) {
    return refuse(world, 45009)
  }
  if (exceeds(world.state, path, own?.perMinute ?? endpoint.perMinute, 'minute', world.now())) {
    return refuse(world, endpoint.minuteErrcode)
  }
  if (endpoint.method === 'GET') return null
  if (text === '') return refuse(world, 44002)
  return request.body === null ? refuse(world, 47001) : null
}

/** Faults that refuse the call before it is looked at. */
function refuseByFault(world: World, effect: FaultEffect | null): Answer | null {
  switch (effect?.type) {
    case 'errcode':
      return refuse(world, effect.errcode, effect.errmsg)
    case 'rate-burst':
    case 'json-as-image':
      return refuse(world, effect.errcode)
    case 'http':
      return effect.when === 'before' ? refuse(world, -1) : null
    default:
      return null
  }
}

function render(path: string, answer: Answer): Rendered {
  if (answer.kind === 'image') return { status: 200, type: answer.type, bytes: answer.bytes }
  // The login endpoints label their JSON as plain text.
  const type = path.startsWith('/sns/') ? 'text/plain' : 'application/json; charset=UTF-8'
  return { status: 200, type, bytes: Buffer.from(JSON.stringify(answer.body)) }
}

/** Faults that spoil a finished answer. */
function distort(answer: Rendered, effect: FaultEffect | null): Rendered {
  switch (effect?.type) {
    case 'http':
      return { status: effect.status, type: 'text/html', bytes: Buffer.from(gatewayPage) }
    case 'html':
      return { ...answer, type: 'text/html', bytes: Buffer.from(gatewayPage) }
    case 'truncate':
      return { ...answer, bytes: answer.bytes.subarray(0, Math.floor(answer.bytes.length / 2)) }
    case 'empty':
      return { ...answer, bytes: Buffer.alloc(0) }
    case 'text-plain':
      return { ...answer, type: 'text/plain' }
    case 'json-as-image':
      return { ...answer, type: 'image/jpeg' }
    case 'numeric-msgid':
      return { ...answer, bytes: Buffer.from(answer.bytes.toString().replace(/"msgid":"(\d+)"/, '"msgid":$1')) }
    case 'missing-errcode':
      return { ...answer, bytes: Buffer.from(answer.bytes.toString().replace(/"errcode":-?\d+,?/, '')) }
    default:
      return answer
  }
}

/** Cuts the connection without a word. */
function reset(ctx: Context): void {
  ctx.respond = false
  ctx.req.socket.resetAndDestroy()
}

function openidOf(world: World, { query, body }: EndpointRequest): string | null {
  const fields = (body ?? {}) as Record<string, unknown>
  const named = fields.touser ?? fields.openid ?? query.openid
  if (typeof named === 'string') return named
  const { loginCodes, phoneCodes, users } = world.state
  const code = loginCodes.get(query.js_code ?? '') ?? phoneCodes.get(String(fields.code ?? ''))
  return (code && users.get(code.userKey)?.openid) ?? null
}

function parse(text: string): object | null {
  try {
    const value: unknown = JSON.parse(text)
    return typeof value === 'object' && value !== null && !Array.isArray(value) ? value : null
  } catch {
    return null
  }
}

/**
 * Reads the body as text, or takes what a body parser in front of the sandbox has already read.
 *
 * @throws a 413 for bodies that no endpoint expects.
 */
export async function readBody(ctx: Context): Promise<string> {
  const parsed = (ctx.request as { rawBody?: unknown }).rawBody
  if (typeof parsed === 'string') return parsed
  const chunks: Buffer[] = []
  let size = 0
  for await (const chunk of ctx.req) {
    size += (chunk as Buffer).length
    if (size > longestBody) ctx.throw(413, 'body too large')
    chunks.push(chunk as Buffer)
  }
  return Buffer.concat(chunks).toString('utf8')
}
