import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { documentNames, documents } from '../../shared/documents'
import { DAY_MS, HOUR_MS } from '../../shared/time'
import { ask, handOver, loadDefaults, prepare } from '../assistant/service'
import { type Checked, decidePost, likePost, reviewable, sharePost, writeReview } from '../community/service'
import type { Deps } from '../deps'
import { answerNps, explainNps, openComplaint, rateSatisfaction, unratedPurchase } from '../feedback/service'
import { keepPicture } from '../http/uploads'
import { findByPhone, membersByExternalId } from '../members/service'
import { operatorByUsername } from '../operators/service'
import { giveConsent } from '../privacy/service'
import { demoMember, demoOperator } from './accounts'

/** What the shop's members wrote. Photos are of server/demo/data/photos, drawn for this project. */
const posts: readonly { text: string; photo?: string; hoursAgo: number }[] = [
  { text: '周末把阳台收拾出来了，放了一盆新的绿植，早上拉开窗帘心情特别好。', photo: 'balcony-plant', hoursAgo: 3 },
  { text: '下班回家点一支蜡烛，茶几上就是我的小角落。木质香很淡，不冲。', photo: 'candle-evening', hoursAgo: 9 },
  { text: '给妈妈挑的生日礼物，店员帮忙包的，缎带颜色是她最喜欢的红。', photo: 'gift-box', hoursAgo: 20 },
  { text: '一壶茶、几块点心，朋友来家里坐了一下午。', photo: 'tea-table', hoursAgo: 30 },
]
const reviews: readonly {
  text: string
  stars: number
  tags: ('quality' | 'value' | 'looks' | 'again' | 'gift' | 'flaw' | 'packing')[]
  photo?: string
}[] = [
  {
    text: '质感比想象的好，用着很顺手，已经回购第二次了。',
    stars: 5,
    tags: ['quality', 'again'],
    photo: 'mugs-morning',
  },
  { text: '颜色和图片一样，摆在家里很好看。', stars: 5, tags: ['looks'], photo: 'lamp-corner' },
  { text: '性价比不错，包装也很仔细，送人拿得出手。', stars: 4, tags: ['value', 'packing', 'gift'] },
  { text: '东西可以，就是有一处小瑕疵，店里给换了新的。', stars: 3, tags: ['flaw'] },
  { text: '做工细致，收到时包得很稳妥，会推荐给朋友。', stars: 5, tags: ['quality'] },
  { text: '比想象中小一点，不过做工挺好。', stars: 4, tags: ['quality'] },
]
/** What a photo shows, by the names of goods. */
const photographed: Record<string, RegExp> = { 'mugs-morning': /杯/, 'lamp-corner': /灯/ }
/** How likely members would recommend the shop: a good shop with something to mend. */
const scores = [10, 9, 9, 8, 10, 7, 9, 10, 6, 9, 8, 10, 9, 5, 10, 9, 7, 10, 9, 3]
const npsWords = ['店员记得我喜欢什么', '排队有点久', '积分换的礼品很实用', '', '', '环境很舒服', '']
const npsReasons = ['service', 'goods', 'points', 'store', 'price', 'app'] as const
const answersOfNps = 80

/** Customers whose voices are heard; they are spread over the file. */
const speakers = 120
/** Written for this shop, so nothing in it needs a second look. */
const passed: Checked = { judged: { verdict: 'pass', reason: null }, traceIds: [] }

const photo = async (deps: Deps, memberId: string, name: string | undefined): Promise<string[]> => {
  if (!name) return []
  const file = readFileSync(join(__dirname, 'data', 'photos', `${name}.jpg`))
  return [(await keepPicture(deps, { memberId, operatorId: null }, file)).name]
}

/** Reviews and shared posts: a person at the desk publishes those with photos, all but the last, which waits there. */
const share = async (deps: Deps, ids: readonly string[], operatorId: string, now: number): Promise<string[]> => {
  const published: string[] = []
  const publish = async (postId: string, at: number): Promise<void> => {
    await deps.db.tx((tx) => decidePost(tx, operatorId, { postId, decision: 'publish', reason: '内容合规' }, at))
    published.push(postId)
  }
  for (const [i, { text, photo: name, hoursAgo }] of posts.entries()) {
    const at = now - hoursAgo * HOUR_MS
    const photos = await photo(deps, ids[i], name)
    const made = await deps.db.tx((tx) => sharePost(tx, ids[i], { text, photos, productIds: [] }, passed, at))
    if (i < posts.length - 1) await publish(made.id, at)
  }
  for (const [i, { photo: name, ...words }] of reviews.entries()) {
    const memberId = ids[10 + i]
    const at = now - (5 + i * 7) * HOUR_MS
    const bought = (await reviewable(deps.db, memberId, {}, now)).items
    // A photo goes with goods that it could show; without such, the review has none.
    const shown = name ? bought.find((l) => photographed[name]?.test(l.name)) : undefined
    const line = shown ?? bought[0]
    if (!line) continue
    const { purchaseId, lineNo } = line
    const photos = await photo(deps, memberId, shown && name)
    const input = { purchaseId, lineNo, ...words, photos, anonymous: i === 3 }
    const made = await deps.db.tx((tx) => writeReview(tx, memberId, input, passed, at))
    if (made.state === 'pending') await publish(made.id, at)
    else published.push(made.id)
  }
  return published
}

/** Scores of the last weeks with a reason here and there, and stars for fresh purchases. */
const rate = (deps: Deps, ids: readonly string[], now: number): Promise<void> =>
  deps.db.tx(async (tx) => {
    for (const [i, memberId] of ids.slice(0, answersOfNps).entries()) {
      const at = now - (((i * 37) % 80) + 1) * DAY_MS
      const given = await answerNps(tx, memberId, { score: scores[i % scores.length], channel: 'weapp' }, at)
      if (i % 2) continue
      const comment = npsWords[i % npsWords.length] || undefined
      const reasons = [npsReasons[i % npsReasons.length]]
      await explainNps(tx, memberId, { npsId: given.npsId, reasons, comment }, at)
    }
    for (const [i, memberId] of ids.entries()) {
      const fresh = await unratedPurchase(tx, memberId, now)
      if (fresh)
        await rateSatisfaction(
          tx,
          memberId,
          { purchaseId: fresh.purchaseId, stars: 3 + (i % 3), tags: i % 3 ? ['friendly'] : ['queue'] },
          now,
        )
    }
  })

/**
 * What members say: reviews and shared posts with likes, scores, satisfaction, an open complaint, a question handed to staff, and the
 * FAQ. The shop's own member has agreed to the terms. A second run adds nothing.
 */
export const letMembersSpeak = async (deps: Deps, customers: readonly string[]): Promise<void> => {
  const now = deps.clock.now()
  await deps.db.tx((tx) => loadDefaults(tx, now))
  const [spoken] = await deps.db.read('SELECT id FROM post LIMIT 1')
  const operator = await operatorByUsername(deps.db, demoOperator.username)
  const own = await findByPhone(deps.db, deps.keys, demoMember.phone)
  if (spoken || !operator || !own) return
  const step = Math.max(1, Math.floor(customers.length / speakers))
  const chosen = customers.filter((_, i) => i % step === 0).slice(0, speakers)
  const ids = [...(await membersByExternalId(deps.db, deps.keys, 'demo', chosen)).values()].filter(
    (id) => id !== own.id,
  )
  const published = await share(deps, ids, operator.id, now)
  await rate(deps, ids, now)
  const question = '我的生日礼可以换成积分吗'
  const prepared = await prepare(deps, ids[21], question)
  await deps.db.tx(async (tx) => {
    for (const [i, postId] of published.entries())
      for (const memberId of ids.slice(30, 30 + ((i * 7) % 23) + 2))
        await likePost(tx, memberId, { postId, liked: true }, now)
    const [category, text] = ['goods', '上周买的杯子到家发现杯底有裂纹，小票还在，希望能换一个。'] as const
    await openComplaint(tx, deps, ids[20], { category, text, photos: [], contact: '13800001111' }, now - 5 * HOUR_MS)
    await ask(tx, deps, { memberId: ids[21], text: question, prepared }, now - HOUR_MS)
    await handOver(tx, ids[21], undefined, now - HOUR_MS)
    const agreed = documentNames.map((name) => ({ name, version: documents[name].version }))
    await giveConsent(tx, own.id, { documents: agreed, channel: 'weapp' }, own.joinedAt)
  })
}
