import type { Output } from '../../shared/contract'
import { addDays, civilDay } from '../../shared/time'
import type { Reader } from '../db/transaction'
import { refuse } from '../errors'
import type { OperatorActor } from '../http/actor'
import { latestRun, type Run, type RunKind } from './runs'

export type Freshness = Output<'GET /admin/scores'>['scored']

/** Figures of the whole group are for whoever may see every store. */
export const requireWholeGroup = (actor: OperatorActor): void => {
  if (actor.storeIds) throw refuse('store_out_of_scope')
}

const why = (newest: Run | null, done: Run | null): string | null => {
  if (!done) return newest ? `第一次评分没有完成：${newest.note ?? '还在进行'}` : '还没有评分过'
  if (newest?.state === 'blocked') return `数据没有通过检查，沿用 ${done.onDay} 的评分：${newest.note ?? ''}`
  if (newest?.state === 'failed') return `最近一次评分没有做完，沿用 ${done.onDay} 的评分`
  return `最近一次评分是 ${done.onDay}`
}

/** Until when the scores of a kind hold, and whether that is older than it should be: not of today or yesterday, or stopped by the gate. */
export const freshnessOf = async (db: Reader, kind: RunKind, now: number): Promise<Freshness> => {
  const [newest, done] = await Promise.all([latestRun(db, kind), latestRun(db, kind, 'done')])
  const late = !done || done.onDay < addDays(civilDay(now), -1)
  const stopped = newest?.state === 'blocked' || newest?.state === 'failed'
  return {
    onDay: done?.onDay ?? null,
    finishedAt: done?.finishedAt ?? null,
    stale: late || stopped,
    reason: late || stopped ? why(newest, done) : null,
  }
}
