import type { Middleware } from 'koa'
import type { Deps } from '../deps'
import type { Meter } from './metrics'
import { openApiDocument } from './openapi'

/** Makes a thing when it is first asked for. */
const lazily = <T>(make: () => T): (() => T) => {
  let made: { value: T } | undefined
  return () => {
    made = made ?? { value: make() }
    return made.value
  }
}

/** /healthz (this process answers), /readyz (its database answers too), /metrics, /openapi.json. */
export const operations = (deps: Deps, meter: Meter): Middleware => {
  const document = lazily(() => openApiDocument('0.1.0'))
  const answers: Record<string, () => Promise<{ status: number; body: unknown; type?: string }>> = {
    '/healthz': async () => ({ status: 200, body: { ok: true } }),
    '/readyz': async () => {
      try {
        await deps.db.read('SELECT 1 AS one')
        return { status: 200, body: { ok: true, database: deps.db.kind } }
      } catch (error) {
        deps.log.error({ err: error }, 'not ready')
        return { status: 503, body: { ok: false, database: deps.db.kind } }
      }
    },
    '/metrics': async () => ({ status: 200, body: await meter.text(), type: meter.contentType }),
    '/openapi.json': async () => ({ status: 200, body: document() }),
  }
  return async (ctx, next) => {
    const answer = ctx.method === 'GET' || ctx.method === 'HEAD' ? answers[ctx.path] : undefined
    if (!answer) return next()
    const { status, body, type } = await answer()
    ctx.status = status
    ctx.body = body
    if (type) ctx.type = type
  }
}
