import { createTables } from './table'

export const shifts = createTables(
  'shifts1763806300000',
  [
    {
      name: 'offline_conflict',
      columns: [
        { name: 'id', type: 'varchar', length: '24', isPrimary: true, isNullable: false },
        { name: 'storeId', type: 'varchar', length: '24', isPrimary: false, isNullable: false },
        { name: 'operatorId', type: 'varchar', length: '24', isPrimary: false, isNullable: false },
        { name: 'clientId', type: 'varchar', length: '64', isPrimary: false, isNullable: false },
        { name: 'at', type: 'bigint', isPrimary: false, isNullable: false },
        { name: 'recordedAt', type: 'bigint', isPrimary: false, isNullable: false },
        { name: 'amountFen', type: 'bigint', isPrimary: false, isNullable: false, default: '0' },
        { name: 'refusal', type: 'varchar', length: '64', isPrimary: false, isNullable: false },
        { name: 'reason', type: 'varchar', length: '191', isPrimary: false, isNullable: false },
        { name: 'resolvedAt', type: 'bigint', isPrimary: false, isNullable: true },
        { name: 'note', type: 'varchar', length: '191', isPrimary: false, isNullable: false },
      ],
      indices: [
        { name: 'offline_conflict_store', columnNames: ['storeId', 'id'], isUnique: false },
        { name: 'offline_conflict_item', columnNames: ['operatorId', 'clientId'], isUnique: true },
      ],
    },
    {
      name: 'shift',
      columns: [
        { name: 'id', type: 'varchar', length: '24', isPrimary: true, isNullable: false },
        { name: 'storeId', type: 'varchar', length: '24', isPrimary: false, isNullable: false },
        { name: 'operatorId', type: 'varchar', length: '24', isPrimary: false, isNullable: false },
        { name: 'openKey', type: 'varchar', length: '64', isPrimary: false, isNullable: true },
        { name: 'openedAt', type: 'bigint', isPrimary: false, isNullable: false },
        { name: 'closedAt', type: 'bigint', isPrimary: false, isNullable: true },
        { name: 'openingCashFen', type: 'bigint', isPrimary: false, isNullable: false, default: '0' },
        { name: 'countedCashFen', type: 'bigint', isPrimary: false, isNullable: true },
        { name: 'note', type: 'varchar', length: '191', isPrimary: false, isNullable: false },
        { name: 'totals', type: 'text', isPrimary: false, isNullable: false },
      ],
      indices: [
        { name: 'shift_operator', columnNames: ['operatorId', 'id'], isUnique: false },
        { name: 'shift_store', columnNames: ['storeId', 'id'], isUnique: false },
        { name: 'shift_open', columnNames: ['openKey'], isUnique: true },
      ],
    },
  ],
  [
    {
      table: 'purchase',
      columns: [
        { name: 'payKind', type: 'varchar', length: '64', isNullable: false, default: "'other'" },
        { name: 'recordedAt', type: 'bigint', isNullable: false, default: '0' },
        { name: 'offline', type: 'int', isNullable: false, default: '0' },
      ],
      indices: [{ name: 'purchase_recorded', columnNames: ['operatorId', 'recordedAt'] }],
    },
    { table: 'refund', indices: [{ name: 'refund_operator', columnNames: ['operatorId', 'at'] }] },
  ],
)
