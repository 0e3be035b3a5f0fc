import type { z } from 'zod'
import type { referralPlan } from '../../shared/contract/referrals'
import { DAY_MS, HOUR_MS } from '../../shared/time'
import { type AppError, refuse } from '../errors'

export type Plan = z.output<typeof referralPlan>
export type State = 'joined' | 'bought' | 'paid' | 'capped' | 'held' | 'rejected'
export type Flag = 'burst' | 'refunded' | 'no_phone'

/** What a shop has that never changed the rules. */
export const defaultPlan: Plan = {
  active: true,
  inviterPoints: 200,
  friendPoints: 100,
  minSpendFen: 2000,
  keepDays: 7,
  perMonth: 20,
  bindDays: 7,
}

export const referralPolicy = {
  /** So many friends of one inviter within an hour are looked at by a person before they pay. */
  burst: 5,
  burstMs: HOUR_MS,
  /** A friend who has not bought by then is no longer waited for. */
  waitDays: 180,
} as const

/** States as the inviter reads them. */
export const stateTexts: Record<State, string> = {
  joined: '已加入，等首次消费',
  bought: '已消费，过了退款期发积分',
  paid: '积分已到账',
  capped: '本月奖励已达上限',
  held: '核对中',
  rejected: '未通过核对',
}

/** Why a code cannot be entered, or null. */
export const bindRefusal = (
  plan: Plan,
  b: {
    inviterId: string
    friendId: string
    friendJoinedAt: number
    hasBought: boolean
    sharesDevice: boolean
    inviterInvitedBy: string | null
  },
  now: number,
): AppError | null => {
  if (!plan.active) return refuse('invite_off')
  if (b.inviterId === b.friendId) return refuse('invite_self')
  if (b.inviterInvitedBy === b.friendId) return refuse('invite_circle')
  if (b.hasBought || now - b.friendJoinedAt > plan.bindDays * DAY_MS)
    return refuse('invite_too_late', { days: plan.bindDays })
  return b.sharesDevice ? refuse('invite_same_device') : null
}

/** A purchase as far as an invitation asks. */
export interface Bought {
  id: string
  at: number
  paidFen: number
  refundedFen: number
  status: string
}

/** The first purchase since the code was entered that is worth enough after its refunds, and whether an earlier one was given back. */
export const firstKept = (
  plan: Plan,
  boundAt: number,
  purchases: readonly Bought[],
): { kept: Bought | null; refundedBefore: boolean } => {
  const since = purchases.filter((p) => p.at >= boundAt).sort((a, b) => a.at - b.at)
  const kept = since.find((p) => p.status !== 'refunded' && p.paidFen - p.refundedFen >= plan.minSpendFen) ?? null
  const earlier = kept ? since.filter((p) => p.at < kept.at) : since
  return { kept, refundedBefore: earlier.some((p) => p.status === 'refunded') }
}

/** What looks odd about an invitation that is about to pay. */
export const flagsOf = (r: { boundWithin: number; refundedBefore: boolean; hasPhone: boolean }): Flag[] => [
  ...(r.boundWithin >= referralPolicy.burst ? (['burst'] as const) : []),
  ...(r.refundedBefore ? (['refunded'] as const) : []),
  ...(r.hasPhone ? [] : (['no_phone'] as const)),
]
