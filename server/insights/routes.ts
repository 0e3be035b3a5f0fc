import { bind } from '../http/bind'
import {
  addStore,
  changeStore,
  countMembers,
  listMembers,
  listStores,
  overviewOf,
  showMember,
  timelineOf,
} from './service'

export const insightsRoutes = [
  bind('GET /admin/overview', ({ tx, actor, input, now }) => overviewOf(tx, actor, input, now)),
  bind('GET /admin/members', ({ tx, deps, actor, input }) => listMembers(tx, deps, actor, input)),
  bind('GET /admin/members/count', ({ tx, deps, actor, input }) => countMembers(tx, deps, actor, input)),
  bind('GET /admin/members/:memberId', ({ tx, deps, actor, input, now }) =>
    showMember(tx, deps, actor, input.memberId, now),
  ),
  bind('GET /admin/members/:memberId/timeline', ({ tx, actor, input }) => timelineOf(tx, actor, input)),
  bind('GET /admin/stores', ({ tx, input, now }) => listStores(tx, input, now)),
  bind('POST /admin/stores', ({ tx, deps, input, now }) => addStore(tx, deps, input, now)),
  bind('PATCH /admin/stores/:storeId', ({ tx, input, now }) => changeStore(tx, input, now)),
]
