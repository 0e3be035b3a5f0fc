import type { Output, Parsed } from '../../shared/contract'
import { type CheckCode, checkCodes, checkWords } from '../../shared/score-words'
import { addDays, civilDay } from '../../shared/time'
import type { Reader, Tx } from '../db/transaction'
import { refuse } from '../errors'
import type { OperatorActor } from '../http/actor'
import type { DataCheck } from './entity'
import { operatorNames } from './facts'
import { freshnessOf } from './freshness'
import { runView } from './overview'
import { type Alarm, openAlarms, runsSince } from './runs'
import { saveSettings, settingsOf } from './settings'

type AlarmView = Output<'GET /admin/data-quality'>['alarms'][number]

const alarmView = ({ openKey, ...alarm }: Alarm, names: ReadonlyMap<string, string>): AlarmView => ({
  ...alarm,
  name: checkWords[alarm.code as CheckCode].name,
  meaning: checkWords[alarm.code as CheckCode].explanation,
  acknowledgedBy: alarm.acknowledgedBy && (names.get(alarm.acknowledgedBy) ?? null),
  proceed: alarm.proceed === 1,
})

/** The newest checks, the alarms that are open or ended lately, and the latest runs. */
export const dataQualityView = async (db: Reader, now: number): Promise<Output<'GET /admin/data-quality'>> => {
  const today = civilDay(now)
  const [scored, open, ended, runs, names] = await Promise.all([
    freshnessOf(db, 'stages', now),
    openAlarms(db),
    db.read<Alarm>('SELECT * FROM data_alarm WHERE endedAt IS NOT NULL ORDER BY since DESC LIMIT 20'),
    runsSince(db, addDays(today, -30), 20),
    operatorNames(db),
  ])
  const [newest] = await db.read<{ runId: string }>(
    'SELECT runId FROM data_check ORDER BY onDay DESC, runId DESC LIMIT 1',
  )
  const checks = newest ? await db.read<DataCheck>('SELECT * FROM data_check WHERE runId = ?', [newest.runId]) : []
  return {
    scored,
    onDay: checks[0]?.onDay ?? null,
    checks: checkCodes.flatMap((code) => {
      const check = checks.find((c) => c.code === code)
      return check
        ? [
            {
              code,
              name: checkWords[code].name,
              result: check.result as 'passed' | 'warned' | 'failed',
              measured: check.measured,
              expected: check.expected,
              explanation: check.explanation,
            },
          ]
        : []
    }),
    alarms: [...open, ...ended].map((alarm) => alarmView(alarm, names)),
    runs: runs.map(runView),
  }
}

/** Notes that somebody has seen an alarm; with `proceed` he says that the data is right and scoring may go on while it lasts. */
export const acknowledgeAlarm = async (
  tx: Tx,
  actor: OperatorActor,
  { alarmId, note, proceed }: Parsed<'POST /admin/data-alarms/:alarmId/acknowledgements'>,
  now: number,
): Promise<AlarmView> => {
  const found = await tx.run(
    'UPDATE data_alarm SET acknowledgedAt = ?, acknowledgedBy = ?, note = ?, proceed = ? WHERE id = ?',
    [now, actor.operatorId, note, proceed ? 1 : 0, alarmId],
  )
  const [alarm] = await tx.read<Alarm>('SELECT * FROM data_alarm WHERE id = ?', [alarmId])
  if (!found || !alarm) throw refuse('score_alarm_not_found')
  return alarmView(alarm, await operatorNames(tx))
}

/** The thresholds in force. */
export const settingsView = async (db: Reader): Promise<Output<'GET /admin/score-settings'>> => settingsOf(db)

/** Replaces the thresholds; the next scoring uses them. */
export const changeSettings = async (
  tx: Tx,
  actor: OperatorActor,
  { version, ...settings }: Parsed<'PUT /admin/score-settings'>,
  now: number,
): Promise<{ ok: true }> => {
  await saveSettings(tx, settings, version, actor.operatorId, now)
  return { ok: true }
}
