import { bind } from '../http/bind'
import { requireMember } from '../members/service'
import { changesOf, progressOf, tierPolicy, tiersOf } from './service'
import { growthRules } from './views'

export const tiersRoutes = [
  bind('GET /tiers', async ({ tx }) => ({ items: await tiersOf(tx) })),
  bind('GET /me/tier', async ({ tx, actor }) => ({
    progress: await progressOf(tx, actor.memberId),
    tiers: await tiersOf(tx),
    history: (await changesOf(tx, actor.memberId, { limit: 20 })).items,
    growthRules,
  })),
  bind('GET /admin/tiers', async ({ tx }) => ({
    items: await tiersOf(tx, { counted: true }),
    windowDays: tierPolicy.windowDays,
    graceDays: tierPolicy.graceDays,
    downgrade: '到期未达标，宽限期后降一级',
  })),
  bind('GET /admin/members/:memberId/tier-changes', async ({ tx, input }) => {
    await requireMember(tx, input.memberId)
    return changesOf(tx, input.memberId, input)
  }),
]
