import { createTables } from './table'

export const profiles = createTables('profiles1763813000000', [
  {
    name: 'banner',
    columns: [
      { name: 'id', type: 'varchar', length: '24', isPrimary: true, isNullable: false },
      { name: 'state', type: 'varchar', length: '64', isPrimary: false, isNullable: false },
      { name: 'version', type: 'int', isPrimary: false, isNullable: false, default: '0' },
      { name: 'title', type: 'varchar', length: '191', isPrimary: false, isNullable: false },
      { name: 'text', type: 'varchar', length: '191', isPrimary: false, isNullable: false },
      { name: 'picture', type: 'text', isPrimary: false, isNullable: false },
      { name: 'link', type: 'varchar', length: '191', isPrimary: false, isNullable: false },
      { name: 'segmentId', type: 'varchar', length: '24', isPrimary: false, isNullable: true },
      { name: 'startsAt', type: 'bigint', isPrimary: false, isNullable: false },
      { name: 'endsAt', type: 'bigint', isPrimary: false, isNullable: false },
      { name: 'priority', type: 'int', isPrimary: false, isNullable: false, default: '0' },
      { name: 'createdAt', type: 'bigint', isPrimary: false, isNullable: false },
    ],
    indices: [{ name: 'banner_live', columnNames: ['state', 'endsAt'], isUnique: false }],
  },
  {
    name: 'banner_event',
    columns: [
      { name: 'bannerId', type: 'varchar', length: '24', isPrimary: true, isNullable: false },
      { name: 'onDay', type: 'varchar', length: '10', isPrimary: true, isNullable: false },
      { name: 'kind', type: 'varchar', length: '64', isPrimary: true, isNullable: false },
      { name: 'memberId', type: 'varchar', length: '24', isPrimary: true, isNullable: false },
      { name: 'at', type: 'bigint', isPrimary: false, isNullable: false },
    ],
    indices: [{ name: 'banner_event_member', columnNames: ['memberId'], isUnique: false }],
  },
  {
    name: 'profile_reward',
    columns: [
      { name: 'memberId', type: 'varchar', length: '24', isPrimary: true, isNullable: false },
      { name: 'field', type: 'varchar', length: '64', isPrimary: true, isNullable: false },
      { name: 'points', type: 'int', isPrimary: false, isNullable: false, default: '0' },
      { name: 'at', type: 'bigint', isPrimary: false, isNullable: false },
    ],
    indices: [],
  },
  {
    name: 'member_interest',
    columns: [
      { name: 'memberId', type: 'varchar', length: '24', isPrimary: true, isNullable: false },
      { name: 'interest', type: 'varchar', length: '64', isPrimary: true, isNullable: false },
      { name: 'at', type: 'bigint', isPrimary: false, isNullable: false },
    ],
    indices: [{ name: 'member_interest_members', columnNames: ['interest', 'memberId'], isUnique: false }],
  },
  {
    name: 'profile_plan',
    columns: [
      { name: 'id', type: 'varchar', length: '24', isPrimary: true, isNullable: false },
      { name: 'plan', type: 'text', isPrimary: false, isNullable: false },
      { name: 'version', type: 'int', isPrimary: false, isNullable: false, default: '0' },
      { name: 'changedAt', type: 'bigint', isPrimary: false, isNullable: false },
    ],
    indices: [],
  },
])
