import type { Reader } from '../db/transaction'

/** Read-only SQL over the tables of scores: sums by day, small and read by primary key. */

interface StageRow {
  onDay: string
  stage: string
  members: number
}
/** Members of every stage on the scored days of a stretch. */
export const stageDays = (db: Reader, from: string, to: string): Promise<StageRow[]> =>
  db.read('SELECT onDay, stage, members FROM stage_day WHERE onDay >= ? AND onDay <= ?', [from, to])

/** Members of every stage at the end of the last scored day before one; the first scored day where there is none before. */
export const stagesOn = async (db: Reader, before: string): Promise<StageRow[]> => {
  const [last] = await db.read<{ onDay: string }>(
    'SELECT onDay FROM stage_day WHERE onDay < ? ORDER BY onDay DESC LIMIT 1',
    [before],
  )
  if (!last) return []
  return db.read('SELECT onDay, stage, members FROM stage_day WHERE onDay = ?', [last.onDay])
}

/** Members by the stages they passed between, on the days of a stretch. */
export const movesIn = (
  db: Reader,
  from: string,
  to: string,
): Promise<{ fromStage: string; toStage: string; members: number }[]> =>
  db.read(
    'SELECT fromStage, toStage, SUM(members) AS members FROM stage_move WHERE onDay >= ? AND onDay <= ? GROUP BY fromStage, toStage',
    [from, to],
  )
/** The same, day by day. */
export const movesByMonth = (
  db: Reader,
  from: string,
  to: string,
): Promise<{ onDay: string; fromStage: string; toStage: string; members: number }[]> =>
  db.read('SELECT onDay, fromStage, toStage, members FROM stage_move WHERE onDay >= ? AND onDay <= ?', [from, to])

/** The newest RFM grid. */
export const rfmCells = (
  db: Reader,
  method: string,
): Promise<{ onDay: string; r: number; f: number; members: number; spendFen: number; purchases: number }[]> =>
  db.read(
    'SELECT onDay, r, f, members, spendFen, purchases FROM rfm_cell WHERE method = ? AND onDay = (SELECT MAX(onDay) FROM rfm_cell WHERE method = ?)',
    [method, method],
  )

/** When the last scoring ended; null before the first. Index score_run_kind. */
export const scoredOn = async (db: Reader): Promise<number | null> => {
  const [run] = await db.read<{ finishedAt: number | null }>(
    "SELECT finishedAt FROM score_run WHERE kind = 'stages' AND state = 'done' ORDER BY startedAt DESC LIMIT 1",
  )
  return run?.finishedAt ? Number(run.finishedAt) : null
}
