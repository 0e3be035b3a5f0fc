export { forgetIdentities, memberByIdentity, withdrawData } from './consent'
export { requireMember } from './lookup'
export type { Scan } from './entity'
export { selectScans, selectStanding, type Standing } from './standing'
