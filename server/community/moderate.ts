import type { Output, Parsed } from '../../shared/contract'
import type { Tx } from '../db/transaction'
import { refuse } from '../errors'
import { queueMessages } from '../messages/service'
import type { MediaCheck, Post } from './entity'
import { rewardPost, takeBackReward } from './reward'
import { judgePhotos, waitsForPhotos } from './rules'
import { viewModerated } from './views'

const tellAuthor = (tx: Tx, post: Post, title: string, text: string, now: number): void =>
  queueMessages(
    tx,
    [
      {
        memberId: post.memberId,
        kind: 'notice',
        title,
        text,
        page: 'packages/community/mine',
        dedupeKey: `post:${post.id}:${title}:${now}`,
        channels: ['inbox'],
      },
    ],
    now,
  )

const whatOf = (post: Post): string => (post.kind === 'review' ? '评价' : '晒单')

/**
 * Publishes a post that waits or was rejected, and pays for it. The state is changed where it is checked, so of several that decide at
 * once one publishes and pays; answers whether it was this one.
 * @param by `auto` or the operator's id
 */
export const publish = async (tx: Tx, post: Post, by: string, now: number): Promise<boolean> => {
  const changed = await tx.run(
    "UPDATE post SET state = 'published', stateReason = NULL, publishedAt = ?, decidedBy = ?, decidedAt = ? WHERE id = ? AND state IN ('pending', 'rejected')",
    [post.publishedAt ?? now, by, now, post.id],
  )
  if (!changed) return false
  const { points, seq } = await rewardPost(tx, post, now)
  if (points !== post.rewardPoints)
    tx.write('UPDATE post SET rewardPoints = ?, rewardSeq = ? WHERE id = ?', [points, seq, post.id])
  const gained = points > post.rewardPoints ? `，${points} 积分已到账` : ''
  if (by !== 'auto' || gained) tellAuthor(tx, post, `你的${whatOf(post)}已公开`, `感谢分享${gained}。`, now)
  return true
}

/** Rejects a post with a reason its author reads; what was paid for it is taken back while it is still there. */
export const reject = async (
  tx: Tx,
  post: Post,
  { by, reason }: { by: string; reason: string },
  now: number,
): Promise<boolean> => {
  const changed = await tx.run(
    "UPDATE post SET state = 'rejected', stateReason = ?, decidedBy = ?, decidedAt = ? WHERE id = ? AND state IN ('pending', 'published')",
    [reason, by, now, post.id],
  )
  if (!changed) return false
  if (await takeBackReward(tx, post, now))
    tx.write('UPDATE post SET rewardPoints = 0, rewardSeq = 0 WHERE id = ?', [post.id])
  tellAuthor(tx, post, `你的${whatOf(post)}没有通过审核`, reason, now)
  return true
}

/** Decides a post by WeChat's verdicts on its photos, once all of them are in. A held text stays with the operators. */
export const settlePhotos = async (tx: Tx, postId: string, now: number): Promise<void> => {
  const [post] = await tx.read<Post>(`SELECT * FROM post WHERE id = ?${tx.lock}`, [postId])
  if (post?.state !== 'pending') return
  const checks = await tx.read<MediaCheck>('SELECT * FROM media_check WHERE postId = ?', [postId])
  const photos = (JSON.parse(post.photos) as unknown[]).length
  const decision = judgePhotos(
    checks.map((c) => c.verdict),
    photos,
  )
  if (decision === 'reject') await reject(tx, post, { by: 'auto', reason: '照片未通过微信内容安全检查' }, now)
  else if (decision === 'publish' && post.stateReason === waitsForPhotos) await publish(tx, post, 'auto', now)
}

/** Keeps WeChat's verdict on one photo and decides its post, if that is stored already. */
export const noteMediaVerdict = async (
  tx: Tx,
  { traceId, suggest }: { traceId: string; suggest: 'pass' | 'review' | 'risky' | 'failed' },
  now: number,
): Promise<void> => {
  const fresh = await tx.insertNew('media_check', [{ traceId, postId: null, verdict: suggest, at: now }])
  if (fresh) return
  await tx.run('UPDATE media_check SET verdict = ? WHERE traceId = ?', [suggest, traceId])
  const [check] = await tx.read<MediaCheck>('SELECT * FROM media_check WHERE traceId = ?', [traceId])
  if (check?.postId) await settlePhotos(tx, check.postId, now)
}

/** An operator's decision. */
export const decidePost = async (
  tx: Tx,
  operatorId: string,
  { postId, decision, reason }: Parsed<'POST /admin/community/posts/:postId/decision'>,
  now: number,
): Promise<Output<'POST /admin/community/posts/:postId/decision'>> => {
  const [post] = await tx.read<Post>(`SELECT * FROM post WHERE id = ?${tx.lock}`, [postId])
  if (!post || post.state === 'deleted') throw refuse('post_not_found')
  if (decision === 'publish' && post.state === 'published') {
    // The reports were looked into and the post stays: they are settled.
    tx.write('DELETE FROM post_report WHERE postId = ?', [postId])
    tx.write('UPDATE post SET reports = 0, decidedBy = ?, decidedAt = ? WHERE id = ?', [operatorId, now, postId])
  } else if (decision === 'publish') {
    if (!(await publish(tx, post, operatorId, now))) throw refuse('post_bad_state')
    tx.write('DELETE FROM post_report WHERE postId = ?', [postId])
    tx.write('UPDATE post SET reports = 0 WHERE id = ?', [postId])
  } else if (!(await reject(tx, post, { by: operatorId, reason }, now))) throw refuse('post_bad_state')
  const [after] = await tx.read<Post>('SELECT * FROM post WHERE id = ?', [postId])
  const [view] = await viewModerated(tx, [after])
  return view
}
