import { z } from 'zod'
import { define, done, id, page, paging, text, time } from './define'
import { photo, photoName } from './feedback'
import { profileEarned } from './profiles'

export const reviewTag = z.enum(['quality', 'value', 'looks', 'scent', 'gift', 'again', 'packing', 'flaw'])
export const postState = z.enum(['pending', 'published', 'rejected', 'deleted'])
const productId = text(40)
const productLink = z.object({ id: z.string(), name: z.string(), category: z.string(), priceFen: z.int() })

/** A review (评价) or a shared post (晒单), as everybody sees it. */
export const post = z.object({
  id,
  kind: z.enum(['review', 'post']),
  at: time,
  author: z.object({ name: z.string(), avatar: z.string().nullable(), gender: z.string(), tierName: z.string() }),
  stars: z.int().nullable(),
  tags: z.array(reviewTag),
  text: z.string(),
  photos: z.array(photo),
  products: z.array(productLink),
  likes: z.int(),
  liked: z.boolean(),
  /** Points were given for it: readers are told. */
  rewarded: z.boolean(),
  mine: z.boolean(),
})
const ownPost = post.extend({
  state: postState,
  /** Why it waits or was refused, for its author. */
  stateReason: z.string().nullable(),
  rewardPoints: z.int(),
})
const moderated = ownPost.extend({
  memberId: id,
  memberNameMasked: z.string(),
  anonymous: z.boolean(),
  reports: z.int(),
  decidedBy: z.string().nullable(),
  decidedAt: time.nullable(),
})
const reportReason = z.enum(['ad', 'abuse', 'false', 'privacy', 'other'])

export const community = define({
  'GET /community/posts': {
    summary: '大家的晒单与评价，新的在前；不登录也能看',
    allow: 'public',
    input: z.strictObject({ ...paging, kind: z.enum(['review', 'post']).optional() }),
    output: page(post),
    errors: [],
  },
  'GET /community/posts/:postId': {
    summary: '一篇晒单或评价；自己的未公开也能看',
    allow: 'public',
    input: z.strictObject({ postId: id }),
    output: post,
    errors: ['post_not_found'],
  },
  'GET /community/products/:productId/reviews': {
    summary: '一件商品的评价与概况',
    allow: 'public',
    input: z.strictObject({
      ...paging,
      productId,
      stars: z.coerce.number<number | string>().int().min(1).max(5).optional(),
    }),
    output: page(post).extend({
      product: productLink,
      summary: z.object({
        count: z.int(),
        average: z.number().nullable(),
        stars: z.array(z.int()).length(5),
        tags: z.array(z.object({ tag: reviewTag, count: z.int() })),
      }),
    }),
    errors: ['product_not_found'],
  },
  'GET /me/posts': {
    summary: '我的晒单与评价，含审核中与未通过',
    allow: 'member',
    input: z.strictObject({ ...paging }),
    output: page(ownPost),
    errors: [],
  },
  'GET /me/reviewable': {
    summary: '还没评价的商品（90 天内买过、没有全退）',
    allow: 'member',
    input: z.strictObject({ purchaseId: id.optional() }),
    output: z.object({
      items: z.array(
        z.object({
          purchaseId: id,
          lineNo: z.int(),
          productId: z.string(),
          name: z.string(),
          category: z.string(),
          unitFen: z.int(),
          at: time,
          storeName: z.string(),
          /** Whether the shop's list of goods has it, so that a shared post can link to it. */
          listed: z.boolean(),
        }),
      ),
      reward: z.object({ review: z.int(), post: z.int(), leftToday: z.int() }),
    }),
    errors: [],
  },
  'POST /me/reviews': {
    summary: '评价买过的一件商品；一行明细一次',
    allow: 'member',
    input: z.strictObject({
      purchaseId: id,
      lineNo: z.int().min(1),
      stars: z.int().min(1).max(5),
      tags: z.array(reviewTag).max(8).default([]),
      text: text(500, 5),
      photos: z.array(photoName).max(9).default([]),
      anonymous: z.boolean().default(false),
    }),
    output: ownPost,
    errors: [
      'purchase_not_found',
      'review_given',
      'review_too_late',
      'upload_not_found',
      'post_too_many',
      'post_refused',
    ],
  },
  'POST /me/posts': {
    summary: '晒单：文字、照片、商品',
    allow: 'member',
    input: z.strictObject({
      text: text(1000, 5),
      photos: z.array(photoName).max(9).default([]),
      productIds: z.array(productId).max(5).default([]),
    }),
    output: ownPost,
    errors: ['product_not_found', 'upload_not_found', 'post_too_many', 'post_refused'],
  },
  'POST /me/posts/:postId/delete': {
    summary: '删除自己的晒单或评价，照片一并撤下',
    allow: 'member',
    input: z.strictObject({ postId: id }),
    output: done,
    errors: ['post_not_found'],
    idempotency: 'natural',
  },
  'PUT /me/posts/:postId/like': {
    summary: '点赞或取消（一人一次）',
    allow: 'member',
    input: z.strictObject({ postId: id, liked: z.boolean() }),
    output: z.object({ likes: z.int(), liked: z.boolean() }),
    errors: ['post_not_found'],
    idempotency: 'natural',
  },
  'POST /me/posts/:postId/reports': {
    summary: '举报（一人一次）；多人举报的先撤下待审',
    allow: 'member',
    input: z.strictObject({ postId: id, reason: reportReason }),
    output: done,
    errors: ['post_not_found'],
  },
  'PUT /me/avatar': {
    summary: '换头像：先上传照片；不给照片即用默认头像',
    allow: 'member',
    input: z.strictObject({ photo: photoName.nullable() }),
    output: z.object({ avatar: z.string().nullable(), earned: profileEarned }),
    errors: ['upload_not_found', 'member_not_found', 'member_inactive', 'points_overflow'],
  },
  'GET /admin/community/posts': {
    summary: '内容审核：待审、被举报、已发布、未通过',
    allow: 'community:read',
    input: z.strictObject({
      ...paging,
      state: postState.optional(),
      kind: z.enum(['review', 'post']).optional(),
      reported: z.enum(['1']).optional(),
    }),
    output: page(moderated).extend({ counts: z.object({ pending: z.int(), reported: z.int() }) }),
    errors: [],
  },
  'GET /admin/community/posts/:postId': {
    summary: '一篇内容与它的举报',
    allow: 'community:read',
    input: z.strictObject({ postId: id }),
    output: moderated.extend({
      reportList: z.array(z.object({ at: time, reason: reportReason, memberNameMasked: z.string() })),
    }),
    errors: ['post_not_found'],
  },
  'POST /admin/community/posts/:postId/decision': {
    summary: '审核：通过发布，或不通过（附给作者看的理由）',
    allow: 'community:moderate',
    input: z.strictObject({ postId: id, decision: z.enum(['publish', 'reject']), reason: text(100, 2) }),
    output: moderated,
    errors: ['post_not_found', 'post_bad_state'],
  },
})
