/** Whole numbers over a range up to this are counted instead of sorted. */
const widestCount = 1 << 20

/** The value at each of these places (ascending) of the values in order. NaN where there are no values. */
const valuesAt = (values: ArrayLike<number>, places: readonly number[]): Float64Array => {
  const n = values.length
  let least = Infinity
  let most = -Infinity
  let whole = true
  for (let i = 0; i < n; i++) {
    const v = values[i]
    if (v < least) least = v
    if (v > most) most = v
    if (whole && !Number.isInteger(v)) whole = false
  }
  if (!n) return new Float64Array(places.length).fill(Number.NaN)
  if (!whole || most - least >= widestCount) {
    const sorted = Float64Array.from(values).sort()
    return Float64Array.from(places, (at) => sorted[at])
  }
  const counts = new Int32Array(most - least + 1)
  for (let i = 0; i < n; i++) counts[values[i] - least]++
  const out = new Float64Array(places.length)
  let seen = 0
  let next = 0
  for (let v = 0; v < counts.length && next < places.length; v++) {
    seen += counts[v]
    while (next < places.length && places[next] < seen) out[next++] = v + least
  }
  return out
}

/**
 * Cut points that part values into groups of equal size: the highest value of each group but the last. A value belongs to group
 * 1 + the number of cut points below it, so that equal values are never parted; groups then differ in size where values repeat.
 */
export const quantileThresholds = (values: ArrayLike<number>, groups = 5): Float64Array =>
  valuesAt(
    values,
    Array.from({ length: groups - 1 }, (_, k) => Math.ceil((values.length * (k + 1)) / groups) - 1),
  )

/** 1 + the number of thresholds below the value, by value. */
export const scoreByThresholds = (values: ArrayLike<number>, thresholds: ArrayLike<number>): Uint8Array => {
  const out = new Uint8Array(values.length)
  const cuts = Float64Array.from(thresholds)
  for (let i = 0; i < out.length; i++) {
    const v = values[i]
    let score = 1
    for (let k = 0; k < cuts.length; k++) if (v > cuts[k]) score++
    out[i] = score
  }
  return out
}

/** Recency (days since the last purchase), frequency and spend by member. */
export interface RfmColumns {
  recencyDays: ArrayLike<number>
  frequency: ArrayLike<number>
  monetary: ArrayLike<number>
}
/** Ascending cut points of the three. */
export interface RfmThresholds {
  recencyDays: ArrayLike<number>
  frequency: ArrayLike<number>
  monetary: ArrayLike<number>
}

/**
 * Scores of 1 to `groups`, the best being the highest: few days since the last purchase score high. Cut points are the members' own
 * quantiles or those given, which then must be groups - 1 each.
 */
export const rfmScores = (
  columns: RfmColumns,
  { groups = 5, thresholds }: { groups?: number; thresholds?: RfmThresholds } = {},
): { r: Uint8Array; f: Uint8Array; m: Uint8Array; thresholds: RfmThresholds } => {
  const cuts = thresholds ?? {
    recencyDays: quantileThresholds(columns.recencyDays, groups),
    frequency: quantileThresholds(columns.frequency, groups),
    monetary: quantileThresholds(columns.monetary, groups),
  }
  const r = scoreByThresholds(columns.recencyDays, cuts.recencyDays)
  for (let i = 0; i < r.length; i++) r[i] = groups + 1 - r[i]
  return {
    r,
    f: scoreByThresholds(columns.frequency, cuts.frequency),
    m: scoreByThresholds(columns.monetary, cuts.monetary),
    thresholds: cuts,
  }
}
