/** Where a search ended. */
export interface Minimum {
  at: number[]
  value: number
  evaluations: number
}

/**
 * Finds a minimum of a function of few variables by the simplex method of Nelder and Mead (1965), started again from its own result
 * until a fresh simplex gains nothing: a collapsed simplex is the method's known weakness.
 * @param f may answer Infinity or NaN outside of its domain
 * @param step first width of the simplex in every direction
 * @param tolerance the search ends when the values at the corners differ by less than this share of their size
 */
export const minimise = (
  f: (x: readonly number[]) => number,
  start: readonly number[],
  { step = 0.5, tolerance = 1e-10, mostEvaluations = 4000 } = {},
): Minimum => {
  let best: Minimum = { at: [...start], value: Infinity, evaluations: 0 }
  let evaluations = 0
  const count = (x: readonly number[]): number => {
    evaluations++
    const value = f(x)
    return Number.isNaN(value) ? Infinity : value
  }
  for (let round = 0; round < 5 && evaluations < mostEvaluations; round++) {
    const before = best.value
    const found = simplex(count, best.at, step / (1 + round), tolerance, mostEvaluations - evaluations)
    if (found.value < best.value || round === 0) best = found
    if (before - best.value < 1e-9 * (1 + Math.abs(best.value))) break
  }
  return { ...best, evaluations }
}

const simplex = (
  f: (x: readonly number[]) => number,
  start: readonly number[],
  step: number,
  tolerance: number,
  mostEvaluations: number,
): Minimum => {
  const n = start.length
  const corners = Array.from({ length: n + 1 }, (_, i) => {
    const at = start.map((v, j) => (j === i - 1 ? v + step : v))
    return { at, value: f(at) }
  })
  let used = n + 1
  const order = (): void => {
    corners.sort((a, b) => a.value - b.value)
  }
  order()
  while (used < mostEvaluations) {
    const worst = corners[n]
    const spread = worst.value - corners[0].value
    const size = Math.max(...corners[0].at.map((v, j) => Math.abs(worst.at[j] - v)))
    if (spread <= tolerance * (1 + Math.abs(corners[0].value)) && size < 1e-5) break
    // A simplex too small for doubles to tell its corners apart has ended too.
    if (size < 1e-10) break
    const centre = start.map((_, j) => corners.slice(0, n).reduce((sum, c) => sum + c.at[j], 0) / n)
    const towards = (factor: number): { at: number[]; value: number } => {
      const at = centre.map((v, j) => v + factor * (worst.at[j] - v))
      used++
      return { at, value: f(at) }
    }
    const reflected = towards(-1)
    if (reflected.value < corners[0].value) {
      const expanded = towards(-2)
      corners[n] = expanded.value < reflected.value ? expanded : reflected
    } else if (reflected.value < corners[n - 1].value) corners[n] = reflected
    else {
      const contracted = reflected.value < worst.value ? towards(-0.5) : towards(0.5)
      if (contracted.value < Math.min(reflected.value, worst.value)) corners[n] = contracted
      else
        for (let i = 1; i <= n; i++) {
          const at = corners[i].at.map((v, j) => corners[0].at[j] + 0.5 * (v - corners[0].at[j]))
          corners[i] = { at, value: f(at) }
          used++
        }
    }
    order()
  }
  return { at: corners[0].at, value: corners[0].value, evaluations: used }
}
