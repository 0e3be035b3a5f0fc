import { campaignsRoutes } from './campaigns/routes'
import type { Route } from './http/bind'
import { insightsRoutes } from './insights/routes'
import { interactionsRoutes } from './interactions/routes'
import { jobsRoutes } from './jobs/routes'
import { messagesRoutes } from './messages/routes'
import { pointsRoutes } from './points/routes'

/** Table of contents 1: everything the server answers, module by module. Who may call what is stated in shared/contract. */
export const routes: Route[] = [
  ...pointsRoutes,
  ...insightsRoutes,
  ...interactionsRoutes,
  ...messagesRoutes,
  ...campaignsRoutes,
  ...jobsRoutes,
]
