import { existsSync, ReadStream } from 'node:fs'
import { join } from 'node:path'
import type { Context, Middleware } from 'koa'
import serve from 'koa-static'
import { landingPage } from '../demo/landing'
import { notBuilt } from '../demo/not-built'
import type { Deps } from '../deps'

const day = 86_400_000
const year = 365 * 86_400
/** A name that changes with the content: `.3f2a91c0.js` of Taro, `-BxYz12_9.css` of Vite, the version in the code reader's. */
const namedByContent = /([.-][\w-]{8,20}\.(js|css|svg|png|jpg|webp|woff2)|-\d+\.\d+\.\d+\.wasm)$/
/** How long a browser may keep a file without asking: for ever, an hour, or not at all. */
const cachingOf = (path: string): string => {
  const file = path.replace(/\.(br|gz)$/, '')
  if (file.endsWith('.html')) return 'no-cache'
  return namedByContent.test(file) ? `public, max-age=${year}, immutable` : 'public, max-age=3600'
}

/** Names the version of a file that is about to be sent, and sends nothing to a browser that has it. */
const unlessKnown = (ctx: Context): void => {
  if (ctx.status !== 200 || !ctx.lastModified) return
  ctx.etag = `W/"${ctx.response.length?.toString(36)}-${ctx.lastModified.getTime().toString(36)}"`
  if (!ctx.fresh) return
  if (ctx.body instanceof ReadStream) ctx.body.destroy()
  ctx.status = 304
}
/** What koa-static calls when it has no such file. */
const nothingMore = (): Promise<void> => Promise.resolve()

/**
 * Serves a built client below a prefix. File names carry a hash, so all but the entry page may be kept for good; the build lays compressed
 * files beside them (config/build.mjs), which are sent to whoever accepts them.
 */
const client = (prefix: string, dir: string): Middleware => {
  const files = serve(dir, {
    setHeaders: (res, path) => res.setHeader('Cache-Control', cachingOf(path)),
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
    ctx.vary('Accept-Encoding')
    unlessKnown(ctx)
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
