import { newId } from '../db/id'
import { marks } from '../db/statement'
import type { Reader, Tx } from '../db/transaction'
import type { Tier } from './entity'
import { type Growth, groupTrack, type Level } from './rules'

/** Every level of the group's track, lowest first. */
export const levelsOf = async (db: Reader): Promise<Level[]> => {
  const rows = await db.read<Tier>(
    'SELECT level, name, threshold, multiplierBp FROM tier WHERE trackId = ? ORDER BY level',
    [groupTrack],
  )
  if (!rows.length) return [{ level: 0, name: '会员', threshold: 0, multiplierBp: 10_000 }]
  return rows
}

/** Growth accounts of some members under lock, made where they do not exist. */
export const loadGrowth = async (tx: Tx, memberIds: readonly string[], today: string): Promise<Map<string, Growth>> => {
  const ids = [...new Set(memberIds)].sort()
  const select = (): Promise<Growth[]> =>
    tx.read<Growth>(
      `SELECT memberId, growth, seq, level, since, validUntil, expiredThrough FROM growth_account WHERE memberId IN ${marks(ids)} AND trackId = ? ORDER BY memberId${tx.lock}`,
      [...ids, groupTrack],
    )
  let rows = await select()
  if (rows.length < ids.length) {
    const have = new Set(rows.map((r) => r.memberId))
    await tx.insertNew(
      'growth_account',
      ids
        .filter((id) => !have.has(id))
        .map((memberId) => ({
          memberId,
          trackId: groupTrack,
          growth: 0,
          seq: 0,
          level: 0,
          since: today,
          validUntil: null,
          expiredThrough: null,
        })),
    )
    rows = await select()
  }
  return new Map(rows.map((r) => [r.memberId, { ...r, entries: [], changes: [], dirty: false }]))
}

/** Writes what a batch changed, the level on the member's own row included. */
export const writeGrowth = (tx: Tx, accounts: Map<string, Growth>, now: number): void => {
  const dirty = [...accounts.values()].filter((g) => g.dirty)
  tx.insert(
    'growth_entry',
    dirty.flatMap((g) =>
      g.entries.map((e) => ({
        memberId: g.memberId,
        trackId: groupTrack,
        seq: e.seq,
        at: e.at,
        earnedOn: e.earnedOn,
        amount: e.amount,
        growthAfter: e.growthAfter,
        kind: e.kind,
        sourceType: e.source.type,
        sourceId: e.source.id,
      })),
    ),
  )
  tx.insert(
    'tier_change',
    dirty.flatMap((g) => g.changes.map((c) => ({ id: newId(now), memberId: g.memberId, trackId: groupTrack, ...c }))),
  )
  tx.upsert(
    'growth_account',
    ['memberId', 'trackId'],
    ['growth', 'seq', 'level', 'since', 'validUntil', 'expiredThrough'],
    dirty.map((g) => ({
      memberId: g.memberId,
      trackId: groupTrack,
      growth: g.growth,
      seq: g.seq,
      level: g.level,
      since: g.since,
      validUntil: g.validUntil,
      expiredThrough: g.expiredThrough,
    })),
  )
  for (const g of dirty)
    if (g.changes.some((c) => c.direction !== 'keep'))
      tx.write('UPDATE member SET tierLevel = ? WHERE id = ?', [g.level, g.memberId])
}
