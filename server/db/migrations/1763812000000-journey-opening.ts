import { createTables } from './table'

/** A journey remembers since when it has been letting members in without a break. */
export const journeyOpening = createTables(
  'journeyOpening1763812000000',
  [],
  [{ table: 'journey', columns: [{ name: 'openSince', type: 'bigint', isPrimary: false, isNullable: true }] }],
)
