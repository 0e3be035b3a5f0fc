import type { Output } from '../../shared/contract'
import { marks } from '../db/statement'
import type { Reader } from '../db/transaction'
import { photosOf } from '../http/uploads'
import { maskName } from '../mask'
import { type Face, facesOf } from '../members/service'
import { productsByIds } from '../purchases/service'
import { levelsOf } from '../tiers/service'
import type { Post } from './entity'
import { communityPolicy } from './rules'

type View = Output<'GET /community/posts/:postId'>
type Own = Output<'POST /me/posts'>
type Moderated = Output<'GET /admin/community/posts'>['items'][number]

const authorOf = (post: Post, face: Face | undefined, tierName: string): View['author'] => {
  if (post.anonymous) return { name: communityPolicy.anonymousName, avatar: null, gender: 'unknown', tierName }
  if (face?.status !== 'active')
    return { name: communityPolicy.goneName, avatar: null, gender: 'unknown', tierName: '' }
  return { name: maskName(face.name), avatar: face.avatar, gender: face.gender, tierName }
}

interface Around {
  faces: Map<string, Face>
  goods: Map<string, View['products'][number]>
  levels: readonly { level: number; name: string }[]
  liked: Set<string>
}

const around = async (db: Reader, posts: readonly Post[], viewer: string | null): Promise<Around> => {
  const ids = posts.map((p) => p.id)
  const productIds = [...new Set(posts.flatMap((p) => JSON.parse(p.products) as string[]))].slice(0, 500)
  const [faces, goods, levels, liked] = await Promise.all([
    facesOf(db, [...new Set(posts.map((p) => p.memberId))]),
    productIds.length ? productsByIds(db, productIds) : [],
    levelsOf(db),
    viewer
      ? db.read<{ postId: string }>(`SELECT postId FROM post_like WHERE memberId = ? AND postId IN ${marks(ids)}`, [
          viewer,
          ...ids,
        ])
      : [],
  ])
  return { faces, goods: new Map(goods.map((g) => [g.id, g])), levels, liked: new Set(liked.map((l) => l.postId)) }
}

const viewOf = (post: Post, { faces, goods, levels, liked }: Around, viewer: string | null): View => {
  const face = faces.get(post.memberId)
  const tierName = levels.find((l) => l.level === face?.tierLevel)?.name ?? ''
  return {
    id: post.id,
    kind: post.kind as View['kind'],
    at: post.publishedAt ?? post.createdAt,
    author: authorOf(post, face, tierName),
    stars: post.stars,
    tags: JSON.parse(post.tags) as View['tags'],
    text: post.text,
    photos: photosOf(post.photos),
    products: (JSON.parse(post.products) as string[]).flatMap((id) => goods.get(id) ?? []),
    likes: post.likes,
    liked: liked.has(post.id),
    rewarded: post.rewardPoints > 0,
    mine: viewer === post.memberId,
  }
}

const ownOf = (post: Post, view: View): Own => ({
  ...view,
  state: post.state as Own['state'],
  stateReason: post.stateReason,
  rewardPoints: post.rewardPoints,
})

/** Posts as everybody sees them; `viewer` is the member who looks, or null. */
export const viewPosts = async (db: Reader, posts: readonly Post[], viewer: string | null): Promise<View[]> => {
  if (!posts.length) return []
  const about = await around(db, posts, viewer)
  return posts.map((p) => viewOf(p, about, viewer))
}

/** Posts as their author sees them. */
export const viewOwn = async (db: Reader, posts: readonly Post[], memberId: string): Promise<Own[]> => {
  const views = await viewPosts(db, posts, memberId)
  return posts.map((p, i) => ownOf(p, views[i]))
}

/** Posts as operators see them: who wrote even the anonymous ones stays masked. */
export const viewModerated = async (db: Reader, posts: readonly Post[]): Promise<Moderated[]> => {
  if (!posts.length) return []
  const about = await around(db, posts, null)
  return posts.map((p) => ({
    ...ownOf(p, viewOf(p, about, null)),
    memberId: p.memberId,
    memberNameMasked: maskName(about.faces.get(p.memberId)?.name ?? ''),
    anonymous: p.anonymous === 1,
    reports: p.reports,
    decidedBy: p.decidedBy,
    decidedAt: p.decidedAt,
  }))
}
