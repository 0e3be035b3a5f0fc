import { readEnv } from '../../config/env'
import { createLog } from '../../server/http/log'
import { sendDue } from '../../server/messages/service'
import { createDeps } from '../../server/process'

/** One of several processes that send from the same outbox at the same time, until nothing is due for a while. */
const main = async (): Promise<void> => {
  const now = Number(process.env.SENDER_NOW)
  const deps = await createDeps(readEnv(), { clock: { now: () => now }, log: createLog({ LOG_LEVEL: 'silent' }) })
  for (let idle = 0; idle < 10; ) {
    const { sent, skipped, failed, unknown } = await sendDue(deps, { limit: 20 })
    if (sent + skipped + failed + unknown) idle = 0
    else {
      idle++
      await new Promise((done) => setTimeout(done, 20))
    }
  }
  await deps.db.close()
}

main().catch((error) => {
  process.stderr.write(`${error}\n`)
  process.exitCode = 1
})
