import type { Output, Parsed } from '../../shared/contract'
import { DAY_MS } from '../../shared/time'
import { newId } from '../db/id'
import type { Tx } from '../db/transaction'
import { refuse } from '../errors'
import { attachPhotos, removePhotos } from '../http/uploads'
import { recordEvents } from '../interactions/service'
import { ownLines, ownPurchase, productsByIds } from '../purchases/service'
import type { Checked } from './check'
import type { Post } from './entity'
import { publish, settlePhotos } from './moderate'
import { communityPolicy, firstState } from './rules'
import { viewOwn } from './views'

type Own = Output<'POST /me/posts'>

/** The parts of a post that its kind decides. */
type Draft = Pick<
  Post,
  'kind' | 'purchaseId' | 'lineNo' | 'productId' | 'stars' | 'tags' | 'text' | 'products' | 'anonymous'
>

/** Locks the author's row, so that posts of one member are written one after the other, and refuses one too many. */
const guardAuthor = async (tx: Tx, memberId: string, now: number): Promise<void> => {
  await tx.read(`SELECT id FROM member WHERE id = ?${tx.lock}`, [memberId])
  const [{ n }] = await tx.read<{ n: number }>('SELECT COUNT(*) AS n FROM post WHERE memberId = ? AND createdAt > ?', [
    memberId,
    now - DAY_MS,
  ])
  if (n >= communityPolicy.postsPerDay) throw refuse('post_too_many', { max: communityPolicy.postsPerDay })
}

/** Stores what was written. A line reviewed before takes the new words only if the old ones were rejected. */
const store = async (tx: Tx, row: Post): Promise<Post> => {
  if (await tx.insertNew('post', [{ ...row }])) return row
  const [earlier] = await tx.read<Post>(`SELECT * FROM post WHERE purchaseId = ? AND lineNo = ?${tx.lock}`, [
    row.purchaseId,
    row.lineNo,
  ])
  if (earlier?.state !== 'rejected' || earlier.memberId !== row.memberId) throw refuse('review_given')
  removePhotos(tx, namesOf(earlier), row.createdAt)
  const { likes, reports, rewardPoints, rewardSeq, id } = earlier
  const next = { ...row, id, likes, reports, rewardPoints, rewardSeq }
  await tx.run(
    'UPDATE post SET stars = ?, tags = ?, text = ?, photos = ?, anonymous = ?, state = ?, stateReason = ?, createdAt = ?, decidedBy = NULL, decidedAt = NULL WHERE id = ?',
    [next.stars, next.tags, next.text, next.photos, next.anonymous, next.state, next.stateReason, next.createdAt, id],
  )
  return next
}

/** The names of a post's photos. */
export const namesOf = (post: Pick<Post, 'photos'>): string[] =>
  (JSON.parse(post.photos) as { name: string }[]).map((p) => p.name)

const writePost = async (
  tx: Tx,
  memberId: string,
  draft: Draft,
  { photos, checked, now }: { photos: readonly string[]; checked: Checked; now: number },
): Promise<Own> => {
  if (checked.judged.verdict === 'refuse') throw refuse('post_refused', { reason: checked.judged.reason })
  await guardAuthor(tx, memberId, now)
  const attached = await attachPhotos(tx, memberId, photos, now)
  const { state, reason } = firstState(checked.judged, attached.length)
  const row = await store(tx, {
    ...draft,
    id: newId(now),
    memberId,
    photos: JSON.stringify(attached),
    state: 'pending',
    stateReason: reason,
    createdAt: now,
    publishedAt: null,
    decidedBy: null,
    decidedAt: null,
    likes: 0,
    reports: 0,
    rewardPoints: 0,
    rewardSeq: 0,
  })
  for (const traceId of checked.traceIds) {
    const fresh = await tx.insertNew('media_check', [{ traceId, postId: row.id, verdict: null, at: now }])
    if (!fresh) await tx.run('UPDATE media_check SET postId = ? WHERE traceId = ?', [row.id, traceId])
  }
  if (state === 'published') await publish(tx, row, 'auto', now)
  // Verdicts may have come before the post did. A held text waits for a person, whatever its photos show.
  else if (checked.judged.verdict === 'pass' && checked.traceIds.length) await settlePhotos(tx, row.id, now)
  await recordEvents(
    tx,
    [
      {
        memberId,
        eventId: `${draft.kind}:${row.id}:${now}`,
        type: draft.kind === 'review' ? 'review_written' : 'post_written',
        at: now,
        target: draft.productId ?? undefined,
        origin: 'server',
      },
    ],
    now,
  )
  const [stored] = await tx.read<Post>('SELECT * FROM post WHERE id = ?', [row.id])
  const [view] = await viewOwn(tx, [stored], memberId)
  return view
}

/** Reviews one line of the member's own purchase. */
export const writeReview = async (
  tx: Tx,
  memberId: string,
  input: Parsed<'POST /me/reviews'>,
  checked: Checked,
  now: number,
): Promise<Own> => {
  const { purchaseId, lineNo, stars, tags, text, photos, anonymous } = input
  const purchase = await ownPurchase(tx, memberId, purchaseId)
  const line = (await ownLines(tx, memberId, [purchaseId])).find((l) => l.lineNo === lineNo)
  if (!purchase || !line) throw refuse('purchase_not_found')
  if (now - purchase.at > communityPolicy.reviewMs) throw refuse('review_too_late')
  const draft: Draft = {
    kind: 'review',
    purchaseId,
    lineNo,
    productId: line.productId,
    stars,
    tags: JSON.stringify([...new Set(tags)]),
    text,
    products: JSON.stringify([line.productId]),
    anonymous: Number(anonymous),
  }
  return writePost(tx, memberId, draft, { photos, checked, now })
}

/** Shares a post, with links to goods the shop knows. */
export const sharePost = async (
  tx: Tx,
  memberId: string,
  { text, photos, productIds }: Parsed<'POST /me/posts'>,
  checked: Checked,
  now: number,
): Promise<Own> => {
  const wanted = [...new Set(productIds)]
  if ((await productsByIds(tx, wanted)).length !== wanted.length) throw refuse('product_not_found')
  const draft: Draft = {
    kind: 'post',
    purchaseId: null,
    lineNo: null,
    productId: null,
    stars: null,
    tags: '[]',
    text,
    products: JSON.stringify(wanted),
    anonymous: 0,
  }
  return writePost(tx, memberId, draft, { photos, checked, now })
}

/** Deletes a post of the member's own: it leaves every list and its photos are no longer served. A second time changes nothing. */
export const deletePost = async (tx: Tx, memberId: string, postId: string, now: number): Promise<{ ok: true }> => {
  const [post] = await tx.read<Post>(`SELECT * FROM post WHERE id = ? AND memberId = ?${tx.lock}`, [postId, memberId])
  if (!post) throw refuse('post_not_found')
  if (post.state === 'deleted') return { ok: true }
  tx.write("UPDATE post SET state = 'deleted', stateReason = NULL, text = '', photos = '[]' WHERE id = ?", [postId])
  removePhotos(tx, namesOf(post), now)
  return { ok: true }
}

/** Deletes everything a member wrote, likes and reports included, when they leave. */
export const forgetPosts = async (tx: Tx, memberId: string, now: number): Promise<number> => {
  const posts = await tx.read<Post>(`SELECT * FROM post WHERE memberId = ? AND state <> 'deleted'${tx.lock}`, [
    memberId,
  ])
  for (const post of posts) removePhotos(tx, namesOf(post), now)
  tx.write("UPDATE post SET state = 'deleted', stateReason = NULL, text = '', photos = '[]' WHERE memberId = ?", [
    memberId,
  ])
  return posts.length
}
