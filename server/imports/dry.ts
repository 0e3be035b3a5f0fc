import { type Candidate, matchCancellation } from './rules'
import type { Outcome, Target } from './service'

const keyOf = (customer: string, sku: string): string => `${customer}\t${sku}`

/**
 * A target that changes nothing: it takes every purchase as new and matches cancellations against the purchases of the file itself, by
 * the same rules. What is in the database already is not looked at.
 */
export const dryTarget = (): Target => {
  const candidates = new Map<string, Candidate[]>()
  const customers = new Set<string>()
  let purchases = 0
  return {
    settle: async ({ purchases: incoming, cancellations }): Promise<Outcome> => {
      let newMembers = 0
      for (const p of incoming) {
        if (!customers.has(p.customer)) newMembers++
        customers.add(p.customer)
        const purchaseId = String(++purchases).padStart(12, '0')
        p.rows.forEach((row, i) => {
          const key = keyOf(p.customer, row.sku)
          const candidate = { purchaseId, at: p.at, lineNo: i + 1, unitFen: row.unitFen, left: row.quantity }
          const list = candidates.get(key)
          if (list) list.push(candidate)
          else candidates.set(key, [candidate])
        })
      }
      const unmatched = cancellations.filter(
        (c) => !matchCancellation(candidates.get(keyOf(c.customer, c.sku)) ?? [], c),
      )
      return {
        purchases: { created: incoming, known: [] },
        refunds: { created: cancellations.length - unmatched.length, known: 0 },
        newMembers,
        unmatched,
        rejected: [],
      }
    },
  }
}
