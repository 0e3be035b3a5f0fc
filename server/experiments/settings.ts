import type { Output, Parsed } from '../../shared/contract'
import type { Reader, Tx } from '../db/transaction'
import { refuse } from '../errors'
import type { ExperimentSetting } from './entity'
import { experimentDefaults } from './rules'

type Settings = Output<'GET /admin/experiments/settings'>

/** One row for the group. */
const settingId = 'group'

/** The settings, or what holds until somebody sets them (version 0). */
export const settingsOf = async (db: Reader): Promise<Settings> => {
  const [row] = await db.read<ExperimentSetting>('SELECT * FROM experiment_setting WHERE id = ?', [settingId])
  if (!row) return { ...experimentDefaults, version: 0, holdoutReason: '', updatedAt: null }
  const { version, holdoutPercent, holdoutReason, marginPercent, pointCostBp, smsFen, updatedAt } = row
  return { version, holdoutPercent, holdoutReason, marginPercent, pointCostBp, smsFen, updatedAt }
}

/** Changes the settings that the caller saw; refuses when somebody else changed them meanwhile. */
export const changeSettings = async (
  tx: Tx,
  input: Parsed<'PUT /admin/experiments/settings'>,
  operatorId: string,
  now: number,
): Promise<Settings> => {
  const { version, ...values } = input
  const row = { ...values, version: version + 1, updatedAt: now, updatedBy: operatorId }
  const changed =
    version === 0
      ? await tx.insertNew('experiment_setting', [{ id: settingId, ...row }])
      : await tx.run(
          `UPDATE experiment_setting SET version = ?, holdoutPercent = ?, holdoutReason = ?, marginPercent = ?, pointCostBp = ?, smsFen = ?,
           updatedAt = ?, updatedBy = ? WHERE id = ? AND version = ?`,
          [
            row.version,
            row.holdoutPercent,
            row.holdoutReason,
            row.marginPercent,
            row.pointCostBp,
            row.smsFen,
            now,
            operatorId,
            settingId,
            version,
          ],
        )
  if (!changed) throw refuse('experiment_conflict')
  return settingsOf(tx)
}
