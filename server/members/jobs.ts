import { DAY_MS } from '../../shared/time'
import { sweep } from '../jobs/batch'
import type { Tick } from '../jobs/job'

/** How long the traces of signing in and of the counter are kept, in days. */
export const keptDays = { smsCode: 1, codeUse: 1, codeRefusal: 90, scan: 90, codeHandle: 90 } as const

/** Deletes what identifies nobody any more and proves nothing any more: used codes of a minute, SMS codes, old scans and refusals. */
export const forgetTraces = async (tick: Tick): Promise<void> => {
  const before = (days: number): number => tick.deps.clock.now() - days * DAY_MS
  await sweep(tick, { table: 'sms_code', key: ['id'], where: 'expiresAt < ?', params: [before(keptDays.smsCode)] })
  await sweep(tick, {
    table: 'code_use',
    key: ['handle', 'generation', 'step'],
    where: 'at < ?',
    params: [before(keptDays.codeUse)],
  })
  await sweep(tick, { table: 'code_refusal', key: ['id'], where: 'at < ?', params: [before(keptDays.codeRefusal)] })
  await sweep(tick, {
    table: 'code_handle',
    key: ['handle'],
    // The handle of a device that still refreshes its session stays, however old it is.
    where: 'createdAt < ? AND NOT EXISTS (SELECT 1 FROM session s WHERE s.id = code_handle.sessionId)',
    params: [before(keptDays.codeHandle)],
  })
  await sweep(tick, { table: 'scan', key: ['id'], where: 'createdAt < ?', params: [before(keptDays.scan)] })
}
