import { z } from 'zod'
import { day, define, id, nothing, page, paging, time } from './define'

export const benefit = z.object({
  kind: z.enum(['multiplier', 'birthday', 'anniversary', 'coupon', 'service']),
  title: z.string(),
  detail: z.string(),
})
/** Where a member stands and the exact gap to the next tier. */
export const tierProgress = z.object({
  level: z.int(),
  name: z.string(),
  growth: z.int(),
  /** Growth needed for the next tier; null at the top. */
  nextThreshold: z.int().nullable(),
  nextName: z.string().nullable(),
  /** nextThreshold − growth, or 0 at the top. */
  gap: z.int(),
  /** What spending in fen the gap amounts to at today's rule. */
  gapFen: z.int(),
  validUntil: day.nullable(),
  /** Growth still missing to keep the tier at validUntil; 0 when safe. */
  keepGap: z.int(),
})
export const tier = z.object({
  level: z.int(),
  name: z.string(),
  threshold: z.int(),
  members: z.int().nullable(),
  benefits: z.array(benefit),
})
const change = z.object({
  at: time,
  from: z.string().nullable(),
  to: z.string(),
  direction: z.enum(['join', 'up', 'down', 'keep']),
  reason: z.string(),
  validUntil: day.nullable(),
})

export const tiers = define({
  'GET /tiers': {
    summary: '各等级与权益',
    allow: 'public',
    input: nothing,
    output: z.object({ items: z.array(tier) }),
    errors: [],
  },
  'GET /me/tier': {
    summary: '我的等级：进度、权益、变动与理由',
    allow: 'member',
    input: nothing,
    output: z.object({
      progress: tierProgress,
      tiers: z.array(tier),
      history: z.array(change).max(20),
      growthRules: z.array(z.object({ title: z.string(), detail: z.string() })),
    }),
    errors: [],
  },
  'GET /admin/tiers': {
    summary: '等级表与各级人数',
    allow: 'tier:read',
    input: nothing,
    output: z.object({ items: z.array(tier), windowDays: z.int(), graceDays: z.int(), downgrade: z.string() }),
    errors: [],
  },
  'GET /admin/members/:memberId/tier-changes': {
    summary: '会员的等级变动',
    allow: 'member:read',
    input: z.strictObject({ memberId: id, ...paging }),
    output: page(change),
    errors: ['member_not_found'],
  },
})
