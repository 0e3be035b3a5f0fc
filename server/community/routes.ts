import { bind, type Context } from '../http/bind'
import {
  changeAvatar,
  checkPost,
  decidePost,
  deletePost,
  feed,
  likePost,
  moderatedPost,
  moderationDesk,
  onePost,
  postsOf,
  productReviews,
  reportPost,
  reviewable,
  sharePost,
  writeReview,
} from './service'

const checkReview = ({ deps, actor, input }: Context<'POST /me/reviews'>) =>
  checkPost(deps, actor.memberId, { kind: 'review', ...input })
const checkShared = ({ deps, actor, input }: Context<'POST /me/posts'>) =>
  checkPost(deps, actor.memberId, { kind: 'post', ...input })

export const communityRoutes = [
  bind('GET /community/posts', ({ tx, actor, input }) => feed(tx, actor, input)),
  bind('GET /community/posts/:postId', ({ tx, actor, input }) => onePost(tx, actor, input.postId)),
  bind('GET /community/products/:productId/reviews', ({ tx, actor, input }) => productReviews(tx, actor, input)),
  bind('GET /me/posts', ({ tx, actor, input }) => postsOf(tx, actor.memberId, input)),
  bind('GET /me/reviewable', ({ tx, actor, input, now }) => reviewable(tx, actor.memberId, input, now)),
  bind(
    'POST /me/reviews',
    ({ tx, actor, input, fetched, now }) => writeReview(tx, actor.memberId, input, fetched, now),
    checkReview,
  ),
  bind(
    'POST /me/posts',
    ({ tx, actor, input, fetched, now }) => sharePost(tx, actor.memberId, input, fetched, now),
    checkShared,
  ),
  bind('POST /me/posts/:postId/delete', ({ tx, actor, input, now }) =>
    deletePost(tx, actor.memberId, input.postId, now),
  ),
  bind('PUT /me/posts/:postId/like', ({ tx, actor, input, now }) => likePost(tx, actor.memberId, input, now)),
  bind('POST /me/posts/:postId/reports', ({ tx, actor, input, now }) => reportPost(tx, actor.memberId, input, now)),
  bind('PUT /me/avatar', ({ tx, actor, input, now }) => changeAvatar(tx, actor.memberId, input.photo, now)),
  bind('GET /admin/community/posts', ({ tx, input }) => moderationDesk(tx, input)),
  bind('GET /admin/community/posts/:postId', ({ tx, input }) => moderatedPost(tx, input.postId)),
  bind('POST /admin/community/posts/:postId/decision', ({ tx, actor, input, now }) =>
    decidePost(tx, actor.operatorId, input, now),
  ),
]
