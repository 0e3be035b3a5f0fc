import { newId } from '../db/id'
import type { Reader, Tx } from '../db/transaction'
import type { Checked } from './gate-rules'
import type { ScoreSettings } from './settings'
import type { Result } from './work'

export type RunKind = 'stages' | 'forecasts'
/** A run as the table holds it, its JSON read. */
export interface Run {
  id: string
  onDay: string
  kind: RunKind
  mode: 'full' | 'changed'
  state: 'running' | 'done' | 'blocked' | 'failed'
  startedAt: number
  finishedAt: number | null
  members: number
  written: number
  moved: number
  thresholds: Record<string, unknown>
  settings: Partial<ScoreSettings>
  timings: Record<string, number>
  note: string | null
}
type Row = Omit<Run, 'thresholds' | 'settings' | 'timings'> & { thresholds: string; settings: string; timings: string }

const runOf = (row: Row): Run => ({
  ...row,
  thresholds: JSON.parse(row.thresholds),
  settings: JSON.parse(row.settings),
  timings: JSON.parse(row.timings),
})

/** The newest run of a kind, of any state or of one. Index score_run_kind. */
export const latestRun = async (db: Reader, kind: RunKind, state?: Run['state']): Promise<Run | null> => {
  const [row] = await db.read<Row>(
    `SELECT * FROM score_run WHERE kind = ?${state ? ' AND state = ?' : ''} ORDER BY startedAt DESC, id DESC LIMIT 1`,
    state ? [kind, state] : [kind],
  )
  return row ? runOf(row) : null
}

/** The newest full run that finished: its cut points are in force. */
export const latestFullRun = async (db: Reader, kind: RunKind): Promise<Run | null> => {
  const [row] = await db.read<Row>(
    "SELECT * FROM score_run WHERE kind = ? AND state = 'done' AND mode = 'full' ORDER BY startedAt DESC, id DESC LIMIT 1",
    [kind],
  )
  return row ? runOf(row) : null
}

/** The newest run that went past the gate or broke off before it. Index score_run_kind. */
export const latestBegunRun = async (db: Reader, kind: RunKind): Promise<Run | null> => {
  const found = (
    await Promise.all((['done', 'failed', 'running'] as const).map((state) => latestRun(db, kind, state)))
  ).filter((run) => run !== null)
  return found.reduce<Run | null>((newest, run) => (!newest || run.startedAt > newest.startedAt ? run : newest), null)
}

/** Ids of the runs that are in force: the newest finished one of each kind, and the full one whose cut points hold. */
export const keptRuns = async (db: Reader): Promise<string[]> => {
  const kinds = ['stages', 'forecasts'] as const
  const runs = await Promise.all(
    kinds.flatMap((kind) => [latestRun(db, kind), latestRun(db, kind, 'done'), latestFullRun(db, kind)]),
  )
  return [...new Set(runs.flatMap((run) => (run ? [run.id] : [])))]
}

/** Runs, newest first. Index score_run_day. */
export const runsSince = async (db: Reader, from: string, limit: number): Promise<Run[]> =>
  (
    await db.read<Row>('SELECT * FROM score_run WHERE onDay >= ? ORDER BY startedAt DESC, id DESC LIMIT ?', [
      from,
      limit,
    ])
  ).map(runOf)

/** Begins a run; one of the same kind that broke off is closed as failed. Answers its id. */
export const beginRun = (
  tx: Tx,
  run: Pick<Run, 'onDay' | 'kind' | 'mode'> & { settings: ScoreSettings },
  now: number,
): string => {
  const id = newId(now)
  tx.write("UPDATE score_run SET state = 'failed', finishedAt = ?, note = ? WHERE kind = ? AND state = 'running'", [
    now,
    '没有做完就中断了',
    run.kind,
  ])
  tx.insert('score_run', [
    {
      id,
      onDay: run.onDay,
      kind: run.kind,
      mode: run.mode,
      state: 'running',
      startedAt: now,
      finishedAt: null,
      members: 0,
      written: 0,
      moved: 0,
      thresholds: '{}',
      settings: JSON.stringify(run.settings),
      timings: '{}',
      note: null,
    },
  ])
  return id
}

/** Ends a run. */
export const endRun = (
  tx: Tx,
  id: string,
  state: 'done' | 'blocked' | 'failed',
  result: Result | null,
  note: string | null,
  now: number,
): void => {
  const { cuts, timings } = (result?.facts ?? {}) as { cuts?: unknown; timings?: unknown }
  tx.write(
    'UPDATE score_run SET state = ?, finishedAt = ?, members = ?, written = ?, moved = ?, thresholds = ?, timings = ?, note = ? WHERE id = ?',
    [
      state,
      now,
      result?.members ?? 0,
      result?.written ?? 0,
      result?.moved ?? 0,
      JSON.stringify(cuts ?? {}),
      JSON.stringify(timings ?? {}),
      note?.slice(0, 190) ?? null,
      id,
    ],
  )
}

/** An alarm as the table holds it. */
export interface Alarm {
  id: string
  code: string
  openKey: string
  severity: 'warned' | 'failed'
  explanation: string
  since: number
  lastSeenAt: number
  endedAt: number | null
  acknowledgedAt: number | null
  acknowledgedBy: string | null
  note: string | null
  proceed: number
}

/** Alarms that have not ended. Index data_alarm_open holds one per check. */
export const openAlarms = (db: Reader): Promise<Alarm[]> =>
  db.read<Alarm>('SELECT * FROM data_alarm WHERE endedAt IS NULL ORDER BY since DESC')

/**
 * Brings the alarms in line with what the checks found: a failed or warned check opens one or keeps it open, a passed one ends it. Answers
 * the checks that stop the scoring: failed, and not declared right by an operator.
 */
export const keepAlarms = async (tx: Tx, checks: readonly Checked[], now: number): Promise<Checked[]> => {
  const open = new Map((await openAlarms(tx)).map((alarm) => [alarm.code, alarm]))
  const stopping: Checked[] = []
  for (const check of checks) {
    const alarm = open.get(check.code)
    const explanation = `${check.measured}，应为${check.expected}`.slice(0, 190)
    if (check.result === 'passed') {
      if (alarm) tx.write('UPDATE data_alarm SET endedAt = ?, openKey = id WHERE id = ?', [now, alarm.id])
    } else if (alarm)
      tx.write('UPDATE data_alarm SET lastSeenAt = ?, severity = ?, explanation = ? WHERE id = ?', [
        now,
        check.result,
        explanation,
        alarm.id,
      ])
    else
      tx.insert('data_alarm', [
        {
          id: newId(now),
          code: check.code,
          openKey: check.code,
          severity: check.result,
          explanation,
          since: now,
          lastSeenAt: now,
          endedAt: null,
          acknowledgedAt: null,
          acknowledgedBy: null,
          note: null,
          proceed: 0,
        },
      ])
    if (check.result === 'failed' && !alarm?.proceed) stopping.push(check)
  }
  return stopping
}
