import type { Reader } from '../db/transaction'
import { refuse } from '../errors'
import { inScope, type OperatorActor } from '../http/actor'
import { storesOf } from './facts'

/** Figures that exist for the whole group only are not shown to who sees some stores. */
export const groupOnly = (actor: OperatorActor): void => {
  if (actor.storeIds) throw refuse('figure_of_group_only')
}

/** The rows of the summaries an operator's figures come from: the store asked for, his own, or the group's (['']). */
export const scopeOf = async (db: Reader, actor: OperatorActor, storeId: string | undefined): Promise<string[]> => {
  if (!storeId) return actor.storeIds ?? ['']
  inScope(actor, storeId)
  if (!(await storesOf(db)).some((s) => s.id === storeId)) throw refuse('store_not_found')
  return [storeId]
}

/** The stores behind a scope; null: all. */
export const storesIn = (scope: readonly string[]): string[] | null => (scope.includes('') ? null : [...scope])
