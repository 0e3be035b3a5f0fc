import { bind } from '../http/bind'
import { reportAnswers, subscriptionsOf } from './grants'
import { deliveries, inboxOf, markRead } from './inbox'

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
  bind('GET /admin/messages', ({ tx, input, now }) => deliveries(tx, input, now)),
]
