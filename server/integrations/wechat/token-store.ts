import { z } from 'zod'
import type { Db } from '../../db/transaction'
import type { Keys } from '../../keys'
import type { TokenStore } from './token'

const stored = z.object({ token: z.string(), usableUntil: z.number() })

/**
 * The token store of all replicas: a row of shared_value per app, sealed, because a database backup must not let anybody send in the
 * shop's name. A row that cannot be opened (the secret was changed) counts as absent; WeChat then hands the same token out again.
 */
export const createSharedTokenStore = (db: Db, keys: Keys, now: () => number): TokenStore => {
  const nameOf = (appId: string): string => `wechat-token:${appId}`
  return {
    get: async (appId) => {
      const [row] = await db.read<{ value: string }>(
        'SELECT value FROM shared_value WHERE name = ? AND expiresAt > ?',
        [nameOf(appId), now()],
      )
      if (!row) return null
      try {
        return stored.parse(JSON.parse(keys.open(row.value)))
      } catch {
        return null
      }
    },
    set: (appId, value) =>
      db.tx(async (tx) => {
        if (!value) {
          tx.write('DELETE FROM shared_value WHERE name = ?', [nameOf(appId)])
          return
        }
        tx.upsert(
          'shared_value',
          ['name'],
          ['value', 'expiresAt'],
          [{ name: nameOf(appId), value: keys.seal(JSON.stringify(value)), expiresAt: value.usableUntil }],
        )
      }),
  }
}
