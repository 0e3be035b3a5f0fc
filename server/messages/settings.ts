import { messageSettings } from '../../shared/contract/message-shapes'
import type { Reader, Tx } from '../db/transaction'
import { type AppError, refuse } from '../errors'
import { type Settings, usualSettings } from './channel-rules'
import type { MessageSettings } from './entity'

const rowName = 'messages'

/** Caps, quiet hours and rates as the shop has set them, or the usual ones; `version` 0 means that nobody has changed any. */
export const settingsOf = async (db: Reader): Promise<Settings & { version: number }> => {
  const [row] = await db.read<MessageSettings>('SELECT * FROM message_settings WHERE name = ?', [rowName])
  if (!row) return { ...usualSettings, version: 0 }
  return { ...messageSettings.parse(JSON.parse(row.value)), version: row.version }
}

/** Changes the settings; refuses a change that was made on an older version. */
export const changeSettings = async (
  tx: Tx,
  { version, ...settings }: Settings & { version: number },
): Promise<(Settings & { version: number }) | AppError> => {
  const value = JSON.stringify(settings)
  const changed = version
    ? await tx.run('UPDATE message_settings SET value = ?, version = version + 1 WHERE name = ? AND version = ?', [
        value,
        rowName,
        version,
      ])
    : await tx.insertNew('message_settings', [{ name: rowName, value, version: 1 }])
  return changed ? { ...settings, version: version + 1 } : refuse('message_settings_conflict')
}
