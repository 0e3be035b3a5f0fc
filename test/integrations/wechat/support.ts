import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import Koa from 'koa'
import { createWechatClient, type WechatClientOptions } from '../../../server/integrations/wechat/client'
import { isWechatError, type WechatError } from '../../../server/integrations/wechat/errors'
import type { WechatCallLog } from '../../../server/integrations/wechat/http'
import { createSandbox, type SandboxOptions } from '../../../server/integrations/wechat/sandbox'
import { sandboxApp } from '../../../server/integrations/wechat/sandbox/cast'
import { createMemoryTokenStore } from '../../../server/integrations/wechat/token'

/** 2026-11-22 10:00 in Shanghai. */
export const startMs = Date.UTC(2026, 10, 22, 2, 0, 0)

export type Json = Record<string, unknown>

/** Serves a Koa app on a free port of this machine. */
export async function serve(app: Koa): Promise<{ url: string; close: () => Promise<void> }> {
  const server: Server = createServer(app.callback())
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const { port } = server.address() as AddressInfo
  return {
    url: `http://127.0.0.1:${port}`,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve())
        server.closeAllConnections()
      }),
  }
}

/** An address of this machine where nobody listens. */
export async function closedPort(): Promise<string> {
  const { url, close } = await serve(new Koa())
  await close()
  return url
}

/** A sandbox behind real HTTP, and the production client pointed at it. */
export async function startSandbox(
  options: { sandbox?: Partial<SandboxOptions>; client?: Partial<WechatClientOptions> } = {},
) {
  const clock = { ms: startMs, now: () => clock.ms }
  const prefix = '/__wechat'
  const sandbox = createSandbox({ now: clock.now, prefix, pushRetryPauseMs: 5, ...options.sandbox })
  const app = new Koa()
  // Koa prints errors of cut connections; they are what these tests are about.
  app.silent = true
  app.use(sandbox.router.routes())
  const { url, close } = await serve(app)
  const base = `${url}${prefix}`

  const log: WechatCallLog[] = []
  const tokenStore = createMemoryTokenStore()
  const clientOptions: WechatClientOptions = {
    ...sandboxApp,
    baseUrl: base,
    tokenStore,
    now: clock.now,
    log: (entry) => log.push(entry),
    sleep: async () => undefined,
    ...options.client,
  }

  const control = async (path: string, body?: object): Promise<Json> => {
    const response = await fetch(`${base}/__control/${path}`, {
      ...(body
        ? { method: 'POST', body: JSON.stringify(body), headers: { 'content-type': 'application/json' } }
        : { method: 'GET' }),
    })
    const answer = (await response.json()) as Json
    if (!response.ok) throw new Error(`control ${path}: ${response.status} ${JSON.stringify(answer)}`)
    return answer
  }

  return {
    clock,
    sandbox,
    base,
    log,
    tokenStore,
    clientOptions,
    client: createWechatClient(clientOptions),
    control,
    /** Calls an endpoint without the client. */
    raw: async (path: string, init: { query?: Record<string, string>; body?: unknown; method?: string } = {}) => {
      const body =
        init.body === undefined ? undefined : typeof init.body === 'string' ? init.body : JSON.stringify(init.body)
      const response = await fetch(`${base}${path}?${new URLSearchParams(init.query ?? {})}`, {
        method: init.method ?? (body === undefined ? 'GET' : 'POST'),
        ...(body === undefined ? {} : { body }),
      })
      return (await response.json()) as Json
    },
    /** A login code of a member of the cast. */
    codeFor: async (user: string) => String((await control('login', { user })).code),
    fault: (path: string, effect: object, more: { match?: object; times?: number } = {}) =>
      control('faults', { match: { path, ...more.match }, effect, ...(more.times ? { times: more.times } : {}) }),
    close: async () => {
      sandbox.stop()
      await close()
    },
  }
}

export type TestSandbox = Awaited<ReturnType<typeof startSandbox>>

/** The WeChat error that a promise ends with; anything else fails the test. */
export async function failure(promise: Promise<unknown>): Promise<WechatError> {
  const error = await promise.then(
    (value) => new Error(`expected a refusal, got ${JSON.stringify(value)}`),
    (reason: unknown) => reason,
  )
  if (!isWechatError(error)) throw error
  return error
}
