import { bind } from '../http/bind'
import {
  campaignReport,
  changeSettings,
  journeyReport,
  listExperiments,
  planPower,
  settingsOf,
  splitReport,
} from './service'

export const experimentsRoutes = [
  bind('GET /admin/experiments', ({ tx }) => listExperiments(tx)),
  bind('GET /admin/experiments/journeys/:journeyId', ({ tx, input, now }) =>
    journeyReport(tx, input.journeyId, input.windowDays, now),
  ),
  bind('GET /admin/experiments/journeys/:journeyId/splits/:nodeId', ({ tx, input, now }) =>
    splitReport(tx, input.journeyId, input.nodeId, input.windowDays, now),
  ),
  bind('GET /admin/experiments/campaigns/:campaignId', ({ tx, input, now }) =>
    campaignReport(tx, input.campaignId, input.windowDays, now),
  ),
  bind('GET /admin/experiments/power', async ({ input }) => planPower(input)),
  bind('GET /admin/experiments/settings', ({ tx }) => settingsOf(tx)),
  bind('PUT /admin/experiments/settings', ({ tx, actor, input, now }) =>
    changeSettings(tx, input, actor.operatorId, now),
  ),
]
