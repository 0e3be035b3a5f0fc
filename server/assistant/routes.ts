import { bind, type Context } from '../http/bind'
import {
  ask,
  assistantGaps,
  closeHandover,
  conversationOf,
  createFaq,
  deleteFaq,
  faqList,
  handOver,
  handoverDesk,
  loadDefaults,
  prepare,
  publicFaqs,
  rate,
  replyToHandover,
  resume,
  showHandover,
  tryQuestion,
  updateFaq,
} from './service'

const read = ({ deps, actor, input }: Context<'POST /me/assistant/messages'>) =>
  prepare(deps, actor.memberId, input.text)

export const assistantRoutes = [
  bind('GET /faqs', ({ tx }) => publicFaqs(tx)),
  bind('GET /me/assistant', ({ tx, actor }) => conversationOf(tx, actor.memberId)),
  bind(
    'POST /me/assistant/messages',
    ({ tx, deps, actor, input, fetched, now }) =>
      ask(tx, deps, { memberId: actor.memberId, text: input.text, prepared: fetched }, now),
    read,
  ),
  bind('POST /me/assistant/handover', ({ tx, actor, input, now }) => handOver(tx, actor.memberId, input.note, now)),
  bind('POST /me/assistant/resume', ({ tx, actor, now }) => resume(tx, actor.memberId, now)),
  bind('PUT /me/assistant/messages/:messageId/helpful', ({ tx, actor, input }) => rate(tx, actor.memberId, input)),
  bind('GET /admin/faqs', ({ tx, now }) => faqList(tx, now)),
  bind('POST /admin/faqs', ({ tx, actor, input, now }) => createFaq(tx, actor.operatorId, input, now)),
  bind('PUT /admin/faqs/:faqId', ({ tx, actor, input, now }) => updateFaq(tx, actor.operatorId, input, now)),
  bind('POST /admin/faqs/:faqId/delete', ({ tx, input }) => deleteFaq(tx, input.faqId)),
  bind('POST /admin/faqs/defaults', ({ tx, now }) => loadDefaults(tx, now)),
  bind('POST /admin/faqs/try', ({ tx, input }) => tryQuestion(tx, input.text)),
  bind('GET /admin/assistant/gaps', ({ tx, now }) => assistantGaps(tx, now)),
  bind('GET /admin/handovers', ({ tx, input }) => handoverDesk(tx, input)),
  bind('GET /admin/handovers/:conversationId', ({ tx, deps, input, now }) =>
    showHandover(tx, deps, input.conversationId, now),
  ),
  bind('POST /admin/handovers/:conversationId/replies', ({ tx, deps, actor, input, now }) =>
    replyToHandover(tx, deps, actor, input, now),
  ),
  bind('POST /admin/handovers/:conversationId/close', ({ tx, deps, input, now }) =>
    closeHandover(tx, deps, input.conversationId, now),
  ),
]
