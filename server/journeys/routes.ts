import { bind } from '../http/bind'
import { calendar } from './calendar'
import {
  checkJourney,
  createJourney,
  deleteJourney,
  listJourneys,
  moveJourney,
  showJourney,
  updateJourney,
} from './define'
import { enrol, forecastJourney, options } from './launch'
import { journeyReport, journeyRuns, showRun } from './report'
import { simulate } from './simulate'
import { finishTask, tasksFor } from './tasks'

export const journeysRoutes = [
  bind('GET /admin/journeys', ({ tx, input, now }) => listJourneys(tx, input.state, now)),
  bind('GET /admin/journeys/:journeyId', ({ tx, input, now }) => showJourney(tx, input.journeyId, now)),
  bind('POST /admin/journeys', ({ tx, input, now }) => createJourney(tx, input, now)),
  bind('PUT /admin/journeys/:journeyId', ({ tx, input, now }) => updateJourney(tx, input, now)),
  bind('DELETE /admin/journeys/:journeyId', ({ tx, input }) => deleteJourney(tx, input.journeyId)),
  bind('POST /admin/journeys/:journeyId/state', ({ tx, input, now }) => moveJourney(tx, input, now)),
  bind('POST /admin/journeys/check', async ({ tx, input }) => ({ problems: await checkJourney(tx, input.definition) })),
  bind('POST /admin/journeys/forecast', ({ tx, deps, input, now }) => forecastJourney(tx, deps, input, now)),
  bind('POST /admin/journeys/simulate', ({ tx, deps, input, now }) => simulate(tx, deps, input, now)),
  bind('GET /admin/journeys/:journeyId/report', ({ tx, input }) => journeyReport(tx, input)),
  bind('GET /admin/journeys/:journeyId/runs', ({ tx, input }) => journeyRuns(tx, input)),
  bind('GET /admin/journey-runs/:runId', ({ tx, input }) => showRun(tx, input.runId)),
  bind('POST /admin/journeys/:journeyId/enrolments', ({ tx, deps, input, now, requestId }) =>
    enrol(tx, deps, input, { enrolment: requestId, now }),
  ),
  bind('GET /admin/journey-calendar', ({ tx, deps, input, now }) => calendar(tx, deps, input, now)),
  bind('GET /admin/journey-options', ({ tx }) => options(tx)),
  bind('GET /staff/tasks', ({ tx, actor, input }) => tasksFor(tx, actor, input)),
  bind('POST /staff/tasks/:taskId/done', ({ tx, actor, input, now }) => finishTask(tx, actor, input, now)),
]
