import { marks } from '../db/statement'
import type { Tx } from '../db/transaction'

/** What is left of a complaint's words. */
const gone = '（会员已注销，内容已删除）'

/** Takes a leaving member's words, photos and contact out of their feedback; scores and states stay for the figures. */
export const forgetFeedback = async (tx: Tx, memberId: string): Promise<void> => {
  tx.write('UPDATE nps_answer SET comment = NULL WHERE memberId = ?', [memberId])
  tx.write('UPDATE satisfaction SET comment = NULL WHERE memberId = ?', [memberId])
  const complaints = await tx.read<{ id: string }>('SELECT id FROM complaint WHERE memberId = ? LIMIT 500', [memberId])
  const ids = complaints.map((c) => c.id)
  if (!ids.length) return
  tx.write(
    `UPDATE complaint SET text = ?, photos = '[]', contactSealed = NULL, resolution = NULL, state = 'resolved', dueAt = NULL WHERE id IN ${marks(ids)}`,
    [gone, ...ids],
  )
  tx.write(`UPDATE complaint_reply SET text = ?, photos = '[]' WHERE complaintId IN ${marks(ids)}`, [gone, ...ids])
}
