import type { Output, Parsed } from '../../shared/contract'
import { redeemedBy } from '../coupons/service'
import { newId } from '../db/id'
import type { Bindable } from '../db/statement'
import type { Reader, Tx } from '../db/transaction'
import { refuse } from '../errors'
import { inScope, type OperatorActor } from '../http/actor'
import { actsOf, allStores, operatorNames, requireStore } from '../operators/service'
import { takingsOf } from '../purchases/service'
import { handedBy } from '../rewards/service'
import type { Shift } from './entity'
import { expectedCash, type Totals, totalsOf } from './rules'

type View = Output<'POST /staff/shifts'>

/** What was recorded between a shift's beginning and `until`, by the server's clock. */
const recordedIn = async (db: Reader, shift: Shift, until: number): Promise<Totals> => {
  const { operatorId, storeId, openedAt: from } = shift
  const window = { operatorId, storeId, from, until }
  const [takings, coupons, rewards, joined] = await Promise.all([
    takingsOf(db, window),
    redeemedBy(db, window),
    handedBy(db, window),
    actsOf(db, { operatorId, action: 'POST /staff/members', from, until }),
  ])
  return totalsOf({ ...takings, coupons, rewards, joined })
}

const view = async (db: Reader, shifts: readonly Shift[], now: number): Promise<View[]> => {
  if (!shifts.length) return []
  const [stores, names] = await Promise.all([
    allStores(db),
    operatorNames(db, [...new Set(shifts.map((s) => s.operatorId))]),
  ])
  return Promise.all(
    shifts.map(async (s) => {
      const totals = s.totals ? (JSON.parse(s.totals) as Totals) : await recordedIn(db, s, now + 1)
      const expected = expectedCash(s.openingCashFen, totals)
      return {
        id: s.id,
        storeId: s.storeId,
        storeName: stores.find((store) => store.id === s.storeId)?.name ?? '',
        operatorId: s.operatorId,
        operatorName: names.get(s.operatorId) ?? '',
        openedAt: s.openedAt,
        closedAt: s.closedAt,
        openingCashFen: s.openingCashFen,
        expectedCashFen: expected,
        countedCashFen: s.countedCashFen,
        differenceFen: s.countedCashFen === null ? null : s.countedCashFen - expected,
        note: s.note,
        totals,
      }
    }),
  )
}

/** Opens a shift in a store. The unique key lets an operator have one at a time, wherever it is. */
export const openShift = async (
  tx: Tx,
  actor: OperatorActor,
  { storeId, openingCashFen }: Parsed<'POST /staff/shifts'>,
  now: number,
): Promise<View> => {
  await requireStore(tx, actor, storeId)
  const shift: Shift = {
    id: newId(now),
    storeId,
    operatorId: actor.operatorId,
    openKey: actor.operatorId,
    openedAt: now,
    closedAt: null,
    openingCashFen,
    countedCashFen: null,
    note: '',
    totals: '',
  }
  if (!(await tx.insertNew('shift', [{ ...shift }]))) {
    const [open] = await tx.read<Shift>('SELECT * FROM shift WHERE openKey = ?', [actor.operatorId])
    const store = (await allStores(tx)).find((s) => s.id === open?.storeId)
    throw refuse('shift_open', { store: store?.name ?? '' })
  }
  return (await view(tx, [shift], now))[0]
}

/**
 * Hands a shift over: the drawer is counted and the totals are frozen as they stand. The row is locked first, so that two taps close it once
 * and what is recorded afterwards belongs to the next shift.
 */
export const closeShift = async (
  tx: Tx,
  actor: OperatorActor,
  { shiftId, countedCashFen, note }: Parsed<'POST /staff/shifts/:shiftId/close'>,
  now: number,
): Promise<View> => {
  const [shift] = await tx.read<Shift>(`SELECT * FROM shift WHERE id = ? AND operatorId = ?${tx.lock}`, [
    shiftId,
    actor.operatorId,
  ])
  if (!shift) throw refuse('shift_not_found')
  if (shift.closedAt !== null) throw refuse('shift_closed')
  const totals = await recordedIn(tx, shift, now + 1)
  const closed: Shift = {
    ...shift,
    openKey: null,
    // The next shift begins after this moment, so that no purchase counts twice.
    closedAt: now,
    countedCashFen,
    note,
    totals: JSON.stringify(totals),
  }
  tx.write('UPDATE shift SET openKey = NULL, closedAt = ?, countedCashFen = ?, note = ?, totals = ? WHERE id = ?', [
    now,
    countedCashFen,
    note,
    closed.totals,
    shiftId,
  ])
  return (await view(tx, [closed], now))[0]
}

/** The operator's open shift up to now, and what the last one in this store said at its end. */
export const currentShift = async (
  db: Reader,
  actor: OperatorActor,
  storeId: string,
  now: number,
): Promise<Output<'GET /staff/shifts/current'>> => {
  await requireStore(db, actor, storeId)
  const [[open], [last]] = await Promise.all([
    db.read<Shift>('SELECT * FROM shift WHERE openKey = ?', [actor.operatorId]),
    db.read<Shift>('SELECT * FROM shift WHERE storeId = ? AND closedAt IS NOT NULL ORDER BY id DESC LIMIT 1', [
      storeId,
    ]),
  ])
  const names = await operatorNames(db, last ? [last.operatorId] : [])
  return {
    shift: open ? (await view(db, [open], now))[0] : null,
    last: last
      ? {
          operatorName: names.get(last.operatorId) ?? '',
          closedAt: last.closedAt as number,
          note: last.note,
          countedCashFen: last.countedCashFen,
        }
      : null,
  }
}

const pageOf = async (
  db: Reader,
  where: string,
  params: Bindable[],
  { cursor, limit }: { cursor?: string; limit: number },
  now: number,
): Promise<Output<'GET /staff/shifts'>> => {
  const rows = await db.read<Shift>(`SELECT * FROM shift WHERE ${where} AND id < ? ORDER BY id DESC LIMIT ?`, [
    ...params,
    cursor ?? '~',
    limit + 1,
  ])
  const shown = rows.slice(0, limit)
  return { items: await view(db, shown, now), nextCursor: rows.length > limit ? shown[shown.length - 1].id : null }
}

/** The operator's own shifts, newest first. */
export const ownShifts = (
  db: Reader,
  actor: OperatorActor,
  input: Parsed<'GET /staff/shifts'>,
  now: number,
): Promise<Output<'GET /staff/shifts'>> => pageOf(db, 'operatorId = ?', [actor.operatorId], input, now)

/** Shifts of the stores that an operator may see, newest first. */
export const shiftReports = (
  db: Reader,
  actor: OperatorActor,
  { storeId, state, ...input }: Parsed<'GET /admin/shifts'>,
  now: number,
): Promise<Output<'GET /admin/shifts'>> => {
  if (storeId) inScope(actor, storeId)
  const stores = storeId ? [storeId] : actor.storeIds
  const where = [
    stores ? `storeId IN (${stores.map(() => '?').join(', ') || 'NULL'})` : '1 = 1',
    state === 'open' ? 'closedAt IS NULL' : state === 'closed' ? 'closedAt IS NOT NULL' : '1 = 1',
  ]
  return pageOf(db, where.join(' AND '), stores ?? [], input, now)
}
