import type { Output, Parsed } from '../../shared/contract'
import { newId } from '../db/id'
import { type Bindable, marks } from '../db/statement'
import type { Reader, Tx } from '../db/transaction'
import type { Deps } from '../deps'
import { refuse } from '../errors'
import type { OperatorActor } from '../http/actor'
import { maskName } from '../mask'
import { facesOf, phoneMaskedOf, requireMember } from '../members/service'
import { queueMessages } from '../messages/service'
import { levelsOf } from '../tiers/service'
import type { Complaint } from './entity'
import { type ComplaintState, feedbackPolicy, isOverdue, mayMove, stateNames } from './rules'
import { showComplaint, summaryRows } from './views'

type Shown = Output<'GET /admin/complaints/:complaintId'>

/** The complaints an operator may see: of their stores, or all of them. */
const scope = (actor: OperatorActor): [string, string[]] =>
  actor.storeIds ? [` AND storeId IN ${marks(actor.storeIds)}`, actor.storeIds] : ['', []]

const visible = async (db: Reader, actor: OperatorActor, complaintId: string, lock = ''): Promise<Complaint> => {
  const [within, stores] = scope(actor)
  const [row] = await db.read<Complaint>(`SELECT * FROM complaint WHERE id = ?${within}${lock}`, [
    complaintId,
    ...stores,
  ])
  if (!row) throw refuse('complaint_not_found')
  return row
}

const showToStaff = async (db: Reader, deps: Pick<Deps, 'keys'>, row: Complaint, now: number): Promise<Shown> => {
  const [shown, member, levels] = await Promise.all([
    showComplaint(db, deps.keys, row),
    requireMember(db, row.memberId),
    levelsOf(db),
  ])
  const memberNameMasked = maskName(member.name)
  return {
    ...shown,
    thread: shown.thread.map((r) => (r.from === 'member' ? { ...r, name: memberNameMasked } : r)),
    memberId: member.id,
    memberNameMasked,
    phoneMasked: phoneMaskedOf(deps.keys, member),
    tierName: levels.find((l) => l.level === member.tierLevel)?.name ?? '',
    handledBy: row.handledBy,
    overdue: isOverdue(row.state, row.dueAt, now),
  }
}

/** One page of the desk: what is owed soonest first while anything is owed, resolved ones newest first. */
export const complaintDesk = async (
  db: Reader,
  actor: OperatorActor,
  { cursor, limit, state, category, overdue }: Parsed<'GET /admin/complaints'>,
  now: number,
): Promise<Output<'GET /admin/complaints'>> => {
  const [within, stores] = scope(actor)
  const conditions: [string, Bindable[]][] = [
    ['id < ?', [cursor ?? '~']],
    ...(state ? [['state = ?', [state]] as [string, Bindable[]]] : []),
    ...(category ? [['category = ?', [category]] as [string, Bindable[]]] : []),
    ...(overdue ? [["state <> 'resolved' AND dueAt < ?", [now]] as [string, Bindable[]]] : []),
  ]
  const [rows, [counts]] = await Promise.all([
    db.read<Complaint>(
      `SELECT * FROM complaint WHERE ${conditions.map(([c]) => c).join(' AND ')}${within} ORDER BY id DESC LIMIT ?`,
      [...conditions.flatMap(([, v]) => v), ...stores, limit + 1],
    ),
    db.read<{ open: number | null; handling: number | null; overdue: number | null }>(
      `SELECT SUM(CASE WHEN state = 'open' THEN 1 ELSE 0 END) AS open, SUM(CASE WHEN state = 'handling' THEN 1 ELSE 0 END) AS handling,
         SUM(CASE WHEN dueAt < ? THEN 1 ELSE 0 END) AS overdue FROM complaint WHERE state <> 'resolved'${within}`,
      [now, ...stores],
    ),
  ])
  const items = rows.slice(0, limit)
  const [views, faces] = await Promise.all([
    summaryRows(db, items),
    facesOf(db, [...new Set(items.map((c) => c.memberId))]),
  ])
  return {
    items: items.map((c, i) => ({
      ...views[i],
      memberId: c.memberId,
      memberNameMasked: maskName(faces.get(c.memberId)?.name ?? ''),
      overdue: isOverdue(c.state, c.dueAt, now),
    })),
    nextCursor: rows.length > limit ? items[items.length - 1].id : null,
    counts: {
      open: Number(counts?.open ?? 0),
      handling: Number(counts?.handling ?? 0),
      overdue: Number(counts?.overdue ?? 0),
    },
  }
}

/** One complaint in the operator's scope. */
export const complaintForStaff = async (
  db: Reader,
  deps: Pick<Deps, 'keys'>,
  actor: OperatorActor,
  complaintId: string,
  now: number,
): Promise<Shown> => showToStaff(db, deps, await visible(db, actor, complaintId), now)

const tell = (tx: Tx, row: Complaint, title: string, text: string, what: string, now: number): void =>
  queueMessages(
    tx,
    [
      {
        memberId: row.memberId,
        kind: 'notice',
        title,
        text,
        page: `packages/feedback/case?id=${row.id}`,
        dedupeKey: `complaint:${row.id}:${what}`,
        channels: ['inbox'],
      },
    ],
    now,
  )

/** Answers the member; what was open is then being handled, and nothing is owed until the member writes again. */
export const replyAsStaff = async (
  tx: Tx,
  deps: Pick<Deps, 'keys'>,
  actor: OperatorActor,
  { complaintId, text }: { complaintId: string; text: string },
  now: number,
): Promise<Shown> => {
  const row = await visible(tx, actor, complaintId, tx.lock)
  const replyId = newId(now)
  tx.insert('complaint_reply', [
    {
      id: replyId,
      complaintId,
      at: now,
      sender: 'staff',
      operatorId: actor.operatorId,
      senderName: actor.name,
      text,
      photos: '[]',
    },
  ])
  const state = row.state === 'open' ? 'handling' : row.state
  const handledBy = row.handledBy ?? actor.operatorId
  tx.write(
    'UPDATE complaint SET state = ?, handledBy = ?, dueAt = NULL, lastAt = ?, replies = replies + 1 WHERE id = ?',
    [state, handledBy, now, complaintId],
  )
  tell(tx, row, `投诉 ${row.no} 有新回复`, text, replyId, now)
  return showToStaff(tx, deps, { ...row, state, handledBy, dueAt: null, lastAt: now, replies: row.replies + 1 }, now)
}

/** Takes a complaint up, resolves it or opens it again; a resolution is told to the member with its note. */
export const moveComplaint = async (
  tx: Tx,
  deps: Pick<Deps, 'keys'>,
  actor: OperatorActor,
  { complaintId, state, note }: { complaintId: string; state: ComplaintState; note: string },
  now: number,
): Promise<Shown> => {
  const row = await visible(tx, actor, complaintId, tx.lock)
  if (!mayMove(row.state as ComplaintState, state))
    throw refuse('complaint_bad_state', { state: stateNames[row.state as ComplaintState] })
  const next: Complaint = {
    ...row,
    state,
    handledBy: row.handledBy ?? actor.operatorId,
    resolvedAt: state === 'resolved' ? now : null,
    resolution: state === 'resolved' ? note : row.resolution,
    dueAt: state === 'resolved' ? null : (row.dueAt ?? now + feedbackPolicy.nextAnswerMs),
    lastAt: now,
  }
  tx.write(
    'UPDATE complaint SET state = ?, handledBy = ?, resolvedAt = ?, resolution = ?, dueAt = ?, lastAt = ? WHERE id = ?',
    [next.state, next.handledBy, next.resolvedAt, next.resolution, next.dueAt, now, complaintId],
  )
  if (state === 'resolved') tell(tx, row, `投诉 ${row.no} 已办结`, note, `resolved:${now}`, now)
  return showToStaff(tx, deps, next, now)
}
