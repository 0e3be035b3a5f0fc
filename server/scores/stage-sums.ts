import type { Row } from '../db/statement'
import type { Reader } from '../db/transaction'
import type { Step } from './work'

/** Sums of everybody's rows, for pages that must answer at once. They are read after every row is committed. */
export const stageSums = async (db: Reader, onDay: string): Promise<Step> => {
  const [stages, moves, quantile, fixed] = await Promise.all([
    db.read<Row>('SELECT stage, COUNT(*) AS members, SUM(spendFen) AS spendFen FROM member_score GROUP BY stage'),
    db.read<Row>(
      'SELECT fromStage, toStage, COUNT(*) AS members FROM stage_change WHERE onDay = ? AND fromStage IS NOT NULL AND fromStage <> toStage GROUP BY fromStage, toStage',
      [onDay],
    ),
    ...(
      [
        ['r', 'f'],
        ['rFixed', 'fFixed'],
      ] as const
    ).map(([r, f]) =>
      db.read<Row>(
        `SELECT ${r} AS r, ${f} AS f, COUNT(*) AS members, SUM(spendFen) AS spendFen, SUM(purchases) AS purchases FROM member_score WHERE r > 0 GROUP BY ${r}, ${f}`,
      ),
    ),
  ])
  const cells = [
    ...quantile.map((c) => ({ ...c, method: 'quantile' })),
    ...fixed.map((c) => ({ ...c, method: 'fixed' })),
  ]
  const clear = ['stage_day', 'stage_move', 'rfm_cell'].map((table) => ({
    text: `DELETE FROM ${table} WHERE onDay = ?`,
    params: [onDay],
  }))
  const insert = (table: string, key: string[], update: string[], rows: Row[]) => ({ table, key, update, rows })
  const number = (row: Row): Row => ({
    ...row,
    ...Object.fromEntries(['members', 'spendFen', 'purchases'].filter((k) => k in row).map((k) => [k, Number(row[k])])),
  })
  return {
    processed: 0,
    statements: clear,
    upserts: [
      insert(
        'stage_day',
        ['onDay', 'stage'],
        ['members', 'spendFen'],
        stages.map((r) => ({ onDay, ...number(r) })),
      ),
      insert(
        'stage_move',
        ['onDay', 'fromStage', 'toStage'],
        ['members'],
        moves.map((r) => ({ onDay, ...number(r) })),
      ),
      insert(
        'rfm_cell',
        ['onDay', 'method', 'r', 'f'],
        ['members', 'spendFen', 'purchases'],
        cells.map((r) => ({ onDay, ...number(r) })),
      ),
    ],
  }
}
