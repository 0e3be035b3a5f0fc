export { bindCode, codeOf, drawPoster, inviting, landing } from './invite'
export { decideReferral, listReferrals, openReferrals, settleReferrals } from './pay'
export { changePlan, planOf, showPlan } from './plan'
