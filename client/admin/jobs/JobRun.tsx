/** How one run ended. A run that finished but left some items undone is a warning, not a success. */
export function RunState({ state, failed }: { state: 'running' | 'done' | 'failed'; failed: number }) {
  if (state === 'running') return <span className='tag info'>正在运行</span>
  if (state === 'failed') return <span className='tag danger'>没有跑完</span>
  return failed > 0 ? <span className='tag warn'>有 {failed} 条失败</span> : <span className='tag brand'>完成</span>
}

/** '820 毫秒', '3.2 秒', '4 分 10 秒', '1 小时 40 分'. */
export function durationText(ms: number): string {
  if (ms < 1000) return `${ms} 毫秒`
  if (ms < 60_000) return `${Math.round(ms / 100) / 10} 秒`
  if (ms < 3_600_000) return `${Math.floor(ms / 60_000)} 分 ${Math.floor((ms % 60_000) / 1000)} 秒`
  return `${Math.floor(ms / 3_600_000)} 小时 ${Math.floor((ms % 3_600_000) / 60_000)} 分`
}

/** How late a run began; less than a second is on time. */
export const lagText = (ms: number): string => (ms < 1000 ? '准时' : durationText(ms))

/** A cron expression as a person says it: '每天 00:05', '每 10 分钟'. One of another shape stays as it is. */
export function scheduleWords(cron: string): string {
  const parts = cron.trim().split(/\s+/)
  const [second, minute, hour, day, month, weekday] = parts.length === 6 ? parts : ['0', ...parts]
  const pad = (text: string | undefined) => String(text).padStart(2, '0')
  const isNumber = (text: string | undefined) => /^\d+$/.test(text ?? '')
  const every = (text: string | undefined) => /^\*\/(\d+)$/.exec(text ?? '')?.[1]
  if (day !== '*' || month !== '*') return cron
  const always = minute === '*' && hour === '*' && weekday === '*'
  if (always && every(second)) return `每 ${every(second)} 秒`
  if (always && isNumber(second)) return '每分钟'
  if (hour === '*' && weekday === '*' && every(minute)) return `每 ${every(minute)} 分钟`
  if (hour === '*' && weekday === '*' && isNumber(minute)) return `每小时的 ${pad(minute)} 分`
  if (isNumber(minute) && weekday === '*' && every(hour)) return `每 ${every(hour)} 小时`
  if (!isNumber(minute) || !isNumber(hour)) return cron
  if (weekday === '*') return `每天 ${pad(hour)}:${pad(minute)}`
  const name = '日一二三四五六日'[Number(weekday)]
  return isNumber(weekday) && name ? `每周${name} ${pad(hour)}:${pad(minute)}` : cron
}
