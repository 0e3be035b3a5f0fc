import { contract, type Key, type Output, type Parsed } from '../../shared/contract'
import type { Bindable } from '../db/statement'
import type { Reader } from '../db/transaction'
import type { Audit } from './entity'

/** One page of the audit, newest first; the cursor is the id of the last row shown. */
export const auditPage = async (
  db: Reader,
  { cursor, limit, action, operatorId, subjectId, from, to }: Parsed<'GET /admin/audits'>,
): Promise<Output<'GET /admin/audits'>> => {
  const conditions: [string, Bindable | undefined][] = [
    ['a.id < ?', cursor],
    ['a.action = ?', action || undefined],
    ['a.operatorId = ?', operatorId],
    ['a.subjectId = ?', subjectId],
    ['a.onDay >= ?', from],
    ['a.onDay <= ?', to],
  ]
  const used = conditions.filter((c): c is [string, Bindable] => c[1] !== undefined)
  const where = used.length ? ` WHERE ${used.map(([text]) => text).join(' AND ')}` : ''
  const rows = await db.read<Audit & { operatorName: string | null }>(
    `SELECT a.*, o.name AS operatorName FROM audit a LEFT JOIN operator o ON o.id = a.operatorId${where} ORDER BY a.id DESC LIMIT ?`,
    [...used.map(([, value]) => value), limit + 1],
  )
  const items = rows.slice(0, limit)
  return {
    items: items.map((a) => ({
      id: a.id,
      at: a.at,
      operatorId: a.operatorId,
      operatorName: a.operatorName ?? '系统',
      action: a.action,
      title: contract[a.action as Key]?.summary ?? a.action,
      subject: a.subjectId,
      detail: a.detail,
      requestId: a.requestId,
      ip: a.ip,
    })),
    nextCursor: rows.length > limit ? items[items.length - 1].id : null,
  }
}
