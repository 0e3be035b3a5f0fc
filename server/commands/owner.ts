import { randomBytes } from 'node:crypto'
import { readEnv } from '../../config/env'
import { systemClock } from '../clock'
import { migrate, openDb } from '../db/data-source'
import { createKeys } from '../keys'
import { closeSessionsOf, createOperator, foundGroup, hashPassword, operatorByUsername } from '../operators/service'
import { defaultTiers, defineTiers } from '../tiers/service'

/**
 * `npm run owner -- <username> [name]`: the first steps of a real shop. Brings the schema up to date, makes the group, the default levels
 * and an owner's account with a random password, which is printed once. For an account that exists it sets a new password and ends its
 * sessions, so that a shop whose owner forgot the password is not locked out.
 */
const main = async (): Promise<void> => {
  const [username, name = '店主'] = process.argv.slice(2)
  if (!/^[a-z][a-z0-9._-]{2,29}$/.test(username ?? ''))
    throw new Error('Usage: npm run owner -- <username> [name]   (3–30 small letters, digits, . _ -; a letter first)')
  const env = readEnv()
  const db = await openDb(env)
  try {
    await migrate(db)
    const now = systemClock.now()
    const password = randomBytes(12).toString('base64url')
    const passwordHash = await hashPassword(password)
    const renewed = await db.tx(async (tx) => {
      foundGroup(tx, env.SHOP_NAME)
      defineTiers(tx, defaultTiers)
      const known = await operatorByUsername(tx, username)
      if (known) {
        tx.write('UPDATE operator SET passwordHash = ?, active = 1 WHERE id = ?', [passwordHash, known.id])
        closeSessionsOf(tx, 'operator', known.id, now)
        return true
      }
      const account = { username, name, role: 'owner' as const, storeIds: [] }
      await createOperator(tx, createKeys(env), { ...account, passwordHash }, now)
      return false
    })
    console.log(`${renewed ? 'New password for' : 'Owner account'} ${username}: ${password}`)
    console.log('Sign in at /admin/ and set up your stores; this password is not shown again.')
  } finally {
    await db.close()
  }
}

main().catch((error: unknown) => {
  console.error(error instanceof Error ? error.message : error)
  process.exitCode = 1
})
