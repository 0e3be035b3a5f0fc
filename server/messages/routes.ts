import { bind } from '../http/bind'
import { deadLetters, discardLetters, replayHook, retryLetters } from './dead-letters'
import { createEndpoint, listEndpoints, switchEndpoint } from './endpoints'
import { reportAnswers, subscriptionsOf } from './grants'
import { deliveries, inboxOf, markRead, showMessage } from './inbox'
import { changePreferences, confirmEmail, keepEmail, mailCode, preferencesOf } from './preferences'
import { changeSettings, settingsOf } from './settings'
import { createTemplate, listTemplates, updateTemplate } from './template-store'
import { subscribeForms } from './templates'
import { checkTemplate, testSend } from './testing'

export const messagesRoutes = [
  bind('GET /me/messages', ({ tx, actor, input }) => inboxOf(tx, actor.memberId, input)),
  bind('POST /me/messages/read', async ({ tx, actor, input, now }) => ({
    unread: await markRead(tx, actor.memberId, input.ids, now),
  })),
  bind('GET /me/subscriptions', ({ tx, deps, actor }) => subscriptionsOf(tx, deps.env, actor.memberId)),
  bind('POST /me/subscriptions', ({ tx, deps, actor, input, now, idempotencyKey }) =>
    reportAnswers(
      tx,
      deps.env,
      { memberId: actor.memberId, reportId: `${actor.memberId}:${idempotencyKey}`, results: input.results },
      now,
    ),
  ),
  bind('GET /me/message-preferences', ({ tx, deps, actor }) => preferencesOf(tx, deps, actor.memberId)),
  bind('PUT /me/message-preferences', ({ tx, actor, input, now }) => changePreferences(tx, actor.memberId, input, now)),
  bind('POST /me/email', keepEmail, mailCode),
  bind('POST /me/email/confirm', ({ tx, deps, actor, input, now }) =>
    confirmEmail(tx, deps, { memberId: actor.memberId, code: input.code }, now),
  ),
  bind('GET /admin/messages', ({ tx, input, now }) => deliveries(tx, input, now)),
  bind('GET /admin/messages/:messageId', ({ tx, input }) => showMessage(tx, input.messageId)),
  bind('POST /admin/messages/:messageId/replays', ({ tx, input, now }) => replayHook(tx, input, now)),
  bind('GET /admin/message-templates', async ({ tx, input }) => ({
    items: await listTemplates(tx, input.archived === '1'),
    subscribeForms: subscribeForms(),
  })),
  bind('POST /admin/message-templates', ({ tx, input, now }) => createTemplate(tx, input, now)),
  bind('PUT /admin/message-templates/:templateId', ({ tx, input, now }) => updateTemplate(tx, input, now)),
  bind('POST /admin/message-templates/check', async ({ input }) => checkTemplate(input.content)),
  bind('POST /admin/message-templates/:templateId/test-sends', ({ tx, deps, input, now }) =>
    testSend(tx, deps, input, now),
  ),
  bind('GET /admin/dead-letters', ({ tx, input }) => deadLetters(tx, input)),
  bind('POST /admin/dead-letters/retry', ({ tx, input, now }) => retryLetters(tx, input, now)),
  bind('POST /admin/dead-letters/discard', ({ tx, input }) => discardLetters(tx, input)),
  bind('GET /admin/message-settings', ({ tx }) => settingsOf(tx)),
  bind('PUT /admin/message-settings', ({ tx, input }) => changeSettings(tx, input)),
  bind('GET /admin/message-endpoints', ({ tx }) => listEndpoints(tx)),
  bind('POST /admin/message-endpoints', ({ tx, deps, input, now }) => createEndpoint(tx, deps, input, now)),
  bind('PUT /admin/message-endpoints/:endpointId', ({ tx, input }) => switchEndpoint(tx, input)),
]
