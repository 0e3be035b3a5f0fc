import type { Tick } from '../jobs/job'
import { sendDue } from './sender'

/** Sends what is due in the outbox. Failures are messages given up and messages whose fate is unknown; the rows keep the reasons. */
export const sendMessages = async (tick: Tick): Promise<void> => {
  const round = await sendDue(tick.deps, { limit: tick.job.limit, stopping: tick.stopping })
  const failed = round.failed + round.unknown
  tick.count({
    processed: round.sent + round.skipped,
    failed,
    error: failed ? `${round.failed} 条发送失败，${round.unknown} 条结果不明，原因见消息记录` : undefined,
  })
}
