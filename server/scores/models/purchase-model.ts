import { type BgNbd, bgNbdAlive, bgNbdBuys, bgNbdExpected, bgNbdFuture, fitBgNbd, parameterBound } from './bg-nbd'
import { groupHistories, type Histories, type MemberHistory, requireRepeats } from './history'
import { fitNbd, gammaBuys, type Nbd, nbdExpected, nbdFuture } from './nbd'
import {
  fitParetoNbd,
  type ParetoNbd,
  paretoNbdAlive,
  paretoNbdBuys,
  paretoNbdExpected,
  paretoNbdFuture,
} from './pareto-nbd'

/** A fitted model of how often members buy and whether they have left. Plain data: it may be stored as JSON. */
export type PurchaseModel = BgNbd | ParetoNbd | Nbd
export type PurchaseModelKind = PurchaseModel['kind']

/** Fits one model. Throws a refusal where there is nothing to learn from; the fit may be degenerate (`degeneracyOf`). */
export const fitPurchaseModel = (kind: PurchaseModelKind, histories: Histories): PurchaseModel => {
  const h = groupHistories(histories)
  requireRepeats(h)
  if (kind === 'nbd') return fitNbd(h)
  return kind === 'pareto-nbd' ? fitParetoNbd(h) : fitBgNbd(kind, h)
}

/** Shares of members who leave (per purchase, or per mean age) below this show no dropout at all. */
const leastDropout = 1e-3
/** Two parameters more must gain this much log-likelihood over NBD (Akaike's criterion). */
const leastGain = 2

/**
 * Why a fit with dropout must not be used, or null. Where members never seem to leave, the likelihood has no maximum: the beta
 * distribution runs off (b or a/b to a bound) and expectations computed with it explode.
 * @param meanAge mean age of the members it was fitted to, for the rate at which Pareto/NBD lets them go
 */
export const degeneracyOf = (model: PurchaseModel, nbd: Nbd, meanAge: number): string | null => {
  if (model.kind === 'nbd') return null
  const pareto = model.kind === 'pareto-nbd'
  const dropout = pareto ? (model.s / model.beta) * meanAge : model.a / (model.a + model.b)
  const shapes = pareto
    ? [model.r, model.alpha / meanAge, model.s, model.beta / meanAge]
    : [model.r, model.alpha / meanAge, model.a, model.b]
  if (!shapes.every((v) => Math.abs(Math.log(v)) < parameterBound - 1)) return 'a parameter ran to its bound'
  if (dropout < leastDropout) return 'the data show no dropout'
  if (model.logLikelihood - nbd.logLikelihood < leastGain) return 'it explains the data no better than NBD'
  return null
}

/**
 * Fits the kinds given and takes the likeliest that is sound; where none is, NBD.
 * @returns the model and, for each kind left aside as degenerate, why
 */
export const choosePurchaseModel = (
  histories: Histories,
  kinds: Exclude<PurchaseModelKind, 'nbd'>[] = ['pareto-nbd', 'mbg-nbd', 'bg-nbd'],
): { model: PurchaseModel; rejected: { kind: PurchaseModelKind; reason: string }[] } => {
  const h = groupHistories(histories)
  requireRepeats(h)
  const nbd = fitNbd(h)
  let age = 0
  for (let i = 0; i < h.age.length; i++) age += (h.age[i] * h.weight[i]) / h.members
  const rejected: { kind: PurchaseModelKind; reason: string }[] = []
  let best: PurchaseModel = nbd
  for (const kind of kinds) {
    const model = kind === 'pareto-nbd' ? fitParetoNbd(h) : fitBgNbd(kind, h)
    const reason = degeneracyOf(model, nbd, age)
    if (reason) rejected.push({ kind, reason })
    else if (model.logLikelihood > best.logLikelihood) best = model
  }
  return { model: best, rejected }
}

/** Repeat purchases of somebody new within t. */
export const expectedNew = (model: PurchaseModel, t: number): number => {
  if (model.kind === 'nbd') return nbdExpected(model, t)
  return model.kind === 'pareto-nbd' ? paretoNbdExpected(model, t) : bgNbdExpected(model, t)
}

/** Purchases within the coming t, given the history. */
export const expectedFuture = (model: PurchaseModel, t: number, m: MemberHistory): number => {
  if (model.kind === 'nbd') return nbdFuture(model, t, m)
  return model.kind === 'pareto-nbd' ? paretoNbdFuture(model, t, m) : bgNbdFuture(model, t, m)
}

/** P(alive); 1 in NBD. No churn score: see bg-nbd.ts. */
export const probabilityAlive = (model: PurchaseModel, m: MemberHistory): number => {
  if (model.kind === 'nbd') return 1
  return model.kind === 'pareto-nbd' ? paretoNbdAlive(model, m) : bgNbdAlive(model, m)
}

/** Probability of at least one purchase within the coming t, given the history. */
export const probabilityOfPurchase = (model: PurchaseModel, t: number, m: MemberHistory): number => {
  if (model.kind === 'nbd') return gammaBuys(model.r + m.repeats, model.alpha + m.age, t)
  return model.kind === 'pareto-nbd' ? paretoNbdBuys(model, t, m) : bgNbdBuys(model, t, m)
}

/**
 * Scores many members: expected purchases and probability of any within the coming t, and P(alive). Members with the same history are
 * computed once.
 */
export const scoreHistories = (
  model: PurchaseModel,
  histories: Histories,
  t: number,
): { expected: Float64Array; alive: Float64Array; buys: Float64Array } => {
  const h = groupHistories(histories)
  const groups = h.weight.length
  const byGroup = [new Float64Array(groups), new Float64Array(groups), new Float64Array(groups)]
  const m: MemberHistory = { repeats: 0, recency: 0, age: 0 }
  for (let g = 0; g < groups; g++) {
    m.repeats = h.repeats[g]
    m.recency = h.recency[g]
    m.age = h.age[g]
    byGroup[0][g] = expectedFuture(model, t, m)
    byGroup[1][g] = probabilityAlive(model, m)
    byGroup[2][g] = probabilityOfPurchase(model, t, m)
  }
  const [expected, alive, buys] = byGroup.map((values) => Float64Array.from(h.place, (g) => values[g]))
  return { expected, alive, buys }
}
