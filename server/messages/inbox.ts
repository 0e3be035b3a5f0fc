import type { Output, Parsed } from '../../shared/contract'
import { type Channel, channelNames, reasonText } from '../../shared/message'
import { HOUR_MS } from '../../shared/time'
import { marks } from '../db/statement'
import type { Reader, Tx } from '../db/transaction'
import { refuse } from '../errors'
import type { Message } from './entity'

/** How many inbox messages the member has not opened. */
export const unreadOf = async (db: Reader, memberId: string): Promise<number> => {
  const [row] = await db.read<{ n: number }>(
    "SELECT COUNT(*) AS n FROM message WHERE memberId = ? AND channel = 'inbox' AND status = 'sent' AND readAt IS NULL",
    [memberId],
  )
  return Number(row.n)
}

/** One page of the inbox, newest first; the cursor is the last id shown. */
export const inboxOf = async (
  db: Reader,
  memberId: string,
  { cursor, limit }: { cursor?: string; limit: number },
): Promise<Output<'GET /me/messages'>> => {
  const rows = await db.read<Message>(
    `SELECT * FROM message WHERE memberId = ? AND channel = 'inbox' AND status = 'sent'${cursor ? ' AND id < ?' : ''} ORDER BY id DESC LIMIT ?`,
    [memberId, ...(cursor ? [cursor] : []), limit + 1],
  )
  const items = rows.slice(0, limit).map((m) => ({
    id: m.id,
    at: m.createdAt,
    kind: m.kind,
    title: m.title,
    body: m.text,
    page: m.page,
    read: m.readAt !== null,
  }))
  return {
    items,
    nextCursor: rows.length > limit ? items[items.length - 1].id : null,
    unread: await unreadOf(db, memberId),
  }
}

/** Marks messages as read, or all of them; answers how many are left. Ids of other members match nothing. */
export const markRead = async (
  tx: Tx,
  memberId: string,
  ids: readonly string[] | undefined,
  now: number,
): Promise<number> => {
  if (!ids || ids.length)
    tx.write(
      `UPDATE message SET readAt = ? WHERE memberId = ? AND channel = 'inbox' AND readAt IS NULL${ids ? ` AND id IN ${marks(ids)}` : ''}`,
      [now, memberId, ...(ids ?? [])],
    )
  return unreadOf(tx, memberId)
}

/** One page of everything queued, newest first, for operators. */
export const deliveries = async (
  db: Reader,
  { cursor, limit, status, channel, source, memberId, hours }: Parsed<'GET /admin/messages'>,
  now: number,
): Promise<Output<'GET /admin/messages'>> => {
  const wheres: [string, (string | number)[]][] = []
  if (cursor) wheres.push(['id < ?', [cursor]])
  // What is being sent this moment is still pending to whoever looks.
  if (status === 'pending') wheres.push(["status IN ('pending', 'sending')", []])
  else if (status) wheres.push(['status = ?', [status]])
  if (channel) wheres.push(['channel = ?', [channel]])
  if (source) wheres.push(['source = ?', [source]])
  if (memberId) wheres.push(['memberId = ?', [memberId]])
  if (hours) wheres.push(['createdAt >= ?', [now - hours * HOUR_MS]])
  const where = wheres.length ? ` WHERE ${wheres.map(([text]) => text).join(' AND ')}` : ''
  const rows = await db.read<Message>(`SELECT * FROM message${where} ORDER BY id DESC LIMIT ?`, [
    ...wheres.flatMap(([, params]) => params),
    limit + 1,
  ])
  const items = rows.slice(0, limit)
  return {
    items: items.map((m) => ({
      id: m.id,
      memberId: m.memberId,
      channel: m.channel as Channel,
      kind: m.kind,
      title: m.title,
      status: m.status,
      reason: m.reason,
      why: m.status === 'sent' ? '' : reasonText(m.reason),
      source: m.source,
      attempts: m.attempts,
      createdAt: m.createdAt,
      sentAt: m.sentAt,
    })),
    nextCursor: rows.length > limit ? items[items.length - 1].id : null,
  }
}

/** One message with all that is known of it: why it went, waits or did not go. */
export const showMessage = async (db: Reader, messageId: string): Promise<Output<'GET /admin/messages/:messageId'>> => {
  const [m] = await db.read<Message>('SELECT * FROM message WHERE id = ?', [messageId])
  if (!m) throw refuse('message_not_found')
  // The rows of one occasion differ in the end of their key alone, which names the channel.
  const occasion = m.dedupeKey.slice(0, -(m.channel.length + 1))
  const keys = Object.keys(channelNames).map((channel) => `${occasion}:${channel}`)
  const tried = m.dedupeKey.endsWith(`:${m.channel}`)
    ? await db.read<Message>(`SELECT * FROM message WHERE dedupeKey IN ${marks(keys)} ORDER BY id`, keys)
    : [m]
  return {
    id: m.id,
    memberId: m.memberId,
    channel: m.channel as Channel,
    kind: m.kind,
    title: m.title,
    body: m.text,
    status: m.status,
    reason: m.reason,
    why: m.status === 'sent' ? '' : reasonText(m.reason),
    attempts: m.attempts,
    source: m.source,
    createdAt: m.createdAt,
    nextAttemptAt: m.nextAttemptAt,
    expiresAt: m.expiresAt,
    sentAt: m.sentAt,
    fields: m.data ? (JSON.parse(m.data) as Record<string, string>) : {},
    trail: tried.map((t) => ({
      id: t.id,
      channel: t.channel as Channel,
      status: t.status,
      why: t.status === 'sent' ? '' : reasonText(t.reason),
      attempts: t.attempts,
    })),
  }
}
