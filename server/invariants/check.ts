/**
 * One thing that must always be true, written as a SELECT of the rows that break it. Every check is a single statement, so what it
 * compares is of one moment even while the shop is selling.
 */
export interface Check {
  /** Stable name, as the tests and the job's report use it. */
  name: string
  /** What must hold, in words. */
  holds: string
  /**
   * The rows whose ids cut the work into slices, so that no database has to group a million members at once. Null: one statement for
   * everything.
   */
  slicedBy: 'member' | 'purchase' | null
  /** The SELECT; `within(column)` limits a column to the slice at hand and belongs into every WHERE. */
  sql: (within: (column: string) => string) => string
}

/** What one check found. */
export interface Finding {
  name: string
  holds: string
  /** Rows that break it. */
  broken: number
  /** The first of them. */
  sample: Record<string, unknown>[]
  milliseconds: number
}
