import type { Server } from 'node:http'
import { join } from 'node:path'
import Koa, { type Middleware } from 'koa'
import { noteMediaVerdict } from './community/service'
import type { Deps } from './deps'
import { apiRouter } from './http/api'
import { frame } from './http/frame'
import { headers } from './http/headers'
import { createMeter } from './http/metrics'
import { operations } from './http/operations'
import { pages } from './http/pages'
import { uploads } from './http/uploads'
import { wechatPush } from './messages/push'
import { exportDownload } from './privacy/download'
import { routes } from './routes'

/** Where the built clients lie; the server's own code may run from source or from dist. */
export const distRoot = join(process.cwd(), 'dist')

/**
 * The Koa application: the frame around every request, then the API, operations and the static pages.
 * @param before layers of their own beside the API, such as the WeChat sandbox
 */
export const createApp = (deps: Deps, before: readonly Middleware[] = []): Koa => {
  const app = new Koa({ proxy: deps.env.TRUSTED_PROXIES > 0, maxIpsCount: deps.env.TRUSTED_PROXIES })
  const meter = createMeter()
  app.silent = true
  app.use(frame(deps, meter))
  app.use(headers(deps.env))
  // Photos and copies of a member's data are files: they are served before the API, which speaks JSON.
  app.use(uploads(deps))
  app.use(exportDownload(deps))
  // The API parses bodies below /api only, so it may stand before those that read theirs raw, and its requests pass fewer layers.
  for (const layer of apiRouter(deps, routes)) app.use(layer)
  app.use(operations(deps, meter))
  for (const layer of before) app.use(layer)
  app.use(wechatPush(deps, noteMediaVerdict))
  for (const layer of pages(deps, distRoot)) app.use(layer)
  return app
}

/** Listens on the settings' host and port; resolves when requests are accepted. */
export const listen = (app: Koa, host: string, port: number): Promise<Server> =>
  new Promise((done, fail) => {
    const server = app.listen(port, host)
    server.once('listening', () => done(server))
    server.once('error', fail)
  })
