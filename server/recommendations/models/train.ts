import { type ItemModel, only, type Weights } from './blend'
import { contentNeighbours, type ItemText } from './content'
import { easeItems, easeNeighbours, easePolicy, gramOf } from './ease'
import { type Histories, type History, historyOf, joinHistories, rebuyShares, rowOf, supportOf } from './histories'
import type { Quality } from './metrics'
import { cosineNeighbours, type Neighbours, noNeighbours } from './neighbours'
import { freshPopularity, onScale, type Sold } from './popularity'
import { type Case, measure, type Task, tune } from './tune'

export const trainPolicy = {
  /** Ridge parameters to choose from. */
  lambdas: [100, 200, 500, 1000],
  /** The ridge is chosen on so many of the best supported items, since an inverse costs the cube of them. */
  lambdaItems: 1000,
  /** Fewer members to test on, and no blend can be told from a lucky one: the plain fall-back is used. */
  minCases: 30,
} as const

/** Purchase lines of some members, in compressed rows like the histories; `row` is the member's place there. */
export interface Lines {
  row: Int32Array
  start: Int32Array
  item: Uint32Array
  day: Uint16Array
}
/** Everything a training is given; all of it can be sent to another thread. */
export interface TrainingInput {
  items: number
  /** Null for an item nothing is known of. */
  texts: (ItemText | null)[]
  /** All purchases before `day`. */
  histories: Histories
  /** The members whose purchases are known one by one: validation and test use these. */
  lines: Lines
  sold: Sold[]
  /** Today as a day number; the test are the last days before it. */
  day: number
  testDays: number
  /** Validation days right before the test. */
  validationDays: number
  easeItems: number
}

/** One line of a back-test card. */
export type Score = Pick<Quality, 'recall' | 'cappedRecall' | 'ndcg' | 'precision' | 'hit' | 'coverage' | 'members'>
export interface TaskCard {
  weights: Weights
  /** Whether the blend is served; where it lost to a baseline, the baseline's weights are. */
  used: boolean
  blend: Score
  ease: Score
  neighbours: Score
  popularity: Score
  /** The member's own most frequent items; a baseline only where repeats are allowed. */
  frequency: Score | null
}
/** Back-test of a model: what it would have reached in the last days, knowing only what came before. Null tasks: too few members. */
export interface Card {
  trainedFrom: number
  validationFrom: number
  testFrom: number
  testTo: number
  members: number
  items: number
  easeItems: number
  lambda: number
  discover: TaskCard | null
  all: TaskCard | null
}
export interface Trained {
  model: ItemModel
  card: Card
  weights: Record<Task, Weights>
}

/** Served where nothing could be proved: what the member buys most, then what sells. */
export const plainWeights: Record<Task, Weights> = {
  discover: only({ popularity: 1 }),
  all: only({ frequency: 1, popularity: 0.01 }),
}

/** Where each member's lines are, by the member's row; −1 for members without. */
const linesByRow = ({ histories, lines }: TrainingInput): Int32Array => {
  const at = new Int32Array(histories.members).fill(-1)
  for (const [x, row] of lines.row.entries()) at[row] = x
  return at
}

const boughtBetween = ({ lines }: TrainingInput, x: number, from: number, to: number) => {
  const out: { item: number; day: number }[] = []
  for (let e = lines.start[x]; e < lines.start[x + 1]; e++)
    if (lines.day[e] >= from && lines.day[e] < to) out.push({ item: lines.item[e], day: lines.day[e] })
  return out
}

/**
 * The histories as they stood at the beginning of a day. Exact for members whose lines are known; for the others an entry that reaches
 * beyond the day counts as bought once, on its first day.
 */
export const rewind = (input: TrainingInput, day: number): Histories => {
  const at = linesByRow(input)
  const list: History[] = []
  for (let m = 0; m < input.histories.members; m++) {
    if (at[m] >= 0) {
      list.push(historyOf(boughtBetween(input, at[m], 0, day)))
      continue
    }
    const h = rowOf(input.histories, m)
    const kept = Array.from(h.item, (_, e) => e).filter((e) => h.firstDay[e] < day)
    const over = (e: number): boolean => h.lastDay[e] >= day
    list.push({
      item: kept.map((e) => h.item[e]),
      times: kept.map((e) => (over(e) ? 1 : h.times[e])),
      firstDay: kept.map((e) => h.firstDay[e]),
      lastDay: kept.map((e) => (over(e) ? h.firstDay[e] : h.lastDay[e])),
      visits: h.visits,
    })
  }
  return joinHistories(list, input.items)
}

/** Members with a past before `from`, and what they took from then until `to`, as far as it had ever been sold before. */
export const casesOf = (input: TrainingInput, past: Histories, from: number, to: number): Case[] => {
  const support = supportOf(past)
  const cases: Case[] = []
  for (const [x, row] of input.lines.row.entries()) {
    const history = rowOf(past, row)
    if (!history.item.length) continue
    const taken = [...new Set(boughtBetween(input, x, from, to).map((b) => b.item))].filter((i) => support[i] > 0)
    if (taken.length) cases.push({ history, taken })
  }
  return cases
}

/** Learns everything but the weights from histories that end before `day`. */
export const learn = (
  input: Pick<TrainingInput, 'items' | 'texts' | 'sold' | 'easeItems'>,
  content: Neighbours,
  past: Histories,
  day: number,
  lambda: number,
): ItemModel => {
  const covered = easeItems(past, input.easeItems)
  return {
    items: input.items,
    ease: easeNeighbours(gramOf(past, covered), covered, input.items, lambda),
    neighbours: cosineNeighbours(past),
    content,
    rebuy: rebuyShares(past),
    popular: onScale(freshPopularity(input.sold, input.items, day)),
  }
}

/** The ridge parameter that ranks new items best for the validation cases, on the best supported items. */
export const chooseLambda = (
  past: Histories,
  cases: readonly Case[],
  day: number,
  {
    lambdas = trainPolicy.lambdas,
    items = trainPolicy.lambdaItems,
  }: { lambdas?: readonly number[]; items?: number } = {},
): number => {
  const covered = easeItems(past, items)
  const gram = gramOf(past, covered)
  const none = noNeighbours(past.items)
  let [best, most] = [lambdas[0], -1]
  for (const lambda of lambdas) {
    const ease = easeNeighbours(gram.slice(), covered, past.items, lambda)
    const blank = new Float32Array(past.items)
    const model: ItemModel = { items: past.items, ease, neighbours: none, content: none, rebuy: blank, popular: blank }
    const { ndcg } = measure(model, cases, 'discover', only({ ease: 1 }), { day })
    if (ndcg > most) [best, most] = [lambda, ndcg]
  }
  return best
}

const cardOf = (
  model: ItemModel,
  past: Histories,
  cases: readonly Case[],
  task: Task,
  weights: Weights,
  day: number,
): TaskCard => {
  const byAllTime = { ...model, popular: onScale(supportOf(past)) }
  const score = (m: ItemModel, w: Weights): Score => measure(m, cases, task, w, { day })
  const popularity = score(byAllTime, only({ popularity: 1 }))
  const frequency = task === 'all' ? score(byAllTime, only({ frequency: 1, popularity: 1e-4 })) : null
  const blend = score(model, weights)
  const used = blend.ndcg > Math.max(popularity.ndcg, frequency?.ndcg ?? 0)
  const ease = score(model, only({ ease: 1 }))
  const neighbours = score(model, only({ neighbours: 1 }))
  return { weights, used, blend, ease, neighbours, popularity, frequency }
}

/**
 * Chooses ridge and weights on the validation days, then tests them on the days after, which played no part in any choice.
 * @returns the card; the models are learnt anew for serving
 */
export const backTest = (input: TrainingInput, content = contentNeighbours(input.texts)): Card => {
  const testFrom = input.day - input.testDays
  const validationFrom = testFrom - input.validationDays
  const early = rewind(input, validationFrom)
  const validation = casesOf(input, early, validationFrom, testFrom)
  const late = rewind(input, testFrom)
  const test = casesOf(input, late, testFrom, input.day)
  const card: Card = {
    trainedFrom: input.histories.firstDay.reduce((m, d) => Math.min(m, d), input.day),
    validationFrom,
    testFrom,
    testTo: input.day,
    members: late.members,
    items: input.items,
    easeItems: easeItems(late, input.easeItems).length,
    lambda: trainPolicy.lambdas[2],
    discover: null,
    all: null,
  }
  if (Math.min(validation.length, test.length) < trainPolicy.minCases) return card
  const items = Math.min(input.easeItems, trainPolicy.lambdaItems)
  card.lambda = chooseLambda(early, validation, validationFrom, { items })
  const before = learn(input, content, early, validationFrom, card.lambda)
  const discover = tune(before, validation, 'discover', validationFrom).weights
  const all = tune(before, validation, 'all', validationFrom).weights
  const then = learn(input, content, late, testFrom, card.lambda)
  card.discover = cardOf(then, late, test, 'discover', discover, testFrom)
  card.all = cardOf(then, late, test, 'all', all, testFrom)
  return card
}

/** Back-tests, then learns from everything up to `day`. A task whose blend lost to a baseline gets the plain weights. */
export const train = (input: TrainingInput): Trained => {
  const content = contentNeighbours(input.texts)
  const card = backTest(input, content)
  const weightsOf = (task: Task): Weights => (card[task]?.used ? card[task].weights : plainWeights[task])
  return {
    model: learn(input, content, input.histories, input.day, card.lambda),
    card,
    weights: { discover: weightsOf('discover'), all: weightsOf('all') },
  }
}

/** The most items a training may give EASE; a smaller number makes it faster by the cube. */
export const defaultEaseItems = easePolicy.items
