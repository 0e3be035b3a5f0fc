export { requireMember } from './lookup'
export { type Standing, selectStanding } from './standing'
