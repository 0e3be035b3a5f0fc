import { addDays, civilDay, DAY_MS, HOUR_MS } from '../../shared/time'

export const feedbackPolicy = {
  /** A member is asked how likely they would recommend us at most once in this many days. */
  npsEveryDays: 90,
  /** Reasons may be added to a score for this long. */
  npsDetailMs: DAY_MS,
  /** A purchase can be rated for this long. */
  satisfactionMs: 30 * DAY_MS,
  /** A purchase is offered for rating on its own for this long. */
  offeredMs: 7 * DAY_MS,
  /** The first answer to a complaint, and every further one that the member waits for. */
  firstAnswerMs: 24 * HOUR_MS,
  nextAnswerMs: 48 * HOUR_MS,
  /** A resolved complaint can be taken up again by a reply for this long. */
  reopenMs: 14 * DAY_MS,
  /** Unresolved complaints one member may have. */
  maxOpen: 5,
  /** Letters a member may add to one complaint before the shop has answered. */
  maxUnanswered: 10,
} as const

export type NpsKind = 'promoter' | 'passive' | 'detractor'

/** Reichheld's classes: 9 and 10 recommend, 7 and 8 are passive, 0 to 6 advise against (HBR 12/2003). */
export const npsKind = (score: number): NpsKind => (score >= 9 ? 'promoter' : score >= 7 ? 'passive' : 'detractor')

/** First civil day on which the member may answer again. */
export const nextNpsOn = (lastAt: number): string => addDays(civilDay(lastAt), feedbackPolicy.npsEveryDays)

/** Figures of some answers: share of promoters minus share of detractors, in points from -100 to 100, rounded. */
export const npsFigures = (
  scores: readonly { score: number; n: number }[],
): { answers: number; promoters: number; passives: number; detractors: number; score: number | null } => {
  const count = { promoter: 0, passive: 0, detractor: 0 }
  for (const { score, n } of scores) count[npsKind(score)] += n
  const answers = count.promoter + count.passive + count.detractor
  return {
    answers,
    promoters: count.promoter,
    passives: count.passive,
    detractors: count.detractor,
    // Adding 0 turns the minus zero of an even balance into zero.
    score: answers ? Math.round(((count.promoter - count.detractor) * 100) / answers) + 0 : null,
  }
}

export type ComplaintState = 'open' | 'handling' | 'resolved'
/** The states as people read them. */
export const stateNames: Record<ComplaintState, string> = { open: '待受理', handling: '处理中', resolved: '已办结' }
/** From where an operator may move a complaint. */
const moves: Record<ComplaintState, readonly ComplaintState[]> = {
  handling: ['open', 'resolved'],
  resolved: ['open', 'handling'],
  open: [],
}
/** Whether an operator may move a complaint. */
export const mayMove = (from: ComplaintState, to: ComplaintState): boolean => moves[to].includes(from)

/** Whether the promised answer is late. */
export const isOverdue = (state: string, dueAt: number | null, now: number): boolean =>
  state !== 'resolved' && dueAt !== null && dueAt < now

/** 13912345678 -> 139****5678, lin@example.com -> li***, anything else by its ends. */
export const maskContact = (contact: string): string => {
  if (/^1\d{10}$/.test(contact)) return `${contact.slice(0, 3)}****${contact.slice(-4)}`
  const letters = [...contact]
  return `${letters.slice(0, 2).join('')}***${letters.length > 6 ? letters.slice(-1).join('') : ''}`
}
