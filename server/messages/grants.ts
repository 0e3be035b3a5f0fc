import type { Output } from '../../shared/contract'
import { newId } from '../db/id'
import { marks } from '../db/statement'
import type { Reader, Tx } from '../db/transaction'
import type { Deps } from '../deps'
import type { SubscribeGrant } from './entity'
import { messagePolicy, templates } from './rules'
import { templateIds } from './templates'

/** The bank of one-time rights to send: every accept of the member is one. */
export interface Accept {
  memberId: string
  templateId: string
  /** `push:…` (WeChat's event) or `report:…` (the mini-program); the same key twice adds nothing. */
  sourceKey: string
}

const originOf = (key: string): string => key.slice(0, key.indexOf(':'))

/**
 * Banks accepts. WeChat's event and the mini-program's report tell of the same tap, in either order and maybe both: the second account is
 * paired with the grant of the first instead of adding another.
 */
export const bankAccepts = async (tx: Tx, accepts: readonly Accept[], now: number): Promise<void> => {
  for (const memberId of [...new Set(accepts.map((a) => a.memberId))].sort()) {
    // The member's row is the lock of the bank: report and event may come in the same instant.
    await tx.read(`SELECT id FROM member WHERE id = ?${tx.lock}`, [memberId])
    const mine = accepts.filter((a) => a.memberId === memberId)
    const keys = mine.map((a) => a.sourceKey)
    const [known, recent, open] = await tx.readAll([
      {
        kind: 'sql',
        sql: `SELECT sourceKey, echoKey FROM subscribe_grant WHERE sourceKey IN ${marks(keys)} OR echoKey IN ${marks(keys)}`,
        params: [...keys, ...keys],
      },
      {
        kind: 'sql',
        sql: 'SELECT * FROM subscribe_grant WHERE memberId = ? AND echoKey IS NULL AND grantedAt >= ? ORDER BY grantedAt, id',
        params: [memberId, now - messagePolicy.echoWindowMs],
      },
      {
        kind: 'sql',
        sql: "SELECT templateId, COUNT(*) AS n FROM subscribe_grant WHERE memberId = ? AND status IN ('open', 'reserved') GROUP BY templateId",
        params: [memberId],
      },
    ])
    const seen = new Set(known.flatMap((g) => [g.sourceKey, g.echoKey]))
    const unpaired = recent as unknown as SubscribeGrant[]
    for (const { templateId, sourceKey } of mine) {
      if (seen.has(sourceKey)) continue
      seen.add(sourceKey)
      const twin = unpaired.findIndex(
        (g) => g.templateId === templateId && originOf(g.sourceKey) !== originOf(sourceKey),
      )
      if (twin >= 0) {
        const [grant] = unpaired.splice(twin, 1)
        tx.write('UPDATE subscribe_grant SET echoKey = ? WHERE id = ?', [sourceKey, grant.id])
        continue
      }
      if (Number(open.find((o) => o.templateId === templateId)?.n ?? 0) >= messagePolicy.maxOpenGrants) continue
      tx.insert('subscribe_grant', [
        {
          id: newId(now),
          memberId,
          templateId,
          sourceKey,
          echoKey: null,
          status: 'open',
          grantedAt: now,
          consumedAt: null,
          messageId: null,
        },
      ])
    }
  }
}

/** Gives a right back whose message certainly did not go out; a right voided meanwhile stays void. */
export const giveBackGrant = (tx: Tx, grantId: string): void =>
  tx.write(
    "UPDATE subscribe_grant SET status = 'open', consumedAt = NULL, messageId = NULL WHERE id = ? AND status = 'consumed'",
    [grantId],
  )

/**
 * Voids what the member granted for a template up to a moment (epoch ms): WeChat says that there is nothing left, or the member refused.
 * A right that is being spent this moment is voided too, so that it cannot come back when its message fails.
 */
export const voidGrants = (tx: Tx, memberId: string, templateId: string, grantedUntil: number): void => {
  tx.write(
    "UPDATE subscribe_grant SET status = 'void' WHERE memberId = ? AND templateId = ? AND status IN ('open', 'reserved') AND grantedAt <= ?",
    [memberId, templateId, grantedUntil],
  )
  tx.write(
    `UPDATE subscribe_grant SET status = 'void' WHERE memberId = ? AND templateId = ? AND status = 'consumed' AND grantedAt <= ?
     AND messageId IN (SELECT id FROM message WHERE memberId = ? AND status = 'sending')`,
    [memberId, templateId, grantedUntil, memberId],
  )
}

/** Open rights of a member by template id. */
const creditsOf = async (db: Reader, memberId: string): Promise<Map<string, number>> => {
  const rows = await db.read<{ templateId: string; n: number }>(
    "SELECT templateId, COUNT(*) AS n FROM subscribe_grant WHERE memberId = ? AND status = 'open' GROUP BY templateId",
    [memberId],
  )
  return new Map(rows.map((r) => [r.templateId, Number(r.n)]))
}

/** The templates a member can say yes to, with how many messages each may still send. */
export const subscriptionsOf = async (
  db: Reader,
  env: Deps['env'],
  memberId: string,
): Promise<Output<'GET /me/subscriptions'>> => {
  const credits = await creditsOf(db, memberId)
  return {
    items: [...templateIds(env)].map(([key, templateId]) => ({
      templateId,
      key,
      ...templates[key],
      credits: credits.get(templateId) ?? 0,
    })),
  }
}

/** Banks what the mini-program reports of one `requestSubscribeMessage`; unknown templates are passed over. */
export const reportAnswers = async (
  tx: Tx,
  env: Deps['env'],
  { memberId, reportId, results }: { memberId: string; reportId: string; results: Record<string, string> },
  now: number,
): Promise<Output<'POST /me/subscriptions'>> => {
  const ours = new Set(templateIds(env).values())
  const accepted = Object.keys(results).filter((id) => ours.has(id) && results[id].startsWith('accept'))
  await bankAccepts(
    tx,
    accepted.map((templateId) => ({ memberId, templateId, sourceKey: `report:${reportId}:${templateId}` })),
    now,
  )
  const credits = await creditsOf(tx, memberId)
  return {
    items: Object.keys(results)
      .filter((id) => ours.has(id))
      .map((templateId) => ({ templateId, credits: credits.get(templateId) ?? 0 })),
  }
}
