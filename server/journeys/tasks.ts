import type { Output, Parsed } from '../../shared/contract'
import { marks } from '../db/statement'
import type { Reader, Tx } from '../db/transaction'
import { refuse } from '../errors'
import type { OperatorActor } from '../http/actor'
import { maskName } from '../mask'
import { namesOf } from '../members/service'
import type { StaffTask } from './entity'

/** A task belongs to whoever works in the member's store; one without a store to everybody. */
const mine = (actor: OperatorActor): { text: string; params: string[] } =>
  actor.storeIds === null
    ? { text: '1 = 1', params: [] }
    : { text: `(storeId IS NULL OR storeId IN ${marks(actor.storeIds)})`, params: [...actor.storeIds] }

/** Tasks that journeys have set the staff, oldest due first. */
export const tasksFor = async (
  db: Reader,
  actor: OperatorActor,
  { state, cursor, limit }: Parsed<'GET /staff/tasks'>,
): Promise<Output<'GET /staff/tasks'>> => {
  const scope = mine(actor)
  const rows = await db.read<StaffTask>(
    `SELECT * FROM staff_task WHERE ${scope.text} AND state = ?${cursor ? ' AND id < ?' : ''} ORDER BY id DESC LIMIT ?`,
    [...scope.params, state, ...(cursor ? [cursor] : []), limit + 1],
  )
  const shown = rows.slice(0, limit)
  const names = await namesOf(
    db,
    shown.map((t) => t.memberId),
  )
  return {
    items: shown.map((t) => ({
      id: t.id,
      memberId: t.memberId,
      memberName: maskName(names.get(t.memberId) ?? ''),
      title: t.title,
      note: t.note,
      dueOn: t.dueOn,
      state: t.state,
      createdAt: t.createdAt,
      doneAt: t.doneAt,
    })),
    nextCursor: rows.length > limit ? shown[shown.length - 1].id : null,
  }
}

/** Ticks a task off; one that is done stays as it was. */
export const finishTask = async (
  tx: Tx,
  actor: OperatorActor,
  { taskId, note }: Parsed<'POST /staff/tasks/:taskId/done'>,
  now: number,
): Promise<{ ok: true }> => {
  const scope = mine(actor)
  const [task] = await tx.read<StaffTask>(`SELECT * FROM staff_task WHERE id = ? AND ${scope.text}${tx.lock}`, [
    taskId,
    ...scope.params,
  ])
  if (!task) throw refuse('not_found')
  if (task.state === 'open')
    tx.write("UPDATE staff_task SET state = 'done', doneAt = ?, doneBy = ?, result = ? WHERE id = ?", [
      now,
      actor.operatorId,
      note,
      taskId,
    ])
  return { ok: true }
}
