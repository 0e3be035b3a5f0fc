/** Funnels: ordered steps of one member within a window. Pure. */

export interface FunnelStep {
  event: string
  label?: string
  page?: string
  target?: string
}
/** What a step may be. `interaction:` is followed by the type the client or the server wrote. */
export const funnelEvents: readonly { event: string; label: string; group: string }[] = [
  { event: 'interaction:page_view', label: '看页面', group: '互动' },
  { event: 'interaction:tap', label: '点按', group: '互动' },
  { event: 'interaction:search', label: '搜索', group: '互动' },
  { event: 'interaction:share', label: '分享', group: '互动' },
  { event: 'interaction:favourite', label: '收藏', group: '互动' },
  { event: 'interaction:coupon_view', label: '看券', group: '互动' },
  { event: 'interaction:code_view', label: '打开会员码', group: '互动' },
  { event: 'join', label: '入会', group: '会员' },
  { event: 'coupon_claim', label: '得到券', group: '券与积分' },
  { event: 'coupon_redeem', label: '用券', group: '券与积分' },
  { event: 'points_spend', label: '用积分', group: '券与积分' },
  { event: 'purchase', label: '消费', group: '消费' },
]

/** A step as people read it. */
export const stepLabel = (s: FunnelStep): string => {
  const known = funnelEvents.find((e) => e.event === s.event)?.label ?? s.event
  return s.label ?? [known, s.page, s.target].filter(Boolean).join(' · ')
}

/** How far one member came, and the seconds each step took after the one before. */
export interface Walk {
  reached: number
  seconds: number[]
}
/**
 * The furthest walk of a member. Each step is looked for after the one before (a step at the same moment counts as after), all within
 * `windowMs` of the first. Taking the earliest fitting time of each step is enough: whatever follows a later one follows the earlier too.
 * @param times per step, the moments it happened, ascending
 * @param until first steps later than this do not begin a walk
 */
export const walkOf = (times: readonly (readonly number[])[], windowMs: number, until: number): Walk => {
  let best: Walk = { reached: 0, seconds: [] }
  for (const start of times[0] ?? []) {
    if (start > until) break
    const seconds: number[] = []
    let at = start
    let reached = 1
    for (const step of times.slice(1)) {
      const next = step.find((t) => t >= at)
      if (next === undefined || next - start > windowMs) break
      seconds.push(Math.round((next - at) / 1000))
      at = next
      reached++
    }
    if (reached > best.reached) best = { reached, seconds }
    if (best.reached === times.length) break
  }
  return best
}

/** The lower median of some numbers; null for none. */
export const medianOf = (values: number[]): number | null =>
  values.length ? [...values].sort((a, b) => a - b)[Math.floor((values.length - 1) / 2)] : null
