export { countMembers, listMembers } from './list'
export { overviewOf } from './overview'
export { showMember, timelineOf } from './show'
