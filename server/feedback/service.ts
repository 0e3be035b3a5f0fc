import type { Output } from '../../shared/contract'
import type { Reader } from '../db/transaction'
import { openComplaints } from './complaints'
import { npsStateOf } from './nps'
import { unratedPurchase } from './satisfaction'

export { complaintOf, complaintsOf, openComplaint, openComplaints, replyAsMember } from './complaints'
export { complaintDesk, complaintForStaff, moveComplaint, replyAsStaff } from './desk'
export { forgetFeedback } from './forget'
export { answerNps, explainNps, npsAnswers, npsOverview, npsStateOf } from './nps'
export { rateSatisfaction, unratedPurchase } from './satisfaction'

/** What the member may give feedback on now. */
export const feedbackOf = async (db: Reader, memberId: string, now: number): Promise<Output<'GET /me/feedback'>> => {
  const [nps, unrated, open] = await Promise.all([
    npsStateOf(db, memberId, now),
    unratedPurchase(db, memberId, now),
    openComplaints(db, memberId),
  ])
  return { nps, unrated, openComplaints: open }
}
