import { createTables } from './table'

/** All 48 bits: every row says "perhaps" to every category until the next copy of the facts knows better. */
const any = '281474976710655'

export const categoryBits = createTables(
  'categoryBits1763810000000',
  [],
  [
    {
      table: 'segment_fact',
      columns: [
        { name: 'categories90', type: 'bigint', isNullable: false, default: any },
        { name: 'categories365', type: 'bigint', isNullable: false, default: any },
        { name: 'categoriesEver', type: 'bigint', isNullable: false, default: any },
      ],
    },
  ],
)
