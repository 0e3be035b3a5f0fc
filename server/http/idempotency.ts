import { hash } from 'node:crypto'
import { marks, type Statement, sql } from '../db/statement'
import type { Tx } from '../db/transaction'
import { type AppError, refuse } from '../errors'
import type { Keys } from '../keys'

/** An answer as it goes over the wire and as it is remembered. */
export interface Answer {
  status: number
  body: unknown
}
/** One request's claim to be executed once. */
export interface Claim {
  /** `<actor id>:<key>` */
  id: string
  endpoint: string
  requestHash: string
}
export interface Remembered {
  id: string
  endpoint: string
  requestHash: string
  status: number
  response: string
}

/** Keys are remembered this long; a client gives up far earlier. */
export const rememberedDays = 30

const sha1 = (text: string): string => hash('sha1', text, 'base64url')

/**
 * Reads and checks the header, and names the claim.
 * @param digest of the request; a keyed one wherever the request may hold a phone or a password, which a bare digest would let a thief guess
 */
export const claimOf = (
  actorId: string,
  key: string | undefined,
  endpoint: string,
  input: unknown,
  digest: (text: string) => string = sha1,
): Claim => {
  if (!key) throw refuse('idempotency_key_required')
  if (!/^[\w.:-]{8,64}$/.test(key))
    throw refuse('invalid_input', { reason: 'Idempotency-Key 应为 8–64 位字母、数字或短横线' })
  return { id: `${actorId}:${key}`, endpoint, requestHash: digest(`${endpoint}\0${JSON.stringify(input)}`) }
}

/** The remembered answers of some claims. */
export const recall = (claims: readonly Claim[]): Statement =>
  sql(
    `SELECT id, endpoint, requestHash, status, response FROM idempotency WHERE id IN ${marks(claims)}`,
    claims.map((c) => c.id),
  )

/** The stored answer, or a refusal when the key was used for something else. */
export const replay = (claim: Claim, stored: Remembered, open: (text: string) => string): Answer => {
  if (stored.requestHash !== claim.requestHash) throw refuse('idempotency_key_reused')
  return { status: stored.status, body: JSON.parse(open(stored.response)) }
}

/** Remembers answers in the transaction that makes them true. */
export const remember = (
  tx: Tx,
  made: { claim: Claim; answer: Answer }[],
  now: number,
  close: (text: string) => string,
): void => {
  tx.insert(
    'idempotency',
    made.map(({ claim, answer }) => ({
      id: claim.id,
      endpoint: claim.endpoint,
      requestHash: claim.requestHash,
      status: answer.status,
      response: close(JSON.stringify(answer.body)),
      createdAt: now,
    })),
  )
}

/** How answers are written down: plainly, or sealed where they carry tokens. */
export const storage = (
  keys: Keys,
  sealed: boolean,
): { open: (text: string) => string; close: (text: string) => string } =>
  sealed ? { open: keys.open, close: keys.seal } : { open: (t) => t, close: (t) => t }

/** A refusal as an answer. */
export const refusalAnswer = (error: AppError): Answer => ({
  status: error.status,
  body: { error: { code: error.code, message: error.message, details: error.details } },
})

/** Deletes the remembered answers of one caller, which hold what was answered. Ids sort by the caller, so the range is its own. */
export const forgetAnswers = (tx: Pick<Tx, 'write'>, actorId: string): void =>
  tx.write('DELETE FROM idempotency WHERE id > ? AND id < ?', [`${actorId}:`, `${actorId};`])
