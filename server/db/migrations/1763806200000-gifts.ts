import { createTables } from './table'

export const gifts = createTables('gifts1763806200000', [
  {
    name: 'coupon_gift',
    columns: [
      { name: 'id', type: 'varchar', length: '24', isPrimary: true, isNullable: false },
      { name: 'couponId', type: 'varchar', length: '24', isPrimary: false, isNullable: false },
      { name: 'fromMemberId', type: 'varchar', length: '24', isPrimary: false, isNullable: false },
      { name: 'toMemberId', type: 'varchar', length: '24', isPrimary: false, isNullable: true },
      { name: 'newCouponId', type: 'varchar', length: '24', isPrimary: false, isNullable: true },
      { name: 'state', type: 'varchar', length: '64', isPrimary: false, isNullable: false },
      { name: 'token', type: 'varchar', length: '64', isPrimary: false, isNullable: false },
      { name: 'note', type: 'varchar', length: '191', isPrimary: false, isNullable: false },
      { name: 'createdAt', type: 'bigint', isPrimary: false, isNullable: false },
      { name: 'closesAt', type: 'bigint', isPrimary: false, isNullable: false },
      { name: 'closedAt', type: 'bigint', isPrimary: false, isNullable: true },
    ],
    indices: [
      { name: 'coupon_gift_state', columnNames: ['state', 'closesAt', 'id'], isUnique: false },
      { name: 'coupon_gift_from', columnNames: ['fromMemberId', 'id'], isUnique: false },
      { name: 'coupon_gift_token', columnNames: ['token'], isUnique: true },
    ],
  },
  {
    name: 'points_transfer',
    columns: [
      { name: 'id', type: 'varchar', length: '24', isPrimary: true, isNullable: false },
      { name: 'fromMemberId', type: 'varchar', length: '24', isPrimary: false, isNullable: false },
      { name: 'toMemberId', type: 'varchar', length: '24', isPrimary: false, isNullable: true },
      { name: 'points', type: 'int', isPrimary: false, isNullable: false, default: '0' },
      { name: 'via', type: 'varchar', length: '64', isPrimary: false, isNullable: false },
      { name: 'state', type: 'varchar', length: '64', isPrimary: false, isNullable: false },
      { name: 'token', type: 'varchar', length: '64', isPrimary: false, isNullable: true },
      { name: 'note', type: 'varchar', length: '191', isPrimary: false, isNullable: false },
      { name: 'fromSeq', type: 'int', isPrimary: false, isNullable: false, default: '0' },
      { name: 'createdAt', type: 'bigint', isPrimary: false, isNullable: false },
      { name: 'createdOn', type: 'varchar', length: '10', isPrimary: false, isNullable: false },
      { name: 'closesAt', type: 'bigint', isPrimary: false, isNullable: true },
      { name: 'closedAt', type: 'bigint', isPrimary: false, isNullable: true },
    ],
    indices: [
      { name: 'points_transfer_state', columnNames: ['state', 'closesAt', 'id'], isUnique: false },
      { name: 'points_transfer_got', columnNames: ['toMemberId', 'id'], isUnique: false },
      { name: 'points_transfer_sent', columnNames: ['fromMemberId', 'id'], isUnique: false },
      { name: 'points_transfer_from', columnNames: ['fromMemberId', 'createdOn'], isUnique: false },
      { name: 'points_transfer_token', columnNames: ['token'], isUnique: true },
    ],
  },
])
