import type { Output, Parsed } from '../../shared/contract'
import { documentNames, documents } from '../../shared/documents'
import type { Reader } from '../db/transaction'
import { maskName } from '../mask'
import { facesOf } from '../members/service'
import { cancellationView } from './cancel'
import type { Cancellation, DataExport } from './entity'
import { exportView } from './exports'
import { memberCounts } from './facts'

const countsBy = async (db: Reader, table: 'cancellation' | 'data_export'): Promise<Map<string, number>> => {
  const rows = await db.read<{ state: string; n: number }>(`SELECT state, COUNT(*) AS n FROM ${table} GROUP BY state`)
  return new Map(rows.map((r) => [r.state, r.n]))
}

/** Figures of the privacy desk. */
export const privacySummary = async (db: Reader): Promise<Output<'GET /admin/privacy/summary'>> => {
  const [{ members, off }, agreed, cancellations, exports] = await Promise.all([
    memberCounts(db),
    db.read<{ subject: string; version: number; n: number }>(
      'SELECT subject, version, COUNT(DISTINCT memberId) AS n FROM consent WHERE given = 1 GROUP BY subject, version',
    ),
    countsBy(db, 'cancellation'),
    countsBy(db, 'data_export'),
  ])
  return {
    members,
    personalisationOff: off,
    documents: documentNames.map((name) => {
      const { title, version } = documents[name]
      return { title, version, agreed: agreed.find((a) => a.subject === name && a.version === version)?.n ?? 0 }
    }),
    cancellations: {
      requested: cancellations.get('requested') ?? 0,
      done: cancellations.get('done') ?? 0,
      withdrawn: cancellations.get('withdrawn') ?? 0,
    },
    exports: { pending: exports.get('pending') ?? 0, ready: exports.get('ready') ?? 0 },
  }
}

const namesOf = async (db: Reader, rows: readonly { memberId: string }[]): Promise<(memberId: string) => string> => {
  const faces = await facesOf(db, [...new Set(rows.map((r) => r.memberId))])
  return (memberId) => maskName(faces.get(memberId)?.name ?? '')
}

/** One page of the requests to leave, newest first. */
export const cancellationDesk = async (
  db: Reader,
  { cursor, limit, state }: Parsed<'GET /admin/privacy/cancellations'>,
): Promise<Output<'GET /admin/privacy/cancellations'>> => {
  const rows = await db.read<Cancellation>(
    `SELECT * FROM cancellation WHERE id < ?${state ? ' AND state = ?' : ''} ORDER BY id DESC LIMIT ?`,
    [cursor ?? '~', ...(state ? [state] : []), limit + 1],
  )
  const items = rows.slice(0, limit)
  const nameOf = await namesOf(db, items)
  return {
    items: items.map((c) => ({
      ...cancellationView(c),
      memberId: c.memberId,
      memberNameMasked: nameOf(c.memberId),
      reason: c.reason,
      doneAt: c.state === 'done' ? c.closedAt : null,
      outcome: c.outcome ? (JSON.parse(c.outcome) as { points: number; coupons: number; posts: number }) : null,
    })),
    nextCursor: rows.length > limit ? items[items.length - 1].id : null,
  }
}

/** One page of the requests for a copy, newest first; what is in a copy is nobody's business here. */
export const exportDesk = async (
  db: Reader,
  { cursor, limit, state }: Parsed<'GET /admin/privacy/exports'>,
  now: number,
): Promise<Output<'GET /admin/privacy/exports'>> => {
  const rows = await db.read<DataExport>(
    `SELECT * FROM data_export WHERE id < ?${state ? ' AND state = ?' : ''} ORDER BY id DESC LIMIT ?`,
    [cursor ?? '~', ...(state ? [state] : []), limit + 1],
  )
  const items = rows.slice(0, limit)
  const nameOf = await namesOf(db, items)
  return {
    items: items.map((e) => ({ ...exportView(e, now), memberId: e.memberId, memberNameMasked: nameOf(e.memberId) })),
    nextCursor: rows.length > limit ? items[items.length - 1].id : null,
  }
}
