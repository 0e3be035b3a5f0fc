import { createTables } from './table'

export const experiments = createTables('experiments1763808000000', [
  {
    name: 'experiment_setting',
    columns: [
      { name: 'id', type: 'varchar', length: '24', isPrimary: true, isNullable: false },
      { name: 'version', type: 'int', isPrimary: false, isNullable: false, default: '0' },
      { name: 'holdoutPercent', type: 'int', isPrimary: false, isNullable: false, default: '0' },
      { name: 'holdoutReason', type: 'varchar', length: '191', isPrimary: false, isNullable: false },
      { name: 'marginPercent', type: 'int', isPrimary: false, isNullable: false, default: '0' },
      { name: 'pointCostBp', type: 'int', isPrimary: false, isNullable: false, default: '0' },
      { name: 'smsFen', type: 'int', isPrimary: false, isNullable: false, default: '0' },
      { name: 'updatedAt', type: 'bigint', isPrimary: false, isNullable: false },
      { name: 'updatedBy', type: 'varchar', length: '24', isPrimary: false, isNullable: true },
    ],
    indices: [],
  },
])
