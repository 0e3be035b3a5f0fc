import type { Output, Parsed } from '../../shared/contract'
import { isTooSlow } from '../db/slow-reader'
import type { Bindable } from '../db/statement'
import type { Db, Reader } from '../db/transaction'
import type { Deps } from '../deps'
import { refuse } from '../errors'
import type { OperatorActor } from '../http/actor'
import { factsAsOf } from './facts'
import { segmentPolicy } from './leaf-rules'
import type { Compiled } from './rules'
import { compileSegment, describeTree, within } from './terms'

type Scope = readonly string[] | null
type Condition = Pick<Compiled, 'text' | 'params'>

/** Members whose ids stand before or from an id on; everybody without one. */
interface Side {
  text: string
  params: Bindable[]
}
const everybody: Side = { text: '', params: [] }
const sidesOf = (middle: string): Side[] => [
  { text: ' AND f.memberId < ?', params: [middle] },
  { text: ' AND f.memberId >= ?', params: [middle] },
]

const countSide = async (db: Reader, compiled: Condition, scope: Scope, side: Side): Promise<number> => {
  const home = within(scope)
  const [row] = await db.read<{ n: number }>(
    `SELECT COUNT(*) AS n FROM segment_fact f WHERE ${compiled.text}${home.text}${side.text}`,
    [...compiled.params, ...home.params, ...side.params],
  )
  return Number(row.n)
}

/** How many members a condition holds for. One pass over segment_fact, lists of ids from their indexes. */
export const countCompiled = (db: Reader, compiled: Condition, scope: Scope): Promise<number> =>
  countSide(db, compiled, scope, everybody)

/** How long an id is taken for the one in the middle. Wherever it has moved meanwhile: two counts stay right, one takes longer. */
const middleKeptMs = 10 * 60_000
const middles = new WeakMap<Db, { id: string | null; until: number }>()

/** The id of the member in the middle; null where there is nobody. */
const middleOf = async (db: Db, now: number): Promise<string | null> => {
  const known = middles.get(db)
  if (known && now < known.until) return known.id
  const [{ n }] = await db.read<{ n: number }>('SELECT COUNT(*) AS n FROM segment_fact')
  const [row] = await db.read<{ memberId: string }>(
    'SELECT memberId FROM segment_fact ORDER BY memberId LIMIT 1 OFFSET ?',
    [Math.floor(n / 2)],
  )
  const id = row?.memberId ?? null
  middles.set(db, { id, until: now + middleKeptMs })
  return id
}

/**
 * The same where a database of its own process works on several statements at once: half of the members in each of two, side by side. SQLite
 * has one thread for it and counts in one.
 */
const countLive = async (db: Db, compiled: Condition, scope: Scope, now: number): Promise<number> => {
  const aside = db.aside(segmentPolicy.countLimitMs)
  const middle = db.inProcess ? null : await middleOf(db, now)
  if (middle === null) return countCompiled(aside, compiled, scope)
  const parts = await Promise.all(sidesOf(middle).map((side) => countSide(aside, compiled, scope, side)))
  return parts.reduce((sum, n) => sum + n, 0)
}

const inTime = async <T>(work: () => Promise<T>): Promise<T> => {
  try {
    return await work()
  } catch (error) {
    if (isTooSlow(error)) throw refuse('segment_too_slow', { seconds: segmentPolicy.countLimitMs / 1000 })
    throw error
  }
}

/**
 * Work that looks at every member: on a reader that holds up nobody else and gives up in time. Throws `segment_too_slow` then, because an
 * operator who waits for a count wants to know what to change rather than to wait on.
 */
export const unhurried = <T>(deps: Deps, work: (db: Reader) => Promise<T>): Promise<T> =>
  inTime(() => work(deps.db.aside(segmentPolicy.countLimitMs)))

/** Live count of a tree. Outside any transaction: on SQLite one would keep the writers waiting. */
export const countTree = async (
  deps: Deps,
  actor: OperatorActor,
  tree: Parsed<'POST /admin/segments/count'>['tree'],
  now: number,
): Promise<Output<'POST /admin/segments/count'>> => {
  const compiled = compileSegment(deps.keys, tree, now)
  const [count, total, sentence, asOf] = await Promise.all([
    inTime(() => countLive(deps.db, compiled, actor.storeIds, now)),
    unhurried(deps, (db) => countCompiled(db, { text: '1 = 1', params: [] }, actor.storeIds)),
    describeTree(deps.db, tree),
    factsAsOf(deps.db),
  ])
  return { count, total, sentence, profiling: compiled.profiling, asOf }
}
