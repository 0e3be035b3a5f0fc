import { type DocumentName, documentNames, documents } from '../../shared/documents'
import { addDays, civilDay, DAY_MS, MINUTE_MS, startOfDay } from '../../shared/time'

export const privacyPolicy = {
  /** Days between the request to leave and the erasure. */
  coolingDays: 7,
  /** One export in this time. */
  exportEveryMs: DAY_MS,
  /** A copy that nobody fetched is deleted after this. */
  exportKeptMs: 3 * DAY_MS,
  /** A download link works for this long, and once. */
  linkMs: 10 * MINUTE_MS,
  /** Rows of one table that a copy holds; what is beyond is said in it. */
  maxRows: 20_000,
} as const

/** The subjects of the ledger beside the documents. */
export const subjectTitle = (subject: string): string =>
  subject in documents ? documents[subject as DocumentName].title : '个性化推荐'

/** A yes or no as the ledger keeps it. */
export interface Said {
  subject: string
  version: number
  given: number
  at: number
}

/** Where a member stands with each document, from the latest rows of the ledger. */
export const documentStates = (
  latest: readonly Said[],
  inForce: Record<DocumentName, { title: string; version: number }> = documents,
): {
  name: DocumentName
  title: string
  version: number
  agreedVersion: number | null
  agreedAt: number | null
  current: boolean
}[] =>
  documentNames.map((name) => {
    const { title, version } = inForce[name]
    const said = latest.find((row) => row.subject === name)
    const agreed = said?.given === 1 ? said : undefined
    return {
      name,
      title,
      version,
      agreedVersion: agreed?.version ?? null,
      agreedAt: agreed?.at ?? null,
      current: (agreed?.version ?? 0) >= version,
    }
  })

/** When an account is erased that was asked to be today: the first moment of the day after the last whole cooling day. */
export const erasureAt = (now: number): number => startOfDay(addDays(civilDay(now), privacyPolicy.coolingDays + 1))

/** Columns that open something or only serve machines; they tell a person nothing and stay here. */
const machine = /(Hash|Key|keySealed|dedupeKey|claimedBy|leaseUntil|nextAttemptAt)$/

/**
 * A row as the member gets it: sealed values opened and named without the word, hashes and keys left out.
 * @param open opens what is under our keys
 */
export const readableRow = (row: Record<string, unknown>, open: (sealed: string) => string): Record<string, unknown> =>
  Object.fromEntries(
    Object.entries(row).flatMap(([name, value]) => {
      if (machine.test(name)) return []
      if (name.endsWith('Sealed')) return [[name.slice(0, -6) || 'value', value === null ? null : open(String(value))]]
      return [[name, value]]
    }),
  )

/** Cuts a text into pieces of at most `bytes` bytes of UTF-8. */
export const pieces = (text: string, bytes: number): Buffer[] => {
  const whole = Buffer.from(text, 'utf8')
  return Array.from({ length: Math.max(1, Math.ceil(whole.length / bytes)) }, (_, i) =>
    whole.subarray(i * bytes, (i + 1) * bytes),
  )
}
