import { createTables } from './table'

export const referrals = createTables('referrals1763806400000', [
  {
    name: 'referral_code',
    columns: [
      { name: 'memberId', type: 'varchar', length: '24', isPrimary: true, isNullable: false },
      { name: 'code', type: 'varchar', length: '64', isPrimary: false, isNullable: false },
    ],
    indices: [{ name: 'referral_code_code', columnNames: ['code'], isUnique: true }],
  },
  {
    name: 'referral',
    columns: [
      { name: 'friendId', type: 'varchar', length: '24', isPrimary: true, isNullable: false },
      { name: 'inviterId', type: 'varchar', length: '24', isPrimary: false, isNullable: false },
      { name: 'boundAt', type: 'bigint', isPrimary: false, isNullable: false },
      { name: 'state', type: 'varchar', length: '64', isPrimary: false, isNullable: false },
      { name: 'flags', type: 'text', isPrimary: false, isNullable: false },
      { name: 'inviterPoints', type: 'int', isPrimary: false, isNullable: false, default: '0' },
      { name: 'friendPoints', type: 'int', isPrimary: false, isNullable: false, default: '0' },
      { name: 'purchaseId', type: 'varchar', length: '24', isPrimary: false, isNullable: true },
      { name: 'paysAt', type: 'bigint', isPrimary: false, isNullable: true },
      { name: 'paidAt', type: 'bigint', isPrimary: false, isNullable: true },
      { name: 'paidMonth', type: 'varchar', length: '64', isPrimary: false, isNullable: true },
    ],
    indices: [
      { name: 'referral_month', columnNames: ['inviterId', 'paidMonth'], isUnique: false },
      { name: 'referral_state', columnNames: ['state', 'friendId'], isUnique: false },
      { name: 'referral_inviter', columnNames: ['inviterId', 'boundAt', 'friendId'], isUnique: false },
    ],
  },
  {
    name: 'referral_plan',
    columns: [
      { name: 'id', type: 'varchar', length: '24', isPrimary: true, isNullable: false },
      { name: 'plan', type: 'text', isPrimary: false, isNullable: false },
      { name: 'version', type: 'int', isPrimary: false, isNullable: false, default: '0' },
      { name: 'changedAt', type: 'bigint', isPrimary: false, isNullable: false },
    ],
    indices: [],
  },
])
