import type { Output } from '../../shared/contract'
import { civilDay } from '../../shared/time'
import { newId } from '../db/id'
import { marks } from '../db/statement'
import type { Reader, Tx } from '../db/transaction'
import type { Deps } from '../deps'
import { refuse } from '../errors'
import { queueMessages } from '../messages/service'
import type { DataExport, DataExportPart } from './entity'
import { rowsAbout, tableTitles } from './facts'
import { pieces, privacyPolicy, readableRow } from './rules'

type View = Output<'POST /me/exports'>

/** Bytes of one part before sealing; sealed and in base64 it stays below the 65,535 bytes of a text column. */
const partBytes = 45_000
/** What every copy says of itself. */
const format = { name: 'huiyuan-member-copy', version: 1 } as const

export const exportView = (e: DataExport, now: number): View => ({
  id: e.id,
  state: (e.state === 'ready' && e.expiresAt !== null && e.expiresAt <= now ? 'expired' : e.state) as View['state'],
  requestedAt: e.requestedAt,
  readyAt: e.readyAt,
  expiresAt: e.expiresAt,
  downloadedAt: e.downloadedAt,
  bytes: e.bytes,
  summary: JSON.parse(e.summary) as View['summary'],
})

/** The member's latest export, or undefined. */
export const latestExport = async (db: Reader, memberId: string): Promise<DataExport | undefined> =>
  (await db.read<DataExport>('SELECT * FROM data_export WHERE memberId = ? ORDER BY id DESC LIMIT 1', [memberId]))[0]

/** Asks for a copy of everything; the job makes it. Once a day, also when ten ask at once. */
export const requestExport = async (tx: Tx, memberId: string, now: number): Promise<View> => {
  await tx.read(`SELECT id FROM member WHERE id = ?${tx.lock}`, [memberId])
  const last = await latestExport(tx, memberId)
  if (last && now - last.requestedAt < privacyPolicy.exportEveryMs) throw refuse('export_too_soon')
  const row: DataExport = {
    id: newId(now),
    memberId,
    state: 'pending',
    requestedAt: now,
    readyAt: null,
    expiresAt: null,
    downloadedAt: null,
    bytes: 0,
    summary: '[]',
  }
  tx.insert('data_export', [{ ...row }])
  return exportView(row, now)
}

/** What a stretch of rows is about, in a few words. */
const detailOf = (rows: readonly Record<string, unknown>[]): string => {
  const times = rows.flatMap((r) => {
    const at = Number(r.at ?? r.createdAt ?? r.openedAt ?? Number.NaN)
    return Number.isFinite(at) && at > 0 ? [at] : []
  })
  if (!times.length) return ''
  const sorted = times.sort((a, b) => a - b)
  const [first, last] = [civilDay(sorted[0]), civilDay(sorted[sorted.length - 1])]
  return first === last ? first : `${first} 至 ${last}`
}

/** Makes the copy of one request: machine-readable JSON in sealed parts, and a summary people can read. */
export const produceExport = async (tx: Tx, deps: Deps, request: DataExport, now: number): Promise<void> => {
  const tables = await rowsAbout(tx, deps.db.dialect.writer.entityMetadatas, request.memberId)
  const readable = tables.map(({ table, rows, cut }) => ({
    table,
    title: tableTitles[table] ?? table,
    complete: !cut,
    rows: rows.map((row) => readableRow(row, deps.keys.open)),
  }))
  const summary = readable
    .filter((t) => t.table in tableTitles)
    .map((t) => ({ title: t.title, rows: t.rows.length, detail: detailOf(t.rows) }))
  const copy = JSON.stringify({
    format,
    shop: deps.env.SHOP_NAME,
    producedAt: now,
    memberId: request.memberId,
    summary,
    data: readable,
  })
  const parts = pieces(copy, partBytes)
  tx.write('DELETE FROM data_export_part WHERE exportId = ?', [request.id])
  tx.insert(
    'data_export_part',
    parts.map((part, no) => ({ exportId: request.id, no, sealed: deps.keys.seal(part.toString('base64')) })),
  )
  tx.write(
    "UPDATE data_export SET state = 'ready', readyAt = ?, expiresAt = ?, bytes = ?, summary = ? WHERE id = ? AND state = 'pending'",
    [now, now + privacyPolicy.exportKeptMs, Buffer.byteLength(copy), JSON.stringify(summary), request.id],
  )
  queueMessages(
    tx,
    [
      {
        memberId: request.memberId,
        kind: 'notice',
        title: '数据导出已备好',
        text: '你申请的个人数据副本可以下载了，3 天内有效，只能下载一次。',
        page: 'packages/privacy/export',
        dedupeKey: `export:${request.id}`,
        channels: ['inbox'],
      },
    ],
    now,
  )
}

const signatureOf = (deps: Pick<Deps, 'keys'>, exportId: string, until: number): string =>
  deps.keys.blind('export-link', `${exportId}.${until}`)

/** A link that works for ten minutes and once; whoever holds it needs nothing else. */
export const linkTo = async (
  tx: Tx,
  deps: Pick<Deps, 'keys' | 'env'>,
  { memberId, exportId }: { memberId: string; exportId: string },
  now: number,
): Promise<Output<'POST /me/exports/:exportId/links'>> => {
  const [row] = await tx.read<DataExport>('SELECT * FROM data_export WHERE id = ? AND memberId = ?', [
    exportId,
    memberId,
  ])
  if (row?.state !== 'ready' || (row.expiresAt ?? 0) <= now) throw refuse('export_not_ready')
  const until = now + privacyPolicy.linkMs
  return {
    url: `${deps.env.PUBLIC_URL}/api/exports/${exportId}?until=${until}&sign=${signatureOf(deps, exportId, until)}`,
    until,
  }
}

/** Whether a link was made by us and still works. */
export const isLinkGood = (
  deps: Pick<Deps, 'keys'>,
  { exportId, until, sign }: { exportId: string; until: number; sign: string },
  now: number,
): boolean => Number.isInteger(until) && until > now && sign === signatureOf(deps, exportId, until)

/** Hands the copy out and deletes it here; null when it was handed out before or is not there. Of two that ask at once one gets it. */
export const takeExport = async (
  tx: Tx,
  deps: Pick<Deps, 'keys'>,
  exportId: string,
  now: number,
): Promise<Buffer | null> => {
  const taken = await tx.run(
    "UPDATE data_export SET state = 'downloaded', downloadedAt = ? WHERE id = ? AND state = 'ready' AND expiresAt > ?",
    [now, exportId, now],
  )
  if (!taken) return null
  const parts = await tx.read<DataExportPart>('SELECT * FROM data_export_part WHERE exportId = ? ORDER BY no', [
    exportId,
  ])
  tx.write('DELETE FROM data_export_part WHERE exportId = ?', [exportId])
  return Buffer.concat(parts.map((p) => Buffer.from(deps.keys.open(p.sealed), 'base64')))
}

/** Deletes the copies whose term is over; answers how many. */
export const expireExports = async (tx: Tx, limit: number, now: number): Promise<number> => {
  const rows = await tx.read<{ id: string }>(
    `SELECT id FROM data_export WHERE state = 'ready' AND expiresAt <= ? ORDER BY id LIMIT ?${tx.lock}`,
    [now, limit],
  )
  const ids = rows.map((r) => r.id)
  if (!ids.length) return 0
  tx.write(`DELETE FROM data_export_part WHERE exportId IN ${marks(ids)}`, ids)
  tx.write(`UPDATE data_export SET state = 'expired' WHERE id IN ${marks(ids)}`, ids)
  return ids.length
}
