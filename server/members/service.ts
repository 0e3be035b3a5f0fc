export { forgetIdentities, withdrawData } from './consent'
export type { Member, Scan } from './entity'
export { eraseMember, returnKeysOf, setAvatar, setPersonalised } from './erase'
export { membersByExternalId } from './external'
export { externalKeyOf, type ImportedMember, importMembers } from './import'
export { type Joined, type Joining, joinMember } from './join'
export {
  birthdayKeyOf,
  birthdayOf,
  type Face,
  facesOf,
  findByPhone,
  isBirthday,
  memberOfIdentity,
  namesOf,
  openIdOf,
  phoneMaskedOf,
  requireMember,
} from './lookup'
export { resolveCode } from './member-code'
export { type QueuedCode, resolveQueued, spendQueued } from './offline-code'
export { bindPhone, lockMember, memberSelf, updateProfile } from './profile'
export { luhnDigit } from './rules'
export { loadScan, openScan, selectScans } from './scans'
export { openMemberSession } from './sign-in'
export { type Standing, selectStanding, withPhone } from './standing'
export { glance } from './views'
export { wechatPhone } from './wechat'
