import { newId } from '../db/id'
import type { Row } from '../db/statement'
import type { Reader } from '../db/transaction'
import { changedMembers, eachFigure, eachStanding, goneMembers, type StandingRow, standingOf } from './facts'
import { quantileThresholds } from './models/rfm'
import { type Cuts, dayNumbers, type StagesRequest, scorer } from './stage-scorer'
import { beginSums, type Counted, endSums, sumsMoved } from './stage-sums'
import { breathe, growingNumbers, type Step, stopwatch, type Work } from './work'

/**
 * Rows of one transaction: enough to share its cost, little enough that nobody waits for it. A run over what changed may be made on the
 * event loop, where the rows of a step are turned into a statement in one go.
 */
const rowsPerStep = { full: 2000, changed: 500 }
const rowsPerPage = 5000

/** Four cut points that part the values in fifths; zeros of no values. */
const cutsOf = (values: Float64Array): number[] => (values.length ? [...quantileThresholds(values)] : [0, 0, 0, 0])

const scoreColumns = [
  'sinceDay',
  'stage',
  'stageSince',
  'previousStage',
  'r',
  'f',
  'm',
  'rFixed',
  'fFixed',
  'mFixed',
  'rfm',
  'purchases',
  'spendFen',
  'lastDay',
  'intervalDays',
  'dormantOn',
  'lostOn',
  'dueOn',
]

const same = (row: StandingRow, next: Row): boolean =>
  row.stage === next.stage &&
  row.rfm === next.rfm &&
  row.r === next.r &&
  row.f === next.f &&
  row.m === next.m &&
  row.rFixed === next.rFixed &&
  row.fFixed === next.fFixed &&
  row.mFixed === next.mFixed &&
  row.lastDay === next.lastDay &&
  row.scoredPurchases === next.purchases &&
  row.scoredSpendFen === next.spendFen &&
  row.dueOn === next.dueOn

/** What a member counted for before. */
const countedOf = (row: StandingRow): Counted | null =>
  row.stage === null
    ? null
    : {
        stage: row.stage,
        r: row.r ?? 0,
        f: row.f ?? 0,
        rFixed: row.rFixed ?? 0,
        fFixed: row.fFixed ?? 0,
        purchases: row.scoredPurchases ?? 0,
        spendFen: row.scoredSpendFen ?? 0,
      }

/** Whether a run has scored the member before: what the look at the past leaves has a stage alone, and only buyers have another than `new`. */
const wasScored = (row: StandingRow): boolean => row.stage !== null && (row.rfm !== 'none' || row.stage === 'new')

/** How a member stood from a day on. */
const historyRow = (memberId: string, onDay: Row[string], { stage, rfm, r, f, m }: Row | StandingRow): Row => ({
  memberId,
  onDay,
  stage,
  rfm,
  r,
  f,
  m,
  churnBp: null,
  clvFen: null,
})

/** Turns members into the rows to write; leaves out whoever stays as he was. */
const changesOf = (request: StagesRequest, score: (row: StandingRow) => Row) => {
  let scores: Row[] = []
  let moves: Row[] = []
  let first: Row[] = []
  let history: Row[] = []
  let counted: { was: Counted | null; is: Counted }[] = []
  let looked = 0
  const total = { members: 0, written: 0, moved: 0 }
  const take = (): Step => {
    const step: Step = {
      processed: looked,
      upserts: [
        { table: 'member_score', key: ['memberId'], update: scoreColumns, rows: scores },
        // A second run of the same day may move a member on: the change of the day then ends where he is now.
        {
          table: 'stage_change',
          key: ['memberId', 'onDay'],
          update: ['id', 'toStage', 'createdAt', 'origin'],
          rows: moves,
        },
        // Written already unless it was the member's first: every later stage began with a row of its own.
        { table: 'score_history', key: ['memberId', 'onDay'], update: [], rows: first },
        { table: 'score_history', key: ['memberId', 'onDay'], update: ['stage', 'rfm', 'r', 'f', 'm'], rows: history },
      ],
      adds: request.mode === 'changed' ? sumsMoved(request.onDay, counted) : [],
      ahead: true,
    }
    scores = []
    moves = []
    first = []
    history = []
    counted = []
    looked = 0
    return step
  }
  const add = (row: StandingRow): Step | null => {
    looked++
    total.members++
    const next = score(row)
    if (same(row, next)) return null
    const moved = row.stage !== next.stage
    if (!moved) {
      next.stageSince = row.stageSince
      next.previousStage = row.previousStage
    } else {
      next.previousStage = row.stage
      // Whoever is scored for the first time has not passed from anywhere.
      if (row.stage !== null) {
        total.moved++
        moves.push({
          memberId: row.id,
          onDay: request.onDay,
          id: newId(request.now),
          fromStage: row.stage,
          toStage: next.stage,
          createdAt: request.now,
          origin: 'live',
        })
      }
    }
    // A first standing becomes history when it ends: until then it is the member's row alone.
    if (wasScored(row) && (moved || row.rfm !== next.rfm)) {
      first.push(historyRow(row.id, row.stageSince, row))
      history.push(historyRow(row.id, request.onDay, next))
    }
    if (request.mode === 'changed') counted.push({ was: countedOf(row), is: next as unknown as Counted })
    scores.push(next)
    total.written++
    return scores.length >= rowsPerStep[request.mode] ? take() : null
  }
  return { add, take, total }
}

/** The cut points of today's buyers. */
const drawCuts = async (db: Reader): Promise<Cuts> => {
  const dayOf = dayNumbers()
  const columns = { lastDay: growingNumbers(), purchases: growingNumbers(), spendFen: growingNumbers() }
  for await (const page of eachFigure(db, rowsPerPage))
    for (const row of page) {
      columns.lastDay.push(dayOf(row.lastPurchaseAt))
      columns.purchases.push(row.purchases)
      columns.spendFen.push(row.spendFen)
    }
  return {
    lastDay: cutsOf(columns.lastDay.values()),
    purchases: cutsOf(columns.purchases.values()),
    spendFen: cutsOf(columns.spendFen.values()),
  }
}

/** Members with their standing: everybody, or those for whom something changed. */
const wanted = async function* (db: Reader, request: StagesRequest): AsyncGenerator<StandingRow[]> {
  if (request.mode === 'full') return yield* eachStanding(db, rowsPerPage)
  const ids = await changedMembers(db, request.since, request.onDay)
  for (let i = 0; i < ids.length; i += 500) {
    yield await standingOf(db, ids.slice(i, i + 500))
    await breathe()
  }
}

/**
 * RFM and life-cycle stages of all members, or of those for whom something changed. Reads page by page and writes only what changed, so
 * memory does not grow with the members but for three numbers each while the fifths are cut.
 */
export const scoreStages = async function* (db: Reader, request: StagesRequest): Work {
  const watch = stopwatch()
  const cuts = request.mode === 'full' ? await drawCuts(db) : request.cuts
  if (!cuts) throw new Error('A run over what changed needs the cut points of the last full run')
  watch.lap('cuts')
  const changes = changesOf(request, scorer(request, cuts))
  const begin = request.mode === 'changed' ? await beginSums(db, request.onDay) : null
  if (begin) yield begin
  for await (const page of wanted(db, request)) {
    watch.lap('read')
    for (const row of page) {
      const step = changes.add(row)
      if (!step) continue
      watch.lap('compute')
      yield step
      watch.lap('write')
    }
    watch.lap('compute')
  }
  yield { ...changes.take(), ahead: false }
  if (request.mode === 'full') {
    const gone = await goneMembers(db, 'member_score')
    for (let i = 0; i < gone.length; i += rowsPerStep.full)
      yield {
        processed: 0,
        upserts: [],
        deletes: [{ table: 'member_score', column: 'memberId', ids: gone.slice(i, i + rowsPerStep.full) }],
      }
  }
  watch.lap('write')
  yield await endSums(db, request.onDay, request.mode === 'full')
  watch.lap('sums')
  return { ...changes.total, facts: { cuts, timings: watch.laps } }
}
