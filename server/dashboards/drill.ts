import type { Output, Parsed } from '../../shared/contract'
import type { Reader } from '../db/transaction'
import type { Deps } from '../deps'
import { refuse } from '../errors'
import { inScope, type OperatorActor } from '../http/actor'
import { cardPage } from '../segments/service'
import { listBehind, pageOf } from './drill-facts'
import { groupOnly, scopeOf, storesIn } from './scope'

/** The members behind a cell, masked, in the order of their ids. Who sees some stores gets lists only of what belongs to stores. */
export const membersBehind = async (
  db: Reader,
  deps: Deps,
  actor: OperatorActor,
  { figure, row, col, storeId, cursor = '', limit }: Parsed<'GET /admin/dashboards/members'>,
): Promise<Output<'GET /admin/dashboards/members'>> => {
  const list = listBehind(figure, row, col)
  if (!list) throw refuse('invalid_input', { reason: '没有这份名单', field: 'figure' })
  // The league's list names its store in the row.
  if (figure === 'store-buyers') inScope(actor, row)
  else if (!list.store) groupOnly(actor)
  if (storeId && !list.store) throw refuse('figure_of_group_only')
  const stores = list.store ? storesIn(await scopeOf(db, actor, storeId)) : null
  const { text, params } = pageOf(list, stores, cursor, limit + 1)
  const ids = (await db.read<{ memberId: string }>(text, params)).map((r) => r.memberId)
  return { ...(await cardPage(db, deps.keys, ids, limit)), title: list.title }
}
