import { randomUUID } from 'node:crypto'
import type { Middleware } from 'koa'
import type { Deps } from '../deps'
import { AppError, refuse } from '../errors'
import { refusalAnswer } from './idempotency'
import type { Meter } from './metrics'

/** Gives each request a number, writes one log line and one measurement for it, and turns what is thrown into an answer. */
export const frame =
  (deps: Deps, meter: Meter): Middleware =>
  async (ctx, next) => {
    const started = process.hrtime.bigint()
    const given = ctx.get('x-request-id')
    ctx.state.requestId = /^[\w-]{8,64}$/.test(given) ? given : randomUUID()
    ctx.set('X-Request-Id', ctx.state.requestId)
    // Clients reckon what is left of a minute by this clock, whatever their own says.
    ctx.set('Date', new Date(deps.clock.now()).toUTCString())
    try {
      await next()
    } catch (error) {
      const refusal = error instanceof AppError ? error : refuse('internal', { requestId: ctx.state.requestId })
      if (!(error instanceof AppError))
        deps.log.error({ requestId: ctx.state.requestId, key: ctx.state.key, err: error }, 'fault')
      const answer = refusalAnswer(refusal)
      ctx.status = answer.status
      ctx.body = { error: { ...(answer.body as { error: object }).error, requestId: ctx.state.requestId } }
      ctx.set('Cache-Control', 'no-store')
      if (typeof refusal.details.retryAfterSeconds === 'number')
        ctx.set('Retry-After', String(refusal.details.retryAfterSeconds))
    }
    const ms = Number(process.hrtime.bigint() - started) / 1e6
    meter.request(ctx.state.key ?? 'other', ctx.status, ms)
    if (ctx.state.key || ctx.status >= 500)
      deps.log.info(
        {
          requestId: ctx.state.requestId,
          key: ctx.state.key,
          actor: ctx.state.actor,
          status: ctx.status,
          ms: Math.round(ms * 10) / 10,
        },
        'request',
      )
  }
