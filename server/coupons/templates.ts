import type { Input, Output, Parsed } from '../../shared/contract'
import { couponIssue, couponRule } from '../../shared/contract/coupons'
import { newId } from '../db/id'
import { marks } from '../db/statement'
import type { Reader, Tx } from '../db/transaction'
import { refuse } from '../errors'
import { allStores } from '../operators/service'
import { levelsOf } from '../tiers/service'
import type { CouponTemplate } from './entity'
import { type CouponIssue, type CouponRule, checkTemplate } from './rules'
import { templateView } from './views'
import type { Naming } from './words'

export type TemplateDraft = Parsed<'POST /admin/coupon-templates'>
export type TemplateInput = Input<'POST /admin/coupon-templates'>
type TemplateView = Output<'POST /admin/coupon-templates'>

/** A template with its JSON read. */
export interface Template extends Omit<CouponTemplate, 'rule'> {
  rule: CouponRule
  issue: CouponIssue
}

/** Reads a row: the rule as the contract types it, the issue from its columns. */
export const templateOf = (row: CouponTemplate): Template => ({
  ...row,
  rule: couponRule.parse(JSON.parse(row.rule)),
  issue: couponIssue.parse({
    stock: row.stock,
    perMember: row.perMember,
    perDay: row.perDay,
    budgetFen: row.budgetFen,
    claimable: row.claimable === 1,
    claimFrom: row.claimFrom,
    claimUntil: row.claimUntil,
  }),
})

/** Names for rules: stores by id, levels by number. */
export const namingOf = async (db: Reader): Promise<Naming> => {
  const [stores, levels] = await Promise.all([allStores(db), levelsOf(db)])
  return {
    store: (id) => stores.find((s) => s.id === id)?.name ?? '已停用门店',
    tier: (level) => levels.find((l) => l.level === level)?.name ?? `${level} 级`,
  }
}

/** Templates by id, or all when `ids` is left out. */
export const templatesByIds = async (db: Reader, ids: readonly string[]): Promise<Map<string, Template>> => {
  const rows = await db.read<CouponTemplate>(`SELECT * FROM coupon_template WHERE id IN ${marks(ids)}`, [...ids])
  return new Map(rows.map((r) => [r.id, templateOf(r)]))
}

/** The published template that care hands out for an occasion, or null when the shop has none. */
export const templateByPurpose = async (db: Reader, purpose: 'birthday' | 'anniversary'): Promise<Template | null> => {
  const [row] = await db.read<CouponTemplate>(
    "SELECT * FROM coupon_template WHERE purpose = ? AND state = 'published' ORDER BY id DESC LIMIT 1",
    [purpose],
  )
  return row ? templateOf(row) : null
}

const columns = (draft: TemplateDraft) => ({
  name: draft.name,
  description: draft.description,
  rule: JSON.stringify(draft.rule),
  stock: draft.issue.stock,
  perMember: draft.issue.perMember,
  perDay: draft.issue.perDay,
  budgetFen: draft.issue.budgetFen,
  claimable: draft.issue.claimable ? 1 : 0,
  claimFrom: draft.issue.claimFrom,
  claimUntil: draft.issue.claimUntil,
})

/** Counts of one template's coupons by status, and what they saved. */
export interface TemplateFigures {
  redeemed: number
  expired: number
  savedFen: number
}
/** Figures of some templates, one query. */
export const figuresOf = async (db: Reader, ids: readonly string[]): Promise<Map<string, TemplateFigures>> => {
  const rows = await db.read<{ templateId: string; status: string; n: number; saved: number | null }>(
    `SELECT templateId, status, COUNT(*) AS n, SUM(savedFen) AS saved FROM coupon WHERE templateId IN ${marks(ids)} AND status IN ('used', 'expired') GROUP BY templateId, status`,
    [...ids],
  )
  return new Map(
    ids.map((id) => {
      const used = rows.find((r) => r.templateId === id && r.status === 'used')
      return [
        id,
        {
          redeemed: used?.n ?? 0,
          savedFen: Number(used?.saved ?? 0),
          expired: rows.find((r) => r.templateId === id && r.status === 'expired')?.n ?? 0,
        },
      ]
    }),
  )
}

/** One template for the admin page, or a refusal. */
export const showTemplate = async (db: Reader, id: string): Promise<TemplateView> => {
  const [row] = await db.read<CouponTemplate>('SELECT * FROM coupon_template WHERE id = ?', [id])
  if (!row) throw refuse('coupon_template_not_found')
  const [naming, figures] = await Promise.all([namingOf(db), figuresOf(db, [id])])
  return templateView(templateOf(row), naming, figures.get(id))
}

/** Makes a draft. `purpose` marks what care hands out. */
export const createTemplate = async (
  tx: Tx,
  draft: TemplateDraft,
  operatorId: string | null,
  now: number,
  purpose: string | null = null,
): Promise<TemplateView> => {
  const id = newId(now)
  tx.insert('coupon_template', [
    {
      id,
      groupId: 'group',
      purpose,
      ...columns(draft),
      state: 'draft',
      version: 1,
      issued: 0,
      issuedDay: null,
      issuedToday: 0,
      createdAt: now,
      createdBy: operatorId,
      publishedAt: null,
      endedAt: null,
    },
  ])
  return showTemplate(tx, id)
}

const lockTemplate = async (tx: Tx, id: string, version: number): Promise<Template> => {
  const [row] = await tx.read<CouponTemplate>(`SELECT * FROM coupon_template WHERE id = ?${tx.lock}`, [id])
  if (!row) throw refuse('coupon_template_not_found')
  if (row.version !== version) throw refuse('coupon_template_conflict')
  return templateOf(row)
}

/** What may not change once members hold the coupon: everything that decides its worth and life. */
const promise = ({ storeIds, categories, excludedCategories, productIds, channels, ...frozen }: CouponRule): string =>
  JSON.stringify(frozen)

/** Changes a draft freely, a published one only in scope, description and stock (never below what is issued). */
export const updateTemplate = async (
  tx: Tx,
  { templateId, version, ...draft }: Parsed<'PUT /admin/coupon-templates/:templateId'>,
): Promise<TemplateView> => {
  const before = await lockTemplate(tx, templateId, version)
  if (before.state === 'ended') throw refuse('coupon_template_bad_state', { state: '已结束' })
  if (
    before.state !== 'draft' &&
    (promise(before.rule) !== promise(draft.rule) || before.name !== draft.name || draft.issue.stock < before.issued)
  )
    throw refuse('coupon_template_not_editable')
  const set = columns(draft)
  const names = Object.keys(set) as (keyof typeof set)[]
  await tx.run(
    `UPDATE coupon_template SET ${names.map((n) => `${n} = ?`).join(', ')}, version = version + 1 WHERE id = ?`,
    [...names.map((n) => set[n]), templateId],
  )
  return showTemplate(tx, templateId)
}

const moves: Record<string, readonly string[]> = {
  draft: ['published', 'ended'],
  published: ['paused', 'ended'],
  paused: ['published', 'ended'],
  ended: [],
}
const names: Record<string, string> = { draft: '草稿', published: '已发布', paused: '已暂停', ended: '已结束' }

/** Publishes, pauses, resumes or ends a template. What members hold stays theirs. */
export const moveTemplate = async (
  tx: Tx,
  { templateId, version, to }: Parsed<'POST /admin/coupon-templates/:templateId/state'>,
  now: number,
): Promise<TemplateView> => {
  const template = await lockTemplate(tx, templateId, version)
  if (!moves[template.state].includes(to)) throw refuse('coupon_template_bad_state', { state: names[template.state] })
  if (to === 'published') {
    const [wrong] = checkTemplate(template.rule, template.issue, now)
    if (wrong) throw refuse('invalid_input', { reason: wrong.message, field: wrong.field })
  }
  await tx.run(
    'UPDATE coupon_template SET state = ?, version = version + 1, publishedAt = ?, endedAt = ? WHERE id = ?',
    [to, template.publishedAt ?? (to === 'published' ? now : null), to === 'ended' ? now : null, templateId],
  )
  return showTemplate(tx, templateId)
}

/** One page of templates, newest first, with the counts of every state. */
export const listTemplates = async (
  db: Reader,
  { cursor, limit, state, q }: Parsed<'GET /admin/coupon-templates'>,
): Promise<Output<'GET /admin/coupon-templates'>> => {
  const rows = await db.read<CouponTemplate>(
    `SELECT * FROM coupon_template WHERE id < ?${state ? ' AND state = ?' : ''}${q ? ' AND name LIKE ?' : ''} ORDER BY id DESC LIMIT ?`,
    [cursor ?? '~', ...(state ? [state] : []), ...(q ? [`%${q.replace(/[%_\\]/g, '')}%`] : []), limit + 1],
  )
  const items = rows.slice(0, limit)
  const [naming, figures, counted] = await Promise.all([
    namingOf(db),
    figuresOf(
      db,
      items.map((r) => r.id),
    ),
    db.read<{ state: string; n: number }>('SELECT state, COUNT(*) AS n FROM coupon_template GROUP BY state'),
  ])
  const count = (s: string): number => counted.find((c) => c.state === s)?.n ?? 0
  return {
    items: items.map((r) => templateView(templateOf(r), naming, figures.get(r.id))),
    nextCursor: rows.length > limit ? items[items.length - 1].id : null,
    counts: { draft: count('draft'), published: count('published'), paused: count('paused'), ended: count('ended') },
  }
}
