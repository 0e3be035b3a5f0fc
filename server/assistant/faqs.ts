import type { Output, Parsed } from '../../shared/contract'
import { DAY_MS } from '../../shared/time'
import { isDuplicate } from '../db/dialect'
import { newId } from '../db/id'
import type { Reader, Tx } from '../db/transaction'
import { refuse } from '../errors'
import type { Faq } from './entity'
import { commonQuestions } from './questions'
import { buildIndex, type Index } from './retrieval'
import { assistantPolicy } from './rules'

type View = Output<'GET /admin/faqs'>['items'][number]

/** The entries that answer, with an index over them. */
export interface Knowledge {
  faqs: Map<string, Faq>
  index: Index
}

/** An index is rebuilt only when an entry changed; each process keeps the last one it made. */
const kept: { mark: string; knowledge: Knowledge }[] = []

/** Loads the active entries. Their index is kept under the count and the latest change. */
export const loadKnowledge = async (db: Reader): Promise<Knowledge> => {
  const rows = await db.read<Faq>('SELECT * FROM faq WHERE active = 1 ORDER BY id LIMIT ?', [assistantPolicy.maxFaqs])
  const mark = rows.map((r) => `${r.id}.${r.version}`).join()
  const known = kept.find((k) => k.mark === mark)
  if (known) return known.knowledge
  const knowledge = { faqs: new Map(rows.map((r) => [r.id, r])), index: buildIndex(rows) }
  kept.unshift({ mark, knowledge })
  kept.length = Math.min(kept.length, 4)
  return knowledge
}

/** What visitors read without asking. */
export const publicFaqs = async (db: Reader): Promise<Output<'GET /faqs'>> => {
  const { faqs } = await loadKnowledge(db)
  return {
    items: [...faqs.values()].map((f) => ({
      id: f.id,
      question: f.question,
      answer: f.answer,
      category: f.category as View['category'],
      page: f.page,
    })),
  }
}

/** Days that the use of an entry is counted over. */
const usageDays = 30

/** Every entry with how it was used. */
export const faqList = async (db: Reader, now: number): Promise<Output<'GET /admin/faqs'>> => {
  const [rows, usage] = await Promise.all([
    db.read<Faq>('SELECT * FROM faq ORDER BY category, id LIMIT ?', [assistantPolicy.maxFaqs]),
    db.read<{ topic: string; used: number; helpful: number | null; unhelpful: number | null }>(
      `SELECT topic, COUNT(*) AS used, SUM(CASE WHEN helpful = 1 THEN 1 ELSE 0 END) AS helpful, SUM(CASE WHEN helpful = 0 THEN 1 ELSE 0 END) AS unhelpful
       FROM assistant_message WHERE topic LIKE 'faq:%' AND at >= ? GROUP BY topic`,
      [now - usageDays * DAY_MS],
    ),
  ])
  return {
    items: rows.map((f) => {
      const use = usage.find((u) => u.topic === `faq:${f.id}`)
      return viewOf(f, {
        used: use?.used ?? 0,
        helpful: Number(use?.helpful ?? 0),
        unhelpful: Number(use?.unhelpful ?? 0),
      })
    }),
  }
}

const viewOf = (f: Faq, use: Pick<View, 'used' | 'helpful' | 'unhelpful'>): View => ({
  id: f.id,
  question: f.question,
  answer: f.answer,
  keywords: f.keywords,
  category: f.category as View['category'],
  page: f.page,
  active: f.active === 1,
  version: f.version,
  updatedAt: f.updatedAt,
  ...use,
})
const unused = { used: 0, helpful: 0, unhelpful: 0 }

const guardCount = async (tx: Tx, more: number): Promise<void> => {
  const [{ n }] = await tx.read<{ n: number }>('SELECT COUNT(*) AS n FROM faq')
  if (n + more > assistantPolicy.maxFaqs) throw refuse('faq_too_many', { max: assistantPolicy.maxFaqs })
}

/** Adds an entry; a question that is there already is refused. */
export const createFaq = async (
  tx: Tx,
  operatorId: string | null,
  input: Parsed<'POST /admin/faqs'>,
  now: number,
): Promise<View> => {
  await guardCount(tx, 1)
  const row: Faq = {
    ...input,
    id: newId(now),
    active: Number(input.active),
    version: 1,
    updatedAt: now,
    updatedBy: operatorId,
  }
  if (!(await tx.insertNew('faq', [{ ...row }]))) throw refuse('faq_conflict')
  return viewOf(row, unused)
}

/** Changes an entry, unless somebody else has changed it since it was read. */
export const updateFaq = async (
  tx: Tx,
  operatorId: string,
  { faqId, version, ...input }: Parsed<'PUT /admin/faqs/:faqId'>,
  now: number,
): Promise<View> => {
  const [before] = await tx.read<Faq>(`SELECT * FROM faq WHERE id = ?${tx.lock}`, [faqId])
  if (!before) throw refuse('faq_not_found')
  if (before.version !== version) throw refuse('faq_conflict')
  const next: Faq = {
    ...before,
    ...input,
    active: Number(input.active),
    version: version + 1,
    updatedAt: now,
    updatedBy: operatorId,
  }
  try {
    await tx.run(
      'UPDATE faq SET question = ?, answer = ?, keywords = ?, category = ?, page = ?, active = ?, version = ?, updatedAt = ?, updatedBy = ? WHERE id = ?',
      [
        next.question,
        next.answer,
        next.keywords,
        next.category,
        next.page,
        next.active,
        next.version,
        now,
        operatorId,
        faqId,
      ],
    )
  } catch (error) {
    throw isDuplicate(error) ? refuse('faq_conflict') : error
  }
  return viewOf(next, unused)
}

/** Deletes an entry. */
export const deleteFaq = async (tx: Tx, faqId: string): Promise<{ ok: true }> => {
  if (!(await tx.run('DELETE FROM faq WHERE id = ?', [faqId]))) throw refuse('faq_not_found')
  return { ok: true }
}

/** Loads the set that comes with the system; questions that are there already stay as they are. */
export const loadDefaults = async (tx: Tx, now: number): Promise<{ added: number }> => {
  await guardCount(tx, commonQuestions.length)
  const added = await tx.insertNew(
    'faq',
    commonQuestions.map((q) => ({ id: newId(now), ...q, active: 1, version: 1, updatedAt: now, updatedBy: null })),
  )
  return { added }
}
