import { bodyParser } from '@koa/bodyparser'
import Router from '@koa/router'
import type { Middleware } from 'koa'
import type { Deps } from '../deps'
import { refuse } from '../errors'
import { createAuthenticator } from './auth'
import type { Route } from './bind'
import { createLimits, maxBodyKilobytes } from './limits'

/** The part of a path that chooses its router: `/api/points/awards` and `/points/awards` both have `points`. */
const areaOf = (path: string): string => path.split('/', 2)[1] ?? ''

/** The API below /api: every route of the table, behind authentication and limits. */
export const apiRouter = (deps: Deps, routes: readonly Route[]): Middleware[] => {
  // A router tries its routes one after the other, so each area has its own: a request meets a dozen of them instead of hundreds.
  const areas = new Map<string, Router>()
  const routerOf = (path: string): Router => {
    const area = areaOf(path)
    const known = areas.get(area)
    if (known) return known
    const made = new Router({ prefix: '/api' })
    areas.set(area, made)
    return made
  }
  const auth = createAuthenticator(deps)
  const limits = createLimits(deps.env)
  const parse = bodyParser({
    enableTypes: ['json'],
    // A deletion says which version it means.
    parsedMethods: ['POST', 'PUT', 'PATCH', 'DELETE'],
    jsonLimit: `${maxBodyKilobytes}kb`,
    // Nearly every client writes exactly this; the parser takes the media type of the others apart.
    detectJSON: (ctx) => ctx.get('content-type') === 'application/json',
    onError: (error) => {
      throw (error as { status?: number }).status === 413
        ? refuse('body_too_large', { maxKilobytes: maxBodyKilobytes })
        : refuse('malformed_json')
    },
  })
  for (const route of routes) {
    const [method, path] = route.key.split(' ')
    const serve = route.serve(deps)
    const reads = method === 'GET'
    routerOf(path).register(path, [method], async (ctx) => {
      ctx.state.key = route.key
      const actor = await auth.authenticate(ctx.get('authorization') || undefined, ctx.ip)
      ctx.state.actor = actor.id
      await limits.check(actor, route.key, ctx.ip)
      // A body that the parser did not read is none that we speak.
      if (!reads && ctx.request.length && ctx.request.rawBody === undefined) throw refuse('unsupported_media_type')
      const body: unknown = reads ? ctx.query : (ctx.request.body ?? {})
      if (typeof body !== 'object' || body === null || Array.isArray(body))
        throw refuse('invalid_input', { reason: '内容应是一个 JSON 对象' })
      const answer = await serve({
        actor,
        input: { ...body, ...ctx.params },
        idempotencyKey: ctx.get('idempotency-key') || undefined,
        ip: ctx.ip,
        requestId: ctx.state.requestId,
      })
      ctx.status = answer.status
      ctx.body = answer.body
      // Personal answers must not stay in anybody's cache.
      ctx.set('Cache-Control', 'no-store')
      if (ctx.state.key === 'POST /auth/logout' || ctx.state.key === 'POST /me/logout-everywhere') {
        if (actor.kind !== 'visitor') auth.forget(actor.sessionId)
      }
    })
  }
  const serving = new Map([...areas].map(([area, router]) => [area, router.routes() as unknown as Middleware]))
  return [
    (ctx, next) => {
      if (!ctx.path.startsWith('/api/')) return next()
      const area = areaOf(ctx.path.slice('/api'.length))
      const matched = areas.get(area)
      const none = (): never => {
        throw refuse(matched?.match(ctx.path, ctx.method).path.length ? 'method_not_allowed' : 'not_found')
      }
      const served = serving.get(area)
      return parse(ctx, async () => (served ? served(ctx as never, async () => none()) : none()))
    },
  ]
}
