import type { Deps } from '../deps'
import { ownPhotos, photoUrl } from '../http/uploads'
import { isWechatError } from '../integrations/wechat/errors'
import { openIdOf } from '../members/service'
import { communityPolicy, type Judged, judge, judgeText, type WechatWord } from './rules'

/** WeChat's scenes: 2 comment, 3 forum. */
const scenes = { review: 2, post: 3 } as const

/** What was found out about a text and its photos before it is stored. */
export interface Checked {
  judged: Judged
  /** One trace for every photo that WeChat is looking at; empty where nobody can be asked. */
  traceIds: string[]
}

/**
 * Checks a text and hands its photos to WeChat, over the network and therefore before the transaction. Somebody who never came by WeChat
 * has no openid, without which WeChat judges nothing: then the local lists decide on the text, and a person on photos.
 */
export const checkPost = async (
  deps: Deps,
  memberId: string,
  { kind, text, photos }: { kind: 'review' | 'post'; text: string; photos: readonly string[] },
): Promise<Checked> => {
  const local = judgeText(text)
  const openid = await openIdOf(deps.db, deps.keys, memberId)
  if (local.verdict === 'refuse' || !openid) return { judged: local, traceIds: [] }
  const scene = scenes[kind]
  const word = await ask<WechatWord>(deps, 'unavailable', async () => {
    const { suggest } = await deps.wechat.checkText({ openid, scene, content: text.slice(0, 2500) })
    return suggest === 'pass' || suggest === 'review' ? suggest : 'risky'
  })
  const judged = judge(local, word)
  if (judged.verdict === 'refuse') return { judged, traceIds: [] }
  const own = (await ownPhotos(deps.db, memberId, photos)).slice(0, communityPolicy.maxPhotos)
  const traces = await Promise.all(
    own.map((photo) =>
      ask<string | null>(deps, null, async () => {
        const url = `${publicBase(deps)}${photoUrl(photo.name)}`
        return (await deps.wechat.checkMedia({ openid, scene, url, type: 'image' })).traceId
      }),
    ),
  )
  return { judged, traceIds: traces.filter((t) => t !== null) }
}

/** The address under which WeChat can fetch a photo. */
const publicBase = ({ env }: Deps): string => env.PUBLIC_URL || `http://127.0.0.1:${env.PORT}`

/** WeChat's answer, or the given one when it has none: then a person decides, and the post is not lost. */
const ask = async <T>(deps: Deps, otherwise: T, question: () => Promise<T>): Promise<T> => {
  try {
    return await question()
  } catch (error) {
    if (!isWechatError(error)) throw error
    deps.log.warn({ err: error.message }, 'content was not checked by wechat')
    return otherwise
  }
}
