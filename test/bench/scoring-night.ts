import { loadavg } from 'node:os'
import { newId } from '../../server/db/id'
import type { Deps } from '../../server/deps'
import { runnerOf } from '../../server/jobs/service'
import { schedule } from '../../server/schedule'
import { memberIdOf, type Purchases, purchaseRow, type Sums } from './scoring-shape'

/** Load average of the last minute: figures of a busy machine say little. */
export const load = (): string => `load ${loadavg()[0].toFixed(1)}`
export const say = (text: string): void => console.log(`  ${text}`)
export const timed = async <T>(work: () => Promise<T> | T): Promise<{ seconds: number; value: T }> => {
  const from = performance.now()
  const value = await work()
  return { seconds: (performance.now() - from) / 1000, value }
}

/** Runs the nightly job of stages now; answers how long it took. */
export const runStages = async (deps: Deps): Promise<number> => {
  const job = schedule.find((j) => j.name === 'scores.stages')
  if (!job) throw new Error('The schedule has no scores.stages')
  const { seconds } = await timed(async () => (await runnerOf(deps).runNow(job, newId(deps.clock.now())))?.ended)
  const [last] = await deps.db.read<{
    state: string
    note: string | null
    mode: string
    timings: string
    members: number
    written: number
  }>(
    "SELECT state, note, mode, timings, members, written FROM score_run WHERE kind = 'stages' ORDER BY startedAt DESC, id DESC LIMIT 1",
  )
  if (last?.state !== 'done') throw new Error(`The job ended as ${last?.state}: ${last?.note}`)
  say(
    `${last.mode} job: ${seconds.toFixed(2)} s, ${last.members} members looked at, ${last.written} written, ${last.timings}, ${load()}`,
  )
  return seconds
}

/** Forgets every score and what followed from it, so that the next run writes everybody's. */
export const forgetScores = async (deps: Deps): Promise<void> => {
  const empty = deps.db.kind === 'mysql' ? 'TRUNCATE TABLE' : 'DELETE FROM'
  for (const table of ['member_score', 'stage_change', 'score_history', 'stage_day', 'stage_move', 'rfm_cell'])
    await deps.db.dialect.writer.query(`${empty} ${table}`)
  await scoreEverybody(deps)
}
/** The next run looks at everybody, as after a week. */
export const scoreEverybody = (deps: Deps): Promise<void> =>
  deps.db.tx(async (tx) => tx.write("UPDATE score_run SET onDay = '2000-01-01'"))

/** An empty table with the columns, keys and indexes of member_score. */
export const tableLikeScores = async (deps: Deps, name: string): Promise<void> => {
  const { writer } = deps.db.dialect
  await writer.query(`DROP TABLE IF EXISTS ${name}`)
  if (deps.db.kind === 'mysql') return void (await writer.query(`CREATE TABLE ${name} LIKE member_score`))
  const made = await deps.db.read<{ sql: string }>(
    "SELECT sql FROM sqlite_master WHERE tbl_name = 'member_score' AND sql IS NOT NULL ORDER BY type DESC",
  )
  for (const { sql } of made) await writer.query(sql.replaceAll('member_score', name))
}

/** One buyer in a hundred comes again: the purchase and the member's figures, as the till writes them. */
export const comeAgain = async (deps: Deps, made: Purchases, sums: Sums, at: number): Promise<number> => {
  const wanted = Math.floor(made.members / 100)
  const buyers: number[] = []
  for (let k = 0; buyers.length < wanted; k++) {
    const m = (k * 97) % made.members
    if (sums.purchases[m]) buyers.push(m)
  }
  for (let i = 0; i < buyers.length; i += 500) {
    const part = buyers.slice(i, i + 500)
    await deps.db.tx(async (tx) => {
      tx.insert(
        'purchase',
        part.map((m, k) => purchaseRow(made.member.length + i + k, at - 1000 * (i + k), m, 5000)),
      )
      tx.write(
        `UPDATE member_stats SET purchases = purchases + 1, spendFen = spendFen + 5000, purchaseDays = purchaseDays + 1, lastPurchaseAt = ?, updatedAt = ?
         WHERE memberId IN (${part.map(() => '?').join(',')})`,
        [at, at, ...part.map(memberIdOf)],
      )
    })
  }
  return buyers.length
}
