import { civilDay } from '../../shared/time'
import type { Reader, Tx } from '../db/transaction'
import type { OperatorActor } from '../http/actor'

/** Fields that never reach the audit, whatever the endpoint; the address of a robot or webhook holds its key. */
const secret = /password|phone|token|secret|smscode|wechatcode|^url$/i
const masked = (input: object): string =>
  JSON.stringify(input, (name, value) => (name && secret.test(name) ? '***' : value)).slice(0, 4000)

interface Audited {
  actor: unknown
  input: object
  now: number
  ip: string
  requestId: string
}

/** Writes down an operator's act in the transaction that makes it true. The subject is the id in the path or in the answer's place. */
export const recordAudit = (tx: Tx, id: string, c: Audited, action: string, subjectId?: string): void => {
  const actor = c.actor as OperatorActor
  const input = c.input as Record<string, unknown>
  const named = /:(\w+)/.exec(action)?.[1]
  tx.insert('audit', [
    {
      id,
      at: c.now,
      onDay: civilDay(c.now),
      operatorId: actor.operatorId,
      action,
      subjectId: subjectId ?? (named ? String(input[named]).slice(0, 24) : null),
      detail: masked(input),
      requestId: c.requestId,
      ip: c.ip,
    },
  ])
}

/** How often an operator did a thing in [from, until) epoch ms. */
export const actsOf = async (
  db: Reader,
  { operatorId, action, from, until }: { operatorId: string; action: string; from: number; until: number },
): Promise<number> => {
  const [row] = await db.read<{ n: number }>(
    'SELECT COUNT(*) AS n FROM audit WHERE operatorId = ? AND action = ? AND at >= ? AND at < ?',
    [operatorId, action, from, until],
  )
  return Number(row.n)
}
