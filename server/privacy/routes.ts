import { bind } from '../http/bind'
import {
  cancellationDesk,
  cancellationOutlook,
  consentsOf,
  exportDesk,
  giveConsent,
  linkTo,
  privacyOf,
  privacySummary,
  requestCancellation,
  requestExport,
  switchPersonalisation,
  withdrawCancellation,
} from './service'

export const privacyRoutes = [
  bind('GET /me/privacy', ({ tx, actor, now }) => privacyOf(tx, actor.memberId, now)),
  bind('GET /me/consents', ({ tx, actor, input }) => consentsOf(tx, actor.memberId, input)),
  bind('POST /me/consents', ({ tx, actor, input, now }) => giveConsent(tx, actor.memberId, input, now)),
  bind('PUT /me/personalisation', ({ tx, actor, input, now }) => switchPersonalisation(tx, actor.memberId, input, now)),
  bind('POST /me/exports', ({ tx, actor, now }) => requestExport(tx, actor.memberId, now)),
  bind('POST /me/exports/:exportId/links', ({ tx, deps, actor, input, now }) =>
    linkTo(tx, deps, { memberId: actor.memberId, exportId: input.exportId }, now),
  ),
  bind('GET /me/cancellation', ({ tx, actor, now }) => cancellationOutlook(tx, actor.memberId, now)),
  bind('POST /me/cancellation', ({ tx, actor, input, now }) => requestCancellation(tx, actor.memberId, input, now)),
  bind('POST /me/cancellation/withdraw', ({ tx, actor, now }) => withdrawCancellation(tx, actor.memberId, now)),
  bind('GET /admin/privacy/summary', ({ tx }) => privacySummary(tx)),
  bind('GET /admin/privacy/cancellations', ({ tx, input }) => cancellationDesk(tx, input)),
  bind('GET /admin/privacy/exports', ({ tx, input, now }) => exportDesk(tx, input, now)),
]
