import type { Reader, Tx } from '../db/transaction'
import { refuse } from '../errors'
import { defaultRfmRules, faultOfRfm, type RfmRules } from './rfm-rules'
import { defaultStageRules, faultOfStages, type StageRules } from './stage-rules'

/** Everything an operator may set about scoring. */
export interface ScoreSettings {
  stages: StageRules
  rfm: RfmRules
  churn: {
    /** From these probabilities on (basis points) a member counts as middling and as likely to stay away. */
    midBp: number
    highBp: number
  }
  gate: {
    /** Without a purchase for so many hours the feed counts as broken; a fifth of it is worth a warning. */
    freshHours: number
    /** A day below this share of the same weekdays (basis points), or above the other, is not believed. */
    volumeLowBp: number
    volumeHighBp: number
  }
}

export const defaultSettings: ScoreSettings = {
  stages: defaultStageRules,
  rfm: defaultRfmRules,
  churn: { midBp: 4000, highBp: 7000 },
  gate: { freshHours: 96, volumeLowBp: 2000, volumeHighBp: 50_000 },
}
const settingKey = 'scores'

/** The settings in force, with the number of times they were changed. */
export const settingsOf = async (
  db: Reader,
): Promise<ScoreSettings & { version: number; updatedAt: number | null }> => {
  const [row] = await db.read<{ value: string; version: number; updatedAt: number }>(
    'SELECT value, version, updatedAt FROM score_setting WHERE `key` = ?',
    [settingKey],
  )
  const stored = row ? (JSON.parse(row.value) as ScoreSettings) : defaultSettings
  return { ...defaultSettings, ...stored, version: row?.version ?? 0, updatedAt: row?.updatedAt ?? null }
}

/** Replaces the settings; refused when they contradict themselves or when somebody else has changed them since `version`. */
export const saveSettings = async (
  tx: Tx,
  settings: ScoreSettings,
  version: number,
  by: string,
  now: number,
): Promise<void> => {
  const reason =
    faultOfStages(settings.stages) ??
    faultOfRfm(settings.rfm) ??
    (settings.churn.highBp <= settings.churn.midBp ? '“高”的界限要大于“中”的界限' : null)
  if (reason) throw refuse('invalid_input', { reason, field: 'stages' })
  const row = { key: settingKey, value: JSON.stringify(settings), version: version + 1, updatedAt: now, updatedBy: by }
  const written =
    version === 0
      ? await tx.insertNew('score_setting', [row])
      : await tx.run(
          'UPDATE score_setting SET value = ?, version = ?, updatedAt = ?, updatedBy = ? WHERE `key` = ? AND version = ?',
          [row.value, row.version, now, by, settingKey, version],
        )
  if (!written) throw refuse('score_settings_conflict')
}
