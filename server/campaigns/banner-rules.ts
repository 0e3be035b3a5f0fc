import { DAY_MS } from '../../shared/time'

/** Policy of the home page's banners. */
export const bannerPolicy = {
  /** Banners on one home page: more are not looked at. */
  shown: 3,
  /** Published banners of one moment that are considered; a shop has a handful. */
  considered: 20,
  maxDays: 366,
} as const

export interface Running {
  state: string
  startsAt: number
  endsAt: number
}

/** What holds of a banner at a moment. */
export const bannerNow = (b: Running, now: number): 'draft' | 'waiting' | 'live' | 'over' | 'ended' => {
  if (b.state !== 'published') return b.state === 'draft' ? 'draft' : 'ended'
  if (now < b.startsAt) return 'waiting'
  return now < b.endsAt ? 'live' : 'over'
}

/** Why a banner's time cannot be, or null. */
export const periodProblem = ({ startsAt, endsAt }: Pick<Running, 'startsAt' | 'endsAt'>): string | null => {
  if (endsAt <= startsAt) return '结束时间要晚于开始时间'
  return endsAt - startsAt > bannerPolicy.maxDays * DAY_MS ? `一条横幅最长挂 ${bannerPolicy.maxDays} 天` : null
}

/** States a banner may be moved to. */
export const bannerMoves: Record<string, readonly string[]> = { draft: ['published'], published: ['ended'], ended: [] }
export const bannerStateNames: Record<string, string> = { draft: '草稿', published: '已上线', ended: '已结束' }
