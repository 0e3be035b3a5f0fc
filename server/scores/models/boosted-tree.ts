import type { BinnedTable } from './bins'

/** A tree in columns of its nodes; node 0 is the root, children come after their parent. */
export interface Tree {
  /** Feature a node divides by; -1 for a leaf. */
  feature: number[]
  /** Rows with a value up to this go left. */
  threshold: number[]
  /** Whether rows without a value go left (1) or right (0). */
  missingLeft: number[]
  left: number[]
  right: number[]
  /** Of a leaf what it adds to the margin; of an inner node the mean over its training rows, which the reasons need. */
  value: number[]
  /** What the division gained. */
  gain: number[]
}

/** How one tree may grow. */
export interface GrowthLimits {
  leaves: number
  learningRate: number
  /** Least training rows of a leaf. */
  leastRows: number
  /** Penalty on the squared values of leaves. */
  l2: number
}

interface Split {
  gain: number
  feature: number
  bin: number
  missingLeft: boolean
}
interface Leaf {
  node: number
  /** Where its rows stand in the index. */
  from: number
  to: number
  gradient: number
  hessian: number
  histogram: Float64Array
  split: Split | null
}

/** Sums of gradients, second derivatives and rows by feature and bin, three numbers a bin. */
const width = 3

/** Gains below this are rounding. */
const leastGain = 1e-7

/** What trees are grown from; made once for all trees of a model. */
export interface Ground {
  table: BinnedTable
  gradients: Float64Array
  hessians: Float64Array
  /** Rows to learn from; its order is changed by growing. */
  index: Int32Array
}

/** Grows a tree leaf by leaf, always where most is gained, and adds its values to the margins of its training rows. */
export const makeGrower = ({ table, gradients, hessians, index }: Ground, limits: GrowthLimits) => {
  const { columns, cuts } = table
  const features = columns.length
  // A feature's bins and behind them the one of missing values; most features of a table are flags with two bins.
  const starts = new Int32Array(features + 1)
  cuts.forEach((own, f) => {
    starts[f + 1] = starts[f] + (own.length + 2) * width
  })
  const size = starts[features]
  const spare: Float64Array[] = []
  const moved = new Int32Array(index.length)
  const nearG = new Float64Array(index.length)
  const nearH = new Float64Array(index.length)
  /** By bin of the feature a leaf divides by, whether its rows go left. */
  const toLeft = new Uint8Array(257)

  // Places of bins within a feature's part of a histogram, so that the loop below adds instead of multiplying. Those of three features
  // stand side by side: a row's are found in one line of the cache.
  const triples = Array.from({ length: Math.floor(features / 3) }, (_, t) => {
    const out = new Uint16Array(table.rows * 3)
    for (let f = 0; f < 3; f++) {
      const column = columns[t * 3 + f]
      for (let row = 0; row < column.length; row++) out[row * 3 + f] = column[row] * width
    }
    return out
  })
  const rest = columns.slice(triples.length * 3).map((column) => Uint16Array.from(column, (bin) => bin * width))

  const fill = (from: number, to: number): Float64Array => {
    const histogram = spare.pop()?.fill(0) ?? new Float64Array(size)
    const n = to - from
    for (let i = 0; i < n; i++) {
      const row = index[from + i]
      nearG[i] = gradients[row]
      nearH[i] = hessians[row]
    }
    // Three features at a time take half the time: a sum that waits for the one before it leaves the processor to the other two.
    triples.forEach((slots, t) => {
      const f = t * 3
      const [b0, b1, b2] = [starts[f], starts[f + 1], starts[f + 2]]
      for (let i = 0; i < n; i++) {
        const row = index[from + i] * 3
        const g = nearG[i]
        const h = nearH[i]
        const at0 = b0 + slots[row]
        histogram[at0] += g
        histogram[at0 + 1] += h
        histogram[at0 + 2]++
        const at1 = b1 + slots[row + 1]
        histogram[at1] += g
        histogram[at1 + 1] += h
        histogram[at1 + 2]++
        const at2 = b2 + slots[row + 2]
        histogram[at2] += g
        histogram[at2 + 1] += h
        histogram[at2 + 2]++
      }
    })
    rest.forEach((slots, r) => {
      const base = starts[triples.length * 3 + r]
      for (let i = 0; i < n; i++) {
        const at = base + slots[index[from + i]]
        histogram[at] += nearG[i]
        histogram[at + 1] += nearH[i]
        histogram[at + 2]++
      }
    })
    return histogram
  }

  const worth = (g: number, h: number): number => (g * g) / (h + limits.l2)

  const findSplit = (leaf: Leaf): Split | null => {
    const rows = leaf.to - leaf.from
    if (rows < 2 * limits.leastRows) return null
    const whole = worth(leaf.gradient, leaf.hessian)
    const best: Split = { gain: leastGain, feature: -1, bin: 0, missingLeft: false }
    const { histogram } = leaf
    for (let f = 0; f < features; f++) {
      const base = starts[f]
      const missing = starts[f + 1] - width
      const missingRows = histogram[missing + 2]
      for (let side = 0; side < (missingRows ? 2 : 1); side++) {
        let g = side ? histogram[missing] : 0
        let h = side ? histogram[missing + 1] : 0
        let n = side ? missingRows : 0
        const last = cuts[f].length
        // With rows without a value, "any value at all" is a division too.
        const end = missingRows && !side ? last + 1 : last
        for (let b = 0; b < end; b++) {
          const at = base + b * width
          if (!histogram[at + 2]) continue
          g += histogram[at]
          h += histogram[at + 1]
          n += histogram[at + 2]
          if (n < limits.leastRows) continue
          if (rows - n < limits.leastRows) break
          const gain = worth(g, h) + worth(leaf.gradient - g, leaf.hessian - h) - whole
          if (gain > best.gain) {
            best.gain = gain
            best.feature = f
            best.bin = b
            best.missingLeft = side === 1
          }
        }
      }
    }
    return best.feature < 0 ? null : best
  }

  /** Puts the rows that go left before those that go right, each in their old order; answers where the right ones begin. */
  const divide = (leaf: Leaf, { feature, bin, missingLeft }: Split): number => {
    const column = columns[feature]
    for (let b = 0; b <= cuts[feature].length; b++) toLeft[b] = b <= bin ? 1 : 0
    toLeft[cuts[feature].length + 1] = missingLeft ? 1 : 0
    let left = leaf.from
    let right = 0
    // Every row is written to both sides and one of them goes on: a branch here would be guessed wrong every other time.
    for (let i = leaf.from; i < leaf.to; i++) {
      const row = index[i]
      const goesLeft = toLeft[column[row]]
      index[left] = row
      moved[right] = row
      left += goesLeft
      right += 1 - goesLeft
    }
    index.set(moved.subarray(0, right), left)
    return left
  }

  /** A node's sums, out of the bins of any one feature. */
  const sumsOf = (histogram: Float64Array): { gradient: number; hessian: number } => {
    let gradient = 0
    let hessian = 0
    for (let at = 0; at < starts[1]; at += width) {
      gradient += histogram[at]
      hessian += histogram[at + 1]
    }
    return { gradient, hessian }
  }

  return (margins: Float64Array): Tree => {
    const tree: Tree = { feature: [], threshold: [], missingLeft: [], left: [], right: [], value: [], gain: [] }
    const leafValue = (g: number, h: number): number => (-g / (h + limits.l2)) * limits.learningRate
    const addNode = (value: number): number => {
      tree.feature.push(-1)
      tree.threshold.push(0)
      tree.missingLeft.push(0)
      tree.left.push(-1)
      tree.right.push(-1)
      tree.gain.push(0)
      return tree.value.push(value) - 1
    }
    const makeLeaf = (from: number, to: number, histogram: Float64Array): Leaf => {
      const { gradient, hessian } = sumsOf(histogram)
      const leaf: Leaf = {
        node: addNode(leafValue(gradient, hessian)),
        from,
        to,
        gradient,
        hessian,
        histogram,
        split: null,
      }
      leaf.split = findSplit(leaf)
      return leaf
    }
    const leaves = [makeLeaf(0, index.length, fill(0, index.length))]
    while (leaves.length < limits.leaves) {
      let at = -1
      leaves.forEach((l, i) => {
        if (l.split && (at < 0 || l.split.gain > (leaves[at].split as Split).gain)) at = i
      })
      if (at < 0) break
      const parent = leaves[at]
      const split = parent.split as Split
      const middle = divide(parent, split)
      // The larger child's histogram is what the smaller one leaves of the parent's.
      const leftIsSmaller = middle - parent.from <= parent.to - middle
      const small = leftIsSmaller ? fill(parent.from, middle) : fill(middle, parent.to)
      const large = parent.histogram
      for (let i = 0; i < size; i++) large[i] -= small[i]
      const left = makeLeaf(parent.from, middle, leftIsSmaller ? small : large)
      const right = makeLeaf(middle, parent.to, leftIsSmaller ? large : small)
      const own = cuts[split.feature]
      tree.feature[parent.node] = split.feature
      // "Any value" has no cut above it.
      tree.threshold[parent.node] = split.bin < own.length ? own[split.bin] : Number.MAX_VALUE
      tree.missingLeft[parent.node] = split.missingLeft ? 1 : 0
      tree.left[parent.node] = left.node
      tree.right[parent.node] = right.node
      tree.gain[parent.node] = split.gain
      leaves[at] = left
      leaves.push(right)
    }
    const rowsOf = new Float64Array(tree.value.length)
    for (const leaf of leaves) {
      spare.push(leaf.histogram)
      rowsOf[leaf.node] = leaf.to - leaf.from
      const value = tree.value[leaf.node]
      for (let i = leaf.from; i < leaf.to; i++) margins[index[i]] += value
    }
    // Children come after their parent: backwards, every inner node finds its children done.
    for (let node = tree.value.length - 1; node >= 0; node--) {
      if (tree.feature[node] < 0) continue
      const [l, r] = [tree.left[node], tree.right[node]]
      rowsOf[node] = rowsOf[l] + rowsOf[r]
      tree.value[node] = (tree.value[l] * rowsOf[l] + tree.value[r] * rowsOf[r]) / rowsOf[node]
    }
    return tree
  }
}
