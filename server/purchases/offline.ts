import type { Output, Parsed } from '../../shared/contract'
import { civilDay, DAY_MS, dateTime } from '../../shared/time'
import { newId } from '../db/id'
import { marks } from '../db/statement'
import type { Reader, Tx } from '../db/transaction'
import type { Deps } from '../deps'
import { AppError, refuse } from '../errors'
import { inScope, type OperatorActor } from '../http/actor'
import { execute } from '../http/command'
import { maskName } from '../mask'
import { findByPhone, namesOf, type QueuedCode, resolveQueued, spendQueued } from '../members/service'
import { holdTarget, operatorNames, recordAudit, requireStore } from '../operators/service'
import { birthdayKeysFor } from './counter'
import type { OfflineConflict, Purchase } from './entity'
import { purchasePolicy } from './rules'
import { type Settlement, settlePurchases } from './settle'

type Sync = Parsed<'POST /staff/offline-syncs'>
type Item = Sync['items'][number]
type Answer = Output<'POST /staff/offline-syncs'>['items'][number]
interface Call {
  tx: Tx
  deps: Deps
  actor: OperatorActor
  input: Sync
  now: number
  ip: string
  requestId: string
}

/** Numbers of a till system and of the staff's phones are two series, online and offline alike. */
const sourceOf = (actor: OperatorActor): string => (actor.role === 'pos' ? 'pos' : 'staff')

/** The number an item is settled under: the till's own, or the one its device made. */
const numberOf = (item: Item): string => item.externalNo ?? `off-${item.clientId}`

const answered = (item: Item, result: Answer['result'], more: Partial<Answer> = {}): Answer => ({
  clientId: item.clientId,
  result,
  purchaseId: null,
  no: null,
  pointsEarned: 0,
  memberNameMasked: null,
  code: null,
  reason: null,
  ...more,
})
const conflictOf = (item: Item, refusal: AppError): Answer =>
  answered(item, 'conflict', { code: refusal.code, reason: refusal.message })

/** Whose purchase it is: a code held against the time of the scan, or a phone number, which is audited. */
const ownerOf = async (
  c: Call,
  item: Item,
): Promise<{ memberId: string; use: QueuedCode['use'] | null } | AppError> => {
  if (item.code) return resolveQueued(c.tx, c.deps, item.code, item.at)
  if (!item.phone) return refuse('offline_who')
  const member = await findByPhone(c.tx, c.deps.keys, item.phone)
  recordAudit(
    c.tx,
    newId(c.now),
    { ...c, input: { storeId: c.input.storeId } },
    'POST /staff/offline-syncs',
    member?.id,
  )
  if (!member) return refuse('member_not_found')
  return member.status === 'active' ? { memberId: member.id, use: null } : refuse('member_inactive')
}

/** A purchase recorded online that may be the very same one: same member, store and amount, minutes apart. */
const lookAlike = async (tx: Tx, item: Item, memberId: string, storeId: string): Promise<Purchase | undefined> => {
  const near = purchasePolicy.sameOrderMs
  const [found] = await tx.read<Purchase>(
    `SELECT * FROM purchase WHERE memberId = ? AND at >= ? AND at <= ? AND storeId = ? AND amountFen = ? AND offline = 0 AND status <> 'refunded' LIMIT 1`,
    [memberId, item.at - near, item.at + near, storeId, item.amountFen],
  )
  return found
}

const timely = (item: Item, now: number): AppError | null => {
  if (item.at > now + purchasePolicy.futureToleranceMs) return refuse('purchase_in_future')
  return item.at < now - purchasePolicy.offlineMaxAgeMs
    ? refuse('offline_too_old', { days: purchasePolicy.offlineMaxAgeMs / DAY_MS })
    : null
}

/** What must be settled of an item, or what answers it at once. */
const prepare = async (
  c: Call,
  item: Item,
  known: ReadonlyMap<string, Purchase>,
  spent: Set<string>,
): Promise<Answer | { settlement: Settlement; use: QueuedCode['use'] | null }> => {
  const { tx, deps, actor, input, now } = c
  const before = known.get(numberOf(item))
  if (before)
    return before.storeId === input.storeId && before.amountFen === item.amountFen
      ? answered(item, 'repeated', {
          purchaseId: before.id,
          no: before.externalNo,
          pointsEarned: before.pointsEarned,
        })
      : conflictOf(item, refuse('purchase_duplicate', { externalNo: before.externalNo }))
  const untimely = timely(item, now)
  if (untimely) return conflictOf(item, untimely)
  const owner = await ownerOf(c, item)
  if (owner instanceof AppError) return conflictOf(item, owner)
  const name = owner.use && JSON.stringify(owner.use)
  if (name && spent.has(name)) return conflictOf(item, refuse('member_code_used'))
  const like = item.confirmed ? undefined : await lookAlike(tx, item, owner.memberId, input.storeId)
  if (like) return conflictOf(item, refuse('offline_looks_repeated', { at: dateTime(like.at), no: like.externalNo }))
  if (name) spent.add(name)
  return {
    use: owner.use,
    settlement: {
      source: sourceOf(actor),
      externalNo: numberOf(item),
      memberId: owner.memberId,
      storeId: input.storeId,
      operatorId: actor.operatorId,
      at: item.at,
      amountFen: item.amountFen,
      lines: item.lines.map((l) => ({ ...l, amountFen: l.quantity * l.unitFen })),
      couponIds: [],
      birthdayKeys: birthdayKeysFor(deps.keys, civilDay(item.at)),
      payKind: item.payKind,
      offline: true,
    },
  }
}

const knownNumbers = async (tx: Tx, source: string, items: readonly Item[]): Promise<Map<string, Purchase>> => {
  const numbers = items.map(numberOf)
  const rows = await tx.read<Purchase>(`SELECT * FROM purchase WHERE source = ? AND externalNo IN ${marks(numbers)}`, [
    source,
    ...numbers,
  ])
  return new Map(rows.map((p) => [p.externalNo, p]))
}

/** Keeps what could not be settled for the report, and closes reports of what now is. */
const report = (c: Call, items: readonly Item[], answers: readonly Answer[]): void => {
  const { tx, actor, input, now } = c
  tx.upsert(
    'offline_conflict',
    ['operatorId', 'clientId'],
    ['recordedAt', 'refusal', 'reason', 'resolvedAt', 'note'],
    answers.flatMap((a, i) =>
      a.result === 'conflict'
        ? [
            {
              id: newId(now),
              storeId: input.storeId,
              operatorId: actor.operatorId,
              clientId: a.clientId,
              at: items[i].at,
              recordedAt: now,
              amountFen: items[i].amountFen,
              refusal: a.code,
              reason: (a.reason ?? '').slice(0, 190),
              resolvedAt: null,
              note: '',
            },
          ]
        : [],
    ),
  )
  for (const a of answers)
    if (a.result !== 'conflict')
      tx.write(
        'UPDATE offline_conflict SET resolvedAt = ?, note = ? WHERE operatorId = ? AND clientId = ? AND resolvedAt IS NULL',
        [now, '重新上传后已记上', actor.operatorId, a.clientId],
      )
}

/**
 * Settles what a till recorded without network. Each item is answered by itself: settled, settled before, or in conflict with the reason;
 * a conflict leaves the others alone. Settled items go through the same command as the till's, all in one batch, so that accounts are
 * locked in their order.
 */
export const syncOffline = async (c: Call): Promise<Output<'POST /staff/offline-syncs'>> => {
  const { tx, actor, input, now } = c
  await requireStore(tx, actor, input.storeId)
  // One queue at a time for an operator: a repeat that arrives while the first is under way must find what that one settled.
  await holdTarget(tx, 'offline-sync', actor.operatorId, now)
  const items = [...new Map(input.items.map((i) => [i.clientId, i])).values()]
  const known = await knownNumbers(tx, sourceOf(actor), items)
  const spent = new Set<string>()
  const prepared = []
  for (const item of items) prepared.push(await prepare(c, item, known, spent))
  const toSettle = prepared.flatMap((p) => ('settlement' in p ? [p] : []))
  const results = await execute(
    tx,
    settlePurchases,
    toSettle.map((p) => p.settlement),
    now,
  )
  const names = await namesOf(tx, [...new Set(toSettle.map((p) => p.settlement.memberId))])
  const used: { use: QueuedCode['use']; at: number; storeId: string }[] = []
  let next = 0
  const answers = prepared.map((p, i): Answer => {
    if (!('settlement' in p)) return p
    const result = results[next++]
    if (result instanceof AppError) return conflictOf(items[i], result)
    if (p.use && !result.repeated) used.push({ use: p.use, at: items[i].at, storeId: input.storeId })
    return answered(items[i], result.repeated ? 'repeated' : 'done', {
      purchaseId: result.purchase.id,
      no: result.purchase.externalNo,
      pointsEarned: result.purchase.pointsEarned,
      memberNameMasked: maskName(names.get(p.settlement.memberId) ?? ''),
    })
  })
  spendQueued(tx, used)
  report(c, items, answers)
  const count = (result: Answer['result']): number => answers.filter((a) => a.result === result).length
  return { items: answers, done: count('done'), repeated: count('repeated'), conflicts: count('conflict') }
}

type Row = Output<'GET /staff/offline-conflicts'>['items'][number]
const view = async (db: Reader, rows: readonly OfflineConflict[]): Promise<Row[]> => {
  const names = await operatorNames(db, [...new Set(rows.map((r) => r.operatorId))])
  return rows.map((r) => ({
    id: r.id,
    clientId: r.clientId,
    at: r.at,
    recordedAt: r.recordedAt,
    amountFen: r.amountFen,
    code: r.refusal,
    reason: r.reason,
    operatorName: names.get(r.operatorId) ?? '',
    resolvedAt: r.resolvedAt,
    note: r.note,
  }))
}

/** A store's conflicts, newest first. */
export const conflictsOf = async (
  db: Reader,
  actor: OperatorActor,
  { storeId, state, cursor, limit }: Parsed<'GET /staff/offline-conflicts'>,
): Promise<Output<'GET /staff/offline-conflicts'>> => {
  inScope(actor, storeId)
  const rows = await db.read<OfflineConflict>(
    `SELECT * FROM offline_conflict WHERE storeId = ? AND id < ? AND resolvedAt IS ${state === 'open' ? '' : 'NOT '}NULL ORDER BY id DESC LIMIT ?`,
    [storeId, cursor ?? '~', limit + 1],
  )
  const shown = rows.slice(0, limit)
  return { items: await view(db, shown), nextCursor: rows.length > limit ? shown[shown.length - 1].id : null }
}

/** Somebody has dealt with a conflict by hand. */
export const resolveConflict = async (
  tx: Tx,
  actor: OperatorActor,
  { conflictId, note }: Parsed<'POST /staff/offline-conflicts/:conflictId/resolutions'>,
  now: number,
): Promise<Row> => {
  const [row] = await tx.read<OfflineConflict>(`SELECT * FROM offline_conflict WHERE id = ?${tx.lock}`, [conflictId])
  if (!row) throw refuse('offline_conflict_not_found')
  inScope(actor, row.storeId)
  tx.write('UPDATE offline_conflict SET resolvedAt = ?, note = ? WHERE id = ?', [now, note, conflictId])
  return (await view(tx, [{ ...row, resolvedAt: now, note }]))[0]
}
