import { DAY_MS } from '../../shared/time'
import { shapes, wordLists } from './words'

export const communityPolicy = {
  /** A bought line can be reviewed for this long. */
  reviewMs: 90 * DAY_MS,
  /** Points for a published review and a published shared post; a photo adds to it. The rating never does. */
  reviewPoints: 10,
  postPoints: 20,
  photoPoints: 10,
  maxPhotos: 9,
  /** Rewarded posts of one member on one civil day. */
  rewardsPerDay: 2,
  /** Posts one member may write in 24 hours. */
  postsPerDay: 20,
  /** A published post that this many members report waits for an operator again. */
  reportsToHold: 3,
  /** What readers see instead of a name. */
  anonymousName: '匿名会员',
  goneName: '已注销会员',
} as const

export type Verdict = 'pass' | 'hold' | 'refuse'
/** A verdict with the reason its author reads. */
export interface Judged {
  verdict: Verdict
  reason: string | null
}

/** Letters that are put between those of a word to hide it, and full-width forms, are taken out before the lists are asked. */
const plain = (text: string): string => text.normalize('NFKC').replace(/[\s*_.·・|/\\~^-]+/g, '')

/** The local check: word lists and shapes. */
export const judgeText = (text: string): Judged => {
  const bare = plain(text)
  const refused = wordLists.refuse.find((w) => bare.includes(w))
  if (refused) return { verdict: 'refuse', reason: '含有不适合发布的内容，请修改后重新发布' }
  const held = wordLists.hold.find((w) => bare.includes(w))
  if (held) return { verdict: 'hold', reason: '提到了需要人工看一眼的内容，审核后公开' }
  const shape = shapes.find((s) => s.pattern.test(text.normalize('NFKC')))
  if (shape) return { verdict: 'hold', reason: `含有${shape.name}，审核后公开` }
  return { verdict: 'pass', reason: null }
}

/** What WeChat said of a text; `null` where it was not asked, `unavailable` where it could not answer. */
export type WechatWord = 'pass' | 'review' | 'risky' | 'unavailable' | null

/** The stricter of both checks. A check that could not be made holds the text for a person. */
export const judge = (local: Judged, wechat: WechatWord): Judged => {
  if (local.verdict === 'refuse') return local
  if (wechat === 'risky') return { verdict: 'refuse', reason: '未通过微信内容安全检查，请修改后重新发布' }
  if (local.verdict === 'hold') return local
  if (wechat === 'review' || wechat === 'unavailable') return { verdict: 'hold', reason: '正在审核，通过后公开' }
  return { verdict: 'pass', reason: null }
}

/** Said of a post whose text is fine and whose photos are being looked at. */
export const waitsForPhotos = '照片审核中，通过后公开'

/**
 * Where a new post begins. Photos are published only once WeChat has passed every one of them or a person has looked.
 * @param judged not refused: what is refused is not stored
 * @param photos how many it has
 */
export const firstState = (
  judged: Judged,
  photos: number,
): { state: 'pending' | 'published'; reason: string | null } => {
  if (judged.verdict !== 'pass') return { state: 'pending', reason: judged.reason }
  return photos ? { state: 'pending', reason: waitsForPhotos } : { state: 'published', reason: null }
}

/** What the verdicts of a post's photos come to: one that is risky refuses it, all passed publish it, anything else waits. */
export const judgePhotos = (verdicts: readonly (string | null)[], photos: number): 'publish' | 'reject' | 'wait' => {
  if (verdicts.includes('risky')) return 'reject'
  return verdicts.length === photos && verdicts.every((v) => v === 'pass') ? 'publish' : 'wait'
}

/** Points for a post; the same for one star as for five. */
export const rewardFor = (kind: string, photos: number): number =>
  (kind === 'review' ? communityPolicy.reviewPoints : communityPolicy.postPoints) +
  (photos ? communityPolicy.photoPoints : 0)
