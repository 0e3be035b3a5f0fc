import { binTable } from './bins'
import { makeGrower, type Tree } from './boosted-tree'
import { seededRandom, shuffledIndex } from './random'
import { logAddExp } from './special'
import { stratifiedFolds } from './split'
import { type FeatureTable, requireLearnable } from './table'

// Looked up once: where code runs in a sandbox, as under Jest, every look at a global is slow enough to be felt here.
const { exp } = Math

/** Trees that add up to the log-odds of a positive label (Friedman 2001), on histograms. Plain data: it may be stored as JSON. */
export interface Boosting {
  kind: 'boosting'
  names: string[]
  /** Log-odds of the base rate, where the trees start. */
  start: number
  trees: Tree[]
  rows: number
}

/** How to grow; the defaults suit a few thousand rows and more. */
export interface BoostingOptions {
  /** Most trees. */
  trees: number
  leaves: number
  learningRate: number
  leastRows: number
  l2: number
  /** Share of rows each tree learns from, drawn anew; 1 takes all. */
  rowShare: number
  /**
   * Parts into which rows are divided to find the number of trees: with 5, a fifth is held back, trees grow until it gets no better for
   * `patience` trees, and a model of the best number then learns from all rows. 0 grows all trees without asking.
   */
  validationParts: number
  patience: number
  seed: number
}
export const boostingDefaults: BoostingOptions = {
  trees: 400,
  leaves: 6,
  learningRate: 0.05,
  leastRows: 20,
  l2: 1,
  rowShare: 0.6,
  validationParts: 5,
  patience: 20,
  seed: 1,
}

/**
 * Fits to labels of 0 and 1. The same input and seed give the same model.
 * Throws a refusal for one class only, no rows or infinite features.
 */
export const fitBoosting = (
  table: FeatureTable,
  labels: Uint8Array,
  given: Partial<BoostingOptions> = {},
): Boosting => {
  const options = { ...boostingDefaults, ...given }
  requireLearnable(table, labels)
  const binned = binTable(table)
  const everybody = Int32Array.from({ length: table.rows }, (_, i) => i)
  let trees = options.trees
  if (options.validationParts > 1) {
    const part = stratifiedFolds(labels, options.validationParts, options.seed)
    const held = everybody.filter((i) => part[i] === 0)
    const kept = everybody.filter((i) => part[i] !== 0)
    const of = (rows: Int32Array): number => rows.reduce((sum, i) => sum + labels[i], 0)
    // With fewer than a handful held back of either class, the best number of trees would be chance.
    if (Math.min(of(held), held.length - of(held)) >= 5)
      trees = grow(table, binned, labels, kept, options, trees, held).best
  }
  const { grown, start } = grow(table, binned, labels, everybody, options, trees, null)
  return { kind: 'boosting', names: table.names, start, trees: grown, rows: table.rows }
}

const grow = (
  table: FeatureTable,
  binned: ReturnType<typeof binTable>,
  labels: Uint8Array,
  rows: Int32Array,
  options: BoostingOptions,
  most: number,
  held: Int32Array | null,
): { grown: Tree[]; start: number; best: number } => {
  let positives = 0
  for (const i of rows) positives += labels[i]
  const start = Math.log(positives / (rows.length - positives))
  const margins = new Float64Array(table.rows).fill(start)
  const gradients = new Float64Array(table.rows)
  const hessians = new Float64Array(table.rows)
  const random = seededRandom(options.seed)
  const taken = Math.max(1, Math.round(rows.length * options.rowShare))
  const sampled = taken < rows.length
  const index = sampled ? new Int32Array(taken) : rows.slice()
  const growTree = makeGrower({ table: binned, gradients, hessians, index }, options)
  const grown: Tree[] = []
  let best = 0
  let bestLoss = held ? heldLoss(margins, labels, held) : Infinity
  // What a sampled tree adds to the rows it learnt from is counted with all others' below.
  const ignored = sampled ? new Float64Array(table.rows) : null
  while (grown.length < most) {
    for (const i of rows) {
      const p = 1 / (1 + exp(-margins[i]))
      gradients[i] = p - labels[i]
      hessians[i] = p * (1 - p)
    }
    if (sampled) {
      const order = shuffledIndex(rows.length, random)
      for (let i = 0; i < taken; i++) index[i] = rows[order[i]]
      index.sort()
    } else index.set(rows)
    // Rows in their order: the last tree left them by its leaves, and reading them so would miss the cache every time.
    const tree = growTree(ignored ?? margins)
    if (tree.value.length === 1) break
    grown.push(tree)
    if (sampled) addTree(tree, table, rows, margins)
    if (!held) continue
    addTree(tree, table, held, margins)
    const loss = heldLoss(margins, labels, held)
    if (loss < bestLoss) {
      bestLoss = loss
      best = grown.length
    } else if (grown.length - best >= options.patience) break
  }
  return { grown, start, best: Math.max(1, best) }
}

const heldLoss = (margins: Float64Array, labels: Uint8Array, rows: Int32Array): number => {
  let loss = 0
  for (const i of rows) loss += logAddExp(0, labels[i] ? -margins[i] : margins[i])
  return loss
}

/** The leaf a row of a table falls into. */
const leafOf = (tree: Tree, columns: Float64Array[], row: number): number => {
  let node = 0
  while (tree.feature[node] >= 0) node = childOf(tree, node, columns[tree.feature[node]][row])
  return node
}
const childOf = (tree: Tree, node: number, value: number): number => {
  const goesLeft = Number.isNaN(value) ? tree.missingLeft[node] === 1 : value <= tree.threshold[node]
  return goesLeft ? tree.left[node] : tree.right[node]
}
const addTree = (tree: Tree, table: FeatureTable, rows: Int32Array, margins: Float64Array): void => {
  for (const i of rows) margins[i] += tree.value[leafOf(tree, table.columns, i)]
}

/** All trees in one row of typed arrays, for scoring many rows. A leaf has feature -1 and its value as threshold. */
const flatten = (
  trees: Tree[],
): {
  roots: Int32Array
  feature: Int32Array
  threshold: Float64Array
  left: Int32Array
  right: Int32Array
  missing: Int32Array
} => {
  const nodes = trees.reduce((sum, t) => sum + t.value.length, 0)
  const flat = {
    roots: new Int32Array(trees.length),
    feature: new Int32Array(nodes),
    threshold: new Float64Array(nodes),
    left: new Int32Array(nodes),
    right: new Int32Array(nodes),
    missing: new Int32Array(nodes),
  }
  let at = 0
  trees.forEach((tree, t) => {
    flat.roots[t] = at
    tree.feature.forEach((feature, i) => {
      const node = at + i
      flat.feature[node] = feature
      flat.threshold[node] = feature < 0 ? tree.value[i] : tree.threshold[i]
      flat.left[node] = at + tree.left[i]
      flat.right[node] = at + tree.right[i]
      flat.missing[node] = tree.missingLeft[i] ? flat.left[node] : flat.right[node]
    })
    at += tree.value.length
  })
  return flat
}

/** Log-odds by row. The table must have the columns the model was fitted to, in the same order. */
export const boostingMargins = (model: Boosting, table: FeatureTable): Float64Array => {
  const { roots, feature, threshold, left, right, missing } = flatten(model.trees)
  const out = new Float64Array(table.rows).fill(model.start)
  const { columns } = table
  const row = new Float64Array(columns.length)
  for (let i = 0; i < out.length; i++) {
    for (let f = 0; f < row.length; f++) row[f] = columns[f][i]
    let sum = 0
    for (let t = 0; t < roots.length; t++) {
      let node = roots[t]
      for (let f = feature[node]; f >= 0; f = feature[node]) {
        const v = row[f]
        node = v <= threshold[node] ? left[node] : v > threshold[node] ? right[node] : missing[node]
      }
      sum += threshold[node]
    }
    out[i] += sum
  }
  return out
}

/**
 * Why a row scores as it does: on its way through each tree, every step moves the mean of the node's training rows, and the feature that
 * the node divides by is credited with the move (Saabas 2014, "Interpreting random forests"). Cheaper than SHAP values and like them in
 * that baseline and contributions sum to the margin exactly; unlike them, features higher up in the trees get less than their share.
 */
export const boostingReasons = (
  model: Boosting,
  table: FeatureTable,
  row: number,
): { baseline: number; contributions: Float64Array } => {
  const contributions = new Float64Array(model.names.length)
  let baseline = model.start
  for (const tree of model.trees) {
    baseline += tree.value[0]
    let node = 0
    while (tree.feature[node] >= 0) {
      const feature = tree.feature[node]
      const next = childOf(tree, node, table.columns[feature][row])
      contributions[feature] += tree.value[next] - tree.value[node]
      node = next
    }
  }
  return { baseline, contributions }
}

/** What each feature's divisions gained over all trees, as shares of 1. */
export const featureImportance = (model: Boosting): Float64Array => {
  const gains = new Float64Array(model.names.length)
  for (const tree of model.trees)
    tree.feature.forEach((feature, node) => {
      if (feature >= 0) gains[feature] += tree.gain[node]
    })
  const all = gains.reduce((sum, g) => sum + g, 0)
  return all ? gains.map((g) => g / all) : gains
}
