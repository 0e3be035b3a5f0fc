import { type Random, sampleIndex, seededRandom } from './random'
import { modelRefusal } from './refusal'

// Looked up once: where code runs in a sandbox, as under Jest, every look at a global is slow enough to be felt here.
const { abs, floor, max, min, sqrt } = Math

/** Groups of members by their distance to the groups' centres, on standardised columns. Plain data: it may be stored as JSON. */
export interface KMeans {
  kind: 'k-means'
  /** By group, in the columns' own units, ascending by the first column, then the next. */
  centres: number[][]
  means: number[]
  deviations: number[]
  sizes: number[]
  /** Mean squared distance to the own centre, in standardised units: 0 where groups are points, near the number of columns for one group. */
  inertia: number
  rows: number
  iterations: number
}
export interface KMeansOptions {
  groups: number
  seed: number
  /** Starts tried on a sample; the best one goes on with all rows. */
  starts: number
  mostIterations: number
}

const sampleSize = 20_000

/** Rows side by side, each column less its mean over its deviation; constant columns become 0. */
interface Standardised {
  points: Float64Array
  width: number
  means: number[]
  deviations: number[]
}
const standardise = (columns: readonly ArrayLike<number>[]): Standardised => {
  const n = columns[0]?.length ?? 0
  if (!n) throw modelRefusal('There are no rows to group')
  const width = columns.length
  const points = new Float64Array(n * width)
  const means: number[] = []
  const deviations: number[] = []
  columns.forEach((column, c) => {
    if (column.length !== n) throw modelRefusal('The columns differ in length')
    let mean = 0
    let squares = 0
    for (let i = 0; i < n; i++) {
      const step = column[i] - mean
      mean += step / (i + 1)
      squares += step * (column[i] - mean)
    }
    if (!Number.isFinite(squares)) throw modelRefusal(`Column ${c} has values that are no finite numbers`)
    const deviation = sqrt(squares / n)
    const scale = deviation > 1e-12 * max(1, abs(mean)) ? 1 / deviation : 0
    means.push(mean)
    deviations.push(scale ? deviation : 0)
    for (let i = 0; i < n; i++) points[i * width + c] = (column[i] - mean) * scale
  })
  return { points, width, means, deviations }
}

const squaredDistance = (p: Float64Array, at: number, c: Float64Array, group: number, width: number): number => {
  let sum = 0
  const from = group * width
  for (let j = 0; j < width; j++) {
    const d = p[at + j] - c[from + j]
    sum += d * d
  }
  return sum
}

/**
 * Start centres far apart (k-means++, Arthur and Vassilvitskii 2007): each next one is drawn with a chance proportional to the squared
 * distance to those there are. Gives fewer than asked for where there are fewer different rows.
 */
const drawCentres = (points: Float64Array, width: number, groups: number, random: Random): Float64Array => {
  const n = points.length / width
  const centres: number[] = []
  const nearest = new Float64Array(n).fill(Infinity)
  let next = floor(random() * n)
  while (centres.length < groups * width) {
    const centre = points.slice(next * width, (next + 1) * width)
    centres.push(...centre)
    let total = 0
    for (let i = 0; i < n; i++) {
      const d = squaredDistance(points, i * width, centre, 0, width)
      if (d < nearest[i]) nearest[i] = d
      total += nearest[i]
    }
    if (!(total > 1e-12 * n)) break
    let left = random() * total
    next = 0
    while (next < n - 1 && left >= nearest[next]) left -= nearest[next++]
  }
  return Float64Array.from(centres)
}

interface Grouping {
  centres: Float64Array
  group: Uint8Array
  sizes: Int32Array
  inertia: number
  iterations: number
}

/**
 * Lloyd's iterations with Hamerly's bounds (2010): for each row an upper bound of the distance to its own centre and a lower bound of
 * that to any other. While the first stays below the second, the row needs no distances at all; the result is that of plain Lloyd.
 */
const iterate = (points: Float64Array, width: number, start: Float64Array, mostIterations: number): Grouping => {
  const n = points.length / width
  const k = start.length / width
  const centres = start.slice()
  const group = new Uint8Array(n)
  const upper = new Float64Array(n).fill(Infinity)
  const lower = new Float64Array(n)
  const sums = new Float64Array(k * width)
  const sizes = new Int32Array(k)
  const halfGap = new Float64Array(k)
  const moved = new Float64Array(k)
  let iterations = 0
  let first = true
  for (; iterations < mostIterations; iterations++) {
    for (let c = 0; c < k; c++) {
      let gap = Infinity
      for (let o = 0; o < k; o++) if (o !== c) gap = min(gap, squaredDistance(centres, c * width, centres, o, width))
      halfGap[c] = sqrt(gap) / 2
    }
    let changes = 0
    for (let i = 0; i < n; i++) {
      const own = group[i]
      const bound = max(halfGap[own], lower[i])
      if (upper[i] <= bound && !first) continue
      const at = i * width
      if (!first) {
        upper[i] = sqrt(squaredDistance(points, at, centres, own, width))
        if (upper[i] <= bound) continue
      }
      let best = 0
      let least = Infinity
      let second = Infinity
      for (let c = 0; c < k; c++) {
        const d = squaredDistance(points, at, centres, c, width)
        if (d < least) {
          second = least
          least = d
          best = c
        } else if (d < second) second = d
      }
      upper[i] = sqrt(least)
      lower[i] = sqrt(second)
      if (best === own && !first) continue
      changes++
      for (let j = 0; j < width; j++) {
        if (!first) sums[own * width + j] -= points[at + j]
        sums[best * width + j] += points[at + j]
      }
      if (!first) sizes[own]--
      sizes[best]++
      group[i] = best
    }
    if (!changes && !first) break
    first = false
    let furthest = 0
    let next = 0
    let furthestCentre = -1
    for (let c = 0; c < k; c++) {
      let sum = 0
      // A group without rows keeps its centre.
      if (sizes[c])
        for (let j = 0; j < width; j++) {
          const to = sums[c * width + j] / sizes[c]
          sum += (to - centres[c * width + j]) ** 2
          centres[c * width + j] = to
        }
      moved[c] = sqrt(sum)
      if (moved[c] > furthest) {
        next = furthest
        furthest = moved[c]
        furthestCentre = c
      } else if (moved[c] > next) next = moved[c]
    }
    for (let i = 0; i < n; i++) {
      upper[i] += moved[group[i]]
      lower[i] -= group[i] === furthestCentre ? next : furthest
    }
    if (furthest < 1e-9) break
  }
  let inertia = 0
  for (let i = 0; i < n; i++) inertia += squaredDistance(points, i * width, centres, group[i], width)
  return { centres, group, sizes, inertia: inertia / n, iterations: iterations + 1 }
}

const take = (points: Float64Array, width: number, rows: Int32Array): Float64Array => {
  const out = new Float64Array(rows.length * width)
  rows.forEach((row, i) => {
    out.set(points.subarray(row * width, (row + 1) * width), i * width)
  })
  return out
}

/** The best of several starts on a sample. */
const bestStart = (points: Float64Array, width: number, { groups, seed, starts }: KMeansOptions): Grouping => {
  const random = seededRandom(seed)
  const sample = take(points, width, sampleIndex(points.length / width, sampleSize, random))
  let best: Grouping | null = null
  for (let s = 0; s < max(1, starts); s++) {
    const found = iterate(sample, width, drawCentres(sample, width, groups, random), 100)
    if (!best || found.inertia < best.inertia) best = found
  }
  return best as Grouping
}

/**
 * Groups rows. Columns are standardised first; a skewed one (spend, say) should be given as its logarithm. The same input and seed give
 * the same groups. Throws a refusal for no rows, more than 255 groups and values that are no numbers.
 */
export const fitKMeans = (columns: readonly ArrayLike<number>[], given: Partial<KMeansOptions> = {}): KMeans => {
  const options = { groups: 5, seed: 1, starts: 5, mostIterations: 100, ...given }
  if (!(options.groups >= 1 && options.groups <= 255)) throw modelRefusal('Between 1 and 255 groups')
  const { points, width, means, deviations } = standardise(columns)
  const start = bestStart(points, width, options)
  const found = iterate(points, width, start.centres, options.mostIterations)
  const groups = Array.from(found.sizes, (size, c) => ({
    size,
    centre: means.map((mean, j) => mean + found.centres[c * width + j] * deviations[j]),
  })).filter((g) => g.size)
  groups.sort((a, b) => {
    const j = a.centre.findIndex((v, at) => v !== b.centre[at])
    return j < 0 ? 0 : a.centre[j] - b.centre[j]
  })
  return {
    kind: 'k-means',
    centres: groups.map((g) => g.centre),
    means,
    deviations,
    sizes: groups.map((g) => g.size),
    inertia: found.inertia,
    rows: points.length / width,
    iterations: found.iterations,
  }
}

/** The nearest group of each row, as a place in `centres`. */
export const assignGroups = (model: KMeans, columns: readonly ArrayLike<number>[]): Uint8Array => {
  const width = model.means.length
  const scale = model.deviations.map((d) => (d ? 1 / d : 0))
  const centres = Float64Array.from(model.centres.flat(), (v, at) => (v - model.means[at % width]) * scale[at % width])
  const n = columns[0]?.length ?? 0
  const out = new Uint8Array(n)
  const point = new Float64Array(width)
  for (let i = 0; i < n; i++) {
    for (let j = 0; j < width; j++) point[j] = (columns[j][i] - model.means[j]) * scale[j]
    let least = Infinity
    for (let c = 0; c < model.centres.length; c++) {
      const d = squaredDistance(point, 0, centres, c, width)
      if (d < least) {
        least = d
        out[i] = c
      }
    }
  }
  return out
}

/**
 * Mean silhouette (Rousseeuw 1987) of a grouping: 1 where every row is much nearer to its own group than to the next, 0 where groups
 * overlap. Computed over all pairs, so only for some thousand rows.
 */
const silhouetteOf = (points: Float64Array, width: number, group: Uint8Array, groups: number): number => {
  const n = group.length
  const sizes = new Int32Array(groups)
  for (const g of group) sizes[g]++
  let sum = 0
  const distances = new Float64Array(groups)
  for (let i = 0; i < n; i++) {
    const own = group[i]
    if (sizes[own] < 2) continue
    distances.fill(0)
    for (let o = 0; o < n; o++) distances[group[o]] += sqrt(squaredDistance(points, i * width, points, o, width))
    const inside = distances[own] / (sizes[own] - 1)
    let outside = Infinity
    for (let g = 0; g < groups; g++) if (g !== own && sizes[g]) outside = min(outside, distances[g] / sizes[g])
    if (outside < Infinity) sum += (outside - inside) / max(outside, inside, 1e-300)
  }
  return sum / n
}

/** Finds the number of groups with the best mean silhouette on a sample. */
export const chooseGroups = (
  columns: readonly ArrayLike<number>[],
  { from = 3, to = 8, seed = 1 } = {},
): { groups: number; silhouettes: { groups: number; silhouette: number }[] } => {
  const { points, width } = standardise(columns)
  const random = seededRandom(seed)
  const sample = take(points, width, sampleIndex(points.length / width, 2000, random))
  const silhouettes: { groups: number; silhouette: number }[] = []
  for (let groups = from; groups <= to; groups++) {
    const found = bestStart(sample, width, { groups, seed, starts: 5, mostIterations: 100 })
    const k = found.centres.length / width
    silhouettes.push({ groups, silhouette: k < groups ? -1 : silhouetteOf(sample, width, found.group, k) })
  }
  const best = silhouettes.reduce((a, b) => (b.silhouette > a.silhouette ? b : a))
  return { groups: best.groups, silhouettes }
}
