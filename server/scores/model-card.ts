import { newId } from '../db/id'
import type { Row } from '../db/statement'
import type { Upsert } from './work'

/** One figure of a model beside the same of its naive baseline; null where there is none. */
export interface CardFigure {
  name: string
  value: number | null
  baseline: number | null
  better: 'higher' | 'lower' | 'none'
  explanation: string
}
/** What a model showed on the members' own past. */
export interface Card {
  model: 'churn' | 'value' | 'next' | 'groups'
  used: 'model' | 'baseline' | 'too_little'
  method: string
  verdict: string
  figures: CardFigure[]
  calibration: { predicted: number; observed: number; count: number }[]
  lift: { decile: number; rate: number; lift: number; capture: number }[]
  /** How it was tested, and what it cannot say. */
  protocol: string
  limits: string[]
  /** The fitted parameters, JSON. */
  fitted: string | null
}

const finite = (value: number | null): number | null => (value !== null && Number.isFinite(value) ? value : null)

/** The rows that keep some cards. */
export const cardRows = (cards: readonly Card[], onDay: string, now: number): Upsert => ({
  table: 'model_card',
  key: ['id'],
  update: [],
  rows: cards.map(
    (card): Row => ({
      id: newId(now),
      model: card.model,
      onDay,
      used: card.used,
      method: card.method,
      verdict: card.verdict.slice(0, 190),
      figures: JSON.stringify({
        figures: card.figures.map((f) => ({ ...f, value: finite(f.value), baseline: finite(f.baseline) })),
        calibration: card.calibration,
        lift: card.lift,
        protocol: card.protocol,
        limits: card.limits,
      }),
      fitted: card.fitted,
      createdAt: now,
    }),
  ),
})
