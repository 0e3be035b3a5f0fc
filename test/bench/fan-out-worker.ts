import { fanOutOnce } from '../../server/campaigns/fan-out'
import { benchNow, openShop } from './care-shop'

/** A process that fans one campaign out and says how long that took and how much memory it needed; it may be killed at any moment. */
const main = async (): Promise<void> => {
  const [url, campaign] = process.argv.slice(2)
  const { db, env } = await openShop(url)
  const began = performance.now()
  let members = 0
  for (;;) {
    const treated = await db.tx((tx) => fanOutOnce(tx, { env }, campaign, benchNow))
    if (treated === null) break
    members += treated
    process.stdout.write(`${JSON.stringify({ members })}\n`)
  }
  const seconds = (performance.now() - began) / 1000
  process.stdout.write(`${JSON.stringify({ members, seconds, memoryMb: process.resourceUsage().maxRSS / 1024 })}\n`)
  await db.close()
}

void main()
