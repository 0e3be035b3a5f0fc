import type { Output } from '../../shared/contract'
import type { Reader } from '../db/transaction'
import { levelsOf } from './accounts'
import type { GrowthAccount, Tier, TierChange } from './entity'
import { groupTrack, tierPolicy } from './rules'
import { changeView, tierView } from './views'

type Progress = Output<'GET /me/tier'>['progress']

/** Where a member stands: level, growth, the exact gap, and what is missing to keep the level. */
export const progressOf = async (db: Reader, memberId: string): Promise<Progress> => {
  const levels = await levelsOf(db)
  const [account] = await db.read<GrowthAccount>('SELECT * FROM growth_account WHERE memberId = ? AND trackId = ?', [
    memberId,
    groupTrack,
  ])
  const growth = account?.growth ?? 0
  const held = levels.find((l) => l.level === (account?.level ?? 0)) ?? levels[0]
  const next = levels.find((l) => l.level > held.level)
  const gap = next ? Math.max(0, next.threshold - growth) : 0
  return {
    level: held.level,
    name: held.name,
    growth,
    nextThreshold: next?.threshold ?? null,
    nextName: next?.name ?? null,
    gap,
    gapFen: Math.ceil((gap * 100) / tierPolicy.growthPerYuan),
    validUntil: account?.validUntil ?? null,
    keepGap: held.level > 0 ? Math.max(0, held.threshold - growth) : 0,
  }
}

/** Every level with its benefits; `counted` adds how many members hold it. */
export const tiersOf = async (
  db: Reader,
  { counted = false }: { counted?: boolean } = {},
): Promise<Output<'GET /tiers'>['items']> => {
  const rows = await db.read<Tier>('SELECT * FROM tier WHERE trackId = ? ORDER BY level', [groupTrack])
  const counts = counted
    ? await db.read<{ tierLevel: number; n: number }>(
        "SELECT tierLevel, COUNT(*) AS n FROM member WHERE status = 'active' GROUP BY tierLevel",
      )
    : []
  return rows.map((t) => tierView(t, counted ? (counts.find((c) => c.tierLevel === t.level)?.n ?? 0) : null))
}

/** One page of a member's moves between levels, newest first. */
export const changesOf = async (
  db: Reader,
  memberId: string,
  { cursor, limit }: { cursor?: string; limit: number },
): Promise<Output<'GET /admin/members/:memberId/tier-changes'>> => {
  const levels = await levelsOf(db)
  const rows = await db.read<TierChange>(
    'SELECT * FROM tier_change WHERE memberId = ? AND id < ? ORDER BY id DESC LIMIT ?',
    [memberId, cursor ?? '~', limit + 1],
  )
  const items = rows.slice(0, limit)
  return {
    items: items.map((c) => changeView(c, levels)),
    nextCursor: rows.length > limit ? items[items.length - 1].id : null,
  }
}
