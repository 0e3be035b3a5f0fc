import type { Output, Parsed } from '../../shared/contract'
import { templateContent } from '../../shared/contract/message-shapes'
import type { Topic } from '../../shared/message'
import { newId } from '../db/id'
import { marks } from '../db/statement'
import type { Reader, Tx } from '../db/transaction'
import { refuse } from '../errors'
import { type Content, checkContent } from './compose-rules'
import type { MessageTemplate } from './entity'

/** What a template says, and of what kind that is. */
export interface ScheduledContent {
  content: Content
  topic: Topic
}
type View = Output<'GET /admin/message-templates'>['items'][number]

const contentOf = (row: Pick<MessageTemplate, 'content'>): Content => templateContent.parse(JSON.parse(row.content))

const view = (row: MessageTemplate): View => {
  const content = contentOf(row)
  return {
    id: row.id,
    name: row.name,
    topic: row.topic as Topic,
    content,
    version: row.version,
    builtIn: row.builtIn,
    archived: !!row.archived,
    updatedAt: row.updatedAt,
    problems: checkContent(content),
  }
}

/** Templates, newest first; archived ones only when asked for. */
export const listTemplates = async (db: Reader, archived: boolean): Promise<View[]> => {
  const rows = await db.read<MessageTemplate>(
    'SELECT * FROM message_template WHERE archived = ? ORDER BY id DESC LIMIT 500',
    [archived ? 1 : 0],
  )
  return rows.map(view)
}

/** The contents of some templates, by id. */
export const templateContents = async (db: Reader, ids: readonly string[]): Promise<Map<string, ScheduledContent>> => {
  const rows = await db.read<MessageTemplate>(`SELECT * FROM message_template WHERE id IN ${marks(ids)}`, [...ids])
  return new Map(rows.map((row) => [row.id, { content: contentOf(row), topic: row.topic as Topic }]))
}

const requireSound = (content: Content): void => {
  const [problem] = checkContent(content)
  if (problem) throw refuse('message_template_invalid', { reason: problem.message, field: problem.path })
}

/** Makes a template. Throws for a content that a channel would refuse. */
export const createTemplate = async (
  tx: Tx,
  { name, topic, content }: Parsed<'POST /admin/message-templates'>,
  now: number,
): Promise<View> => {
  requireSound(content)
  const row: MessageTemplate = {
    id: newId(now),
    name,
    builtIn: null,
    topic,
    content: JSON.stringify(content),
    version: 1,
    archived: 0,
    updatedAt: now,
  }
  tx.insert('message_template', [{ ...row }])
  return view(row)
}

/** Changes a template. Journeys take the new words from the next message on; what is in the outbox keeps its own. */
export const updateTemplate = async (
  tx: Tx,
  { templateId, version, name, topic, content, archived }: Parsed<'PUT /admin/message-templates/:templateId'>,
  now: number,
): Promise<View> => {
  requireSound(content)
  const [row] = await tx.read<MessageTemplate>(`SELECT * FROM message_template WHERE id = ?${tx.lock}`, [templateId])
  if (!row) throw refuse('message_template_not_found')
  if (row.version !== version) throw refuse('message_template_conflict')
  const changed = { name, topic, content: JSON.stringify(content), archived: archived ? 1 : 0, version: version + 1 }
  tx.write(
    'UPDATE message_template SET name = ?, topic = ?, content = ?, archived = ?, version = ?, updatedAt = ? WHERE id = ?',
    [changed.name, changed.topic, changed.content, changed.archived, changed.version, now, templateId],
  )
  return view({ ...row, ...changed, updatedAt: now })
}

/** Makes sure that the templates that came with the system are there; answers their ids by key. One the shop has edited stays as it is. */
export const ensureTemplates = async (
  tx: Tx,
  wanted: readonly { key: string; name: string; topic: Topic; content: Content }[],
  now: number,
): Promise<Map<string, string>> => {
  await tx.insertNew(
    'message_template',
    wanted.map((w) => ({
      id: newId(now),
      name: w.name,
      builtIn: w.key,
      topic: w.topic,
      content: JSON.stringify(w.content),
      version: 1,
      archived: 0,
      updatedAt: now,
    })),
  )
  const rows = await tx.read<{ id: string; builtIn: string }>(
    'SELECT id, builtIn FROM message_template WHERE builtIn IS NOT NULL',
  )
  return new Map(rows.map((r) => [r.builtIn, r.id]))
}
