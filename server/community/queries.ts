import type { Output, Parsed } from '../../shared/contract'
import { type Bindable, marks } from '../db/statement'
import type { Reader } from '../db/transaction'
import { refuse } from '../errors'
import type { Actor } from '../http/actor'
import { maskName } from '../mask'
import { facesOf } from '../members/service'
import { latestPurchases, ownLines, productsByIds } from '../purchases/service'
import type { Post, PostReport } from './entity'
import { rewardsLeft } from './reward'
import { communityPolicy } from './rules'
import { viewModerated, viewOwn, viewPosts } from './views'

/** The member behind a request that anybody may make. */
export const viewerOf = (actor: Actor): string | null => (actor.kind === 'member' ? actor.memberId : null)

type Condition = [string, Bindable[]]
const cut = <T>(rows: T[], limit: number): { shown: T[]; more: boolean } => ({
  shown: rows.slice(0, limit),
  more: rows.length > limit,
})

/** One page of published posts, newest first; the cursor is `<publishedAt>-<id>` of the last one shown. */
const published = async (
  db: Reader,
  conditions: Condition[],
  { cursor, limit }: { cursor?: string; limit: number },
): Promise<{ posts: Post[]; nextCursor: string | null }> => {
  const [at, after] = cursor?.split('-') ?? []
  const paged = /^\d{1,15}$/.test(at ?? '') && after
  const all: Condition[] = [
    ["state = 'published'", []],
    ...conditions,
    ...(paged
      ? [['(publishedAt < ? OR (publishedAt = ? AND id < ?))', [Number(at), Number(at), after]] as Condition]
      : []),
  ]
  const rows = await db.read<Post>(
    `SELECT * FROM post WHERE ${all.map(([c]) => c).join(' AND ')} ORDER BY publishedAt DESC, id DESC LIMIT ?`,
    [...all.flatMap(([, v]) => v), limit + 1],
  )
  const { shown, more } = cut(rows, limit)
  const last = shown.at(-1)
  return { posts: shown, nextCursor: more && last ? `${last.publishedAt}-${last.id}` : null }
}

/** The feed. */
export const feed = async (
  db: Reader,
  actor: Actor,
  { kind, ...paging }: Parsed<'GET /community/posts'>,
): Promise<Output<'GET /community/posts'>> => {
  const { posts, nextCursor } = await published(db, kind ? [['kind = ?', [kind]]] : [], paging)
  return { items: await viewPosts(db, posts, viewerOf(actor)), nextCursor }
}

/** One post: published for everybody, in any state but deleted for its author. */
export const onePost = async (
  db: Reader,
  actor: Actor,
  postId: string,
): Promise<Output<'GET /community/posts/:postId'>> => {
  const [post] = await db.read<Post>('SELECT * FROM post WHERE id = ?', [postId])
  const viewer = viewerOf(actor)
  if (!post || post.state === 'deleted' || (post.state !== 'published' && post.memberId !== viewer))
    throw refuse('post_not_found')
  return (await viewPosts(db, [post], viewer))[0]
}

/** Reviews of one product with how they spread. */
export const productReviews = async (
  db: Reader,
  actor: Actor,
  { productId, stars, ...paging }: Parsed<'GET /community/products/:productId/reviews'>,
): Promise<Output<'GET /community/products/:productId/reviews'>> => {
  const [product] = await productsByIds(db, [productId])
  if (!product) throw refuse('product_not_found')
  const [spread, tagged, { posts, nextCursor }] = await Promise.all([
    db.read<{ stars: number; n: number }>(
      "SELECT stars, COUNT(*) AS n FROM post WHERE productId = ? AND state = 'published' GROUP BY stars",
      [productId],
    ),
    db.read<{ tags: string; n: number }>(
      "SELECT tags, COUNT(*) AS n FROM post WHERE productId = ? AND state = 'published' AND tags <> '[]' GROUP BY tags",
      [productId],
    ),
    published(
      db,
      [['productId = ?', [productId]] as Condition, ...(stars ? [['stars = ?', [stars]] as Condition] : [])],
      paging,
    ),
  ])
  type Tag = Output<'GET /community/posts/:postId'>['tags'][number]
  const tags = new Map<Tag, number>()
  for (const row of tagged) for (const tag of JSON.parse(row.tags) as Tag[]) tags.set(tag, (tags.get(tag) ?? 0) + row.n)
  const count = spread.reduce((sum, s) => sum + s.n, 0)
  return {
    items: await viewPosts(db, posts, viewerOf(actor)),
    nextCursor,
    product,
    summary: {
      count,
      average: count ? Math.round((spread.reduce((sum, s) => sum + s.stars * s.n, 0) * 10) / count) / 10 : null,
      stars: [1, 2, 3, 4, 5].map((n) => spread.find((s) => s.stars === n)?.n ?? 0),
      tags: [...tags].map(([tag, n]) => ({ tag, count: n })).sort((a, b) => b.count - a.count),
    },
  }
}

/** What a member wrote, newest first, deleted ones left out. */
export const postsOf = async (
  db: Reader,
  memberId: string,
  { cursor, limit }: Parsed<'GET /me/posts'>,
): Promise<Output<'GET /me/posts'>> => {
  const rows = await db.read<Post>(
    "SELECT * FROM post WHERE memberId = ? AND id < ? AND state <> 'deleted' ORDER BY id DESC LIMIT ?",
    [memberId, cursor ?? '~', limit + 1],
  )
  const { shown, more } = cut(rows, limit)
  return { items: await viewOwn(db, shown, memberId), nextCursor: more ? shown[shown.length - 1].id : null }
}

/** Purchases whose lines are offered for review. */
const offeredPurchases = 20

/** Lines that the member may still review, newest purchase first, with what a review is worth today. */
export const reviewable = async (
  db: Reader,
  memberId: string,
  { purchaseId }: Parsed<'GET /me/reviewable'>,
  now: number,
): Promise<Output<'GET /me/reviewable'>> => {
  const purchases = await latestPurchases(db, memberId, {
    since: now - communityPolicy.reviewMs,
    limit: purchaseId ? 500 : offeredPurchases,
  })
  const ids = purchases.filter((p) => !purchaseId || p.id === purchaseId).map((p) => p.id)
  const [lines, done, left] = await Promise.all([
    ids.length ? ownLines(db, memberId, ids) : [],
    db.read<{ purchaseId: string; lineNo: number }>(
      `SELECT purchaseId, lineNo FROM post WHERE purchaseId IN ${marks(ids)} AND state <> 'rejected'`,
      ids,
    ),
    rewardsLeft(db, memberId, now),
  ])
  const reviewed = new Set(done.map((d) => `${d.purchaseId}/${d.lineNo}`))
  const offered = lines.filter((l) => !reviewed.has(`${l.purchaseId}/${l.lineNo}`)).slice(0, 60)
  const goods = await productsByIds(db, [...new Set(offered.map((l) => l.productId))])
  const listed = new Set(goods.map((g) => g.id))
  return {
    items: offered.map((l) => ({
      ...l,
      storeName: purchases.find((p) => p.id === l.purchaseId)?.storeName ?? '',
      listed: listed.has(l.productId),
    })),
    reward: { review: communityPolicy.reviewPoints, post: communityPolicy.postPoints, leftToday: left },
  }
}

/** One page of the moderation desk, newest first, with what waits. */
export const moderationDesk = async (
  db: Reader,
  { cursor, limit, state, kind, reported }: Parsed<'GET /admin/community/posts'>,
): Promise<Output<'GET /admin/community/posts'>> => {
  const conditions: Condition[] = [
    ['id < ?', [cursor ?? '~']],
    state ? ['state = ?', [state]] : ["state <> 'deleted'", []],
    ...(kind ? [['kind = ?', [kind]] as Condition] : []),
    ...(reported ? [['reports > 0', []] as Condition] : []),
  ]
  const [rows, [counts]] = await Promise.all([
    db.read<Post>(`SELECT * FROM post WHERE ${conditions.map(([c]) => c).join(' AND ')} ORDER BY id DESC LIMIT ?`, [
      ...conditions.flatMap(([, v]) => v),
      limit + 1,
    ]),
    db.read<{ pending: number | null; reported: number | null }>(
      `SELECT SUM(CASE WHEN state = 'pending' THEN 1 ELSE 0 END) AS pending,
         SUM(CASE WHEN reports > 0 AND state <> 'deleted' THEN 1 ELSE 0 END) AS reported FROM post`,
    ),
  ])
  const { shown, more } = cut(rows, limit)
  return {
    items: await viewModerated(db, shown),
    nextCursor: more ? shown[shown.length - 1].id : null,
    counts: { pending: Number(counts?.pending ?? 0), reported: Number(counts?.reported ?? 0) },
  }
}

/** One post with its reports. */
export const moderatedPost = async (
  db: Reader,
  postId: string,
): Promise<Output<'GET /admin/community/posts/:postId'>> => {
  const [post] = await db.read<Post>("SELECT * FROM post WHERE id = ? AND state <> 'deleted'", [postId])
  if (!post) throw refuse('post_not_found')
  const reports = await db.read<PostReport>('SELECT * FROM post_report WHERE postId = ? ORDER BY at LIMIT 100', [
    postId,
  ])
  const [[view], faces] = await Promise.all([
    viewModerated(db, [post]),
    facesOf(
      db,
      reports.map((r) => r.memberId),
    ),
  ])
  type Listed = Output<'GET /admin/community/posts/:postId'>['reportList'][number]
  return {
    ...view,
    reportList: reports.map((r) => ({
      at: r.at,
      reason: r.reason as Listed['reason'],
      memberNameMasked: maskName(faces.get(r.memberId)?.name ?? ''),
    })),
  }
}
