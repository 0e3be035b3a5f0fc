import type { Output, Parsed } from '../../shared/contract'
import { civilDay } from '../../shared/time'
import { newId, newReceiptNo } from '../db/id'
import type { Reader, Tx } from '../db/transaction'
import type { Deps } from '../deps'
import { refuse } from '../errors'
import { attachPhotos } from '../http/uploads'
import { recordEvents } from '../interactions/service'
import { ownPurchase } from '../purchases/service'
import type { Complaint } from './entity'
import { feedbackPolicy } from './rules'
import { showComplaint, summaryRows } from './views'

type Shown = Output<'GET /me/complaints/:complaintId'>

const ownComplaint = async (db: Reader, memberId: string, complaintId: string, lock = ''): Promise<Complaint> => {
  const [row] = await db.read<Complaint>(`SELECT * FROM complaint WHERE id = ? AND memberId = ?${lock}`, [
    complaintId,
    memberId,
  ])
  if (!row) throw refuse('complaint_not_found')
  return row
}

/** Complaints of a member that are not resolved. */
export const openComplaints = async (db: Reader, memberId: string): Promise<number> =>
  (
    await db.read<{ n: number }>("SELECT COUNT(*) AS n FROM complaint WHERE memberId = ? AND state <> 'resolved'", [
      memberId,
    ])
  )[0].n

/** Opens a complaint; the first answer is due within a day. */
export const openComplaint = async (
  tx: Tx,
  deps: Pick<Deps, 'keys'>,
  memberId: string,
  input: Parsed<'POST /me/complaints'>,
  now: number,
): Promise<Shown> => {
  // The member's row is the lock: two complaints at once cannot both be the last that is allowed.
  await tx.read(`SELECT id FROM member WHERE id = ?${tx.lock}`, [memberId])
  if ((await openComplaints(tx, memberId)) >= feedbackPolicy.maxOpen)
    throw refuse('complaint_too_many', { max: feedbackPolicy.maxOpen })
  const purchase = input.purchaseId ? await ownPurchase(tx, memberId, input.purchaseId) : null
  if (input.purchaseId && !purchase) throw refuse('purchase_not_found')
  const photos = await attachPhotos(tx, memberId, input.photos, now)
  const row: Complaint = {
    id: newId(now),
    no: newReceiptNo(civilDay(now)),
    memberId,
    storeId: purchase?.storeId ?? null,
    purchaseId: purchase?.id ?? null,
    category: input.category,
    state: 'open',
    text: input.text,
    photos: JSON.stringify(photos),
    contactSealed: input.contact ? deps.keys.seal(input.contact) : null,
    dueAt: now + feedbackPolicy.firstAnswerMs,
    openedAt: now,
    lastAt: now,
    resolvedAt: null,
    resolution: null,
    handledBy: null,
    replies: 0,
  }
  tx.insert('complaint', [{ ...row }])
  await recordEvents(
    tx,
    [
      {
        memberId,
        eventId: `complaint:${row.id}`,
        type: 'complaint_opened',
        at: now,
        target: row.category,
        origin: 'server',
      },
    ],
    now,
  )
  return showComplaint(tx, deps.keys, row)
}

/** Adds the member's words. A resolved complaint is taken up again within two weeks, and an answer is due anew. */
export const replyAsMember = async (
  tx: Tx,
  deps: Pick<Deps, 'keys'>,
  memberId: string,
  { complaintId, text, photos }: Parsed<'POST /me/complaints/:complaintId/replies'>,
  now: number,
): Promise<Shown> => {
  const row = await ownComplaint(tx, memberId, complaintId, tx.lock)
  if (row.state === 'resolved' && now - (row.resolvedAt ?? 0) > feedbackPolicy.reopenMs)
    throw refuse('complaint_closed')
  const [{ n }] = await tx.read<{ n: number }>(
    `SELECT COUNT(*) AS n FROM complaint_reply WHERE complaintId = ? AND sender = 'member' AND id >
       COALESCE((SELECT MAX(r.id) FROM complaint_reply r WHERE r.complaintId = ? AND r.sender = 'staff'), '')`,
    [complaintId, complaintId],
  )
  if (n >= feedbackPolicy.maxUnanswered) throw refuse('complaint_too_many', { max: feedbackPolicy.maxUnanswered })
  const attached = await attachPhotos(tx, memberId, photos, now)
  tx.insert('complaint_reply', [
    {
      id: newId(now),
      complaintId,
      at: now,
      sender: 'member',
      operatorId: null,
      senderName: null,
      text,
      photos: JSON.stringify(attached),
    },
  ])
  const next: Complaint = {
    ...row,
    state: row.state === 'resolved' ? 'handling' : row.state,
    resolvedAt: row.state === 'resolved' ? null : row.resolvedAt,
    // What was due keeps its time: writing again must not put the answer off.
    dueAt: row.dueAt ?? now + feedbackPolicy.nextAnswerMs,
    lastAt: now,
    replies: row.replies + 1,
  }
  tx.write(
    'UPDATE complaint SET state = ?, resolvedAt = ?, dueAt = ?, lastAt = ?, replies = replies + 1 WHERE id = ?',
    [next.state, next.resolvedAt, next.dueAt, now, complaintId],
  )
  return showComplaint(tx, deps.keys, next)
}

/** One of the member's own complaints with its whole thread. */
export const complaintOf = async (
  db: Reader,
  deps: Pick<Deps, 'keys'>,
  memberId: string,
  complaintId: string,
): Promise<Shown> => showComplaint(db, deps.keys, await ownComplaint(db, memberId, complaintId))

/** One page of the member's complaints, newest first; the cursor is the id of the last one shown. */
export const complaintsOf = async (
  db: Reader,
  memberId: string,
  { cursor, limit }: Parsed<'GET /me/complaints'>,
): Promise<Output<'GET /me/complaints'>> => {
  const rows = await db.read<Complaint>(
    'SELECT * FROM complaint WHERE memberId = ? AND id < ? ORDER BY id DESC LIMIT ?',
    [memberId, cursor ?? '~', limit + 1],
  )
  const items = rows.slice(0, limit)
  return {
    items: await summaryRows(db, items),
    nextCursor: rows.length > limit ? items[items.length - 1].id : null,
  }
}
