import type { Reader } from '../db/transaction'
import { scoreForecasts } from './forecasts'
import { checkData } from './gate'
import { scorePast } from './past-stages'
import { scoreStages } from './stages'
import type { Work } from './work'

/** Every calculation that may run beside the event loop, by the name it is asked for with. */
export const calculations = {
  stages: scoreStages,
  past: scorePast,
  gate: checkData,
  forecasts: scoreForecasts,
} as const

export type Calculation = keyof typeof calculations
export type RequestOf<K extends Calculation> = Parameters<(typeof calculations)[K]>[1]

/** Starts a calculation on a connection. */
export const calculate = <K extends Calculation>(name: K, db: Reader, request: RequestOf<K>): Work =>
  (calculations[name] as (db: Reader, request: RequestOf<K>) => Work)(db, request)
