import type { FeatureTable } from './table'

const mostBins = 255
/** Cut points are taken from at most this many values. */
const sampleSize = 100_000

/** Features as bytes: a histogram over 255 bins says nearly all that a tree could use of a column. */
export interface BinnedTable {
  rows: number
  columns: Uint8Array[]
  /** By feature, ascending: bin b holds values up to cuts[b], the next one those above all cuts, the one after it missing values. */
  cuts: Float64Array[]
}

/** Cut points between values: all of them where there are few different values, otherwise by quantiles. */
const cutsOf = (column: Float64Array): Float64Array => {
  const step = Math.max(1, Math.ceil(column.length / sampleSize))
  const sample = new Float64Array(Math.ceil(column.length / step))
  let n = 0
  for (let i = 0; i < column.length; i += step) if (!Number.isNaN(column[i])) sample[n++] = column[i]
  const sorted = sample.subarray(0, n).sort()
  const different: number[] = []
  const upTo: number[] = []
  for (let i = 0; i < n; i++)
    if (!i || sorted[i] !== sorted[i - 1]) {
      different.push(sorted[i])
      upTo.push(i + 1)
    } else upTo[upTo.length - 1] = i + 1
  const between = (i: number): number => {
    const middle = different[i] + (different[i + 1] - different[i]) / 2
    // Between neighbouring doubles the middle may be the upper one, which belongs above.
    return middle < different[i + 1] ? middle : different[i]
  }
  if (different.length <= mostBins)
    return Float64Array.from({ length: Math.max(0, different.length - 1) }, (_, i) => between(i))
  const cuts: number[] = []
  for (let i = 0; i + 1 < different.length; i++)
    // A cut lies where the rows so far fill the bins so far.
    if (upTo[i] * mostBins >= (cuts.length + 1) * n && cuts.length < mostBins - 1) cuts.push(between(i))
  return Float64Array.from(cuts)
}

/** Puts every value into its bin. */
export const binTable = (table: FeatureTable): BinnedTable => {
  const cuts = table.columns.map(cutsOf)
  const columns = table.columns.map((column, f) => {
    const own = cuts[f]
    const out = new Uint8Array(table.rows)
    for (let i = 0; i < out.length; i++) {
      const v = column[i]
      if (Number.isNaN(v)) {
        out[i] = own.length + 1
        continue
      }
      let low = 0
      let high = own.length
      while (low < high) {
        const middle = (low + high) >> 1
        if (v <= own[middle]) high = middle
        else low = middle + 1
      }
      out[i] = low
    }
    return out
  })
  return { rows: table.rows, columns, cuts }
}
