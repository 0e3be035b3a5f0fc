import { addMonths, lastDayOfMonth } from '../../shared/time'
import { type AppError, refuse } from '../errors'

/** Policy numbers of the points programme. */
export const pointsPolicy = {
  /** Points for one yuan paid, before the multiplier. */
  pointsPerYuan: 1,
  /** A lot lives this many months and ends with that month, so that a member has twelve dates to remember at most. */
  lotTtlMonths: 12,
  /** Points on a birthday, in basis points of the usual. */
  birthdayMultiplierBp: 20_000,
  /** The most one account may hold. */
  maxBalance: 1_000_000_000_000,
  /** How far ahead "expiring soon" looks. */
  expiringSoonDays: 30,
} as const

/** The group's wallet, the default of every movement. */
export const groupWallet = 'group'

/** Last civil day on which points earned on `day` can be spent. */
export const lotExpiry = (day: string): string => lastDayOfMonth(addMonths(day, pointsPolicy.lotTtlMonths))

/**
 * Points for a payment: whole yuan and parts of one count, the result is rounded down.
 * @param paidFen what the member really paid
 * @param multiplierBp basis points, 10000 = 1×
 */
export const pointsFor = (paidFen: number, multiplierBp: number): number =>
  Math.floor((paidFen * pointsPolicy.pointsPerYuan * multiplierBp) / 1_000_000)

export interface Lot {
  seq: number
  amount: number
  remaining: number
  expiresOn: string | null
}
export interface Move {
  seq: number
  lotSeq: number
  delta: number
}
/** A movement as it will be written. */
export interface NewEntry {
  seq: number
  amount: number
  balanceAfter: number
  kind: 'earn' | 'spend' | 'reverse' | 'expire' | 'clawback' | 'adjust' | 'gift'
  at: number
  onDay: string
  source: Source
}
/** Where a movement comes from; `note` is what the member reads. */
export interface Source {
  type: string
  id: string | null
  note: string
}
/** One account while a batch is being decided: as loaded, then with the changes of the requests decided so far. */
export interface Account {
  memberId: string
  walletId: string
  balance: number
  debt: number
  seq: number
  /** Open lots, soonest expiry first; null when the batch did not load them because nothing in it can spend. */
  lots: Lot[] | null
  entries: NewEntry[]
  newLots: Lot[]
  touched: Set<Lot>
  moves: Move[]
  reversals: { seq: number; bySeq: number }[]
}

/** When a movement happens. */
export interface Moment {
  at: number
  onDay: string
}

const order = (a: Lot, b: Lot): number => (a.expiresOn ?? '9').localeCompare(b.expiresOn ?? '9') || a.seq - b.seq

const append = (account: Account, amount: number, kind: NewEntry['kind'], when: Moment, source: Source): NewEntry => {
  account.balance += amount
  account.seq += 1
  const entry: NewEntry = {
    seq: account.seq,
    amount,
    balanceAfter: account.balance,
    kind,
    at: when.at,
    onDay: when.onDay,
    source,
  }
  account.entries.push(entry)
  return entry
}

const openLots = (account: Account): Lot[] => {
  if (!account.lots) throw new Error('This batch needs the lots of an account that were not loaded')
  return account.lots
}

/** Takes `amount` out of the lots, in the given order; the caller has made sure that they hold it. */
const drain = (account: Account, seq: number, amount: number, lots: Lot[]): void => {
  let left = amount
  for (const lot of lots) {
    if (!left) break
    const taken = Math.min(left, lot.remaining)
    if (!taken) continue
    lot.remaining -= taken
    left -= taken
    account.touched.add(lot)
    account.moves.push({ seq, lotSeq: lot.seq, delta: -taken })
  }
  if (left) throw new Error(`Lots of ${account.memberId} hold ${left} points less than its balance`)
}

/** Adds points as a lot of their own; a debt is paid out of them first. */
export const earn = (
  account: Account,
  request: { amount: number; expiresOn: string | null; kind?: 'earn' | 'gift' | 'adjust' },
  when: Moment,
  source: Source,
): NewEntry | AppError => {
  if (account.balance + request.amount > pointsPolicy.maxBalance) return refuse('points_overflow')
  const entry = append(account, request.amount, request.kind ?? 'earn', when, source)
  const lot: Lot = { seq: entry.seq, amount: request.amount, remaining: request.amount, expiresOn: request.expiresOn }
  account.newLots.push(lot)
  const paid = Math.min(account.debt, lot.remaining)
  if (paid) {
    lot.remaining -= paid
    account.debt -= paid
    account.moves.push({ seq: entry.seq, lotSeq: lot.seq, delta: -paid })
  }
  if (account.lots && lot.remaining) {
    account.lots.push(lot)
    account.lots.sort(order)
  }
  return entry
}

/** A lot whose last day has passed is not spendable, even before the nightly job has written it off. */
const usableLots = (account: Account, onDay: string): Lot[] =>
  openLots(account).filter((l) => !l.expiresOn || l.expiresOn >= onDay)

/** Points an account can spend on a civil day. */
export const spendable = (account: Account, onDay: string): number =>
  usableLots(account, onDay).reduce((sum, l) => sum + l.remaining, 0)

/** Spends points, soonest expiry first; refuses when there are not enough. */
export const spend = (
  account: Account,
  amount: number,
  when: Moment,
  source: Source,
  kind: 'spend' | 'adjust' = 'spend',
): NewEntry | AppError => {
  const usable = usableLots(account, when.onDay)
  const available = usable.reduce((sum, l) => sum + l.remaining, 0)
  if (available < amount) return refuse('points_insufficient', { required: amount, available })
  const entry = append(account, -amount, kind, when, source)
  drain(account, entry.seq, amount, usable)
  return entry
}

/**
 * Takes back what a purchase gave: first out of the lot it made, then soonest expiry first; what is no longer there becomes a debt that
 * the next award pays. Nothing is forgiven in silence.
 */
export const clawBack = (
  account: Account,
  request: { amount: number; lotSeq: number },
  when: Moment,
  source: Source,
): { entry: NewEntry; owed: number } => {
  const lots = openLots(account)
  const held = lots.reduce((sum, l) => sum + l.remaining, 0)
  const covered = Math.min(held, request.amount)
  const entry = append(account, -request.amount, 'clawback', when, source)
  const own = lots.filter((l) => l.seq === request.lotSeq)
  drain(account, entry.seq, covered, [...own, ...lots.filter((l) => l.seq !== request.lotSeq)])
  account.debt += request.amount - covered
  return { entry, owed: request.amount - covered }
}

/** Writes off what has passed its last day; answers null when nothing has. */
export const expire = (account: Account, when: Moment): NewEntry | null => {
  const gone = openLots(account).filter((l) => l.remaining && l.expiresOn && l.expiresOn < when.onDay)
  const amount = gone.reduce((sum, l) => sum + l.remaining, 0)
  if (!amount) return null
  const entry = append(account, -amount, 'expire', when, { type: 'expiry', id: null, note: '积分到期' })
  drain(account, entry.seq, amount, gone)
  return entry
}

/** An entry to be reversed, with the lots its own moves touched. */
export interface Reversible {
  seq: number
  amount: number
  kind: string
  moves: Move[]
  /** The lots those moves touched, and the lot the entry made, open or not. */
  lots: Lot[]
  reversed: boolean
}

/**
 * Reverses one entry. A spend gives every point back to the lot it came from, with that lot's own last day; an award is taken out of its
 * lot, and only if the lot still holds all of it.
 */
export const reverse = (account: Account, target: Reversible, when: Moment, source: Source): NewEntry | AppError => {
  if (target.reversed) return refuse('points_already_reversed')
  if (!['spend', 'earn', 'gift', 'adjust'].includes(target.kind)) return refuse('points_entry_not_reversible')
  if (target.amount > 0) {
    const lot = target.lots.find((l) => l.seq === target.seq)
    const left = lot?.remaining ?? 0
    if (left < target.amount || !lot) return refuse('points_insufficient', { required: target.amount, available: left })
    const entry = append(account, -target.amount, 'reverse', when, source)
    drain(account, entry.seq, target.amount, [lot])
    account.reversals.push({ seq: target.seq, bySeq: entry.seq })
    return entry
  }
  const entry = append(account, -target.amount, 'reverse', when, source)
  for (const move of target.moves) {
    const lot = target.lots.find((l) => l.seq === move.lotSeq)
    if (!lot) throw new Error(`Lot ${move.lotSeq} of ${account.memberId} is gone`)
    lot.remaining -= move.delta
    account.touched.add(lot)
    account.moves.push({ seq: entry.seq, lotSeq: lot.seq, delta: -move.delta })
  }
  openLots(account).sort(order)
  account.reversals.push({ seq: target.seq, bySeq: entry.seq })
  return entry
}
