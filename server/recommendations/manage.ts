import type { Output, Parsed } from '../../shared/contract'
import { newId } from '../db/id'
import type { Reader, Tx } from '../db/transaction'
import { refuse } from '../errors'
import { allStores } from '../operators/service'
import type { RecommendationModel, RecommendationRule, RecommendationSetting } from './entity'
import { categoryExists, productNames } from './facts'
import { dayOfNumber } from './follow'
import type { Card } from './models/train'
import { newestModel, partOfModel } from './publish'
import { recommendationPolicy } from './rules'
import { ruleView } from './views'

type View = Output<'POST /admin/recommendation-rules'>
type Draft = Parsed<'POST /admin/recommendation-rules'>
export type Settings = Output<'GET /admin/recommendation-settings'>

const standard: Settings = { controlPercent: 10, maxPerCategory: 2 }
const settingName = 'shop'

/** The shop's settings, or the standard ones. */
export const settingsOf = async (db: Reader): Promise<Settings> => {
  const [row] = await db.read<RecommendationSetting>('SELECT * FROM recommendation_setting WHERE name = ?', [
    settingName,
  ])
  return row ? { controlPercent: row.controlPercent, maxPerCategory: row.maxPerCategory } : standard
}

/** Changes the settings. Members stay in their group as far as the share allows: a smaller control group is a part of the larger one. */
export const changeSettings = (tx: Tx, settings: Settings, now: number): Settings => {
  tx.upsert(
    'recommendation_setting',
    ['name'],
    ['controlPercent', 'maxPerCategory', 'updatedAt'],
    [{ name: settingName, ...settings, updatedAt: now }],
  )
  return settings
}

/** Rules that are switched on. Index recommendation_rule_active. */
export const rulesInForce = (db: Reader): Promise<RecommendationRule[]> =>
  db.read('SELECT * FROM recommendation_rule WHERE active = 1 ORDER BY id')

const viewRules = async (db: Reader, rows: readonly RecommendationRule[]): Promise<View[]> => {
  const [names, stores] = await Promise.all([
    productNames(
      db,
      rows.filter((r) => r.scope === 'product').map((r) => r.target),
    ),
    allStores(db),
  ])
  return rows.map((r) =>
    ruleView(r, names.get(r.target) ?? r.target, stores.find((s) => s.id === r.storeId)?.name ?? null),
  )
}

/** Every rule, newest first; there are at most some hundreds. */
export const listRules = async (db: Reader): Promise<{ items: View[] }> => ({
  items: await viewRules(
    db,
    await db.read<RecommendationRule>('SELECT * FROM recommendation_rule ORDER BY id DESC LIMIT ?', [
      recommendationPolicy.maxRules,
    ]),
  ),
})

/** Refuses a rule whose product, category or store is not there, or that lacks what its kind needs. */
const checkRule = async (db: Reader, draft: Draft): Promise<void> => {
  const found =
    draft.scope === 'product'
      ? (await productNames(db, [draft.target])).size > 0
      : await categoryExists(db, draft.target)
  if (!found)
    throw refuse('recommendation_target_unknown', {
      kind: draft.scope === 'product' ? '商品' : '品类',
      target: draft.target,
    })
  if (draft.storeId && !(await allStores(db)).some((s) => s.id === draft.storeId)) throw refuse('store_not_found')
  if (draft.kind === 'weight' && !draft.percent)
    throw refuse('invalid_input', { reason: '加权规则要填写加减的百分比', field: 'percent' })
  if (draft.kind === 'pin' && (!draft.place || draft.scope !== 'product'))
    throw refuse('invalid_input', { reason: '置顶规则要选一件商品和位置', field: 'place' })
  if (draft.fromAt && draft.untilAt && draft.fromAt >= draft.untilAt)
    throw refuse('invalid_input', { reason: '结束时间要晚于开始时间', field: 'untilAt' })
}

const columns = (draft: Draft) => ({
  kind: draft.kind,
  scope: draft.scope,
  target: draft.target,
  slot: draft.slot,
  storeId: draft.storeId,
  percent: draft.kind === 'weight' ? draft.percent : null,
  place: draft.kind === 'pin' ? draft.place : null,
  fromAt: draft.fromAt,
  untilAt: draft.untilAt,
  note: draft.note,
})

/** Makes a rule; every process follows it within five seconds. */
export const createRule = async (tx: Tx, draft: Draft, now: number): Promise<View> => {
  await checkRule(tx, draft)
  const [{ n }] = await tx.read<{ n: number }>('SELECT COUNT(*) AS n FROM recommendation_rule')
  if (Number(n) >= recommendationPolicy.maxRules)
    throw refuse('recommendation_rules_full', { limit: recommendationPolicy.maxRules })
  const row: RecommendationRule = { id: newId(now), ...columns(draft), active: 1, createdAt: now, updatedAt: now }
  tx.insert('recommendation_rule', [{ ...row }])
  return (await viewRules(tx, [row]))[0]
}

const lockRule = async (tx: Tx, id: string): Promise<RecommendationRule> => {
  const [row] = await tx.read<RecommendationRule>(`SELECT * FROM recommendation_rule WHERE id = ?${tx.lock}`, [id])
  if (!row) throw refuse('recommendation_rule_not_found')
  return row
}

/** Changes a rule, or switches it on or off. */
export const changeRule = async (
  tx: Tx,
  { ruleId, active, ...draft }: Parsed<'PUT /admin/recommendation-rules/:ruleId'>,
  now: number,
): Promise<View> => {
  const known = await lockRule(tx, ruleId)
  await checkRule(tx, draft)
  const row: RecommendationRule = { ...known, ...columns(draft), active: active ? 1 : 0, updatedAt: now }
  const { id, createdAt, ...changed } = row
  tx.write(
    `UPDATE recommendation_rule SET ${Object.keys(changed)
      .map((c) => `${c} = ?`)
      .join(', ')} WHERE id = ?`,
    [...Object.values(changed), id],
  )
  return (await viewRules(tx, [row]))[0]
}

/** Deletes a rule; the audit keeps what it said. */
export const deleteRule = async (tx: Tx, id: string): Promise<{ ok: true }> => {
  await lockRule(tx, id)
  tx.write('DELETE FROM recommendation_rule WHERE id = ?', [id])
  return { ok: true }
}

const cardView = (card: Card) => ({
  ...card,
  trainedFrom: dayOfNumber(card.trainedFrom),
  validationFrom: dayOfNumber(card.validationFrom),
  testFrom: dayOfNumber(card.testFrom),
  testTo: dayOfNumber(card.testTo - 1),
})

/** The model in use with its back-test card, and those before it. */
export const modelsOf = async (db: Reader): Promise<Output<'GET /admin/recommendation-models'>> => {
  const [full, near] = await Promise.all([newestModel(db, 'full'), newestModel(db, 'neighbours')])
  if (!full) return { current: null, history: [] }
  const renewed = near && near.dataAt > full.dataAt ? near : null
  const card = JSON.parse(await partOfModel(db, full.id, 'card')) as Card
  const past = await db.read<Pick<RecommendationModel, 'version' | 'createdAt' | 'seconds' | 'card'>>(
    "SELECT version, createdAt, seconds, card FROM recommendation_model WHERE kind = 'full' ORDER BY version DESC LIMIT 30",
  )
  return {
    current: {
      version: full.version,
      createdAt: full.createdAt,
      dataAt: full.dataAt,
      seconds: full.seconds,
      card: cardView(card),
      neighboursVersion: renewed?.version ?? null,
      neighboursAt: renewed?.createdAt ?? null,
    },
    history: past.map((m) => {
      const then = JSON.parse(m.card) as Card
      return {
        version: m.version,
        createdAt: m.createdAt,
        seconds: m.seconds,
        discoverNdcg: then.discover?.blend.ndcg ?? null,
        allNdcg: then.all?.blend.ndcg ?? null,
      }
    }),
  }
}
