import { bodyParser } from '@koa/bodyparser'
import Router from '@koa/router'
import type { Middleware } from 'koa'
import type { Deps } from '../deps'
import { refuse } from '../errors'
import { createAuthenticator } from './auth'
import type { Route } from './bind'
import { createLimits, maxBodyKilobytes } from './limits'

/** The API below /api: every route of the table, behind authentication and limits. */
export const apiRouter = (deps: Deps, routes: readonly Route[]): Middleware[] => {
  const router = new Router({ prefix: '/api' })
  const auth = createAuthenticator(deps)
  const limits = createLimits(deps.env)
  const parse = bodyParser({
    enableTypes: ['json'],
    jsonLimit: `${maxBodyKilobytes}kb`,
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
    router.register(path, [method], async (ctx) => {
      ctx.state.key = route.key
      const actor = await auth.authenticate(ctx.get('authorization') || undefined, ctx.ip)
      ctx.state.actor = actor.id
      await limits.check(actor, route.key, ctx.ip)
      if (!reads && ctx.request.length && !ctx.is('json')) throw refuse('unsupported_media_type')
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
  return [
    (ctx, next) => (ctx.path.startsWith('/api/') ? parse(ctx, next) : next()),
    router.routes() as unknown as Middleware,
    async (ctx, next) => {
      if (!ctx.path.startsWith('/api/')) return next()
      throw refuse(router.match(ctx.path, ctx.method).path.length ? 'method_not_allowed' : 'not_found')
    },
  ]
}
