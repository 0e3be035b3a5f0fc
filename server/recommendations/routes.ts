import { bind } from '../http/bind'
import { effectOf } from './effect'
import { recordShown } from './events'
import { changeRule, changeSettings, createRule, deleteRule, listRules, modelsOf, settingsOf } from './manage'
import { previewFor, recommendTo, recommendToVisitor } from './recommend'

export const recommendationsRoutes = [
  bind('GET /recommendations', ({ tx, deps, input, now }) => recommendToVisitor(tx, deps, input, now)),
  bind('GET /me/recommendations', ({ tx, deps, actor, input, now }) =>
    recommendTo(tx, deps, actor.memberId, input, now),
  ),
  bind('POST /me/recommendations/events', ({ tx, deps, actor, input, now }) =>
    recordShown(tx, deps, actor.memberId, input, now),
  ),
  bind('GET /admin/recommendation-rules', ({ tx }) => listRules(tx)),
  bind('POST /admin/recommendation-rules', ({ tx, input, now }) => createRule(tx, input, now)),
  bind('PUT /admin/recommendation-rules/:ruleId', ({ tx, input, now }) => changeRule(tx, input, now)),
  bind('DELETE /admin/recommendation-rules/:ruleId', ({ tx, input }) => deleteRule(tx, input.ruleId)),
  bind('GET /admin/recommendation-settings', ({ tx }) => settingsOf(tx)),
  bind('PUT /admin/recommendation-settings', async ({ tx, input, now }) => changeSettings(tx, input, now)),
  bind('GET /admin/recommendation-models', ({ tx }) => modelsOf(tx)),
  bind('GET /admin/recommendation-effect', ({ tx, input, now }) => effectOf(tx, input, now)),
  bind('GET /admin/members/:memberId/recommendations', ({ tx, deps, input, now }) => previewFor(tx, deps, input, now)),
]
