import { readEnv } from '../../config/env'
import { migrate, openDb } from '../db/data-source'

/** `npm run migrate`: brings the schema of DATABASE_URL up to date and says what ran. */
const main = async (): Promise<void> => {
  const db = await openDb(readEnv())
  try {
    const ran = await migrate(db)
    console.log(ran.length ? `Migrated: ${ran.join(', ')}` : 'The schema is up to date.')
  } finally {
    await db.close()
  }
}

main().catch((error: unknown) => {
  console.error(error instanceof Error ? error.message : error)
  process.exitCode = 1
})
