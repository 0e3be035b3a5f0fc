import { newId } from '../db/id'
import type { Tx } from '../db/transaction'
import { AppError } from '../errors'
import { bind, bindCommand } from '../http/bind'
import { execute, executeOne } from '../http/command'
import { requireMember } from '../members/service'
import { claimGift, giftByToken, giftsOfMember, giveCoupon, revokeGift } from './gifts'
import {
  allCoupons,
  checkTemplate,
  claimableFor,
  couponCounts,
  createTemplate,
  heldCoupon,
  heldCoupons,
  issueCoupons,
  listTemplates,
  moveTemplate,
  namingOf,
  redeemCoupons,
  reverseRedemption,
  ruleSentence,
  showTemplateWithDays,
  ticketFace,
  updateTemplate,
} from './service'

/** Grants to many members; each gets its own answer, and a refusal of one leaves the others. */
const grantAll = async (tx: Tx, templateId: string, batchId: string, memberIds: readonly string[], now: number) => {
  const unique = [...new Set(memberIds)]
  const results = await execute(
    tx,
    issueCoupons,
    unique.map((memberId) => ({
      memberId,
      templateId,
      source: 'grant' as const,
      sourceId: `batch:${batchId}`,
      at: now,
    })),
    now,
  )
  const refused = results.flatMap((r, i) =>
    r instanceof AppError ? [{ memberId: unique[i], code: r.code, message: r.message }] : [],
  )
  return { granted: unique.length - refused.length, refused }
}

export const couponsRoutes = [
  bind('GET /coupons/claimable', ({ tx, now }) => claimableFor(tx, null, now)),
  bind('GET /me/coupons/claimable', async ({ tx, actor, now }) =>
    claimableFor(tx, await requireMember(tx, actor.memberId), now),
  ),
  bind('GET /me/coupons', async ({ tx, actor, input, now }) => ({
    ...(await heldCoupons(tx, actor.memberId, input, now)),
    counts: await couponCounts(tx, actor.memberId, now),
  })),
  bind('GET /me/coupons/:couponId', ({ tx, actor, input, now }) => heldCoupon(tx, actor.memberId, input.couponId, now)),
  bind('GET /me/coupon-gifts', ({ tx, deps, actor, input, now }) =>
    giftsOfMember(tx, deps, actor.memberId, input, now),
  ),
  bind('POST /me/coupons/:couponId/gifts', ({ tx, deps, actor, input, now }) =>
    giveCoupon(tx, deps, { ...input, memberId: actor.memberId }, now),
  ),
  bind('POST /me/coupon-gifts/:giftId/revoke', ({ tx, actor, input, now }) =>
    revokeGift(tx, actor.memberId, input.giftId, now),
  ),
  bind('GET /coupon-gifts/:token', ({ tx, input, now }) => giftByToken(tx, input.token, now)),
  bind('POST /me/coupon-gifts/claims', ({ tx, actor, input, now }) => claimGift(tx, actor.memberId, input.token, now)),
  bindCommand(
    'POST /me/coupons',
    issueCoupons,
    ({ actor, input, now }) => ({
      memberId: actor.memberId,
      templateId: input.templateId,
      source: 'claim' as const,
      sourceId: null,
      at: now,
    }),
    (issued) => issued,
  ),
  bindCommand(
    'POST /staff/redemptions',
    redeemCoupons,
    ({ actor, input }) => ({ ...input, actor }),
    (redeemed) => redeemed,
  ),
  bind('POST /staff/redemptions/:couponId/reverse', ({ tx, actor, input, now }) =>
    reverseRedemption(tx, actor, input.couponId, input.reason, now),
  ),

  bind('GET /admin/coupon-templates', ({ tx, input }) => listTemplates(tx, input)),
  bind('POST /admin/coupon-templates', ({ tx, actor, input, now }) => createTemplate(tx, input, actor.operatorId, now)),
  bind('GET /admin/coupon-templates/:templateId', ({ tx, input, now }) =>
    showTemplateWithDays(tx, input.templateId, now),
  ),
  bind('POST /admin/coupon-templates/previews', async ({ tx, input, now }) => {
    const naming = await namingOf(tx)
    return {
      face: ticketFace(input, naming),
      ...ruleSentence(input.rule, input.issue, naming),
      issues: checkTemplate(input.rule, input.issue, now),
    }
  }),
  bind('PUT /admin/coupon-templates/:templateId', ({ tx, input }) => updateTemplate(tx, input)),
  bind('POST /admin/coupon-templates/:templateId/state', ({ tx, input, now }) => moveTemplate(tx, input, now)),
  bind('POST /admin/coupon-templates/:templateId/grants', ({ tx, input, now }) =>
    grantAll(tx, input.templateId, input.batchId, input.memberIds, now),
  ),
  bind('GET /admin/members/:memberId/coupons', async ({ tx, input, now }) => {
    await requireMember(tx, input.memberId)
    return allCoupons(tx, input.memberId, input, now)
  }),
  bind('POST /admin/members/:memberId/coupon-grants', async ({ tx, input, now }) => ({
    couponId: (
      await executeOne(
        tx,
        issueCoupons,
        {
          memberId: input.memberId,
          templateId: input.templateId,
          source: 'grant',
          sourceId: `grant:${newId(now)}`,
          at: now,
        },
        now,
      )
    ).couponId,
  })),
]
