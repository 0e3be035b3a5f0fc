/**
 * The WeChat server client: the few endpoints that Huiyuan calls, one token rule, one error shape.
 *
 *   const wechat = createWechatClient({ appId, secret, baseUrl, tokenStore, now: clock.now })
 *   const { openid, unionid } = await wechat.codeToSession({ code })
 *   await wechat.sendSubscribe({ openid, templateId, page: 'pages/me/index', data: { thing1: '生日礼券' } })
 *
 * Every function throws a WechatError (errors.ts). Switch on `class`: `user` means this person or code, `config` means
 * call the administrator, `unknown` means that the call may have taken effect, so a message must not be sent again.
 * `retryDelayMs` in errors.ts says when a job may try again. The client itself repeats a call only in two cases: once
 * after renewing a refused token, and up to twice with a short pause when WeChat says that it is busy (-1) or, for
 * calls that are harmless to repeat, when no answer came.
 *
 * Never call it inside a database transaction, and never let `sessionKey` leave the server.
 */
import type { z } from 'zod'
import { isWechatError, unansweredError } from './errors'
import { createWechatHttp, type WechatAnswer, type WechatCallLog } from './http'
import {
  checkMediaAnswer,
  type checkMediaRequest,
  checkTextAnswer,
  type checkTextRequest,
  phoneAnswer,
  type phoneRequest,
  riskRankAnswer,
  type riskRankRequest,
  schemeAnswer,
  type schemeRequest,
  sendAnswer,
  type sendRequest,
  sessionAnswer,
  templateListAnswer,
  type unlimitedCodeRequest,
  urlLinkAnswer,
  type urlLinkRequest,
} from './schemas'
import { createTokenProvider, type TokenStore } from './token'

export type WechatClientOptions = {
  appId: string
  secret: string
  /** `https://api.weixin.qq.com`, or the sandbox's address. No trailing slash needed. */
  baseUrl: string
  tokenStore: TokenStore
  /** Epoch milliseconds. */
  now: () => number
  fetch?: typeof globalThis.fetch
  /** One entry per HTTP exchange, free of secrets and personal data. */
  log?: (entry: WechatCallLog) => void
  /** Whole-exchange limit; people wait for most of these calls. Default 5000. */
  timeoutMs?: number
  /** Pause between tries, replaced in tests. */
  sleep?: (ms: number) => Promise<void>
}

export type SubscribeMessage = {
  openid: string
  templateId: string
  /** Field values by template key, for example `{ thing1: '生日礼券', date2: '2026-11-22' }`. */
  data: Record<string, string>
  /** Page of the mini-program, without a leading slash; the card does not jump without it. */
  page?: string
  /** Which build the card opens; default `formal`. */
  state?: 'developer' | 'trial' | 'formal'
}

/** Life of a generated link: until a moment (epoch milliseconds) or for whole days, 30 days at most. */
export type LinkLife = { untilMs: number } | { days: number }

export type WechatClient = ReturnType<typeof createWechatClient>

/** Tries in all when WeChat is busy. */
const maxTries = 3

export function createWechatClient(options: WechatClientOptions) {
  const { appId, secret } = options
  const http = createWechatHttp({
    baseUrl: options.baseUrl,
    fetch: options.fetch ?? globalThis.fetch,
    now: options.now,
    timeoutMs: options.timeoutMs ?? 5000,
    ...(options.log ? { log: options.log } : {}),
  })
  const sleep = options.sleep ?? ((ms: number) => new Promise<void>((resolve) => setTimeout(resolve, ms)))
  const tokens = createTokenProvider({ appId, secret, http, store: options.tokenStore, now: options.now })

  /**
   * Repeats `work` after a short, jittered pause while WeChat is busy. `once` calls have an effect that must not
   * happen twice, so they are repeated only when it is certain that nothing happened.
   */
  async function persist<T>(repeat: 'safe' | 'once', work: () => Promise<T>): Promise<T> {
    for (let attempt = 1; ; attempt += 1) {
      try {
        return await work()
      } catch (error) {
        if (!isWechatError(error) || attempt >= maxTries) throw error
        const harmless = error.class === 'transient' || (repeat === 'safe' && error.errcode === null)
        if (!harmless) throw error
        await sleep(150 * 2 ** (attempt - 1) * (0.5 + Math.random()))
      }
    }
  }

  /** A failed token request did not run the call itself, so it never makes the result of the call unclear. */
  async function obtain(path: string, work: () => Promise<string>): Promise<string> {
    try {
      return await work()
    } catch (error) {
      if (!isWechatError(error) || error.class !== 'unknown' || error.errcode !== null) throw error
      throw unansweredError(path, `no access token (${error.message})`, 'none')
    }
  }

  /** One call that needs the access token, renewed once if WeChat refuses it. */
  async function call(path: string, repeat: 'safe' | 'once', body?: object): Promise<WechatAnswer> {
    const exchange = (token: string) => http({ path, query: { access_token: token }, ...(body ? { body } : {}) })
    return persist(repeat, async () => {
      const token = await obtain(path, tokens.current)
      try {
        return await exchange(token)
      } catch (error) {
        if (!isWechatError(error) || error.retry !== 'renew-token') throw error
        return exchange(await obtain(path, () => tokens.renew(token)))
      }
    })
  }

  return {
    /**
     * Exchanges the code of `wx.login` (five minutes, single use) for the person behind it.
     * Typical refusals: 40029 invalid or expired code, 40163 code used, 40226 blocked user; all class `user`.
     */
    async codeToSession({ code }: { code: string }) {
      const path = '/sns/jscode2session'
      const query = { appid: appId, secret, js_code: code, grant_type: 'authorization_code' }
      const answer = await persist('once', () => http({ path, query }))
      const session = readJson(path, answer, sessionAnswer)
      return { openid: session.openid, unionid: session.unionid ?? null, sessionKey: session.session_key }
    },

    /**
     * Exchanges the code of the phone button (five minutes, single use, not the login code) for the number.
     * Pass the openid so that WeChat checks that both belong together.
     *
     * @returns `phone` without country code, `countryCode` as digits.
     */
    async getPhoneNumber({ code, openid }: { code: string; openid?: string }) {
      const path = '/wxa/business/getuserphonenumber'
      const body: z.infer<typeof phoneRequest> = openid ? { code, openid } : { code }
      const { phone_info: info } = readJson(path, await call(path, 'once', body), phoneAnswer)
      if (info.watermark.appid !== appId) throw unansweredError(path, 'the number is meant for another app', 'unclear')
      return { phone: info.purePhoneNumber, countryCode: info.countryCode }
    },

    /**
     * Sends one subscription message. Class `unknown` means that it may have been delivered: keep the credit spent and
     * do not send again. Serialise per openid (43108).
     *
     * @returns WeChat's message id when it gives one; the push event carries it too.
     */
    async sendSubscribe(message: SubscribeMessage): Promise<{ msgid: string | null }> {
      const path = '/cgi-bin/message/subscribe/send'
      const body: z.infer<typeof sendRequest> = {
        touser: message.openid,
        template_id: message.templateId,
        ...(message.page ? { page: message.page } : {}),
        data: Object.fromEntries(Object.entries(message.data).map(([key, value]) => [key, { value }])),
        miniprogram_state: message.state ?? 'formal',
        lang: 'zh_CN',
      }
      const answer = readJson(path, await call(path, 'once', body), sendAnswer)
      return { msgid: answer.msgid ?? null }
    },

    /** The templates of this app; `longTerm` ones need no credit per message. */
    async listTemplates() {
      const path = '/wxaapi/newtmpl/gettemplate'
      const { data } = readJson(path, await call(path, 'safe'), templateListAnswer)
      return data.map((one) => ({
        templateId: one.priTmplId,
        title: one.title,
        content: one.content,
        longTerm: one.type === 3,
      }))
    },

    /**
     * Draws a mini-program code.
     *
     * @param scene 1-32 characters from digits, letters and !#$&'()*+,/:;=?@-._~ ; never personal data.
     * @param width pixels, 280-1280, default 430.
     * @returns the image bytes; a refusal is always an error, never an "image".
     */
    async getUnlimitedCode(request: {
      scene: string
      page?: string
      envVersion?: 'release' | 'trial' | 'develop'
      checkPath?: boolean
      width?: number
      transparent?: boolean
    }): Promise<{ image: Buffer; type: 'image/png' | 'image/jpeg' }> {
      const path = '/wxa/getwxacodeunlimit'
      const body: z.infer<typeof unlimitedCodeRequest> = {
        scene: request.scene,
        page: request.page,
        env_version: request.envVersion,
        check_path: request.checkPath,
        width: request.width,
        is_hyaline: request.transparent,
      }
      const answer = await call(path, 'safe', body)
      if (answer.kind !== 'bytes') throw unansweredError(path, 'JSON came instead of an image', 'unclear')
      return { image: answer.bytes, type: answer.bytes[0] === 0x89 ? 'image/png' : 'image/jpeg' }
    },

    /** Makes an https link that opens the mini-program, for SMS and e-mail. */
    async generateUrlLink(request: { page: string; query?: string; life: LinkLife }): Promise<string> {
      const path = '/wxa/generate_urllink'
      const body: z.infer<typeof urlLinkRequest> = {
        path: request.page,
        query: request.query,
        ...expiryOf(request.life),
      }
      return readJson(path, await call(path, 'safe', body), urlLinkAnswer).url_link
    },

    /** Makes a `weixin://` link that opens the mini-program from another app. */
    async generateScheme(request: { page: string; query?: string; life: LinkLife }): Promise<string> {
      const path = '/wxa/generatescheme'
      const body: z.infer<typeof schemeRequest> = {
        jump_wxa: { path: request.page, query: request.query ?? '' },
        ...expiryOf(request.life),
      }
      return readJson(path, await call(path, 'safe', body), schemeAnswer).openlink
    },

    /**
     * Has a text judged: publish on `pass`, queue for a person on `review`, refuse on `risky`. When this throws, hold
     * the text for a person (61010: its writer was not in the mini-program during the last two hours).
     *
     * @param scene 1 profile, 2 comment, 3 forum, 4 social log.
     * @param content at most 2500 characters.
     */
    async checkText(request: { openid: string; scene: 1 | 2 | 3 | 4; content: string }) {
      const path = '/wxa/msg_sec_check'
      const body: z.infer<typeof checkTextRequest> = { version: 2, ...request }
      const answer = readJson(path, await call(path, 'safe', body), checkTextAnswer)
      return { ...answer.result, traceId: answer.trace_id }
    },

    /** Queues an image or a sound, by its public URL, for judgement; the verdict comes as a push event with `traceId`. */
    async checkMedia(request: { openid: string; scene: 1 | 2 | 3 | 4; url: string; type: 'image' | 'audio' }) {
      const path = '/wxa/media_check_async'
      const body: z.infer<typeof checkMediaRequest> = {
        version: 2,
        openid: request.openid,
        scene: request.scene,
        media_url: request.url,
        media_type: request.type === 'audio' ? 1 : 2,
      }
      return { traceId: readJson(path, await call(path, 'safe', body), checkMediaAnswer).trace_id }
    },

    /**
     * WeChat's opinion of a user, 0 (no risk) to 4. Needs activation for the app (48001 without).
     *
     * @param scene 0 register, 1 marketing cheating, 2 user content.
     */
    async getUserRiskRank(request: { openid: string; scene: 0 | 1 | 2; clientIp: string; phone?: string }) {
      const path = '/wxa/getuserriskrank'
      const body: z.infer<typeof riskRankRequest> = {
        appid: appId,
        openid: request.openid,
        scene: request.scene,
        client_ip: request.clientIp,
        mobile_no: request.phone,
      }
      return readJson(path, await call(path, 'safe', body), riskRankAnswer).risk_rank
    },
  }
}

function readJson<T>(path: string, answer: WechatAnswer, shape: z.ZodType<T>): T {
  const parsed = shape.safeParse(answer.kind === 'json' ? answer.json : null)
  if (parsed.success) return parsed.data
  const fields = parsed.error.issues.map((issue) => issue.path.join('.') || 'body').join(', ')
  throw unansweredError(path, `the answer has an unexpected shape (${fields})`, 'unclear')
}

function expiryOf(life: LinkLife) {
  return 'days' in life
    ? { expire_type: 1 as const, expire_interval: life.days }
    : { expire_type: 0 as const, expire_time: Math.floor(life.untilMs / 1000) }
}
