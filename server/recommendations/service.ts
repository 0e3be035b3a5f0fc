export { forgetRecommendations } from './follow'
export { learnNow } from './jobs'
export { recommendTo, recommendToVisitor } from './recommend'
