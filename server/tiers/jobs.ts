import { civilDay } from '../../shared/time'
import { batch } from '../jobs/batch'
import type { Tick } from '../jobs/job'
import { queueMessages } from '../messages/service'
import { expireGrowth, growthDue, levelsOf, reviewDue, reviewTiers } from './service'

/** Lets growth older than the window go. */
export const expireOldGrowth = (tick: Tick): Promise<void> =>
  batch(tick, {
    next: (tx, cursor, limit) => growthDue(tx, civilDay(tick.deps.clock.now()), cursor, limit),
    keyOf: (memberId) => memberId,
    treat: async (tx, memberIds, now) => {
      await expireGrowth(tx, memberIds, now)
      return { processed: memberIds.length }
    },
  })

/** Reviews the levels whose certainty has ended, and tells members what became of theirs. */
export const reviewDueTiers = (tick: Tick): Promise<void> =>
  batch(tick, {
    next: (tx, cursor, limit) => reviewDue(tx, civilDay(tick.deps.clock.now()), cursor, limit),
    keyOf: (memberId) => memberId,
    treat: async (tx, memberIds, now) => {
      const reviewed = await reviewTiers(tx, memberIds, now)
      const levels = await levelsOf(tx)
      const nameOf = (level: number): string => levels.find((l) => l.level === level)?.name ?? `${level} 级`
      queueMessages(
        tx,
        reviewed.map(({ memberId, change }) => ({
          memberId,
          kind: change.direction === 'keep' ? ('tier_kept' as const) : ('tier_down' as const),
          title:
            change.direction === 'keep' ? `${nameOf(change.toLevel)}已续期` : `等级调整为${nameOf(change.toLevel)}`,
          text: change.reason,
          page: 'packages/tier/index',
          data: { tier: nameOf(change.toLevel), reason: change.reason },
          dedupeKey: `tier_review:${memberId}:${civilDay(now)}`,
          channels: change.direction === 'keep' ? ['inbox' as const] : ['inbox' as const, 'subscribe' as const],
        })),
        now,
      )
      return { processed: reviewed.length }
    },
  })
