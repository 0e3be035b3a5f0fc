import { addDays, civilDay, DAY_MS, startOfDay } from '../../shared/time'
import { marks } from '../db/statement'
import type { Reader } from '../db/transaction'
import { groupWallet } from '../points/service'
import type { DashCell } from './entity'
import { memberSums } from './member-rules'
import { dashPolicy } from './rules'

/** What is reckoned once a night: figures of every member, and which rewards bring people back. Read-only. */

interface FactRow {
  memberId: string
  firstAt: number
  secondAt: number
  purchases: number
  spendFen: number
  clvFen: number
  churnBp: number
}

/** Members looked at in one go; between two goes others get their turn. */
const membersAtOnce = 500

/**
 * Goes through every member in the order of ids: the flat rows of segment_fact (primary key) and the times of purchases (index
 * purchase_member). Answers null when the process wants to stop.
 */
export const cellsOfMembers = async (db: Reader, stopping: () => boolean): Promise<DashCell[] | null> => {
  const sums = memberSums()
  for (let cursor = ''; ; ) {
    if (stopping()) return null
    const rows = await db.read<FactRow>(
      'SELECT memberId, firstAt, secondAt, purchases, spendFen, clvFen, churnBp FROM segment_fact WHERE memberId > ? ORDER BY memberId LIMIT ?',
      [cursor, membersAtOnce],
    )
    const ids = rows.filter((r) => r.purchases > 0).map((r) => r.memberId)
    const bought = new Map<string, number[]>()
    const times = ids.length
      ? await db.read<{ memberId: string; at: number }>(
          `SELECT memberId, at FROM purchase WHERE memberId IN ${marks(ids)} AND status <> 'refunded'`,
          ids,
        )
      : []
    for (const t of times) {
      const list = bought.get(t.memberId)
      if (list) list.push(Number(t.at))
      else bought.set(t.memberId, [Number(t.at)])
    }
    for (const r of rows)
      sums.add({
        firstAt: Number(r.firstAt),
        secondAt: Number(r.secondAt),
        purchases: r.purchases,
        spendFen: Number(r.spendFen),
        clvFen: Number(r.clvFen),
        churnBp: r.churnBp,
        boughtAt: bought.get(r.memberId) ?? [],
      })
    if (rows.length < membersAtOnce) return sums.cells()
    cursor = rows[rows.length - 1].memberId
    // A synchronous database would keep the process from answering anybody else.
    await new Promise<void>((next) => setImmediate(next))
  }
}

interface Use {
  memberId: string
  at: number
  purchaseId: string | null
  value: number
}
/** Rewards by what they are: coupons by how they were got, points by what they were spent on. */
const usesOn = async (db: Reader, onDay: string): Promise<Map<string, Use[]>> => {
  // Index coupon_redeemed.
  const coupons = await db.read<Use & { source: string }>(
    'SELECT source, memberId, redeemedAt AS at, purchaseId, savedFen AS value FROM coupon WHERE redeemedOn = ?',
    [onDay],
  )
  // Index points_entry_day.
  const points = await db.read<Use & { source: string }>(
    "SELECT sourceType AS source, memberId, at, NULL AS purchaseId, -amount AS value FROM points_entry WHERE onDay = ? AND kind = 'spend' AND walletId = ?",
    [onDay, groupWallet],
  )
  const found = new Map<string, Use[]>()
  for (const [prefix, rows] of [
    ['coupon', coupons],
    ['points', points],
  ] as const)
    for (const r of rows) {
      const key = `${prefix}:${r.source}`
      found.set(key, [...(found.get(key) ?? []), { ...r, at: Number(r.at), value: Number(r.value) }])
    }
  return found
}

/** Who of some members bought when, between two moments, each purchase apart. Index purchase_member. */
const boughtBetween = async (db: Reader, ids: string[], from: number, to: number) => {
  const found = new Map<string, { id: string; at: number }[]>()
  for (let i = 0; i < ids.length; i += 500) {
    const some = ids.slice(i, i + 500)
    const rows = await db.read<{ memberId: string; id: string; at: number }>(
      `SELECT memberId, id, at FROM purchase WHERE memberId IN ${marks(some)} AND at > ? AND at <= ? AND status <> 'refunded'`,
      [...some, from, to],
    )
    for (const r of rows) found.set(r.memberId, [...(found.get(r.memberId) ?? []), { id: r.id, at: Number(r.at) }])
  }
  return found
}

/**
 * The uses of rewards on a civil day and how many were followed by another purchase within 30 days: rows `reward` (uses and their worth)
 * and `reward-back` (of the uses whose 30 days have passed, members = how many, extra = how many came back), by kind and month.
 */
export const rewardCells = async (db: Reader, onDay: string, now: number): Promise<DashCell[]> => {
  const from = startOfDay(onDay)
  const window = dashPolicy.returnDays * DAY_MS
  const matured = from + DAY_MS + window < now
  const uses = await usesOn(db, onDay)
  const ids = [...new Set([...uses.values()].flat().map((u) => u.memberId))].sort()
  const bought = matured && ids.length ? await boughtBetween(db, ids, from, from + DAY_MS + window) : new Map()
  const back = (u: Use): boolean =>
    (bought.get(u.memberId) ?? []).some(
      (p: { id: string; at: number }) => p.id !== u.purchaseId && p.at > u.at && p.at <= u.at + window,
    )
  return [...uses].flatMap(([key, list]) => {
    const cell = { rowKey: key, colKey: onDay }
    const returned = matured ? list.filter(back).length : 0
    return [
      {
        figure: 'reward',
        ...cell,
        members: new Set(list.map((u) => u.memberId)).size,
        amount: list.reduce((n, u) => n + u.value, 0),
        extra: list.length,
      },
      { figure: 'reward-back', ...cell, members: matured ? list.length : 0, amount: 0, extra: returned },
    ]
  })
}

/** Days whose rewards are looked at again each night: until their 30 days have passed, and one to spare. */
export const rewardDays = (now: number, known: string | null): string[] => {
  const today = civilDay(now)
  const first = addDays(today, -dashPolicy.returnDays - 2)
  const from = known === null ? addDays(today, -730) : first
  const days: string[] = []
  for (let d = from; d <= today; d = addDays(d, 1)) days.push(d)
  return days
}

/** Points that will expire within 30 days. Index points_lot_expiry. */
export const expiringCell = async (db: Reader, now: number): Promise<DashCell> => {
  const today = civilDay(now)
  const [row] = await db.read<{ n: number | null }>(
    'SELECT SUM(remaining) AS n FROM points_lot WHERE expiresOn >= ? AND expiresOn <= ? AND walletId = ? AND remaining > 0',
    [today, addDays(today, 30), groupWallet],
  )
  return { figure: 'points', rowKey: 'expiring30', colKey: '', members: 0, amount: Number(row?.n ?? 0), extra: 0 }
}
