export { forgetMember } from './follow'
export { learnNow } from './jobs'
export { recommendTo, recommendToVisitor } from './recommend'
