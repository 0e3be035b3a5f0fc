import type { ChurnBand, StageCode } from '../../shared/score-words'

/** What a suggestion may depend on. Basis points, days, counts. */
export interface Situation {
  stage: StageCode
  band: ChurnBand | null
  churnBp: number | null
  /** 100 = the top 1 % by value. */
  clvRankBp: number | null
  /** Until the member becomes dormant without a purchase; negative afterwards. */
  daysToDormant: number | null
  /** Days past the end of the interval in which a purchase was expected; 0 or less: not yet. */
  daysOverdue: number | null
  couponsHeld: number
  personalised: boolean
}
export interface Suggestion {
  code: string
  title: string
  why: string
  action: 'grant-coupon' | 'message' | 'journey' | 'none'
}
/** A row of the table: every condition that is there must hold. */
interface Rule {
  code: string
  when: {
    stages?: StageCode[]
    bands?: ChurnBand[]
    /** At least as valuable as this place. */
    rankUpToBp?: number
    /** Less valuable than this place. */
    rankBeyondBp?: number
    dormantWithinDays?: number
    overdueFromDays?: number
    holdsCoupons?: boolean
  }
  title: string
  /** `{name}` is filled from the situation. */
  why: string
  action: Suggestion['action']
}

/** The table of suggested actions, the most urgent first. At most three are shown. */
export const suggestionRules: readonly Rule[] = [
  {
    code: 'rescue-valuable',
    when: { bands: ['high'], rankUpToBp: 3000 },
    title: '一对一挽留，可发一张有期限的大额券',
    why: '90 天内不再来的可能为 {churn}%，价值在前 {rank}%，值得单独投入',
    action: 'grant-coupon',
  },
  {
    code: 'use-held-coupon',
    when: { holdsCoupons: true, stages: ['active', 'loyal', 'dormant'] },
    title: '先提醒手里的 {coupons} 张券，不必再发',
    why: '已有可用的券，再发只会增加成本',
    action: 'message',
  },
  {
    code: 'before-dormant',
    when: { stages: ['active', 'loyal'], dormantWithinDays: 14 },
    title: '沉睡前提醒一次',
    why: '再过 {dormant} 天没有消费就会转为沉睡',
    action: 'journey',
  },
  {
    code: 'overdue',
    when: { stages: ['active', 'loyal'], overdueFromDays: 1 },
    title: '发补货或回访提醒',
    why: '按本人间隔应已再来，现在晚了 {overdue} 天',
    action: 'message',
  },
  {
    code: 'first-purchase',
    when: { stages: ['new'] },
    title: '送新人券，引导首单',
    why: '已入会，还没有消费过',
    action: 'grant-coupon',
  },
  {
    code: 'wake-dormant',
    when: { stages: ['dormant'] },
    title: '加入唤醒旅程，并留出对照组',
    why: '已超过正常间隔，还没有到流失的天数',
    action: 'journey',
  },
  {
    code: 'no-discount',
    when: { stages: ['loyal'], bands: ['low'] },
    title: '暂不发召回券',
    why: '90 天内不再来的可能只有 {churn}%，发券多半白花钱；给权益和新品优先',
    action: 'none',
  },
  {
    code: 'let-go',
    when: { stages: ['lost'], rankBeyondBp: 5000 },
    title: '只随大范围活动触达',
    why: '久未再来，预计价值不高，不单独投入',
    action: 'none',
  },
  {
    code: 'win-back',
    when: { stages: ['lost'], rankUpToBp: 5000 },
    title: '季节性召回一次，回来再继续',
    why: '久未再来，但过去的价值在前 {rank}%',
    action: 'journey',
  },
]

const shown = 3

const holds = (when: Rule['when'], s: Situation): boolean =>
  (!when.stages || when.stages.includes(s.stage)) &&
  (!when.bands || (s.band !== null && when.bands.includes(s.band))) &&
  (when.rankUpToBp === undefined || (s.clvRankBp !== null && s.clvRankBp <= when.rankUpToBp)) &&
  (when.rankBeyondBp === undefined || (s.clvRankBp !== null && s.clvRankBp > when.rankBeyondBp)) &&
  (when.dormantWithinDays === undefined ||
    (s.daysToDormant !== null && s.daysToDormant >= 0 && s.daysToDormant <= when.dormantWithinDays)) &&
  (when.overdueFromDays === undefined || (s.daysOverdue !== null && s.daysOverdue >= when.overdueFromDays)) &&
  (when.holdsCoupons === undefined || s.couponsHeld > 0 === when.holdsCoupons)

/** What to do about a member, with the reason; nothing personal for who has switched personalisation off. */
export const suggestionsFor = (s: Situation): Suggestion[] => {
  if (!s.personalised)
    return [
      { code: 'not-personalised', title: '不做个性化触达', why: '会员已关闭个性化推荐，只发通用消息', action: 'none' },
    ]
  const filled: Record<string, string> = {
    churn: s.churnBp === null ? '' : (s.churnBp / 100).toFixed(0),
    rank: s.clvRankBp === null ? '' : Math.max(1, Math.round(s.clvRankBp / 100)).toString(),
    coupons: String(s.couponsHeld),
    dormant: String(s.daysToDormant ?? ''),
    overdue: String(s.daysOverdue ?? ''),
  }
  const fill = (text: string): string => text.replace(/\{(\w+)\}/g, (_, name: string) => filled[name] ?? '')
  return suggestionRules
    .filter((rule) => holds(rule.when, s))
    .slice(0, shown)
    .map(({ code, title, why, action }) => ({ code, title: fill(title), why: fill(why), action }))
}
