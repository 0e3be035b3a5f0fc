import { addDays, serialOfDay } from '../../shared/time'
import { newId } from '../db/id'
import type { Row } from '../db/statement'
import type { Reader } from '../db/transaction'
import { eachMember } from './facts'
import { historyOf } from './history'
import { type StageRules, stageAt, stageOf } from './stage-rules'
import { type Step, stopwatch, type Work } from './work'

/** How many days before the first scoring are worked out afterwards, and how far back a present stage may have begun. */
export const pastDays = 90
const lookBackDays = 400

/** What one run is to do. Plain data. */
export interface PastRequest {
  /** The first day that was scored live; the past ends there. */
  onDay: string
  now: number
  stages: StageRules
}

const rowsPerStep = 2000
const rowsPerPage = 5000

/**
 * The stages of the days before scoring began, from the purchases as they are: the definitions are evaluated for every member on each of
 * the 90 days. Changes are marked `past`, because nobody may react to them any more.
 */
export const scorePast = async function* (db: Reader, request: PastRequest): Work {
  const watch = stopwatch()
  const until = serialOfDay(request.onDay)
  const from = until - pastDays
  const history = await historyOf(db)
  watch.lap('read')
  const days = pastDays + 1
  const members = new Int32Array(days * 5)
  const spend = new Float64Array(days * 5)
  const moves = new Int32Array(days * 25)
  let rows: Row[] = []
  let standing: Row[] = []
  let looked = 0
  let moved = 0
  const change = (memberId: string, serial: number, was: number, is: number): void => {
    const onDay = addDays(request.onDay, serial - until)
    rows.push({
      memberId,
      onDay,
      id: newId(request.now),
      fromStage: was < 0 ? null : stageAt(was),
      toStage: stageAt(is),
      createdAt: request.now,
      origin: 'past',
    })
    moved++
    if (was >= 0) moves[(serial - from) * 25 + was * 5 + is]++
  }
  const step = (): Step => {
    const taken: Step = {
      processed: looked,
      ahead: true,
      upserts: [
        { table: 'stage_change', key: ['memberId', 'onDay'], update: [], rows },
        // Since when the present stage lasts; the run that follows fills in the rest.
        { table: 'member_score', key: ['memberId'], update: [], rows: standing },
      ],
    }
    rows = []
    standing = []
    looked = 0
    return taken
  }
  for await (const page of eachMember(db, rowsPerPage)) {
    for (const { id, joinedOn } of page) {
      looked++
      const bought = history.of(id)
      // Who bought before he joined, as an imported customer may have, has a stage from the first of the two days.
      const joined = Math.min(serialOfDay(joinedOn), bought.days[0] ?? until)
      let was = -1
      let before = -1
      let since = until
      let next = 0
      let purchaseDays = 0
      let spent = 0
      for (let serial = Math.max(from - lookBackDays, joined); serial <= until; serial++) {
        while (next < bought.days.length && bought.days[next] <= serial) {
          spent += bought.fen[next++]
          purchaseDays++
        }
        const last = purchaseDays ? bought.days[purchaseDays - 1] : 0
        const is = stageOf(request.stages, purchaseDays, purchaseDays ? last - bought.days[0] : 0, serial - last)
        if (serial >= from) {
          members[(serial - from) * 5 + is]++
          spend[(serial - from) * 5 + is] += spent
        }
        if (is === was) continue
        if (serial >= from) change(id, serial, was, is)
        before = was
        since = serial
        was = is
      }
      standing.push({
        memberId: id,
        sinceDay: request.onDay,
        stage: stageAt(Math.max(0, was)),
        stageSince: addDays(request.onDay, since - until),
        previousStage: before < 0 ? null : stageAt(before),
        rfm: 'none',
      })
    }
    if (standing.length >= rowsPerStep) yield step()
  }
  yield step()
  watch.lap('stages')
  const stageDays: Row[] = []
  const stageMoves: Row[] = []
  for (let day = 0; day < days; day++) {
    const onDay = addDays(request.onDay, day - pastDays)
    for (let stage = 0; stage < 5; stage++) {
      stageDays.push({
        onDay,
        stage: stageAt(stage),
        members: members[day * 5 + stage],
        spendFen: spend[day * 5 + stage],
      })
      for (let to = 0; to < 5; to++) {
        const count = moves[day * 25 + stage * 5 + to]
        if (count) stageMoves.push({ onDay, fromStage: stageAt(stage), toStage: stageAt(to), members: count })
      }
    }
  }
  yield {
    processed: 0,
    upserts: [
      // Days that were scored live stay as they are.
      { table: 'stage_day', key: ['onDay', 'stage'], update: [], rows: stageDays },
      { table: 'stage_move', key: ['onDay', 'fromStage', 'toStage'], update: [], rows: stageMoves },
    ],
  }
  return { members: history.members, written: moved, moved, facts: { timings: watch.laps } }
}
