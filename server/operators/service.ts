export {
  createOperator,
  type NewOperator,
  operatorByPhoneHash,
  operatorByUsername,
  operatorNames,
  phoneHashOf,
} from './accounts'
export { checkLock, clearFailures, countFailure, holdTarget } from './attempts'
export { actsOf, recordAudit } from './audit'
export { hashPassword } from './passwords'
export type { GuessPolicy } from './rules'
export { closeSessionsOf, type Device, deviceOf, isSessionOpen, openSession, sharesDevice } from './sessions'
export { openOperatorSession } from './sign-in'
export {
  allStores,
  createStore,
  foundGroup,
  groupId,
  mainBrandId,
  type NamedStore,
  requireStore,
  storeByCode,
  storeById,
  storePage,
  storesOf,
  updateStore,
  withStaff,
} from './stores'
