import { expectedValue, fitGammaGamma } from '../../server/scores/models/gamma-gamma'
import { auc, baseRate, meanAbsoluteError } from '../../server/scores/models/metrics'
import {
  choosePurchaseModel,
  degeneracyOf,
  fitPurchaseModel,
  type PurchaseModel,
  type PurchaseModelKind,
  scoreHistories,
} from '../../server/scores/models/purchase-model'
import { isModelRefusal } from '../../server/scores/models/refusal'
import { type CutHistories, cutHistories, purchasesBetween } from '../../server/scores/models/split'
import { printTable } from '../bench/measure'
import type { Flags } from './index'
import { type Cut, cutOf, dayText, type PurchaseFile, purchaseFlags, purchaseUsage, readPurchases } from './read'
import { badInput, type Figure, type Report } from './report'
import { cdnowCut, onlineRetailCut, readCdnow, readOnlineRetailPurchases } from './shipped'

export const flags = ['cut', 'horizon', ...purchaseFlags]
export const usage = `${purchaseUsage}
  --cut <date>       last day the models may see; without it the horizon ends with the file
  --horizon <days>   how far they look ahead (half of the file's time)`

const shortNames = { 'bg-nbd': 'bgnbd', 'mbg-nbd': 'mbgnbd', 'pareto-nbd': 'pnbd', nbd: 'nbd' } as const
const kinds = Object.keys(shortNames) as PurchaseModelKind[]

/** Values to reach on CDNOW, from the published fits of the same data and from recomputations of them. */
const goals: Record<string, Pick<Figure, 'goal' | 'better'>> = {
  'cdnow.bgnbd.ll': { goal: -9582.43 },
  'cdnow.bgnbd.r': { goal: 0.2425945, better: { within: 5e-4 } },
  'cdnow.bgnbd.alpha': { goal: 4.4136019, better: { within: 5e-3 } },
  'cdnow.bgnbd.a': { goal: 0.7929199, better: { within: 3e-3 } },
  'cdnow.bgnbd.b': { goal: 2.4258881, better: { within: 1e-2 } },
  'cdnow.bgnbd.mae': { goal: 0.786, better: 'lower' },
  'cdnow.bgnbd.auc': { goal: 0.772 },
  'cdnow.pnbd.ll': { goal: -9594.98 },
  'cdnow.pnbd.mae': { goal: 0.755, better: 'lower' },
  'cdnow.pnbd.auc': { goal: 0.778 },
  'cdnow.gg.ll': { goal: -4055.92, better: { within: 0.01 } },
  // Whoever trusts these fits gets expectations of any size: they must be told.
  'online-retail.bgnbd.degenerate': { goal: 1, better: { within: 0 } },
  'online-retail.mbgnbd.degenerate': { goal: 1, better: { within: 0 } },
}

const parametersOf = (model: PurchaseModel): Record<string, number> => {
  const { kind: _kind, logLikelihood: _ll, members: _members, ...parameters } = model
  return parameters
}

interface Held {
  at: CutHistories
  actual: Int32Array
  bought: Uint8Array
  /** Length of the horizon in weeks. */
  weeks: number
}
const hold = ({ purchases }: PurchaseFile, { cut, horizon }: Cut): Held => {
  const at = cutHistories(purchases, cut)
  const actual = purchasesBetween(purchases, at.members, cut, cut + horizon)
  return { at, actual, bought: actual.map((n) => Math.min(n, 1)) as unknown as Uint8Array, weeks: horizon / 7 }
}

const sumOf = (values: ArrayLike<number>): number => Array.from(values).reduce((sum, v) => sum + v, 0)

/** How one model's expectations fared; AUC is of the expectation as a score for "buys again at all". */
interface Fare {
  predicted: number
  mae: number
  auc: number
  aliveAuc: number | null
}
const fareOf = (expected: Float64Array, alive: Float64Array | null, { actual, bought }: Held): Fare => ({
  predicted: sumOf(expected),
  mae: meanAbsoluteError(expected, actual),
  auc: auc(expected, bought),
  aliveAuc: alive && auc(alive, bought),
})

/** What anybody could say without a model. */
const naive = ({ at: { histories }, actual, weeks }: Held): { name: string; expected: Float64Array }[] => [
  {
    name: 'own past rate goes on (x · t / T)',
    expected: histories.repeats.map((x, i) => (histories.age[i] > 0 ? (x * weeks) / histories.age[i] : 0)),
  },
  {
    name: 'the mean for everybody (knows the answer)',
    expected: new Float64Array(actual.length).fill(sumOf(actual) / actual.length),
  },
]

const evaluateFile = (prefix: string, title: string, file: PurchaseFile, cut: Cut): Figure[] => {
  const held = hold(file, cut)
  const { histories, meanValue } = held.at
  const members = held.at.members.length
  if (!members) throw badInput(`Nobody bought until ${dayText(cut.cut)}`)
  const rate = baseRate(held.bought)
  const sum = sumOf(held.actual)
  console.log(
    `\n${title}: ${members.toLocaleString('en')} customers, ${sumOf(histories.repeats).toLocaleString('en')} repeat purchases until ${dayText(cut.cut)};` +
      `\nin the ${cut.horizon} days after it ${sum.toLocaleString('en')} purchases by ${sumOf(held.bought).toLocaleString('en')} of them (base rate ${(rate * 100).toFixed(1)} %)`,
  )
  if (rate === 0 || rate === 1)
    throw badInput(
      `${rate ? 'Everybody' : 'Nobody'} bought in the ${cut.horizon} days after ${dayText(cut.cut)}: there is nothing to tell apart`,
    )
  const figures: Figure[] = []
  const rows: string[][] = []
  const tell = (name: string, fare: Fare): void => {
    const off = ((fare.predicted / sum - 1) * 100).toFixed(1)
    const alive = fare.aliveAuc === null ? '' : fare.aliveAuc.toFixed(4)
    rows.push([name, fare.predicted.toFixed(1), `${off} %`, fare.mae.toFixed(4), fare.auc.toFixed(4), alive])
  }
  const bases = naive(held).map(({ name, expected }) => ({ name, fare: fareOf(expected, null, held) }))
  const beside = {
    mae: `own past rate ${bases[0].fare.mae.toFixed(4)}, mean ${bases[1].fare.mae.toFixed(4)}`,
    auc: `own past rate ${bases[0].fare.auc.toFixed(4)}, base rate ${(rate * 100).toFixed(1)} %`,
  }
  const add = (name: string, value: number, unit: string, text?: string): void => {
    const goal = goals[`${prefix}.${name}`]
    figures.push({
      name: `${prefix}.${name}`,
      value,
      unit,
      goal: goal?.goal ?? null,
      better: goal?.better,
      beside: text,
    })
  }
  const nbd = fitPurchaseModel('nbd', histories)
  if (nbd.kind !== 'nbd') throw new Error('NBD is NBD')
  const meanAge = sumOf(histories.age) / members
  for (const kind of kinds) {
    const short = shortNames[kind]
    const started = performance.now()
    const model = kind === 'nbd' ? nbd : fitPurchaseModel(kind, histories)
    const ms = Math.round(performance.now() - started)
    const reason = degeneracyOf(model, nbd, meanAge)
    const parameters = Object.entries(parametersOf(model))
    console.log(
      `  ${kind}: ${parameters.map(([name, v]) => `${name} ${v.toPrecision(6)}`).join('  ')}  log-likelihood ${model.logLikelihood.toFixed(4)}` +
        `${kind === 'nbd' ? '' : `  (${ms} ms)`}${reason ? `\n    degenerate: ${reason}; NBD takes its place` : ''}`,
    )
    const used = reason ? nbd : model
    const scores = scoreHistories(used, histories, held.weeks)
    const fare = fareOf(scores.expected, used.kind === 'nbd' ? null : scores.alive, held)
    tell(reason ? `${kind} -> nbd` : kind, fare)
    const instead = reason ? '; degenerate, figures of NBD' : ''
    add(`${short}.ll`, model.logLikelihood, 'nats', `nbd ${nbd.logLikelihood.toFixed(2)}${instead}`)
    if (!reason) for (const [name, v] of parameters) add(`${short}.${name}`, v, '')
    if (kind !== 'nbd') add(`${short}.degenerate`, reason ? 1 : 0, 'yes/no', reason ?? undefined)
    add(`${short}.mae`, fare.mae, 'purchases', beside.mae + instead)
    add(`${short}.auc`, fare.auc, '', beside.auc + instead)
  }
  for (const { name, fare } of bases) tell(name, fare)
  console.log('')
  printTable(['model', `predicted (actual ${sum})`, 'off', 'MAE', 'AUC', 'AUC of P(alive)'], rows, 1)
  evaluateValues(add, histories.repeats, meanValue)
  const { model, rejected } = choosePurchaseModel(histories)
  console.log(
    `\nthe product would take ${model.kind}${rejected.length ? `; left aside: ${rejected.map((r) => `${r.kind} (${r.reason})`).join(', ')}` : ''}`,
  )
  return figures
}

/** Gamma-Gamma on the mean values, where there are any. */
const evaluateValues = (
  add: (name: string, value: number, unit: string, text?: string) => void,
  repeats: Float64Array,
  meanValue: Float64Array,
): void => {
  try {
    const values = fitGammaGamma(repeats, meanValue)
    const { p, q, v, leftOut } = values
    console.log(
      `\ngamma-gamma: p ${p.toFixed(4)}  q ${q.toFixed(4)}  v ${v.toFixed(4)}  log-likelihood ${values.logLikelihood.toFixed(4)}; ` +
        `${values.members} customers, ${leftOut} left out without a repeat purchase of positive value; ` +
        `expected value of a purchase of an average customer ${expectedValue(values, 0, 0).toFixed(2)}`,
    )
    add('gg.ll', values.logLikelihood, 'nats')
    add('gg.p', p, '')
    add('gg.q', q, '')
    add('gg.v', v, '')
  } catch (error) {
    if (!isModelRefusal(error)) throw error
    console.log(`\ngamma-gamma: not fitted. ${error.message}`)
  }
}

/** Runs on a file of the caller's, or on CDNOW and on Online Retail, where models with dropout find no maximum. */
export const run = async (given: Flags): Promise<Report> => {
  const figures: Figure[] = []
  if (given.data) {
    const file = await readPurchases(given.data, given)
    const cut = cutOf(file, given, Math.max(1, Math.floor((file.lastDay - file.firstDay) / 2)))
    figures.push(...evaluateFile('data', given.data, file, cut))
  } else {
    if (given.cut || given.horizon) throw badInput('--cut and --horizon go with --data')
    figures.push(...evaluateFile('cdnow', 'CDNOW, the 1/10 sample', readCdnow('sample'), cdnowCut))
    const retail = await readOnlineRetailPurchases()
    figures.push(...evaluateFile('online-retail', 'Online Retail', retail, onlineRetailCut))
  }
  return { name: 'clv', figures, sound: true }
}
