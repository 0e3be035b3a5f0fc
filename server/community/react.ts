import type { Output, Parsed } from '../../shared/contract'
import type { Tx } from '../db/transaction'
import { refuse } from '../errors'
import { recordEvents } from '../interactions/service'
import { communityPolicy } from './rules'

/**
 * Likes a published post or takes the like back. The row of a like is the rule: only whoever makes or deletes it moves the count, so a
 * hundred taps at once count once.
 */
export const likePost = async (
  tx: Tx,
  memberId: string,
  { postId, liked }: Parsed<'PUT /me/posts/:postId/like'>,
  now: number,
): Promise<Output<'PUT /me/posts/:postId/like'>> => {
  const [post] = await tx.read<{ likes: number; state: string }>(
    `SELECT likes, state FROM post WHERE id = ?${tx.lock}`,
    [postId],
  )
  if (post?.state !== 'published') throw refuse('post_not_found')
  const changed = liked
    ? await tx.insertNew('post_like', [{ postId, memberId, at: now }])
    : await tx.run('DELETE FROM post_like WHERE postId = ? AND memberId = ?', [postId, memberId])
  if (!changed) return { likes: post.likes, liked }
  tx.write(`UPDATE post SET likes = likes ${liked ? '+' : '-'} 1 WHERE id = ?`, [postId])
  if (liked)
    await recordEvents(
      tx,
      [{ memberId, eventId: `like:${postId}`, type: 'post_liked', at: now, target: postId, origin: 'server' }],
      now,
    )
  return { likes: post.likes + (liked ? 1 : -1), liked }
}

/** Reports a post, once a member. What several members report is taken off the pages until an operator has looked. */
export const reportPost = async (
  tx: Tx,
  memberId: string,
  { postId, reason }: Parsed<'POST /me/posts/:postId/reports'>,
  now: number,
): Promise<{ ok: true }> => {
  const [post] = await tx.read<{ reports: number; state: string; memberId: string }>(
    `SELECT reports, state, memberId FROM post WHERE id = ?${tx.lock}`,
    [postId],
  )
  if (post?.state !== 'published' || post.memberId === memberId) throw refuse('post_not_found')
  if (!(await tx.insertNew('post_report', [{ postId, memberId, reason, at: now }]))) return { ok: true }
  const reports = post.reports + 1
  const held = reports >= communityPolicy.reportsToHold
  tx.write('UPDATE post SET reports = ? WHERE id = ?', [reports, postId])
  if (held) tx.write("UPDATE post SET state = 'pending', stateReason = '多位会员举报，正在复核' WHERE id = ?", [postId])
  return { ok: true }
}
