/**
 * The numeric core: what a night's fits and scores cost in processor seconds of one thread, which other programs on the machine disturb
 * less than the clock on the wall (given beside them). Where two ways of doing the same can be compared in one run, their ratio.
 */
import { bestItems, createScorer, type ItemModel, only } from '../../server/recommendations/models/blend'
import { easeNeighbours } from '../../server/recommendations/models/ease'
import { joinNeighbours, noNeighbours } from '../../server/recommendations/models/neighbours'
import { bgNbdLogLikelihood } from '../../server/scores/models/bg-nbd'
import { boostingMargins, fitBoosting } from '../../server/scores/models/boosting'
import { groupHistories, type Histories } from '../../server/scores/models/history'
import { assignGroups, fitKMeans } from '../../server/scores/models/kmeans'
import { fitLogistic } from '../../server/scores/models/logistic'
import { auc } from '../../server/scores/models/metrics'
import { fitPurchaseModel, scoreHistories } from '../../server/scores/models/purchase-model'
import { type Random, seededRandom } from '../../server/scores/models/random'
import { rfmScores } from '../../server/scores/models/rfm'
import { sigmoid } from '../../server/scores/models/special'
import { cutHistories } from '../../server/scores/models/split'
import { takeRows } from '../../server/scores/models/table'
import { defaultStageRules, stageOf } from '../../server/scores/stage-rules'
import { cdnowCut, readCdnow } from '../evaluate/shipped'
import { type Figure, median, printTable, type Report } from './measure'

const million = 1_000_000

/** Processor and wall seconds of the run with the median, and what the last run gave. */
const timed = <T>(work: () => T, runs = 3): { seconds: number; wall: number; result: T } => {
  const cpu: number[] = []
  const wall: number[] = []
  let result = undefined as T
  for (let i = 0; i < runs; i++) {
    const started = performance.now()
    const before = process.cpuUsage()
    result = work()
    const spent = process.cpuUsage(before)
    cpu.push((spent.user + spent.system) / 1e6)
    wall.push((performance.now() - started) / 1000)
  }
  return { seconds: median(cpu), wall: median(wall), result }
}
type Timed = Pick<ReturnType<typeof timed>, 'seconds' | 'wall'>

/** A figure in processor seconds, with the wall's beside it. */
const secondsOf = (name: string, { seconds, wall }: Timed, goal: number | null): Told => ({
  name,
  value: seconds,
  unit: 'CPU s',
  goal,
  beside: `${wall.toPrecision(3)} s on the wall`,
})

const normal = (random: Random): number => Math.sqrt(-2 * Math.log(1 - random())) * Math.cos(2 * Math.PI * random())

/** A figure with a word about it that is printed and left out of the JSON. */
type Told = Figure & { beside?: string }
interface Found {
  figures: Told[]
  /** What has to be true of the results, whatever they took. */
  holds: { what: string; is: boolean }[]
}

/** Fit of all of CDNOW's customers, and a million histories scored. */
const purchaseModels = (): Found => {
  const { histories } = cutHistories(readCdnow('master').purchases, cdnowCut.cut)
  const fit = timed(() => fitPurchaseModel('bg-nbd', histories), 5)
  const pareto = timed(() => fitPurchaseModel('pareto-nbd', histories), 1)
  const bg = fit.result
  if (bg.kind !== 'bg-nbd') throw new Error('not BG/NBD')
  // Somebody who does not join equal histories pays for every customer in each look at the likelihood.
  const grouped = groupHistories(histories)
  const apart = {
    ...histories,
    weight: new Float64Array(histories.repeats.length).fill(1),
    place: new Int32Array(0),
    members: histories.repeats.length,
  }
  const look = timed(() => bgNbdLogLikelihood(bg, grouped), 9)
  const lookApart = timed(() => bgNbdLogLikelihood(bg, apart), 9)
  const random = seededRandom(1)
  const many = {
    repeats: new Float64Array(million),
    recency: new Float64Array(million),
    age: new Float64Array(million),
  }
  for (let i = 0; i < million; i++) {
    const age = 1 + Math.floor(random() * 365)
    const repeats = Math.floor(random() ** 3 * 12)
    many.age[i] = age / 7
    many.repeats[i] = repeats
    many.recency[i] = repeats ? (1 + Math.floor(random() * age)) / 7 : 0
  }
  const score = (h: Histories) => timed(() => scoreHistories(bg, h, 13), 1)
  const scored = score(many)
  const scoredPareto = timed(() => scoreHistories(pareto.result, many, 13), 1)
  return {
    figures: [
      secondsOf('bgnbd.fit-23570', fit, 0.5),
      secondsOf('pnbd.fit-23570', pareto, null),
      { name: 'bgnbd.likelihood.joined-vs-apart', value: look.seconds / lookApart.seconds, unit: '×', goal: null },
      secondsOf('bgnbd.score-1m', scored, 1.5),
      secondsOf('pnbd.score-1m', scoredPareto, null),
    ],
    holds: [
      {
        what: 'BG/NBD on the whole of CDNOW: log-likelihood −95,368.44',
        is: Math.abs(bg.logLikelihood + 95_368.44) < 0.01,
      },
      {
        what: 'joined and apart, the likelihood is the same',
        is: Math.abs(look.result / lookApart.result - 1) < 1e-12,
      },
      { what: 'a million probabilities lie between 0 and 1', is: scored.result.buys.every((p) => p >= 0 && p <= 1) },
    ],
  }
}

/** Trees on 200,000 rows of 15 features; what they add over a line. */
const trees = (): Found => {
  const random = seededRandom(2)
  const rows = 200_000
  const columns = Array.from({ length: 15 }, () => Float64Array.from({ length: rows }, () => normal(random)))
  const labels = Uint8Array.from({ length: rows }, (_, i) => {
    const [a, b, c, d] = columns.map((column) => column[i])
    return random() < sigmoid(0.8 * a - 0.5 * b + (Math.abs(c) < 0.8 ? 1 : -0.7) + (a * d > 0 ? 0.5 : -0.3) - 1) ? 1 : 0
  })
  const table = { names: columns.map((_, f) => `f${f}`), rows, columns }
  const options = { trees: 100, leaves: 15, learningRate: 0.1, rowShare: 1, validationParts: 0 }
  const fit = timed(() => fitBoosting(table, labels, options), 1)
  const line = timed(() => fitLogistic(table, labels), 1)
  const many = takeRows(
    table,
    Int32Array.from({ length: million }, (_, i) => i % rows),
  )
  const score = timed(() => boostingMargins(fit.result, many), 1)
  const area = auc(score.result.subarray(0, rows), labels)
  return {
    figures: [
      secondsOf('gbdt.fit-200k×15×100', fit, 5.6),
      { name: 'gbdt.fit.rows-per-second', value: (rows * 100) / fit.seconds, unit: 'rows × trees / CPU s', goal: null },
      secondsOf('gbdt.score-1m', score, 3.6),
      secondsOf('logistic.fit-200k×15', line, null),
    ],
    holds: [{ what: `trees tell the classes apart (AUC ${area.toFixed(4)})`, is: area > 0.75 }],
  }
}

/** Lloyd's iterations without bounds: every row looks at every centre every time. */
const plainLloyd = (columns: Float64Array[], start: number[][], iterations: number): number => {
  const n = columns[0].length
  const k = start.length
  const centres = Float64Array.from(start.flat())
  const width = columns.length
  let moved = 0
  for (let round = 0; round < iterations; round++) {
    const sums = new Float64Array(k * width)
    const sizes = new Int32Array(k)
    for (let i = 0; i < n; i++) {
      let best = 0
      let least = Infinity
      for (let c = 0; c < k; c++) {
        let d = 0
        for (let j = 0; j < width; j++) d += (columns[j][i] - centres[c * width + j]) ** 2
        if (d < least) {
          least = d
          best = c
        }
      }
      sizes[best]++
      for (let j = 0; j < width; j++) sums[best * width + j] += columns[j][i]
    }
    for (let c = 0; c < k * width; c++) {
      const to = sums[c] / Math.max(1, sizes[Math.floor(c / width)])
      moved += Math.abs(to - centres[c])
      centres[c] = to
    }
  }
  return moved
}

/** Groups, RFM scores and stages of a million members. */
const groups = (): Found => {
  const random = seededRandom(3)
  const recency = Int32Array.from({ length: million }, () => Math.floor(random() ** 2 * 700))
  const purchases = Int32Array.from({ length: million }, () => 1 + Math.floor(random() ** 4 * 60))
  const spend = Float64Array.from(purchases, (p) => Math.round(p * (2000 + 20_000 * random())))
  const columns = [recency, purchases, spend].map((c) => Float64Array.from(c, (v) => Math.log1p(v)))
  const fit = timed(() => fitKMeans(columns, { groups: 6, seed: 1 }), 3)
  const plain = timed(() => plainLloyd(columns, fit.result.centres, fit.result.iterations), 1)
  const scores = timed(() => rfmScores({ recencyDays: recency, frequency: purchases, monetary: spend }))
  const span = Float64Array.from(recency, () => Math.floor(random() * 300))
  const stages = timed(() => {
    const out = new Uint8Array(million)
    for (let i = 0; i < million; i++)
      out[i] = stageOf(defaultStageRules, purchases[i], purchases[i] > 1 ? span[i] : 0, recency[i])
    return out
  })
  const sizes = new Int32Array(fit.result.centres.length)
  for (const g of assignGroups(fit.result, columns)) sizes[g]++
  return {
    figures: [
      secondsOf('k-means.1m×3', fit, 5),
      { name: 'k-means.vs-plain-lloyd', value: fit.seconds / plain.seconds, unit: '×', goal: 1 },
      secondsOf('rfm-and-stages.1m', { seconds: scores.seconds + stages.seconds, wall: scores.wall + stages.wall }, 1),
    ],
    holds: [
      { what: 'every row is in its nearest group', is: sizes.every((size, g) => size === fit.result.sizes[g]) },
      {
        what: 'RFM scores and stages of everybody',
        is: scores.result.r.every((r) => r >= 1 && r <= 5) && stages.result.every((s) => s >= 1 && s <= 4),
      },
    ],
  }
}

/** EASE of 2,800 items, and the best fifty of 5,000 items for many members. */
const recommendations = (): Found => {
  const random = seededRandom(4)
  const n = 2800
  const gram = new Float64Array(n * n)
  for (let m = 0; m < 6000; m++) {
    const own = Array.from({ length: 20 }, () => Math.floor(random() ** 2 * n))
    for (const a of new Set(own)) for (const b of new Set(own)) gram[a * n + b]++
  }
  const ease = timed(
    () =>
      easeNeighbours(
        gram,
        Uint32Array.from({ length: n }, (_, i) => i),
        n,
        300,
      ),
    1,
  )
  const items = 5000
  const lists = Array.from({ length: items }, () =>
    Array.from({ length: 100 }, () => ({ item: Math.floor(random() * items), weight: random() })),
  )
  const model: ItemModel = {
    items,
    ease: joinNeighbours(lists, 100),
    neighbours: noNeighbours(items),
    content: noNeighbours(items),
    rebuy: new Float32Array(items),
    popular: new Float32Array(items),
  }
  const scorer = createScorer(model)
  const weights = only({ ease: 1 })
  const members = 100_000
  const owned = Array.from({ length: members }, () => ({
    item: Uint32Array.from({ length: 20 }, () => Math.floor(random() * items)),
    times: new Uint16Array(20).fill(1),
    firstDay: new Uint16Array(20).fill(100),
    lastDay: new Uint16Array(20).fill(100),
    visits: 20,
  }))
  const top = timed(() => owned.reduce((sum, h) => sum + bestItems(scorer.total(h, 120, weights), 50).length, 0), 1)
  return {
    figures: [
      secondsOf('ease.fit-2800', ease, null),
      { name: 'top50.members-per-second', value: members / top.seconds, unit: 'members / CPU s', goal: 20_000 },
    ],
    holds: [{ what: 'fifty items for every member', is: top.result === members * 50 }],
  }
}

/** Runs all parts one after the other in this thread. */
export const run = async (): Promise<Report> => {
  const told: Told[] = []
  const holds: Found['holds'] = []
  for (const part of [purchaseModels, trees, groups, recommendations]) {
    const found = part()
    told.push(...found.figures)
    holds.push(...found.holds)
    for (const f of found.figures) console.log(`${f.name}: ${f.value.toPrecision(4)} ${f.unit}`)
  }
  console.log('')
  printTable(
    ['figure', 'value', 'unit', 'goal', 'beside'],
    told.map((f) => [f.name, f.value.toPrecision(4), f.unit, f.goal === null ? '' : String(f.goal), f.beside ?? '']),
    1,
  )
  console.log('\nwhat must hold')
  for (const { what, is } of holds) console.log(`  ${is ? '✓' : '✗'} ${what}`)
  const figures = told.map(({ name, value, unit, goal }) => ({ name, value, unit, goal }))
  return { name: 'models', figures, sound: holds.every((h) => h.is) }
}
