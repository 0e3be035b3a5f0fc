import type { Output } from '../../shared/contract'
import { DAY_MS, MINUTE_MS } from '../../shared/time'
import { newId } from '../db/id'
import type { Reader, Tx } from '../db/transaction'
import type { Deps } from '../deps'
import { refuse } from '../errors'
import { recordEvents } from '../interactions/service'
import { type Answer, answerOwn, suggestions, words } from './answers'
import type { AssistantMessage, Conversation } from './entity'
import { loadKnowledge } from './faqs'
import { phrase } from './phrase'
import { assistantPolicy, inContext, type Understood, understand } from './rules'
import { messageView } from './views'

type View = Output<'GET /me/assistant'>
type Line = Pick<AssistantMessage, 'sender' | 'kind' | 'text' | 'topic'> & Partial<Pick<Answer, 'links' | 'chips'>>

/** The conversation of a member, made when there is none; locked until the transaction ends. */
export const lockConversation = async (tx: Tx, memberId: string, now: number): Promise<Conversation> => {
  const find = () => tx.read<Conversation>(`SELECT * FROM conversation WHERE memberId = ?${tx.lock}`, [memberId])
  const [known] = await find()
  if (known) return known
  await tx.insertNew('conversation', [
    {
      id: newId(now),
      memberId,
      state: 'bot',
      startedAt: now,
      lastAt: now,
      handedAt: null,
      handledBy: null,
      handledByName: null,
      topic: null,
    },
  ])
  return (await find())[0]
}

/** Writes lines at the end of a conversation. */
export const addLines = (tx: Tx, { id, memberId }: Conversation, lines: readonly Line[], now: number): void =>
  tx.insert(
    'assistant_message',
    lines.map(({ links = [], chips = [], ...line }) => ({
      ...line,
      id: newId(now),
      conversationId: id,
      memberId,
      at: now,
      more: JSON.stringify({ links, chips }),
      helpful: null,
    })),
  )

/** What of a conversation's states a member is told: handed back is the assistant again. */
const shownState = (state: string): View['state'] => (state === 'waiting' || state === 'handling' ? state : 'bot')

/** The latest lines of a member's conversation, oldest first. */
export const conversationOf = async (db: Reader, memberId: string): Promise<View> => {
  const [conversation] = await db.read<Conversation>('SELECT * FROM conversation WHERE memberId = ?', [memberId])
  const lines = conversation
    ? await db.read<AssistantMessage>(
        'SELECT * FROM assistant_message WHERE conversationId = ? ORDER BY id DESC LIMIT ?',
        [conversation.id, assistantPolicy.shown],
      )
    : []
  return {
    conversationId: conversation?.id ?? null,
    state: shownState(conversation?.state ?? 'bot'),
    messages: lines.reverse().map(messageView),
    suggestions: [...suggestions],
  }
}

/** What was found out before the transaction: what the sentence means and, with a model, how to say the FAQ's answer. */
export interface Prepared {
  understood: Understood
  wording: string | null
}

/** Reads the question and, where a model is set up, has the FAQ's answer reworded; over the network, so before the transaction. */
export const prepare = async (deps: Deps, memberId: string, text: string): Promise<Prepared> => {
  const { faqs, index } = await loadKnowledge(deps.db)
  const [conversation] = await deps.db.read<{ topic: string | null; state: string }>(
    'SELECT topic, state FROM conversation WHERE memberId = ?',
    [memberId],
  )
  const understood = understand(inContext(text, conversation?.topic ?? null), index)
  const passage = understood.kind === 'faq' ? faqs.get(understood.id)?.answer : undefined
  const withStaff = conversation && shownState(conversation.state) !== 'bot'
  return { understood, wording: passage && !withStaff ? await phrase(deps, { question: text, passage }) : null }
}

const guardRate = async (tx: Tx, memberId: string, now: number): Promise<void> => {
  const [sent] = await tx.read<{ day: number; minute: number | null }>(
    "SELECT COUNT(*) AS day, SUM(CASE WHEN at > ? THEN 1 ELSE 0 END) AS minute FROM assistant_message WHERE memberId = ? AND sender = 'member' AND at > ?",
    [now - MINUTE_MS, memberId, now - DAY_MS],
  )
  if (Number(sent.minute ?? 0) >= assistantPolicy.perMinute)
    throw refuse('too_many_requests', { retryAfterSeconds: 60 })
  if (sent.day >= assistantPolicy.perDay) throw refuse('too_many_requests', { retryAfterSeconds: 3600 })
}

const compose = async (
  tx: Tx,
  deps: Deps,
  memberId: string,
  { understood: u, wording }: Prepared,
  now: number,
): Promise<Line> => {
  const bot = (kind: string, text: string, topic: string | null, chips: string[] = []): Line => ({
    sender: 'bot',
    kind,
    text,
    topic,
    chips,
  })
  if (u.kind === 'own') {
    const answer = await answerOwn(u.topic, { db: tx, deps, memberId, now })
    return { ...bot('answer', answer.text.trim(), u.topic), links: answer.links, chips: answer.chips }
  }
  const { faqs } = await loadKnowledge(tx)
  if (u.kind === 'faq') {
    const faq = faqs.get(u.id)
    // An entry may have been deleted since the question was read.
    if (!faq) return bot('unknown', words.unknown, null, ['转人工'])
    const links = faq.page ? [{ title: '去看看', page: faq.page }] : []
    return { ...bot('answer', wording ?? faq.answer, `faq:${faq.id}`), links }
  }
  if (u.kind === 'refused') return bot('answer', words[u.why], `refused.${u.why}`, ['转人工'])
  if (u.kind === 'chat')
    return bot(
      'answer',
      words[u.what],
      `chat.${u.what}`,
      u.what === 'hello' || u.what === 'who' ? [...suggestions] : [],
    )
  if (u.kind === 'handover') return bot('handover', words.handedOver, 'handover')
  const near = u.hits.flatMap((h) => faqs.get(h.id)?.question ?? [])
  return bot('unknown', near.length ? words.near : words.unknown, null, [...near, '转人工'])
}

/** Answers a question in the member's conversation. While staff hold it, the question goes to them and nobody else answers. */
export const ask = async (
  tx: Tx,
  deps: Deps,
  { memberId, text, prepared }: { memberId: string; text: string; prepared: Prepared },
  now: number,
): Promise<View> => {
  const conversation = await lockConversation(tx, memberId, now)
  await guardRate(tx, memberId, now)
  const question: Line = { sender: 'member', kind: 'question', text, topic: null }
  if (shownState(conversation.state) !== 'bot') {
    addLines(tx, conversation, [question], now)
    tx.write('UPDATE conversation SET lastAt = ? WHERE id = ?', [now, conversation.id])
    return conversationOf(tx, memberId)
  }
  const answer = await compose(tx, deps, memberId, prepared, now)
  addLines(tx, conversation, [question, answer], now)
  if (answer.kind === 'handover') handTo(tx, conversation, now)
  tx.write('UPDATE conversation SET lastAt = ?, topic = ? WHERE id = ?', [now, answer.topic, conversation.id])
  const event = {
    memberId,
    eventId: `asked:${newId(now)}`,
    type: 'assistant_asked',
    at: now,
    origin: 'server' as const,
  }
  await recordEvents(tx, [{ ...event, target: answer.topic ?? 'unknown' }], now)
  return conversationOf(tx, memberId)
}

const handTo = (tx: Tx, conversation: Conversation, now: number): void =>
  tx.write(
    "UPDATE conversation SET state = 'waiting', handedAt = ?, handledBy = NULL, handledByName = NULL, lastAt = ? WHERE id = ?",
    [now, now, conversation.id],
  )

/** Hands the conversation to staff; once, however often it is asked for. */
export const handOver = async (tx: Tx, memberId: string, note: string | undefined, now: number): Promise<View> => {
  const conversation = await lockConversation(tx, memberId, now)
  await guardRate(tx, memberId, now)
  const said: Line[] = note ? [{ sender: 'member', kind: 'question', text: note, topic: null }] : []
  if (shownState(conversation.state) !== 'bot') {
    addLines(tx, conversation, said, now)
    return conversationOf(tx, memberId)
  }
  addLines(
    tx,
    conversation,
    [...said, { sender: 'bot', kind: 'handover', text: words.handedOver, topic: 'handover' }],
    now,
  )
  handTo(tx, conversation, now)
  await recordEvents(
    tx,
    [
      {
        memberId,
        eventId: `handover:${conversation.id}:${now}`,
        type: 'assistant_handed_over',
        at: now,
        origin: 'server',
      },
    ],
    now,
  )
  return conversationOf(tx, memberId)
}

/** Ends the talk with staff from the member's side. */
export const resume = async (tx: Tx, memberId: string, now: number): Promise<View> => {
  const conversation = await lockConversation(tx, memberId, now)
  if (shownState(conversation.state) !== 'bot') {
    tx.write("UPDATE conversation SET state = 'closed', lastAt = ? WHERE id = ?", [now, conversation.id])
    addLines(tx, conversation, [{ sender: 'bot', kind: 'note', text: words.resumed, topic: null }], now)
  }
  return conversationOf(tx, memberId)
}

/** Notes whether an answer helped. */
export const rate = async (
  tx: Tx,
  memberId: string,
  { messageId, helpful }: { messageId: string; helpful: boolean },
): Promise<{ ok: true }> => {
  const [line] = await tx.read("SELECT id FROM assistant_message WHERE id = ? AND memberId = ? AND sender = 'bot'", [
    messageId,
    memberId,
  ])
  if (!line) throw refuse('not_found')
  tx.write('UPDATE assistant_message SET helpful = ? WHERE id = ?', [Number(helpful), messageId])
  return { ok: true }
}

/** Deletes a leaving member's conversation. */
export const forgetConversations = async (tx: Tx, memberId: string): Promise<void> => {
  tx.write('DELETE FROM assistant_message WHERE memberId = ?', [memberId])
  tx.write('DELETE FROM conversation WHERE memberId = ?', [memberId])
}
