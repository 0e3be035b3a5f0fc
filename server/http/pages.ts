import { existsSync } from 'node:fs'
import { join } from 'node:path'
import type { Middleware } from 'koa'
import serve from 'koa-static'
import { landingPage } from '../demo/landing'
import { notBuilt } from '../demo/not-built'
import type { Deps } from '../deps'

const day = 86_400_000
/** What koa-static calls when it has no such file. */
const nothingMore = (): Promise<void> => Promise.resolve()

/** Serves a built client below a prefix; file names carry a hash, so all but the entry page may be kept long. */
const client = (prefix: string, dir: string): Middleware => {
  const files = serve(dir, {
    maxage: 30 * day,
    setHeaders: (res, path) => path.endsWith('.html') && res.setHeader('Cache-Control', 'no-cache'),
  })
  return async (ctx, next) => {
    if (ctx.path === prefix.slice(0, -1)) return ctx.redirect(prefix)
    if (!ctx.path.startsWith(prefix) || (ctx.method !== 'GET' && ctx.method !== 'HEAD')) return next()
    if (!existsSync(join(dir, 'index.html'))) {
      ctx.status = 503
      ctx.type = 'html'
      ctx.body = notBuilt(prefix)
      return
    }
    const original = ctx.path
    ctx.path = original.slice(prefix.length - 1)
    await files(ctx, async () => {
      // A deep link of the admin page is a route of its own, not a file.
      if (/\.\w+$/.test(ctx.path)) return
      ctx.path = '/index.html'
      await files(ctx, nothingMore)
    })
    ctx.path = original
  }
}

/** The landing page, the member app (h5), the admin page and the API reference. */
export const pages = (deps: Deps, dist: string): Middleware[] => [
  client('/m/', join(dist, 'h5')),
  client('/admin/', join(dist, 'admin')),
  ...reference(),
  async (ctx, next) => {
    if (ctx.path !== '/' || ctx.method !== 'GET') return next()
    ctx.type = 'html'
    ctx.body = await landingPage(deps)
  },
]

/** swagger-ui reads /openapi.json; its files come from the package where it is installed. */
const reference = (): Middleware[] => {
  const dir = join(process.cwd(), 'node_modules/swagger-ui-dist')
  if (!existsSync(dir)) return []
  const files = serve(dir, { maxage: day, index: false })
  return [
    async (ctx, next) => {
      if (ctx.path === '/reference') return ctx.redirect('/reference/')
      if (!ctx.path.startsWith('/reference/')) return next()
      if (ctx.path === '/reference/') {
        ctx.type = 'html'
        ctx.body = `<!doctype html><html lang="zh-CN"><meta charset="utf-8"><title>接口文档 · Huiyuan 惠员</title><meta name="viewport" content="width=device-width,initial-scale=1">
<link rel="stylesheet" href="swagger-ui.css"><body style="margin:0"><div id="ui"></div><script src="swagger-ui-bundle.js"></script>
<script>SwaggerUIBundle({url:'/openapi.json',dom_id:'#ui',docExpansion:'none',deepLinking:true,tryItOutEnabled:true})</script></body></html>`
        return
      }
      ctx.path = ctx.path.slice('/reference'.length)
      await files(ctx, nothingMore)
    },
  ]
}
