import type { ColumnOptions } from 'typeorm'

type Kind = Omit<ColumnOptions, 'nullable' | 'primary'>

/**
 * The column types every entity uses. They are explicit (no decorator metadata is needed) and mean the same on SQLite, MySQL, MariaDB and
 * TiDB: ids and civil days as text, times as epoch ms, money and points as integers. Columns are named like the properties, so that a row
 * read by SQL is an entity.
 */
const number = { to: (v: unknown) => v, from: (v: unknown) => (v == null ? v : Number(v)) }
const nullable = (o: Kind): ColumnOptions => ({ ...o, nullable: true })

export const id: Kind = { type: 'varchar', length: 24 }
export const idOrNull = nullable(id)
/** A short code of ours or of a caller, at most 64 characters. */
export const code: Kind = { type: 'varchar', length: 64 }
export const codeOrNull = nullable(code)
/** A line a person reads, at most 191 characters (also the longest that every MySQL indexes). */
export const line: Kind = { type: 'varchar', length: 191 }
export const lineOrNull = nullable(line)
/** Longer text, JSON included. */
export const body: Kind = { type: 'text' }
export const bodyOrNull = nullable(body)
/** Epoch ms. */
export const time: Kind = { type: 'bigint', transformer: number }
export const timeOrNull = nullable(time)
/** YYYY-MM-DD. */
export const day: Kind = { type: 'varchar', length: 10 }
export const dayOrNull = nullable(day)
/** Fen, points or a count that may pass 2^31. */
export const big: Kind = { type: 'bigint', transformer: number, default: 0 }
export const bigOrNull: ColumnOptions = { type: 'bigint', transformer: number, nullable: true }
/** A small count, a version, 0 or 1. */
export const int: Kind = { type: 'int', default: 0 }
export const intOrNull: ColumnOptions = { type: 'int', nullable: true }
