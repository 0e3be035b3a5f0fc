import type { Deps } from '../deps'
import { type Say, seedDemo } from './seed'

export { seedDemo } from './seed'

/** Names the claim of the process that seeds; it is gone when the shop is complete. */
const claimName = 'demo-seed'
/** After this time without an end another replica takes the seeding over. */
const claimMs = 10 * 60_000

/**
 * Seeds the demo shop into an empty database, and finishes a seed that was interrupted. Of several replicas that start together one does
 * it. A database with anybody in it who did not come from a seed is left alone.
 */
export const seedWhenEmpty = async (deps: Deps, say: Say): Promise<void> => {
  const mine = await deps.db.tx(async (tx) => {
    const now = deps.clock.now()
    const row = { name: claimName, value: 'seeding', expiresAt: now + claimMs }
    const [claim] = await tx.read<{ expiresAt: number }>(
      `SELECT expiresAt FROM shared_value WHERE name = ?${tx.lock}`,
      [claimName],
    )
    if (claim) {
      // Only one process has a SQLite file, so a claim found there is one that died.
      if (deps.db.kind === 'mysql' && claim.expiresAt > now) return false
      await tx.run('UPDATE shared_value SET expiresAt = ? WHERE name = ?', [row.expiresAt, claimName])
      return true
    }
    for (const table of ['operator', 'store', 'member'])
      if ((await tx.read(`SELECT 1 AS found FROM ${table} LIMIT 1`)).length) return false
    return (await tx.insertNew('shared_value', [row])) === 1
  })
  if (!mine) return
  say('The database is empty: making the demo shop (DEMO=0 leaves it empty)')
  await seedDemo(deps, say)
  await deps.db.tx(async (tx) => tx.write('DELETE FROM shared_value WHERE name = ?', [claimName]))
}
