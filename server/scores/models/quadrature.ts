/** Nodes and weights of Gauss and Legendre's rule on [-1, 1], by Newton's method on the Legendre polynomial. */
const legendre = (n: number): { nodes: Float64Array; weights: Float64Array } => {
  const nodes = new Float64Array(n)
  const weights = new Float64Array(n)
  for (let i = 0; i < n; i++) {
    let x = Math.cos((Math.PI * (i + 0.75)) / (n + 0.5))
    let slope = 1
    for (let round = 0; round < 100; round++) {
      let before = 1
      let value = x
      for (let k = 2; k <= n; k++) {
        const next = ((2 * k - 1) * x * value - (k - 1) * before) / k
        before = value
        value = next
      }
      slope = (n * (x * value - before)) / (x * x - 1)
      const step = value / slope
      x -= step
      if (Math.abs(step) < 1e-15) break
    }
    nodes[i] = x
    weights[i] = 2 / ((1 - x * x) * slope * slope)
  }
  return { nodes, weights }
}
const rule = legendre(12)

/** ∫ f over [from, to] with the rule of 12 nodes on equal panels; exact to about 1e-12 where f changes by less than e^8 in a panel. */
export const integrate = (f: (x: number) => number, from: number, to: number, panels: number): number => {
  const half = (to - from) / panels / 2
  let sum = 0
  for (let p = 0; p < panels; p++) {
    const middle = from + (2 * p + 1) * half
    for (let i = 0; i < 12; i++) sum += rule.weights[i] * f(middle + half * rule.nodes[i])
  }
  return sum * half
}
