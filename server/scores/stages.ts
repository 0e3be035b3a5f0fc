import { addDays, civilDay, serialOfDay } from '../../shared/time'
import { newId } from '../db/id'
import type { Row } from '../db/statement'
import type { Reader } from '../db/transaction'
import { changedMembers, eachFigure, eachStanding, goneMembers, type StandingRow, standingOf } from './facts'
import { quantileThresholds } from './models/rfm'
import { frequencyScore, quantileScore, type RfmRules, recencyScore, segmentOf, spendScore } from './rfm-rules'
import { dormantAfter, intervalOf, lostAfter, type StageRules, stageAt, stageOf } from './stage-rules'
import { growing, type Step, stopwatch, type Work } from './work'

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

/** Rows of one transaction: enough to share its cost, little enough that nobody waits for it. */
const rowsPerStep = 2000
const rowsPerPage = 5000

/** Four cut points that part the values in fifths; zeros of no values. */
const cutsOf = (values: Float64Array): number[] => (values.length ? [...quantileThresholds(values)] : [0, 0, 0, 0])

/** The day number of a moment, by day: members share few of them. */
const dayNumbers = (): ((at: number) => number) => {
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
const scorer = (request: StagesRequest, cuts: Cuts) => {
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

/** Turns members into the rows to write; leaves out whoever stays as he was. */
const changesOf = (request: StagesRequest, score: (row: StandingRow) => Row) => {
  let scores: Row[] = []
  let moves: Row[] = []
  let history: Row[] = []
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
        { table: 'score_history', key: ['memberId', 'onDay'], update: ['stage', 'rfm', 'r', 'f', 'm'], rows: history },
      ],
    }
    scores = []
    moves = []
    history = []
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
      moves.push({
        memberId: row.id,
        onDay: request.onDay,
        id: newId(request.now),
        fromStage: row.stage,
        toStage: next.stage,
        createdAt: request.now,
        origin: 'live',
      })
      total.moved++
    }
    if (moved || row.rfm !== next.rfm)
      history.push({
        memberId: row.id,
        onDay: request.onDay,
        stage: next.stage,
        rfm: next.rfm,
        r: next.r,
        f: next.f,
        m: next.m,
        churnBp: null,
        clvFen: null,
      })
    scores.push(next)
    total.written++
    return scores.length >= rowsPerStep ? take() : null
  }
  return { add, take, total }
}

/** Sums of everybody's rows, for pages that must answer at once. They are read after every row is committed. */
const summaries = async (db: Reader, onDay: string): Promise<Step> => {
  const [stages, moves, quantile, fixed] = await Promise.all([
    db.read<Row>('SELECT stage, COUNT(*) AS members, SUM(spendFen) AS spendFen FROM member_score GROUP BY stage'),
    db.read<Row>(
      'SELECT fromStage, toStage, COUNT(*) AS members FROM stage_change WHERE onDay = ? AND fromStage IS NOT NULL AND fromStage <> toStage GROUP BY fromStage, toStage',
      [onDay],
    ),
    ...(
      [
        ['r', 'f'],
        ['rFixed', 'fFixed'],
      ] as const
    ).map(([r, f]) =>
      db.read<Row>(
        `SELECT ${r} AS r, ${f} AS f, COUNT(*) AS members, SUM(spendFen) AS spendFen, SUM(purchases) AS purchases FROM member_score WHERE r > 0 GROUP BY ${r}, ${f}`,
      ),
    ),
  ])
  const cells = [
    ...quantile.map((c) => ({ ...c, method: 'quantile' })),
    ...fixed.map((c) => ({ ...c, method: 'fixed' })),
  ]
  const clear = ['stage_day', 'stage_move', 'rfm_cell'].map((table) => ({
    text: `DELETE FROM ${table} WHERE onDay = ?`,
    params: [onDay],
  }))
  const insert = (table: string, key: string[], update: string[], rows: Row[]) => ({ table, key, update, rows })
  const number = (row: Row): Row => ({
    ...row,
    ...Object.fromEntries(['members', 'spendFen', 'purchases'].filter((k) => k in row).map((k) => [k, Number(row[k])])),
  })
  return {
    processed: 0,
    statements: clear,
    upserts: [
      insert(
        'stage_day',
        ['onDay', 'stage'],
        ['members', 'spendFen'],
        stages.map((r) => ({ onDay, ...number(r) })),
      ),
      insert(
        'stage_move',
        ['onDay', 'fromStage', 'toStage'],
        ['members'],
        moves.map((r) => ({ onDay, ...number(r) })),
      ),
      insert(
        'rfm_cell',
        ['onDay', 'method', 'r', 'f'],
        ['members', 'spendFen', 'purchases'],
        cells.map((r) => ({ onDay, ...number(r) })),
      ),
    ],
  }
}

/** The cut points of today's buyers. */
const drawCuts = async (db: Reader): Promise<Cuts> => {
  const dayOf = dayNumbers()
  const columns = { lastDay: growing(), purchases: growing(), spendFen: growing() }
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
  for (let i = 0; i < ids.length; i += 500) yield await standingOf(db, ids.slice(i, i + 500))
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
  yield changes.take()
  if (request.mode === 'full') {
    const gone = await goneMembers(db, 'member_score')
    for (let i = 0; i < gone.length; i += rowsPerStep)
      yield {
        processed: 0,
        upserts: [],
        deletes: [{ table: 'member_score', column: 'memberId', ids: gone.slice(i, i + rowsPerStep) }],
      }
  }
  watch.lap('write')
  yield await summaries(db, request.onDay)
  watch.lap('sums')
  return { ...changes.total, facts: { cuts, timings: watch.laps } }
}
