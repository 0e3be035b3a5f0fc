import { readEnv } from '../../config/env'
import { migrate } from '../db/data-source'
import { seedDemo } from '../demo/service'
import { createDeps } from '../process'

/** `npm run seed`: puts the demo shop into the database of DATABASE_URL, or completes it there; running it again adds nothing. */
const main = async (): Promise<void> => {
  const env = readEnv()
  if (!env.DEMO) throw new Error('DEMO is off here: the demo shop has accounts whose passwords everybody knows.')
  const deps = await createDeps({ ...env, LOG_LEVEL: 'warn' })
  try {
    await migrate(deps.db)
    console.log(`Seeding the demo shop into ${deps.db.kind}`)
    await seedDemo(deps, (text) => console.log(text))
  } finally {
    await deps.db.close()
  }
}

main().catch((error: unknown) => {
  console.error(error instanceof Error ? error.message : error)
  process.exitCode = 1
})
