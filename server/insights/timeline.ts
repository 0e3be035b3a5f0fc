import type { Output } from '../../shared/contract'
import type { Reader } from '../db/transaction'
import { refuse } from '../errors'
import type { OperatorActor } from '../http/actor'
import { namesOf } from './list'
import { newestFirst, readTimeCursor, writeTimeCursor } from './rules'
import { memberInScope } from './show'
import { type TimeSourceName, timeRows, timeSources } from './timeline-facts'
import { timeView } from './views'

/** One page of what a member did and got, newest first, merged from every source (member-facts.ts). */
export const timelineOf = async (
  db: Reader,
  actor: OperatorActor,
  input: { memberId: string; cursor?: string; limit: number },
): Promise<Output<'GET /admin/members/:memberId/timeline'>> => {
  const after = input.cursor === undefined ? null : readTimeCursor(input.cursor)
  if (input.cursor !== undefined && !after)
    throw refuse('invalid_input', { reason: '翻页位置不对，请从第一页重新看', field: 'cursor' })
  await memberInScope(db, actor, input.memberId)
  const sources = Object.keys(timeSources) as TimeSourceName[]
  const [names, ...lists] = await Promise.all([
    namesOf(db),
    // At most `limit` rows of any one source can be on the page; the one more tells whether another follows.
    ...sources.map((name, rank) => timeRows(db, name, rank, input.memberId, after, input.limit + 1)),
  ])
  const rows = lists.flat().sort(newestFirst)
  const shown = rows.slice(0, input.limit)
  return {
    items: shown.map((r) => timeView(r, names)),
    nextCursor: rows.length > input.limit ? writeTimeCursor(shown[shown.length - 1]) : null,
  }
}
