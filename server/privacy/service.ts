import type { Output } from '../../shared/contract'
import type { Reader } from '../db/transaction'
import { requireMember } from '../members/service'
import { cancellationView, openCancellation } from './cancel'
import { latestConsents } from './consents'
import { exportView, latestExport } from './exports'
import { documentStates, privacyPolicy } from './rules'

export { cancellationOutlook, requestCancellation, withdrawCancellation } from './cancel'
export { consentsOf, giveConsent, switchPersonalisation } from './consents'
export { cancellationDesk, exportDesk, privacySummary } from './desk'
export { linkTo, requestExport } from './exports'

/** Where a member stands with their privacy. */
export const privacyOf = async (db: Reader, memberId: string, now: number): Promise<Output<'GET /me/privacy'>> => {
  const [member, latest, copy, request] = await Promise.all([
    requireMember(db, memberId),
    latestConsents(db, memberId),
    latestExport(db, memberId),
    openCancellation(db, memberId),
  ])
  const from = copy ? copy.requestedAt + privacyPolicy.exportEveryMs : 0
  return {
    documents: documentStates(latest),
    personalised: member.personalised === 1,
    export: copy ? exportView(copy, now) : null,
    exportFrom: from > now ? from : null,
    cancellation: request && cancellationView(request),
    coolingDays: privacyPolicy.coolingDays,
  }
}
