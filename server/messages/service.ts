export type { Reach, Settings } from './channel-rules'
export { type Content, checkContent } from './compose-rules'
export { forgetMessages } from './forget'
export { subscriptionsOf } from './grants'
export { inboxOf, unreadOf } from './inbox'
export { type NewHook, type NewMessage, queueHooks, queueMessages } from './queue'
export { loadReach, type Which } from './reach'
export { type MessageKind, messagePolicy, templates } from './rules'
export {
  type Planned,
  type Plans,
  plan,
  promiseRights,
  sayAll,
  scheduleMessages,
  templatesOf,
  type Wanted,
} from './schedule'
export { sendDue } from './sender'
export { settingsOf } from './settings'
export { ensureTemplates, listTemplates, type ScheduledContent, templateContents } from './template-store'
export { templateIds } from './templates'
