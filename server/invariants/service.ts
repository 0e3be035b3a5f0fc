import type { Reader } from '../db/transaction'
import type { Check, Finding } from './check'
import { couponChecks } from './coupons'
import { pointsChecks } from './points'
import { purchaseChecks } from './purchases'
import { rewardChecks } from './rewards'
import { tierChecks } from './tiers'

export type { Finding } from './check'

/** Every check, in the order of the report. */
export const checks: readonly Check[] = [
  ...pointsChecks,
  ...couponChecks,
  ...tierChecks,
  ...purchaseChecks,
  ...rewardChecks,
]

/** Members or purchases that one statement looks at. */
const sliceSize = 5000
/** Broken rows that a finding shows; all are counted. */
const sampleSize = 20
/** Sorts after every id, which are small letters and digits. */
const pastTheLast = '~'

/** Edges that cut all possible ids into slices; ids that should not exist fall into one of them as well. */
async function* slices(db: Reader, table: 'member' | 'purchase'): AsyncGenerator<[after: string, upTo: string]> {
  let after = ''
  for (;;) {
    const [edge] = await db.read<{ id: string }>(
      `SELECT id FROM ${table} WHERE id > ? ORDER BY id LIMIT 1 OFFSET ${sliceSize - 1}`,
      [after],
    )
    yield [after, edge?.id ?? pastTheLast]
    if (!edge) return
    after = edge.id
  }
}

const runCheck = async (db: Reader, check: Check): Promise<Finding> => {
  const started = performance.now()
  const finding: Finding = { name: check.name, holds: check.holds, broken: 0, sample: [], milliseconds: 0 }
  const look = async (after: string, upTo: string): Promise<void> => {
    const params: string[] = []
    const text = check.sql((column) => {
      params.push(after, upTo)
      return `${column} > ? AND ${column} <= ?`
    })
    const rows = await db.read(text, params)
    finding.broken += rows.length
    finding.sample.push(...rows.slice(0, sampleSize - finding.sample.length))
  }
  if (check.slicedBy) for await (const [after, upTo] of slices(db, check.slicedBy)) await look(after, upTo)
  else await look('', pastTheLast)
  finding.milliseconds = Math.round(performance.now() - started)
  return finding
}

/**
 * Checks that the books are closed: every balance, stock, level and figure against the entries behind it. Read-only, in slices, so it
 * may run beside the shop's business and over millions of members.
 * @param onFinding called after each check, for a report that grows
 * @returns a finding per check; the books are right when every `broken` is 0
 */
export const checkInvariants = async (db: Reader, onFinding?: (finding: Finding) => void): Promise<Finding[]> => {
  const findings: Finding[] = []
  for (const check of checks) {
    const finding = await runCheck(db, check)
    findings.push(finding)
    onFinding?.(finding)
  }
  return findings
}
