import { assistantRoutes } from './assistant/routes'
import { campaignsRoutes } from './campaigns/routes'
import { checkinsRoutes } from './checkins/routes'
import { communityRoutes } from './community/routes'
import { couponsRoutes } from './coupons/routes'
import { dashboardsRoutes } from './dashboards/routes'
import { experimentsRoutes } from './experiments/routes'
import { feedbackRoutes } from './feedback/routes'
import type { Route } from './http/bind'
import { insightsRoutes } from './insights/routes'
import { interactionsRoutes } from './interactions/routes'
import { jobsRoutes } from './jobs/routes'
import { journeysRoutes } from './journeys/routes'
import { membersRoutes } from './members/routes'
import { messagesRoutes } from './messages/routes'
import { operatorsRoutes } from './operators/routes'
import { pointsRoutes } from './points/routes'
import { privacyRoutes } from './privacy/routes'
import { profilesRoutes } from './profiles/routes'
import { purchasesRoutes } from './purchases/routes'
import { recommendationsRoutes } from './recommendations/routes'
import { referralsRoutes } from './referrals/routes'
import { rewardsRoutes } from './rewards/routes'
import { scoresRoutes } from './scores/routes'
import { segmentsRoutes } from './segments/routes'
import { shiftsRoutes } from './shifts/routes'
import { tiersRoutes } from './tiers/routes'

/** Table of contents 1: everything the server answers, module by module. Who may call what is stated in shared/contract. */
export const routes: Route[] = [
  ...operatorsRoutes,
  ...membersRoutes,
  ...pointsRoutes,
  ...tiersRoutes,
  ...couponsRoutes,
  ...rewardsRoutes,
  ...checkinsRoutes,
  ...profilesRoutes,
  ...insightsRoutes,
  ...recommendationsRoutes,
  ...interactionsRoutes,
  ...messagesRoutes,
  ...campaignsRoutes,
  ...journeysRoutes,
  ...purchasesRoutes,
  ...shiftsRoutes,
  ...referralsRoutes,
  ...communityRoutes,
  ...feedbackRoutes,
  ...assistantRoutes,
  ...privacyRoutes,
  ...experimentsRoutes,
  ...scoresRoutes,
  ...segmentsRoutes,
  ...dashboardsRoutes,
  ...jobsRoutes,
]
