import { createTables } from './table'

/** All 48 bits: not looked at until the next copy of the facts. */
const any = '281474976710655'

/**
 * Who came again, who used a kind of reward and who tapped something is told from indexes alone: at a million members a row looked up for each of a large month took
 * three seconds.
 */
export const returnLists = createTables(
  'returnLists1763814000000',
  [],
  [
    {
      table: 'segment_fact',
      columns: [{ name: 'returnBits', type: 'bigint', isNullable: false, default: any }],
      indices: [
        {
          name: 'segment_fact_return',
          columnNames: ['firstAt', 'memberId', 'secondAt', 'returnBits'],
          isUnique: false,
        },
      ],
      replaced: ['segment_fact_first'],
    },
    {
      table: 'coupon',
      indices: [{ name: 'coupon_reward', columnNames: ['source', 'redeemedOn', 'memberId'], isUnique: false }],
    },
    {
      table: 'interaction',
      indices: [
        {
          name: 'interaction_target',
          columnNames: ['type', 'onDay', 'page', 'target', 'memberId'],
          isUnique: false,
        },
      ],
      // interaction_type_member begins with the same columns.
      replaced: ['interaction_type'],
    },
  ],
)
