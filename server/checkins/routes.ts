import { bind } from '../http/bind'
import { buyCard, changePlan, checkInToday, checkinMonth, makeUpDay, showPlan } from './service'

export const checkinsRoutes = [
  bind('GET /me/checkins', ({ tx, actor, input, now }) => checkinMonth(tx, actor.memberId, input.month, now)),
  bind('POST /me/checkins', ({ tx, actor, now }) => checkInToday(tx, actor.memberId, now)),
  bind('POST /me/checkins/make-ups', ({ tx, actor, input, now }) => makeUpDay(tx, actor.memberId, input.on, now)),
  bind('POST /me/checkins/cards', ({ tx, actor, now }) => buyCard(tx, actor.memberId, now)),
  bind('GET /admin/checkin-plan', ({ tx, now }) => showPlan(tx, now)),
  bind('PUT /admin/checkin-plan', ({ tx, input, now }) => changePlan(tx, input, now)),
]
