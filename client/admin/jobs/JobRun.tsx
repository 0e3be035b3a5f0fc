/** How one run ended. A run that finished but left some items undone is a warning, not a success. */
export function RunState({ state, failed }: { state: 'running' | 'done' | 'failed'; failed: number }) {
  if (state === 'running') return <span className='tag info'>正在运行</span>
  if (state === 'failed') return <span className='tag danger'>没有跑完</span>
  return failed > 0 ? <span className='tag warn'>有 {failed} 条失败</span> : <span className='tag brand'>完成</span>
}

/** '820 毫秒', '3.2 秒', '4 分 10 秒'. */
export function durationText(ms: number): string {
  if (ms < 1000) return `${ms} 毫秒`
  if (ms < 60_000) return `${Math.round(ms / 100) / 10} 秒`
  return `${Math.floor(ms / 60_000)} 分 ${Math.round((ms % 60_000) / 1000)} 秒`
}

/** How late a run began; less than a second is on time. */
export const lagText = (ms: number): string => (ms < 1000 ? '准时' : durationText(ms))
