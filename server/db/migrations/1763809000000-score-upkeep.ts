import { createTables } from './table'

/** Scoring keeps what it counted of each day, and forgets old histories by their day. */
export const scoreUpkeep = createTables(
  'scoreUpkeep1763809000000',
  [
    {
      name: 'gate_day',
      columns: [
        { name: 'onDay', type: 'varchar', length: '10', isPrimary: true, isNullable: false },
        { name: 'orders', type: 'int', isPrimary: false, isNullable: false, default: '0' },
        { name: 'amounts', type: 'text', isPrimary: false, isNullable: false },
        { name: 'hours', type: 'text', isPrimary: false, isNullable: false },
        { name: 'countedAt', type: 'bigint', isPrimary: false, isNullable: false },
      ],
      indices: [],
    },
  ],
  [{ table: 'score_history', indices: [{ name: 'score_history_day', columnNames: ['onDay', 'memberId'] }] }],
)
