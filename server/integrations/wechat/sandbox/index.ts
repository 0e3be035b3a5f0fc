/**
 * The WeChat sandbox: a local stand-in for api.weixin.qq.com, so that the whole product runs and is tested without an
 * AppID. The production client cannot tell the difference; only its base URL points here.
 *
 *   const sandbox = createSandbox({ now: clock.now, prefix: '/__wechat', pushTarget, openLink })
 *   app.use(sandbox.router.routes())          // before any body parser
 *   createWechatClient({ ...sandboxApp, baseUrl: `http://127.0.0.1:${port}/__wechat`, … })
 *
 * `/__control/*` (loopback only, JSON) plays the phone and turns the screws:
 *   POST login {user} -> {code} · POST phone {user, choice?} -> {code} or {errno} · POST subscribe {user, templateIds,
 *   choice, keep?} -> {result, grants} · GET/POST subscriptions · POST privacy {user, agree?} · GET/POST users ·
 *   GET state, sends, pushes, inbox (a page) · POST clock {advanceMs} · POST push {event, user, list?, fields?, copies?,
 *   badSignature?, …} · GET/POST/DELETE faults {match, effect, times?} · POST tokens, limits, templates, settings, reset
 * `user` is a key of the cast (cast.ts: lin, zhou, chen …) or an openid.
 *
 * State lives in memory and is gone after a restart; openids and template ids are not, they are derived from names.
 * assertWechatBase in ../base-url.ts keeps a production server away from here.
 */
import Router from '@koa/router'
import type { Context } from 'koa'
import type { Endpoint, World } from './answers'
import { sandboxApp } from './cast'
import { codeEndpoints, type OpenLink } from './codes'
import { commands, control } from './control'
import { dispatch } from './dispatch'
import { identityEndpoints } from './identity'
import { createPusher, type PushTarget } from './pushing'
import { safetyEndpoints } from './safety'
import { createState } from './state'
import { subscribeEndpoints } from './subscribe'
import { tokenEndpoints } from './tokens'

export type SandboxOptions = {
  /** Epoch milliseconds. */
  now: () => number
  /** Default: `sandboxApp` of cast.ts. */
  appId?: string
  secret?: string
  /** Where the router is mounted, without trailing slash. Default: the root. */
  prefix?: string
  /** Our callback for events; without it they are only recorded. */
  pushTarget?: PushTarget
  /** The address inside QR codes and links; the default only carries page and query as text. */
  openLink?: OpenLink
  /** Published pages; by default every well-formed page counts as published. */
  pages?: readonly string[]
  /** Who may use the control plane. `any` is for a demo on other devices, whose visitors may then sign in as anybody. */
  controlFrom?: 'loopback' | 'any'
  /** Pause before a failed push is tried again. Default 1000. */
  pushRetryPauseMs?: number
  /** For fault rules with a probability; replaced in tests. */
  random?: () => number
}

const loopback = /^(127\.|::1$|::ffff:127\.)/

export function createSandbox(options: SandboxOptions) {
  const prefix = options.prefix ?? ''
  const appId = options.appId ?? sandboxApp.appId
  const openLink: OpenLink = options.openLink ?? ((page, query) => `https://mini-program.invalid/${page}?${query}`)
  const freshState = () => createState(options.now(), options.pages ?? null)
  let state = freshState()
  const now = () => options.now() + state.clockOffsetMs

  const pusher = createPusher({
    state: () => state,
    appId,
    target: options.pushTarget ?? null,
    now,
    realNow: options.now,
    fetch: globalThis.fetch,
    retryPauseMs: options.pushRetryPauseMs ?? 1000,
  })
  const world: World = {
    get state() {
      return state
    },
    appId,
    secret: options.secret ?? sandboxApp.secret,
    now,
    push: pusher.push,
  }
  const reset = () => {
    pusher.stop()
    state = freshState()
  }

  const endpoints: Record<string, Endpoint> = {
    ...tokenEndpoints,
    ...identityEndpoints,
    ...subscribeEndpoints,
    ...codeEndpoints(openLink),
    ...safetyEndpoints,
  }
  const router = new Router({ prefix })
  const random = options.random ?? Math.random
  for (const [path, endpoint] of Object.entries(endpoints)) {
    router.all(path, (ctx: Context) => dispatch(ctx, { world, path, endpoint, prefix, random }))
  }
  for (const path of Object.keys(commands)) {
    router.all(`/__control${path}`, async (ctx: Context) => {
      if (options.controlFrom !== 'any' && !loopback.test(ctx.req.socket.remoteAddress ?? '')) ctx.throw(403)
      await control(ctx, { world, reset }, path)
    })
  }
  router.get('/__link/:ticket', (ctx) => {
    const link = state.links.get(String(ctx.params.ticket))
    if (!link || link.expiresAt <= now()) ctx.throw(410, 'this link has expired')
    else ctx.redirect(openLink(link.page, link.query))
  })

  return {
    router,
    /** Read-only view for tests. */
    state: () => state,
    /** Resolves when every pending push has been delivered or given up. */
    settle: pusher.settle,
    /** Cancels pending pushes; call it when the server stops. */
    stop: pusher.stop,
  }
}
