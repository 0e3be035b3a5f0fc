import { randomUUID } from 'node:crypto'
import type { Middleware } from 'koa'
import type { Deps } from '../deps'
import { AppError, refuse } from '../errors'
import { refusalAnswer } from './idempotency'
import type { Meter } from './metrics'

/** The `Date` header of an instant; it changes once a second, and a busy second asks for it thousands of times. */
const httpDate = (() => {
  let second = Number.NaN
  let text = ''
  return (at: number): string => {
    const now = Math.floor(at / 1000)
    if (now !== second) {
      second = now
      text = new Date(now * 1000).toUTCString()
    }
    return text
  }
})()

/** Gives each request a number, writes one log line and one measurement for it, and turns what is thrown into an answer. */
export const frame =
  (deps: Deps, meter: Meter): Middleware =>
  async (ctx, next) => {
    const started = process.hrtime.bigint()
    const given = ctx.get('x-request-id')
    ctx.state.requestId = /^[\w-]{8,64}$/.test(given) ? given : randomUUID()
    ctx.set('X-Request-Id', ctx.state.requestId)
    // Clients reckon what is left of a minute by this clock, whatever their own says.
    ctx.set('Date', httpDate(deps.clock.now()))
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
