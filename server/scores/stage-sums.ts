import type { Row } from '../db/statement'
import type { Reader } from '../db/transaction'
import type { Step } from './work'

/** What the sums count of one member. */
export interface Counted {
  stage: string
  r: number
  f: number
  rFixed: number
  fFixed: number
  purchases: number
  spendFen: number
}
/** A set of members that stand alike. */
type Group = Counted & { members: number }

const tables = {
  stage_day: { key: ['onDay', 'stage'], sums: ['members', 'spendFen'] },
  rfm_cell: { key: ['onDay', 'method', 'r', 'f'], sums: ['members', 'spendFen', 'purchases'] },
} as const
type Table = keyof typeof tables

/** The rows of the sums of some groups: each group counts in its stage and in a cell of each method. */
const rowsOf = (onDay: string, groups: Iterable<Group>): Record<Table, Row[]> => {
  const found: Record<Table, Map<string, Row>> = { stage_day: new Map(), rfm_cell: new Map() }
  const add = (table: Table, key: Row, { members, spendFen, purchases }: Group): void => {
    const name = Object.values(key).join('|')
    const row = found[table].get(name)
    const sums = { members, spendFen, purchases } as const
    if (!row) {
      const own = Object.fromEntries(tables[table].sums.map((column) => [column, sums[column]]))
      found[table].set(name, { onDay, ...key, ...own })
    } else for (const column of tables[table].sums) row[column] = Number(row[column]) + sums[column]
  }
  for (const group of groups) {
    add('stage_day', { stage: group.stage }, group)
    if (!group.r) continue
    add('rfm_cell', { method: 'quantile', r: group.r, f: group.f }, group)
    add('rfm_cell', { method: 'fixed', r: group.rFixed, f: group.fFixed }, group)
  }
  return { stage_day: [...found.stage_day.values()], rfm_cell: [...found.rfm_cell.values()] }
}

/** How a step changes the sums: what its members counted for is taken away, what they count for now is added. */
export const sumsMoved = (
  onDay: string,
  moved: readonly { was: Counted | null; is: Counted }[],
): NonNullable<Step['adds']> => {
  const groups = function* (): Generator<Group> {
    for (const { was, is } of moved) {
      if (was) yield { ...was, members: -1, spendFen: -was.spendFen, purchases: -was.purchases }
      yield { ...is, members: 1 }
    }
  }
  const rows = rowsOf(onDay, groups())
  return (['stage_day', 'rfm_cell'] as const).map((table) => ({
    table,
    key: [...tables[table].key],
    add: [...tables[table].sums],
    rows: rows[table],
  }))
}

/** Days with sums, the newest first. Primary key. */
const newestSummed = async (db: Reader): Promise<string | null> =>
  (await db.read<{ onDay: string | null }>('SELECT MAX(onDay) AS onDay FROM stage_day'))[0]?.onDay ?? null

/**
 * Lets a day begin with the sums of the last one, to which the steps of a run over what changed then add theirs. A run that goes on after a
 * break finds the day begun.
 */
export const beginSums = async (db: Reader, onDay: string): Promise<Step | null> => {
  const last = await newestSummed(db)
  if (!last || last >= onDay) return null
  return {
    processed: 0,
    upserts: [],
    statements: [
      { text: 'DELETE FROM rfm_cell WHERE onDay = ?', params: [onDay] },
      {
        text: 'INSERT INTO stage_day (onDay, stage, members, spendFen) SELECT ?, stage, members, spendFen FROM stage_day WHERE onDay = ?',
        params: [onDay, last],
      },
      {
        text: 'INSERT INTO rfm_cell (onDay, method, r, f, members, spendFen, purchases) SELECT ?, method, r, f, members, spendFen, purchases FROM rfm_cell WHERE onDay = ?',
        params: [onDay, last],
      },
    ],
  }
}

/** Sums of the day's changes of stage. Index stage_change_day. */
const movesOf = async (db: Reader, onDay: string): Promise<Row[]> =>
  (
    await db.read<Row>(
      'SELECT fromStage, toStage, COUNT(*) AS members FROM stage_change WHERE onDay = ? AND fromStage IS NOT NULL AND fromStage <> toStage GROUP BY fromStage, toStage',
      [onDay],
    )
  ).map((row) => ({ onDay, ...row, members: Number(row.members) }))

/**
 * The sums of a day at its end, for pages that must answer at once. They are read after every row is committed.
 * @param counted after a run over everybody: the members are counted anew, in one pass; otherwise the steps have kept the sums
 */
export const endSums = async (db: Reader, onDay: string, counted: boolean): Promise<Step> => {
  const moves = {
    table: 'stage_move',
    key: ['onDay', 'fromStage', 'toStage'],
    update: ['members'],
    rows: await movesOf(db, onDay),
  }
  const clear = (table: string, empty = ''): { text: string; params: string[] } => ({
    text: `DELETE FROM ${table} WHERE onDay = ?${empty}`,
    params: [onDay],
  })
  if (!counted)
    return {
      processed: 0,
      // Nobody is left in these.
      statements: [clear('stage_move'), clear('stage_day', ' AND members = 0'), clear('rfm_cell', ' AND members = 0')],
      upserts: [moves],
    }
  const groups = await db.read<Group>(
    `SELECT stage, r, f, rFixed, fFixed, COUNT(*) AS members, SUM(spendFen) AS spendFen, SUM(purchases) AS purchases
     FROM member_score GROUP BY stage, r, f, rFixed, fFixed`,
  )
  const rows = rowsOf(
    onDay,
    groups.map((g) => ({
      ...g,
      members: Number(g.members),
      spendFen: Number(g.spendFen),
      purchases: Number(g.purchases),
    })),
  )
  return {
    processed: 0,
    statements: [clear('stage_move'), clear('stage_day'), clear('rfm_cell')],
    upserts: [
      moves,
      ...(['stage_day', 'rfm_cell'] as const).map((table) => ({
        table,
        key: [...tables[table].key],
        update: [...tables[table].sums],
        rows: rows[table],
      })),
    ],
  }
}
