import { z } from 'zod'
import { define, id, page, paging, reason, text, time } from './define'
import {
  address,
  adminOrder,
  adminReward,
  draftFields,
  rewardCard,
  rewardKind,
  rewardOrderState,
  rewardState,
  trackingNo,
} from './reward-shapes'

/** The operators' side of the mall. */
export const rewardsAdmin = define({
  'GET /admin/rewards': {
    summary: '礼品列表',
    allow: 'reward:read',
    input: z.strictObject({
      ...paging,
      state: rewardState.optional(),
      kind: rewardKind.optional(),
      q: z.string().trim().max(40).optional(),
    }),
    output: page(adminReward).extend({ counts: z.object({ draft: z.int(), published: z.int(), ended: z.int() }) }),
    errors: [],
  },
  'GET /admin/rewards/:rewardId': {
    summary: '一件礼品：规则、库存变化、每日兑换',
    allow: 'reward:read',
    input: z.strictObject({ rewardId: id }),
    output: adminReward.extend({
      card: rewardCard,
      stockChanges: z.array(
        z.object({ id, at: time, delta: z.int(), kind: z.string(), reason: z.string(), by: z.string().nullable() }),
      ),
      daily: z.array(z.object({ on: z.string(), orders: z.int(), points: z.int() })),
    }),
    errors: ['reward_not_found'],
  },
  'POST /admin/rewards': {
    summary: '新建礼品（草稿）',
    allow: 'reward:write',
    input: z.strictObject(draftFields),
    output: adminReward,
    errors: ['coupon_template_not_found', 'store_not_found', 'upload_not_found'],
  },
  'POST /admin/rewards/previews': {
    summary: '预览：会员看到的样子、规则一句话、还缺什么',
    allow: 'reward:read',
    input: z.strictObject(draftFields),
    output: z.object({
      card: rewardCard,
      sentence: z.string(),
      issues: z.array(z.object({ field: z.string(), message: z.string() })),
    }),
    errors: [],
    idempotency: 'natural',
  },
  'PUT /admin/rewards/:rewardId': {
    summary: '修改礼品；已上架的只能改文案、图片、排序、门店和截止时间',
    allow: 'reward:write',
    input: z.strictObject({ rewardId: id, version: z.int().min(1), ...draftFields }),
    output: adminReward,
    errors: [
      'reward_not_found',
      'reward_conflict',
      'reward_bad_state',
      'reward_not_editable',
      'coupon_template_not_found',
      'store_not_found',
      'upload_not_found',
    ],
  },
  'POST /admin/rewards/:rewardId/state': {
    summary: '上架、下架',
    allow: 'reward:write',
    input: z.strictObject({ rewardId: id, version: z.int().min(1), to: z.enum(['published', 'ended']) }),
    output: adminReward,
    errors: ['reward_not_found', 'reward_conflict', 'reward_bad_state'],
  },
  'POST /admin/rewards/:rewardId/stock-adjustments': {
    summary: '增减库存，写明原因；不会少于已兑换的',
    allow: 'reward:write',
    input: z.strictObject({ rewardId: id, delta: z.int().min(-1_000_000).max(1_000_000), reason }),
    output: adminReward,
    errors: ['reward_not_found', 'reward_stock_below_used', 'reward_bad_state'],
  },
  'GET /admin/reward-orders': {
    summary: '兑换台：待发货、待取、全部',
    allow: 'reward:read',
    input: z.strictObject({
      ...paging,
      state: rewardOrderState.optional(),
      rewardId: id.optional(),
      memberId: id.optional(),
      no: z.string().trim().max(40).optional(),
    }),
    output: page(adminOrder).extend({
      counts: z.object({ unpaid: z.int(), ready: z.int(), pending: z.int(), shipped: z.int() }),
    }),
    errors: [],
  },
  'POST /admin/reward-orders/:orderId/shipments': {
    summary: '发货：快递公司和单号',
    allow: 'reward:fulfil',
    input: z.strictObject({ orderId: id, carrier: text(20), trackingNo }),
    output: adminOrder,
    errors: ['reward_order_not_found', 'reward_order_bad_state'],
  },
  'POST /admin/reward-orders/:orderId/address-reveals': {
    summary: '看完整收件地址（写入审计）',
    allow: 'reward:fulfil',
    input: z.strictObject({ orderId: id, reason }),
    output: address,
    errors: ['reward_order_not_found'],
    idempotency: 'sealed',
  },
  'POST /admin/reward-orders/:orderId/refunds': {
    summary: '退换：积分退回原批次，现金原路退，可选是否退回库存',
    allow: 'reward:fulfil',
    input: z.strictObject({ orderId: id, reason, restock: z.boolean().default(true) }),
    output: adminOrder,
    errors: ['reward_order_not_found', 'reward_order_bad_state', 'member_inactive', 'coupon_not_usable_status'],
  },
})
