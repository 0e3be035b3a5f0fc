import type { Reader } from '../db/transaction'

/** Read-only SQL over the answers to "would you recommend us". */

/** Answers by day and kind. Index nps_answer_day; the kind follows from the score, which the index holds. */
export const npsPerDay = async (
  db: Reader,
  from: string,
  to: string,
): Promise<{ onDay: string; side: string; n: number }[]> =>
  db.read(
    `SELECT onDay, CASE WHEN score >= 9 THEN 'promoter' WHEN score >= 7 THEN 'passive' ELSE 'detractor' END AS side, COUNT(*) AS n
     FROM nps_answer WHERE onDay >= ? AND onDay <= ? GROUP BY onDay, side`,
    [from, to],
  )
