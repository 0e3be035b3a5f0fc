/** Content safety and user risk, judged by word lists and by the cast. */
import { checkMediaRequest, checkTextRequest, riskRankRequest } from '../schemas'
import { type Endpoint, ok, refuse, traceId, type World } from './answers'
import { findUser } from './state'

const visitWindowMs = 2 * 3_600_000
const longestText = 2500
/** What the labels stand for is in WeChat's table; 20008 is fraud. */
const label = { pass: 100, review: 10001, risky: 20008 }

export const safetyEndpoints: Record<string, Endpoint> = {
  '/wxa/msg_sec_check': {
    method: 'POST',
    needsToken: true,
    perMinute: 4000,
    minuteErrcode: 44991,
    handle: (world, { body }) => {
      const request = checkTextRequest.safeParse(body)
      if (!request.success) return refuse(world, request.error.issues[0]?.path[0] === 'scene' ? 40129 : 40097)
      const { openid, content, title = '', nickname = '', signature = '' } = request.data
      const refusal = judgeVisitor(world, openid)
      if (refusal !== null) return refuse(world, refusal)
      if (content === '') return refuse(world, 44002)
      if ([...content].length > longestText) return refuse(world, 40097)
      const text = [content, title, nickname, signature].join('\n')
      const { words } = world.state
      const hit = (list: string[]) => list.find((word) => text.includes(word))
      const [risky, review] = [hit(words.risky), hit(words.review)]
      const suggest = risky ? 'risky' : review ? 'review' : 'pass'
      const keyword = risky ?? review
      return ok({
        result: { suggest, label: label[suggest] },
        detail: [
          { strategy: 'content_model', errcode: 0, suggest, label: label[suggest], prob: 90 },
          ...(keyword ? [{ strategy: 'keyword', errcode: 0, suggest, label: label[suggest], level: 20, keyword }] : []),
        ],
        trace_id: traceId(world.now()),
      })
    },
  },

  '/wxa/media_check_async': {
    method: 'POST',
    needsToken: true,
    perMinute: 2000,
    minuteErrcode: 44991,
    handle: (world, { body }) => {
      const request = checkMediaRequest.safeParse(body)
      if (!request.success) return refuse(world, 40097)
      const { openid, media_url: url } = request.data
      const refusal = judgeVisitor(world, openid)
      if (refusal !== null) return refuse(world, refusal)
      const trace = traceId(world.now())
      // The verdict follows the address: …risky…, …review…, …missing… (cannot be read), anything else passes.
      const suggest = url.includes('risky') ? 'risky' : url.includes('review') ? 'review' : 'pass'
      world.push({
        event: 'wxa_media_check',
        openid,
        delayMs: 200,
        fields: url.includes('missing')
          ? { appid: world.appId, trace_id: trace, version: 2, errcode: -1008, errmsg: 'download fail' }
          : {
              appid: world.appId,
              trace_id: trace,
              version: 2,
              errcode: 0,
              errmsg: 'ok',
              detail: [{ strategy: 'content_model', errcode: 0, suggest, label: label[suggest], prob: 90 }],
              result: { suggest, label: label[suggest] },
            },
      })
      return ok({ trace_id: trace })
    },
  },

  '/wxa/getuserriskrank': {
    method: 'POST',
    needsToken: true,
    perMinute: 6000,
    minuteErrcode: 45011,
    handle: (world, { body }) => {
      const request = riskRankRequest.safeParse(body)
      if (!request.success) return refuse(world, 40097)
      if (request.data.appid !== world.appId) return refuse(world, 40013)
      const user = findUser(world.state, request.data.openid)
      if (!user) return refuse(world, 40003)
      // The misspelt member is WeChat's own.
      return ok({ errmsg: 'getuserriskrank succ', risk_rank: user.riskRank, unoin_id: Math.floor(world.now()) })
    },
  },
}

function judgeVisitor(world: World, openid: string): 40003 | 61010 | null {
  const user = findUser(world.state, openid)
  if (!user) return 40003
  return world.now() - user.lastVisitAt > visitWindowMs ? 61010 : null
}
