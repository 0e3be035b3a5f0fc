import { civilDay } from '../../shared/time'
import type { Tx } from '../db/transaction'
import { AppError } from '../errors'
import { execute } from '../http/command'
import { awardPoints, reversePoints } from '../points/service'
import type { Post } from './entity'
import { communityPolicy, rewardFor } from './rules'

/** Takes one of the day's slots for a post; answers false when all are taken or the post has one already. */
const takeSlot = async (tx: Tx, post: Pick<Post, 'id' | 'memberId'>, onDay: string): Promise<boolean> => {
  const { memberId, id: postId } = post
  const [had] = await tx.read('SELECT postId FROM post_reward WHERE postId = ?', [postId])
  if (had) return false
  for (let slot = 1; slot <= communityPolicy.rewardsPerDay; slot++)
    if (await tx.insertNew('post_reward', [{ memberId, onDay, slot, postId }])) return true
  return false
}

/**
 * Pays for a post that has just been published, once and within the day's cap. Answers what was paid, 0 for nothing. A member who cannot
 * be paid (left meanwhile) keeps the published post.
 */
export const rewardPost = async (tx: Tx, post: Post, now: number): Promise<{ points: number; seq: number }> => {
  const nothing = { points: post.rewardPoints, seq: post.rewardSeq }
  if (post.rewardPoints || !(await takeSlot(tx, post, civilDay(now)))) return nothing
  const photos = (JSON.parse(post.photos) as unknown[]).length
  const note = post.kind === 'review' ? '评价奖励' : '晒单奖励'
  const [paid] = await execute(
    tx,
    awardPoints,
    [
      {
        memberId: post.memberId,
        points: rewardFor(post.kind, photos),
        source: { type: 'community', id: post.id, note },
      },
    ],
    now,
  )
  return paid instanceof AppError ? nothing : { points: paid.amount, seq: Number(paid.entryId) }
}

/** Takes a reward back when a person rejects what had been published; answers false when the points are spent already. */
export const takeBackReward = async (tx: Tx, post: Post, now: number): Promise<boolean> => {
  if (!post.rewardSeq) return false
  const [taken] = await execute(
    tx,
    reversePoints,
    [
      {
        memberId: post.memberId,
        seq: post.rewardSeq,
        source: { type: 'community', id: post.id, note: '内容未通过审核，收回奖励' },
      },
    ],
    now,
  )
  return !(taken instanceof AppError)
}

/** How many rewarded posts a member may still write today. */
export const rewardsLeft = async (tx: Pick<Tx, 'read'>, memberId: string, now: number): Promise<number> => {
  const [{ n }] = await tx.read<{ n: number }>(
    'SELECT COUNT(*) AS n FROM post_reward WHERE memberId = ? AND onDay = ?',
    [memberId, civilDay(now)],
  )
  return Math.max(0, communityPolicy.rewardsPerDay - n)
}
