import { formatYuan, formatYuanShort } from '@shared/money'

/** The unit of a figure as the server names it. */
export type Unit = 'fen' | 'count' | 'points' | 'people'

const words: Record<Unit, string> = { fen: '', count: '', points: ' 分', people: ' 人' }

/** A figure as it is read; money from a thousand yuan on without fen. */
export const shown = (value: number, unit: Unit): string =>
  unit === 'fen'
    ? formatYuanShort(Math.abs(value) >= 100_000 ? Math.round(value / 100) * 100 : Math.round(value))
    : `${value.toLocaleString('zh-CN', { maximumFractionDigits: 1 })}${words[unit]}`

/** 12.3%, or a dash where there was nothing to divide by. */
export const percent = (rate: number | null, digits = 1): string =>
  rate === null ? '—' : `${(rate * 100).toFixed(digits)}%`

/** Yuan for a spreadsheet: a number, not a text. */
export const yuan = (fen: number): number => Math.round(fen) / 100

/** Exact money, for tables. */
export const money = formatYuan

/** 「2026-03」 as 「3月」, with the year at its first month. */
export const monthName = (month: string): string => {
  const [year, number] = month.split('-')
  return Number(number) === 1 ? `${year}年1月` : `${Number(number)}月`
}
