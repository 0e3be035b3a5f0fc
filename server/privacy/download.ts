import type { Middleware } from 'koa'
import { civilDay } from '../../shared/time'
import type { Deps } from '../deps'
import { refuse } from '../errors'
import { isLinkGood, takeExport } from './exports'

const path = /^\/api\/exports\/([0-9a-z]{1,24})$/

/** `GET /api/exports/<id>?until=…&sign=…` hands a member's copy out as a file, once. Outside the contract, because it is a file. */
export const exportDownload = (deps: Deps): Middleware => {
  return async (ctx, next) => {
    const exportId = path.exec(ctx.path)?.[1]
    if (!exportId || ctx.method !== 'GET') return next()
    ctx.state.key = 'GET /exports/:exportId'
    const now = deps.clock.now()
    const link = { exportId, until: Number(ctx.query.until), sign: String(ctx.query.sign ?? '') }
    const copy = isLinkGood(deps, link, now) ? await deps.db.tx((tx) => takeExport(tx, deps, exportId, now)) : null
    if (!copy) throw refuse('export_link_spent')
    ctx.status = 200
    ctx.type = 'application/json; charset=utf-8'
    ctx.set('Content-Disposition', `attachment; filename="member-copy-${civilDay(now)}.json"`)
    ctx.set('Cache-Control', 'no-store')
    ctx.set('Referrer-Policy', 'no-referrer')
    ctx.body = copy
  }
}
