import { z } from 'zod'
import { heldCoupon, ticketFace } from './coupons'
import { define, id, page, paging, text, time } from './define'
import { giftToken } from './transfers'

const state = z.enum(['waiting', 'claimed', 'revoked', 'returned'])

export const couponGifts = define({
  'GET /me/coupon-gifts': {
    summary: '我送出的券',
    allow: 'member',
    input: z.strictObject({ ...paging }),
    output: page(
      z.object({
        id,
        couponId: id,
        face: ticketFace,
        state,
        otherMasked: z.string().nullable(),
        note: z.string(),
        createdAt: time,
        closesAt: time,
        /** While it waits: what the link carries. */
        token: z.string().nullable(),
        sharePath: z.string().nullable(),
        link: z.string().nullable(),
      }),
    ),
    errors: [],
  },
  'POST /me/coupons/:couponId/gifts': {
    summary: '把一张券送给好友：生成链接，领走之前可以收回，到时没人领自动退回',
    allow: 'member',
    input: z.strictObject({ couponId: id, note: text(40, 0).default('') }),
    output: z.object({ giftId: id, token: z.string(), sharePath: z.string(), link: z.string(), closesAt: time }),
    errors: ['coupon_not_found', 'coupon_not_usable_status', 'coupon_not_giftable', 'coupon_expired'],
  },
  'POST /me/coupon-gifts/:giftId/revoke': {
    summary: '收回还没被领的券',
    allow: 'member',
    input: z.strictObject({ giftId: id }),
    output: heldCoupon,
    errors: ['gift_not_found', 'gift_closed'],
  },
  'GET /coupon-gifts/:token': {
    summary: '好友送的券：谁送的、什么券、还能不能领',
    allow: 'public',
    input: z.strictObject({ token: giftToken }),
    output: z.object({
      fromMasked: z.string(),
      face: ticketFace,
      note: z.string(),
      validTo: time,
      state,
      closesAt: time,
    }),
    errors: ['gift_not_found'],
  },
  'POST /me/coupon-gifts/claims': {
    summary: '领取好友送的券，先到先得',
    allow: 'member',
    input: z.strictObject({ token: giftToken }),
    output: heldCoupon,
    errors: ['gift_not_found', 'gift_closed', 'gift_self', 'member_inactive'],
  },
})
