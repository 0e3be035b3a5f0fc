import { bind } from '../http/bind'
import { listCards, showCard } from './cards'
import { memberScoreHistory, memberScores } from './member-page'
import { groupsView, rfmGrid, scoredMembers, scoresOverview, stagesView } from './overview'
import { memberProfile } from './profile'
import { acknowledgeAlarm, changeSettings, dataQualityView, settingsView } from './quality'
import { benefitOfModels, rewardMixOf, storesOfScores } from './summary-pages'

export const scoresRoutes = [
  bind('GET /admin/members/:memberId/scores', ({ tx, actor, input, now }) =>
    memberScores(tx, actor, input.memberId, now),
  ),
  bind('GET /admin/members/:memberId/profile', ({ tx, deps, actor, input, now }) =>
    memberProfile(tx, deps, actor, input.memberId, now),
  ),
  bind('GET /admin/members/:memberId/score-history', ({ tx, actor, input }) =>
    memberScoreHistory(tx, actor, input.memberId, input.limit),
  ),
  bind('GET /admin/scores', ({ tx, actor, now }) => scoresOverview(tx, actor, now)),
  bind('GET /admin/scores/rfm', ({ tx, actor, input, now }) => rfmGrid(tx, actor, input, now)),
  bind('GET /admin/scores/stages', ({ tx, actor, input, now }) => stagesView(tx, actor, input, now)),
  bind('GET /admin/scores/members', ({ tx, actor, input }) => scoredMembers(tx, actor, input)),
  bind('GET /admin/scores/groups', ({ tx, actor }) => groupsView(tx, actor)),
  bind('GET /admin/scores/benefit', ({ tx, actor }) => benefitOfModels(tx, actor)),
  bind('GET /admin/scores/reward-mix', ({ tx, actor }) => rewardMixOf(tx, actor)),
  bind('GET /admin/scores/stores', ({ tx, actor }) => storesOfScores(tx, actor)),
  bind('GET /admin/model-cards', ({ tx }) => listCards(tx)),
  bind('GET /admin/model-cards/:cardId', ({ tx, input }) => showCard(tx, input.cardId)),
  bind('GET /admin/data-quality', ({ tx, now }) => dataQualityView(tx, now)),
  bind('POST /admin/data-alarms/:alarmId/acknowledgements', ({ tx, actor, input, now }) =>
    acknowledgeAlarm(tx, actor, input, now),
  ),
  bind('GET /admin/score-settings', ({ tx }) => settingsView(tx)),
  bind('PUT /admin/score-settings', ({ tx, actor, input, now }) => changeSettings(tx, actor, input, now)),
]
