import { sigmoid } from './special'
import { type FeatureTable, requireLearnable } from './table'

// Looked up once: where code runs in a sandbox, as under Jest, every look at a global is slow enough to be felt here.
const { abs, exp, log1p, max, min, sqrt } = Math

/** Logistic regression on standardised features. Plain data: it may be stored as JSON. */
export interface Logistic {
  kind: 'logistic'
  names: string[]
  /** Of the standardised features. */
  weights: number[]
  intercept: number
  /** What was taken off and divided by; a missing value counts as the mean. */
  means: number[]
  deviations: number[]
  rows: number
  iterations: number
}

/** Mean and deviation of the known values; a constant feature gets deviation 0 and no say. */
const momentsOf = (column: Float64Array): { mean: number; deviation: number } => {
  let n = 0
  let mean = 0
  let squares = 0
  for (const v of column) {
    if (Number.isNaN(v)) continue
    n++
    const step = v - mean
    mean += step / n
    squares += step * (v - mean)
  }
  const deviation = n ? sqrt(squares / n) : 0
  return { mean, deviation: deviation > 1e-12 * max(1, abs(mean)) ? deviation : 0 }
}

/** Solves A x = b for a symmetric positive definite A (row by row, only the lower half is read) by Cholesky; both are overwritten. */
const solve = (a: Float64Array, b: Float64Array): Float64Array => {
  const n = b.length
  for (let j = 0; j < n; j++) {
    for (let k = 0; k < j; k++) {
      const factor = a[j * n + k]
      for (let i = j; i < n; i++) a[i * n + j] -= a[i * n + k] * factor
    }
    const pivot = sqrt(max(a[j * n + j], 1e-300))
    for (let i = j; i < n; i++) a[i * n + j] /= pivot
  }
  for (let i = 0; i < n; i++) {
    for (let k = 0; k < i; k++) b[i] -= a[i * n + k] * b[k]
    b[i] /= a[i * n + i]
  }
  for (let i = n - 1; i >= 0; i--) {
    for (let k = i + 1; k < n; k++) b[i] -= a[k * n + i] * b[k]
    b[i] /= a[i * n + i]
  }
  return b
}

/**
 * Fits by iteratively reweighted least squares (Newton's method on the log-likelihood), halving a step that does not gain.
 * @param ridge penalty on half the sum of squared weights of standardised features, the intercept excepted. It must be above 0: it keeps
 * the weights finite where features repeat each other (as one-hot columns do) or tell the classes apart perfectly.
 */
export const fitLogistic = (table: FeatureTable, labels: Uint8Array, { ridge = 1 } = {}): Logistic => {
  requireLearnable(table, labels)
  const { rows } = table
  const moments = table.columns.map(momentsOf)
  const width = table.columns.length + 1
  // Row by row, with the intercept last: the inner loops then run over neighbours.
  const x = new Float64Array(rows * width)
  table.columns.forEach((column, f) => {
    const { mean, deviation } = moments[f]
    for (let i = 0; i < rows; i++) {
      const v = column[i]
      x[i * width + f] = deviation && !Number.isNaN(v) ? (v - mean) / deviation : 0
    }
  })
  for (let i = 0; i < rows; i++) x[i * width + width - 1] = 1
  const weights = new Float64Array(width)
  const marginOf = (i: number): number => {
    let sum = 0
    for (let f = 0; f < width; f++) sum += x[i * width + f] * weights[f]
    return sum
  }
  const lossNow = (): number => {
    let loss = 0
    for (let f = 0; f < width - 1; f++) loss += 0.5 * ridge * weights[f] * weights[f]
    for (let i = 0; i < rows; i++) {
      const m = labels[i] ? -marginOf(i) : marginOf(i)
      loss += m > 0 ? m + log1p(exp(-m)) : log1p(exp(m))
    }
    return loss
  }
  let loss = lossNow()
  let iterations = 0
  for (; iterations < 100; iterations++) {
    const hessian = new Float64Array(width * width)
    const gradient = new Float64Array(width)
    for (let i = 0; i < rows; i++) {
      const p = sigmoid(marginOf(i))
      const error = labels[i] - p
      const curvature = p * (1 - p)
      const at = i * width
      for (let f = 0; f < width; f++) {
        const v = x[at + f]
        if (v === 0) continue
        gradient[f] += error * v
        const scaled = curvature * v
        for (let g = 0; g <= f; g++) hessian[f * width + g] += scaled * x[at + g]
      }
    }
    for (let f = 0; f < width; f++) {
      const penalty = f < width - 1 ? ridge : 0
      gradient[f] -= penalty * weights[f]
      hessian[f * width + f] += penalty + 1e-9
    }
    const step = solve(hessian, gradient)
    const before = weights.slice()
    let share = 1
    let next = Infinity
    for (; share > 1e-6; share /= 2) {
      for (let f = 0; f < width; f++) weights[f] = before[f] + share * step[f]
      next = lossNow()
      if (next <= loss) break
    }
    if (next > loss) weights.set(before)
    const gained = loss - next
    loss = min(loss, next)
    if (!(gained > 1e-10 * (1 + loss))) break
  }
  return {
    kind: 'logistic',
    names: table.names,
    weights: [...weights.subarray(0, width - 1)],
    intercept: weights[width - 1],
    means: moments.map((m) => m.mean),
    deviations: moments.map((m) => m.deviation),
    rows,
    iterations: iterations + 1,
  }
}

/** How much each feature moves one row's margin away from that of an average row (`intercept`); the sum is the margin. */
export const logisticReasons = (model: Logistic, table: FeatureTable, row: number): Float64Array =>
  Float64Array.from(model.weights, (weight, f) => {
    const v = table.columns[f][row]
    return model.deviations[f] && !Number.isNaN(v) ? (weight * (v - model.means[f])) / model.deviations[f] : 0
  })

/** Log-odds by row. */
export const logisticMargins = (model: Logistic, table: FeatureTable): Float64Array => {
  const out = new Float64Array(table.rows).fill(model.intercept)
  model.weights.forEach((weight, f) => {
    const deviation = model.deviations[f]
    if (!deviation) return
    const column = table.columns[f]
    const slope = weight / deviation
    const mean = model.means[f]
    for (let i = 0; i < out.length; i++) if (!Number.isNaN(column[i])) out[i] += slope * (column[i] - mean)
  })
  return out
}
