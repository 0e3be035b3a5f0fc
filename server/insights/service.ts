export { countMembers, listMembers } from './list'
export { overviewOf } from './overview'
export { showMember } from './show'
export { timelineOf } from './timeline'
