import { bind } from '../http/bind'
import {
  answerNps,
  complaintDesk,
  complaintForStaff,
  complaintOf,
  complaintsOf,
  explainNps,
  feedbackOf,
  moveComplaint,
  npsAnswers,
  npsOverview,
  openComplaint,
  rateSatisfaction,
  replyAsMember,
  replyAsStaff,
} from './service'

export const feedbackRoutes = [
  bind('GET /me/feedback', ({ tx, actor, now }) => feedbackOf(tx, actor.memberId, now)),
  bind('POST /me/nps', ({ tx, actor, input, now }) => answerNps(tx, actor.memberId, input, now)),
  bind('PUT /me/nps/:npsId', ({ tx, actor, input, now }) => explainNps(tx, actor.memberId, input, now)),
  bind('POST /me/satisfactions', ({ tx, actor, input, now }) => rateSatisfaction(tx, actor.memberId, input, now)),
  bind('GET /me/complaints', ({ tx, actor, input }) => complaintsOf(tx, actor.memberId, input)),
  bind('GET /me/complaints/:complaintId', ({ tx, deps, actor, input }) =>
    complaintOf(tx, deps, actor.memberId, input.complaintId),
  ),
  bind('POST /me/complaints', ({ tx, deps, actor, input, now }) => openComplaint(tx, deps, actor.memberId, input, now)),
  bind('POST /me/complaints/:complaintId/replies', ({ tx, deps, actor, input, now }) =>
    replyAsMember(tx, deps, actor.memberId, input, now),
  ),
  bind('GET /admin/complaints', ({ tx, actor, input, now }) => complaintDesk(tx, actor, input, now)),
  bind('GET /admin/complaints/:complaintId', ({ tx, deps, actor, input, now }) =>
    complaintForStaff(tx, deps, actor, input.complaintId, now),
  ),
  bind('POST /admin/complaints/:complaintId/replies', ({ tx, deps, actor, input, now }) =>
    replyAsStaff(tx, deps, actor, input, now),
  ),
  bind('POST /admin/complaints/:complaintId/state', ({ tx, deps, actor, input, now }) =>
    moveComplaint(tx, deps, actor, input, now),
  ),
  bind('GET /admin/nps', ({ tx, input, now }) => npsOverview(tx, input.days, now)),
  bind('GET /admin/nps/answers', ({ tx, input }) => npsAnswers(tx, input)),
]
