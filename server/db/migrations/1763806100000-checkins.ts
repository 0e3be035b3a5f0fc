import { createTables } from './table'

export const checkins = createTables('checkins1763806100000', [
  {
    name: 'checkin',
    columns: [
      { name: 'memberId', type: 'varchar', length: '24', isPrimary: true, isNullable: false },
      { name: 'onDay', type: 'varchar', length: '10', isPrimary: true, isNullable: false },
      { name: 'kind', type: 'varchar', length: '64', isPrimary: false, isNullable: false },
      { name: 'points', type: 'int', isPrimary: false, isNullable: false, default: '0' },
      { name: 'streak', type: 'int', isPrimary: false, isNullable: false, default: '0' },
      { name: 'at', type: 'bigint', isPrimary: false, isNullable: false },
    ],
    indices: [{ name: 'checkin_day', columnNames: ['onDay', 'memberId'], isUnique: false }],
  },
  {
    name: 'checkin_account',
    columns: [
      { name: 'memberId', type: 'varchar', length: '24', isPrimary: true, isNullable: false },
      { name: 'streak', type: 'int', isPrimary: false, isNullable: false, default: '0' },
      { name: 'longest', type: 'int', isPrimary: false, isNullable: false, default: '0' },
      { name: 'total', type: 'int', isPrimary: false, isNullable: false, default: '0' },
      { name: 'lastOn', type: 'varchar', length: '10', isPrimary: false, isNullable: true },
      { name: 'cards', type: 'int', isPrimary: false, isNullable: false, default: '0' },
      { name: 'boughtMonth', type: 'varchar', length: '64', isPrimary: false, isNullable: true },
      { name: 'boughtInMonth', type: 'int', isPrimary: false, isNullable: false, default: '0' },
    ],
    indices: [],
  },
  {
    name: 'checkin_plan',
    columns: [
      { name: 'id', type: 'varchar', length: '24', isPrimary: true, isNullable: false },
      { name: 'plan', type: 'text', isPrimary: false, isNullable: false },
      { name: 'version', type: 'int', isPrimary: false, isNullable: false, default: '0' },
      { name: 'changedAt', type: 'bigint', isPrimary: false, isNullable: false },
    ],
    indices: [],
  },
])
