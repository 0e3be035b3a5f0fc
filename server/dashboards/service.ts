export { reckonDay } from './days'
export { membersBehind } from './drill'
export {
  annotationsBetween,
  createAnnotation,
  createFunnel,
  deleteAnnotation,
  deleteFunnel,
  eventsView,
  listFunnels,
  showFunnel,
  updateAnnotation,
  updateFunnel,
} from './funnels'
export { churnOf, rfmOf, stageMoves, stagesOf } from './lifecycle'
export { clvOf, cohortsOf, repurchaseOf } from './loyalty'
export { couponEffect, pointsLiability, rewardMix, tapMap } from './marketing'
export { npsOf } from './nps'
export { scopeOf, storesIn } from './scope'
export { storeLeague, todayOf, trendOf } from './trade'
