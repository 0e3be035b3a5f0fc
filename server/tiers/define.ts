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
