import { addDays, civilDay, serialOfDay } from '../../shared/time'
import type { Row } from '../db/statement'
import type { StandingRow } from './facts'
import { frequencyScore, quantileScore, type RfmRules, recencyScore, segmentOf, spendScore } from './rfm-rules'
import { dormantAfter, intervalOf, lostAfter, type StageRules, stageAt, stageOf } from './stage-rules'

/** Cut points between the fifths of the shop's buyers: last purchase days (days since 1970), purchases, spend in fen. */
export interface Cuts {
  lastDay: number[]
  purchases: number[]
  spendFen: number[]
}
/** What one run is to do. Plain data: it may go to another thread. */
export interface StagesRequest {
  runId: string
  onDay: string
  now: number
  /** full looks at everybody and draws new cut points; changed keeps those of the last full run. */
  mode: 'full' | 'changed'
  /** changed: figures that changed since (epoch ms). */
  since: number
  cuts: Cuts | null
  stages: StageRules
  rfm: RfmRules
}

/** The day number of a moment, by day: members share few of them. */
export const dayNumbers = (): ((at: number) => number) => {
  const known = new Map<string, number>()
  return (at) => {
    const day = civilDay(at)
    const found = known.get(day)
    if (found !== undefined) return found
    const serial = serialOfDay(day)
    known.set(day, serial)
    return serial
  }
}

const epoch = '1970-01-01'
/** 'YYYY-MM-DD' of a day number, by number. */
const dayNames = (): ((serial: number) => string) => {
  const known = new Map<number, string>()
  return (serial) => {
    const found = known.get(serial) ?? addDays(epoch, serial)
    known.set(serial, found)
    return found
  }
}

/** What a member's row must be on a day. */
export const scorer = (request: StagesRequest, cuts: Cuts) => {
  const { stages, rfm } = request
  const today = serialOfDay(request.onDay)
  const dayOf = dayNumbers()
  const nameOf = dayNames()
  return (row: StandingRow): Row => {
    const days = row.purchaseDays ?? 0
    const purchases = row.purchases ?? 0
    if (!days || !row.lastPurchaseAt || !row.firstPurchaseAt)
      return {
        memberId: row.id,
        sinceDay: request.onDay,
        stage: stageAt(0),
        stageSince: request.onDay,
        previousStage: null,
        r: 0,
        f: 0,
        m: 0,
        rFixed: 0,
        fFixed: 0,
        mFixed: 0,
        rfm: 'none',
        purchases: 0,
        spendFen: 0,
        lastDay: null,
        intervalDays: null,
        dormantOn: null,
        lostOn: null,
        dueOn: null,
      }
    const last = dayOf(row.lastPurchaseAt)
    const span = last - dayOf(row.firstPurchaseAt)
    const since = Math.max(0, today - last)
    const spendFen = row.spendFen ?? 0
    const quantile = {
      r: quantileScore(cuts.lastDay, last),
      f: quantileScore(cuts.purchases, purchases),
      m: quantileScore(cuts.spendFen, spendFen),
    }
    const fixed = {
      r: recencyScore(rfm.recencyDays, since),
      f: frequencyScore(rfm.purchases, purchases),
      m: spendScore(rfm.spendFen, spendFen),
    }
    const chosen = rfm.method === 'fixed' ? fixed : quantile
    const dormant = last + dormantAfter(stages, days, span) + 1
    const lost = last + lostAfter(stages, days, span) + 1
    let due = Number.POSITIVE_INFINITY
    for (const day of [dormant, lost]) if (day > today && day < due) due = day
    for (const limit of rfm.recencyDays) if (last + limit + 1 > today && last + limit + 1 < due) due = last + limit + 1
    return {
      memberId: row.id,
      sinceDay: request.onDay,
      stage: stageAt(stageOf(stages, days, span, since)),
      stageSince: request.onDay,
      previousStage: null,
      ...quantile,
      rFixed: fixed.r,
      fFixed: fixed.f,
      mFixed: fixed.m,
      rfm: segmentOf(rfm.highFrom, chosen.r, chosen.f, chosen.m),
      purchases,
      spendFen,
      lastDay: nameOf(last),
      intervalDays: days > 1 ? Math.round(intervalOf(days, span)) : null,
      dormantOn: nameOf(dormant),
      lostOn: nameOf(lost),
      dueOn: due < Number.POSITIVE_INFINITY ? nameOf(due) : null,
    }
  }
}
