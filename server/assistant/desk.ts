import type { Output, Parsed } from '../../shared/contract'
import { civilDay, DAY_MS } from '../../shared/time'
import { couponCounts } from '../coupons/service'
import { marks } from '../db/statement'
import type { Reader, Tx } from '../db/transaction'
import type { Deps } from '../deps'
import { refuse } from '../errors'
import type { OperatorActor } from '../http/actor'
import { maskName } from '../mask'
import { facesOf, phoneMaskedOf, requireMember } from '../members/service'
import { queueMessages } from '../messages/service'
import { accountOf } from '../points/service'
import { levelsOf } from '../tiers/service'
import { words } from './answers'
import { addLines } from './ask'
import type { AssistantMessage, Conversation } from './entity'
import { loadKnowledge } from './faqs'
import { assistantPolicy, understand } from './rules'
import { messageView } from './views'

type Row = Output<'GET /admin/handovers'>['items'][number]
type Shown = Output<'GET /admin/handovers/:conversationId'>

const rowsOf = async (db: Reader, conversations: readonly Conversation[]): Promise<Row[]> => {
  if (!conversations.length) return []
  const ids = conversations.map((c) => c.id)
  const [faces, levels, last] = await Promise.all([
    facesOf(
      db,
      conversations.map((c) => c.memberId),
    ),
    levelsOf(db),
    db.read<{ conversationId: string; text: string }>(
      `SELECT m.conversationId, m.text FROM assistant_message m JOIN
         (SELECT conversationId, MAX(id) AS id FROM assistant_message WHERE conversationId IN ${marks(ids)} AND sender = 'member' GROUP BY conversationId) l ON l.id = m.id`,
      ids,
    ),
  ])
  return conversations.map((c) => {
    const face = faces.get(c.memberId)
    return {
      conversationId: c.id,
      memberId: c.memberId,
      memberNameMasked: maskName(face?.name ?? ''),
      tierName: levels.find((l) => l.level === face?.tierLevel)?.name ?? '',
      state: c.state === 'bot' ? ('closed' as const) : (c.state as Row['state']),
      handedAt: c.handedAt ?? c.startedAt,
      lastAt: c.lastAt,
      lastText: last.find((l) => l.conversationId === c.id)?.text ?? '',
      handledBy: c.handledByName,
    }
  })
}

/** One page of what was handed to staff: who has waited longest first. The cursor is `<handedAt>-<id>` of the last one shown. */
export const handoverDesk = async (
  db: Reader,
  { cursor, limit, state }: Parsed<'GET /admin/handovers'>,
): Promise<Output<'GET /admin/handovers'>> => {
  const [at, after] = cursor?.split('-') ?? []
  const paged = /^\d{1,15}$/.test(at ?? '') && after
  const [rows, [{ n }]] = await Promise.all([
    db.read<Conversation>(
      `SELECT * FROM conversation WHERE handedAt IS NOT NULL AND state ${state ? '= ?' : "IN ('waiting', 'handling')"}${
        paged ? ' AND (handedAt > ? OR (handedAt = ? AND id > ?))' : ''
      } ORDER BY handedAt, id LIMIT ?`,
      [...(state ? [state] : []), ...(paged ? [Number(at), Number(at), after] : []), limit + 1],
    ),
    db.read<{ n: number }>("SELECT COUNT(*) AS n FROM conversation WHERE state = 'waiting'"),
  ])
  const items = rows.slice(0, limit)
  const last = items.at(-1)
  return {
    items: await rowsOf(db, items),
    nextCursor: rows.length > limit && last ? `${last.handedAt}-${last.id}` : null,
    waiting: n,
  }
}

const handedOver = async (db: Reader, conversationId: string, lock = ''): Promise<Conversation> => {
  const [row] = await db.read<Conversation>(`SELECT * FROM conversation WHERE id = ? AND handedAt IS NOT NULL${lock}`, [
    conversationId,
  ])
  if (!row) throw refuse('conversation_not_found')
  return row
}

/** One conversation with its context: masked member, points and coupons in numbers. */
export const showHandover = async (
  db: Reader,
  deps: Pick<Deps, 'keys'>,
  conversationId: string,
  now: number,
): Promise<Shown> => {
  const conversation = await handedOver(db, conversationId)
  const [[row], member, account, coupons, lines] = await Promise.all([
    rowsOf(db, [conversation]),
    requireMember(db, conversation.memberId),
    accountOf(db, conversation.memberId, civilDay(now)),
    couponCounts(db, conversation.memberId, now),
    db.read<AssistantMessage>('SELECT * FROM assistant_message WHERE conversationId = ? ORDER BY id DESC LIMIT ?', [
      conversationId,
      assistantPolicy.shown,
    ]),
  ])
  return {
    ...row,
    phoneMasked: phoneMaskedOf(deps.keys, member),
    points: account.balance,
    usableCoupons: coupons.usable,
    messages: lines.reverse().map(messageView),
  }
}

/** A staff answer: into the conversation and, because nobody waits with the page open, into the inbox. */
export const replyToHandover = async (
  tx: Tx,
  deps: Pick<Deps, 'keys'>,
  actor: OperatorActor,
  { conversationId, text }: { conversationId: string; text: string },
  now: number,
): Promise<Shown> => {
  const conversation = await handedOver(tx, conversationId, tx.lock)
  if (conversation.state === 'bot' || conversation.state === 'closed') throw refuse('conversation_closed')
  addLines(tx, conversation, [{ sender: 'staff', kind: 'staff', text, topic: null }], now)
  tx.write("UPDATE conversation SET state = 'handling', handledBy = ?, handledByName = ?, lastAt = ? WHERE id = ?", [
    actor.operatorId,
    actor.name,
    now,
    conversationId,
  ])
  queueMessages(
    tx,
    [
      {
        memberId: conversation.memberId,
        kind: 'notice',
        title: '店员回复了你',
        text,
        page: 'packages/assistant/index',
        dedupeKey: `assistant:${conversationId}:${now}`,
        channels: ['inbox'],
      },
    ],
    now,
  )
  return showHandover(tx, deps, conversationId, now)
}

/** Gives the conversation back to the assistant; of several who do it at once one does. */
export const closeHandover = async (
  tx: Tx,
  deps: Pick<Deps, 'keys'>,
  conversationId: string,
  now: number,
): Promise<Shown> => {
  const conversation = await handedOver(tx, conversationId, tx.lock)
  if (conversation.state === 'bot' || conversation.state === 'closed') throw refuse('conversation_closed')
  tx.write("UPDATE conversation SET state = 'closed', lastAt = ? WHERE id = ?", [now, conversationId])
  addLines(tx, conversation, [{ sender: 'bot', kind: 'note', text: words.resumed, topic: null }], now)
  return showHandover(tx, deps, conversationId, now)
}

/** Days that gaps are looked for over, and how many are listed. */
const gapDays = 30
const gapsShown = 50

/** What members asked that nothing answered, what they ask most first. */
export const assistantGaps = async (db: Reader, now: number): Promise<Output<'GET /admin/assistant/gaps'>> => {
  const since = now - gapDays * DAY_MS
  const [kinds, items] = await Promise.all([
    db.read<{ kind: string; n: number }>(
      "SELECT kind, COUNT(*) AS n FROM assistant_message WHERE at >= ? AND sender = 'bot' GROUP BY kind",
      [since],
    ),
    db.read<{ text: string; times: number; lastAt: number }>(
      `SELECT q.text, COUNT(*) AS times, MAX(q.at) AS lastAt FROM assistant_message a JOIN assistant_message q
         ON q.conversationId = a.conversationId AND q.at = a.at AND q.sender = 'member'
       WHERE a.kind = 'unknown' AND a.at >= ? GROUP BY q.text ORDER BY times DESC, lastAt DESC LIMIT ?`,
      [since, gapsShown],
    ),
  ])
  const count = (kind: string): number => kinds.find((k) => k.kind === kind)?.n ?? 0
  return {
    asked: count('answer') + count('unknown') + count('handover'),
    answered: count('answer'),
    unknown: count('unknown'),
    handedOver: count('handover'),
    items: items.map((i) => ({ ...i, lastAt: Number(i.lastAt) })),
  }
}

const titles = {
  own: '查会员自己的数据',
  faq: '常见问题',
  handover: '转人工',
  refused: '不予回答',
  chat: '寒暄',
  unknown: '不知道',
}

/** How a sentence would be taken, for operators who write the FAQ. */
export const tryQuestion = async (db: Reader, text: string): Promise<Output<'POST /admin/faqs/try'>> => {
  const { faqs, index } = await loadKnowledge(db)
  const understood = understand(text, index)
  const near = index.search(text).flatMap((h) => {
    const faq = faqs.get(h.id)
    return faq ? [{ id: h.id, question: faq.question, confidence: Math.round(h.coverage * 100) }] : []
  })
  const topic = understood.kind === 'own' ? understood.topic : understood.kind === 'faq' ? `faq:${understood.id}` : null
  return { kind: understood.kind, topic, title: titles[understood.kind], confidence: near[0]?.confidence ?? 0, near }
}
