import { DAY_MS, endOfDay, lastDayOfMonth } from '../../shared/time'
import type { DashCell } from './entity'
import { firstOfMonth, monthName, monthOf } from './rules'

/** Figures that are reckoned by going through every member once: cohorts, repurchase, orders, value and churn bands. */

/** What is looked at of a member. Times in epoch ms, 0 or −1: there is none. `boughtAt`: purchases that were not handed back whole. */
export interface MemberFacts {
  firstAt: number
  secondAt: number
  purchases: number
  spendFen: number
  clvFen: number
  churnBp: number
  boughtAt: readonly number[]
}
export interface Band {
  key: string
  label: string
  from: number
  /** Exclusive; null: open. */
  to: number | null
}
const band = (label: string, from: number, to: number | null): Band => ({ key: String(from), label, from, to })

export const orderBands: readonly Band[] = [
  band('1 次', 1, 2),
  band('2 次', 2, 3),
  band('3–4 次', 3, 5),
  band('5–7 次', 5, 8),
  band('8–15 次', 8, 16),
  band('16 次以上', 16, null),
]
/** In fen. */
export const clvBands: readonly Band[] = [
  band('¥100 以下', 0, 10_000),
  band('¥100–300', 10_000, 30_000),
  band('¥300–1,000', 30_000, 100_000),
  band('¥1,000–3,000', 100_000, 300_000),
  band('¥3,000–1 万', 300_000, 1_000_000),
  band('¥1 万以上', 1_000_000, null),
]
/** In basis points. */
export const churnBands: readonly Band[] = [
  band('20% 以下', 0, 2000),
  band('20–40%', 2000, 4000),
  band('40–60%', 4000, 6000),
  band('60–80%', 6000, 8000),
  band('80% 以上', 8000, null),
]
/** The band a value falls into; undefined below the first. */
export const bandOf = (bands: readonly Band[], value: number): Band | undefined =>
  bands.find((b) => value >= b.from && (b.to === null || value < b.to))

/** Windows of the repurchase rate, in days. */
export const repurchaseDays = [30, 90, 365] as const
/** Shares of the best members that are shown. */
const topShares = [10, 20, 50] as const

/** Takes members one after the other and answers the cells in the end. */
export interface MemberSums {
  add(m: MemberFacts): void
  cells(): DashCell[]
}

export const memberSums = (): MemberSums => {
  const cells = new Map<string, DashCell>()
  const values: number[] = []
  const add = (figure: string, rowKey: string, colKey: string, amount = 0): void => {
    const key = `${figure}|${rowKey}|${colKey}`
    const cell = cells.get(key)
    if (!cell) return void cells.set(key, { figure, rowKey, colKey, members: 1, amount, extra: 0 })
    cell.members++
    cell.amount += amount
  }
  const addCohort = (m: MemberFacts): void => {
    const first = monthOf(m.firstAt)
    const month = monthName(first)
    add('cohort', month, '0')
    const later = new Set(m.boughtAt.map((at) => monthOf(at) - first).filter((k) => k > 0))
    for (const k of later) add('cohort', month, String(k))
    add('repurchase', month, 'buyers')
    for (const days of repurchaseDays)
      if (m.secondAt && m.secondAt - m.firstAt <= days * DAY_MS) add('repurchase', month, `again${days}`)
  }
  return {
    add: (m) => {
      if (m.firstAt > 0) addCohort(m)
      const orders = bandOf(orderBands, m.purchases)
      if (orders) add('orders', orders.key, '', m.spendFen)
      const churn = m.churnBp >= 0 ? bandOf(churnBands, m.churnBp) : undefined
      if (churn) add('churn', churn.key, '', m.spendFen)
      const value = m.clvFen >= 0 ? bandOf(clvBands, m.clvFen) : undefined
      if (!value) return
      add('clv', value.key, '', m.clvFen)
      values.push(m.clvFen)
    },
    cells: () => [...cells.values(), ...topCells(values)],
  }
}

/** Mean, median and what the best hold of it all. */
const topCells = (values: number[]): DashCell[] => {
  if (!values.length) return []
  const sorted = Float64Array.from(values).sort()
  const sum = sorted.reduce((a, b) => a + b, 0)
  const cell = (rowKey: string, members: number, amount: number, extra = 0): DashCell => ({
    figure: 'clv-top',
    rowKey,
    colKey: '',
    members,
    amount: Math.round(amount),
    extra,
  })
  return [
    cell('all', sorted.length, sum),
    cell('median', 1, sorted[Math.floor((sorted.length - 1) / 2)]),
    ...topShares.map((percent) => {
      const n = Math.max(1, Math.round((sorted.length * percent) / 100))
      return cell(
        String(percent),
        n,
        sorted.subarray(sorted.length - n).reduce((a, b) => a + b, 0),
        // The least value among them: what the list of them is found by.
        sorted[sorted.length - n],
      )
    }),
  ]
}

/** Whether everybody who first bought in a month has had so many days since. */
export const isComplete = (month: string, days: number, now: number): boolean =>
  endOfDay(lastDayOfMonth(firstOfMonth(month))) + days * DAY_MS < now
