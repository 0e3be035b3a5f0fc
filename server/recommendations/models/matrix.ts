/**
 * Dense linear algebra on typed arrays, as far as EASE needs it. Matrices are row-major Float64Array of n × n. Everything is written as
 * dot products of contiguous rows, in tiles small enough for the caches: plain JavaScript, a few GFlop/s on one thread.
 */

const block = 64
/** Columns of one panel: 64 rows of it fit the second-level cache. */
const panel = 256

/** C[i][j] += sign · Σ A[i][k]·B[j][k] for rows i0..i1 of A and j0..j1 of B over the columns k0..k1; all three have row length n. */
const addDots = (
  a: Float64Array,
  [i0, i1]: readonly [number, number],
  b: Float64Array,
  [j0, j1]: readonly [number, number],
  [k0, k1]: readonly [number, number],
  c: Float64Array,
  n: number,
  sign: 1 | -1,
): void => {
  for (let from = k0; from < k1; from += panel) {
    const to = Math.min(k1, from + panel)
    let i = i0
    for (; i + 1 < i1; i += 2) {
      const a0 = i * n
      const a1 = a0 + n
      let j = j0
      for (; j + 3 < j1; j += 4) {
        const b0 = j * n
        const b1 = b0 + n
        const b2 = b1 + n
        const b3 = b2 + n
        let s00 = 0
        let s01 = 0
        let s02 = 0
        let s03 = 0
        let s10 = 0
        let s11 = 0
        let s12 = 0
        let s13 = 0
        for (let k = from; k < to; k++) {
          const x0 = a[a0 + k]
          const x1 = a[a1 + k]
          const y0 = b[b0 + k]
          const y1 = b[b1 + k]
          const y2 = b[b2 + k]
          const y3 = b[b3 + k]
          s00 += x0 * y0
          s01 += x0 * y1
          s02 += x0 * y2
          s03 += x0 * y3
          s10 += x1 * y0
          s11 += x1 * y1
          s12 += x1 * y2
          s13 += x1 * y3
        }
        c[a0 + j] += sign * s00
        c[a0 + j + 1] += sign * s01
        c[a0 + j + 2] += sign * s02
        c[a0 + j + 3] += sign * s03
        c[a1 + j] += sign * s10
        c[a1 + j + 1] += sign * s11
        c[a1 + j + 2] += sign * s12
        c[a1 + j + 3] += sign * s13
      }
      for (; j < j1; j++) {
        let s0 = 0
        let s1 = 0
        for (let k = from; k < to; k++) {
          const y = b[j * n + k]
          s0 += a[a0 + k] * y
          s1 += a[a1 + k] * y
        }
        c[a0 + j] += sign * s0
        c[a1 + j] += sign * s1
      }
    }
    for (; i < i1; i++)
      for (let j = j0; j < j1; j++) {
        let s = 0
        for (let k = from; k < to; k++) s += a[i * n + k] * b[j * n + k]
        c[i * n + j] += sign * s
      }
  }
}

/** Cholesky factor in place: the lower triangle becomes L with A = L·Lᵀ. Throws when A is not positive definite. */
const factor = (a: Float64Array, n: number): void => {
  for (let k0 = 0; k0 < n; k0 += block) {
    const k1 = Math.min(n, k0 + block)
    for (let i0 = k0; i0 < n; i0 += block) {
      const i1 = Math.min(n, i0 + block)
      addDots(a, [i0, i1], a, [k0, k1], [0, k0], a, n, -1)
      for (let i = i0; i < i1; i++)
        for (let k = k0; k < Math.min(k1, i + 1); k++) {
          let s = a[i * n + k]
          for (let p = k0; p < k; p++) s -= a[i * n + p] * a[k * n + p]
          if (i > k) a[i * n + k] = s / a[k * n + k]
          else if (s > 0) a[i * n + k] = Math.sqrt(s)
          else throw new Error(`The matrix is not positive definite at row ${i}`)
        }
    }
  }
}

/** U = (L⁻¹)ᵀ, whose rows are the columns of L⁻¹; zero below the diagonal. */
const invertFactor = (l: Float64Array, n: number): Float64Array => {
  const u = new Float64Array(n * n)
  for (let j0 = 0; j0 < n; j0 += block) {
    const j1 = Math.min(n, j0 + block)
    for (let j = j0; j < j1; j++) u[j * n + j] = 1
    for (let i0 = j0; i0 < n; i0 += block) {
      const i1 = Math.min(n, i0 + block)
      addDots(u, [j0, j1], l, [i0, i1], [j0, i0], u, n, -1)
      for (let j = j0; j < j1; j++)
        for (let i = Math.max(i0, j); i < i1; i++) {
          let s = u[j * n + i]
          for (let k = Math.max(i0, j); k < i; k++) s -= l[i * n + k] * u[j * n + k]
          u[j * n + i] = s / l[i * n + i]
        }
    }
  }
  return u
}

/**
 * The inverse of a symmetric positive definite matrix, of which only the lower triangle is read. `a` is overwritten on the way.
 * n³ floating-point operations: 2,800 rows take some ten seconds on one thread.
 */
export const invertPositiveDefinite = (a: Float64Array, n: number): Float64Array => {
  factor(a, n)
  const u = invertFactor(a, n)
  const inverse = a.fill(0)
  for (let i0 = 0; i0 < n; i0 += block) {
    const i1 = Math.min(n, i0 + block)
    for (let j0 = 0; j0 <= i0; j0 += block)
      addDots(u, [i0, i1], u, [j0, Math.min(n, j0 + block)], [i0, n], inverse, n, 1)
  }
  for (let i = 0; i < n; i++) for (let j = i + 1; j < n; j++) inverse[i * n + j] = inverse[j * n + i]
  return inverse
}
