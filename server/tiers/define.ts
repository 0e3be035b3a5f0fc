import type { Output } from '../../shared/contract'
import type { Tx } from '../db/transaction'
import { groupTrack } from './rules'

/** One level as it is set up. */
export interface TierDefinition {
  level: number
  name: string
  /** Growth from which the level is reached; 0 for level 0. */
  threshold: number
  /** Points per yuan in basis points, 10000 = 1×. */
  multiplierBp: number
  benefits: Output<'GET /tiers'>['items'][number]['benefits']
}

/** Sets up levels of the group's track that do not exist yet; existing ones stay as they are. */
export const defineTiers = (tx: Tx, tiers: readonly TierDefinition[]): void =>
  tx.insert(
    'tier',
    tiers.map((t) => ({ trackId: groupTrack, ...t, benefits: JSON.stringify(t.benefits) })),
    { ignore: true },
  )

const defaults = [
  { level: 0, name: '普通会员', threshold: 0, multiplierBp: 10_000 },
  { level: 1, name: '银卡会员', threshold: 500, multiplierBp: 11_000 },
  { level: 2, name: '金卡会员', threshold: 2000, multiplierBp: 12_000 },
  { level: 3, name: '黑金会员', threshold: 5000, multiplierBp: 15_000 },
] as const

/** What a new shop starts with, until it sets up its own: four levels that differ in the points they earn. */
export const defaultTiers: readonly TierDefinition[] = defaults.map((t) => ({
  ...t,
  benefits: [
    {
      kind: 'multiplier',
      title: `消费积分 ${t.multiplierBp / 10_000} 倍`,
      detail: `实付 1 元得 ${t.multiplierBp / 10_000} 积分`,
    },
  ],
}))
