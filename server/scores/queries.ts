import type { Reader } from '../db/transaction'
import type {
  MemberFacts,
  MemberForecast,
  MemberScore,
  RfmCell,
  ScoreGroup,
  ScoreHistory,
  StageDay,
  StageMove,
} from './entity'

/** Reads of this module's own tables. */

const one = async <T>(db: Reader, table: string, memberId: string): Promise<T | null> =>
  (await db.read<T>(`SELECT * FROM ${table} WHERE memberId = ?`, [memberId]))[0] ?? null

/** A member's rows; null where there is none. Primary keys. */
export const scoreOf = (db: Reader, memberId: string) => one<MemberScore>(db, 'member_score', memberId)
export const forecastOf = (db: Reader, memberId: string) => one<MemberForecast>(db, 'member_forecast', memberId)
export const factsOf = (db: Reader, memberId: string) => one<MemberFacts>(db, 'member_facts', memberId)

/** How a member's scores changed, newest first. Primary key. */
export const historyOfMember = (db: Reader, memberId: string, limit: number): Promise<ScoreHistory[]> =>
  db.read('SELECT * FROM score_history WHERE memberId = ? ORDER BY onDay DESC LIMIT ?', [memberId, limit])

/** The newest day with rows in a summary, up to a day. Primary key. */
const newestDay = async (db: Reader, table: string, until?: string): Promise<string | null> => {
  const [row] = await db.read<{ onDay: string | null }>(
    `SELECT MAX(onDay) AS onDay FROM ${table}${until ? ' WHERE onDay <= ?' : ''}`,
    until ? [until] : [],
  )
  return row?.onDay ?? null
}

/** Members and spend by stage on the newest scored day. */
export const stagesNow = async (db: Reader): Promise<StageDay[]> => {
  const onDay = await newestDay(db, 'stage_day')
  return onDay ? db.read('SELECT * FROM stage_day WHERE onDay = ?', [onDay]) : []
}
/** Members by stage on every scored day of a stretch. */
export const stageDays = (db: Reader, from: string, to: string): Promise<StageDay[]> =>
  db.read('SELECT * FROM stage_day WHERE onDay >= ? AND onDay <= ? ORDER BY onDay', [from, to])
/** Sums of the changes of stage of a stretch. */
export const stageMoves = (
  db: Reader,
  from: string,
  to: string,
): Promise<Pick<StageMove, 'fromStage' | 'toStage' | 'members'>[]> =>
  db.read(
    'SELECT fromStage, toStage, SUM(members) AS members FROM stage_move WHERE onDay >= ? AND onDay <= ? GROUP BY fromStage, toStage',
    [from, to],
  )

/** Cells of the RFM grid of the newest day up to a day. */
export const rfmCells = async (
  db: Reader,
  method: string,
  until?: string,
): Promise<{ onDay: string | null; cells: RfmCell[] }> => {
  const onDay = await newestDay(db, 'rfm_cell', until)
  const cells = onDay
    ? await db.read<RfmCell>('SELECT * FROM rfm_cell WHERE onDay = ? AND method = ?', [onDay, method])
    : []
  return { onDay, cells }
}

/** Members and spend by RFM segment. Index member_score_rfm; one pass over the scores. */
export const segmentsNow = (db: Reader): Promise<{ rfm: string; members: number; spendFen: number }[]> =>
  db.read('SELECT rfm, COUNT(*) AS members, SUM(spendFen) AS spendFen FROM member_score GROUP BY rfm')

/** Members and expected value by churn band. One pass over the forecasts. */
export const bandsNow = (db: Reader): Promise<{ band: string; members: number; clvFen: number }[]> =>
  db.read(
    'SELECT churnBand AS band, COUNT(*) AS members, SUM(clvFen) AS clvFen FROM member_forecast WHERE churnBand IS NOT NULL GROUP BY churnBand',
  )

/** The groups of the newest run. */
export const groupsNow = async (db: Reader): Promise<ScoreGroup[]> => {
  const onDay = await newestDay(db, 'score_group')
  return onDay ? db.read('SELECT * FROM score_group WHERE onDay = ? ORDER BY members DESC', [onDay]) : []
}

/** One row of a list of members. */
export interface ListedMember {
  memberId: string
  stage: string
  rfm: string
  churnBp: number | null
  clvFen: number | null
  spendFen: number
  purchases: number
  lastDay: string | null
}
/** Members of a stage, segment, group or band, by id. Indexes member_score_stage, member_score_rfm, member_forecast_group. */
export const listByScore = (
  db: Reader,
  wanted: { stage?: string; rfm?: string; band?: string; group?: number },
  after: string,
  limit: number,
): Promise<ListedMember[]> => {
  const conditions: [string, string | number | undefined][] = [
    ['s.stage = ?', wanted.stage],
    ['s.rfm = ?', wanted.rfm],
    ['f.churnBand = ?', wanted.band],
    ['f.groupNo = ?', wanted.group],
  ]
  const used = conditions.filter(([, value]) => value !== undefined)
  const forecast = wanted.band !== undefined || wanted.group !== undefined ? 'JOIN' : 'LEFT JOIN'
  return db.read(
    `SELECT s.memberId, s.stage, s.rfm, f.churnBp, f.clvFen, s.spendFen, s.purchases, s.lastDay
     FROM member_score s ${forecast} member_forecast f ON f.memberId = s.memberId
     WHERE s.memberId > ?${used.map(([text]) => ` AND ${text}`).join('')} ORDER BY s.memberId LIMIT ?`,
    [after, ...used.map(([, value]) => value as string | number), limit],
  )
}
