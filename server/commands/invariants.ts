import { readEnv } from '../../config/env'
import { openDb } from '../db/data-source'
import { checkInvariants, type Finding } from '../invariants/service'

/**
 * `npm run invariants [-- --json]`: checks the database of DATABASE_URL, prints a table, lists the rows that break something, and ends
 * with 1 when any does.
 */
const print = (finding: Finding): void => {
  const mark = finding.broken ? `✗ ${finding.broken} broken` : '✓'
  console.log(`${finding.name.padEnd(34)} ${String(finding.milliseconds).padStart(6)} ms  ${mark}`)
  if (!finding.broken) return
  console.log(`    ${finding.holds}; these rows break it:`)
  for (const row of finding.sample) console.log(`    ${JSON.stringify(row)}`)
  if (finding.broken > finding.sample.length) console.log(`    … and ${finding.broken - finding.sample.length} more`)
}

const main = async (): Promise<void> => {
  const db = await openDb(readEnv())
  try {
    const findings = await checkInvariants(db, print)
    const broken = findings.filter((f) => f.broken)
    console.log(
      broken.length
        ? `\n${broken.length} of ${findings.length} checks found broken rows.`
        : `\nAll ${findings.length} checks hold.`,
    )
    if (process.argv.includes('--json'))
      console.log(
        JSON.stringify({
          name: 'invariants',
          ok: !broken.length,
          checks: findings.map(({ sample, holds, ...rest }) => rest),
        }),
      )
    if (broken.length) process.exitCode = 1
  } finally {
    await db.close()
  }
}

main().catch((error: unknown) => {
  console.error(error instanceof Error ? error.message : error)
  process.exitCode = 2
})
