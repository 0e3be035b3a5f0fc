import type { Random } from '../../../server/scores/models/random'

/** Standard normal by Box and Muller. */
export const drawNormal = (random: Random): number =>
  Math.sqrt(-2 * Math.log(1 - random())) * Math.cos(2 * Math.PI * random())

/** Gamma by Marsaglia and Tsang (2000). */
export const drawGamma = (shape: number, rate: number, random: Random): number => {
  if (shape < 1) return drawGamma(shape + 1, rate, random) * (1 - random()) ** (1 / shape)
  const d = shape - 1 / 3
  const c = 1 / Math.sqrt(9 * d)
  for (;;) {
    const x = drawNormal(random)
    const v = (1 + c * x) ** 3
    if (v > 0 && Math.log(1 - random()) < 0.5 * x * x + d - d * v + d * Math.log(v)) return (d * v) / rate
  }
}
export const drawBeta = (a: number, b: number, random: Random): number => {
  const x = drawGamma(a, 1, random)
  return x / (x + drawGamma(b, 1, random))
}
export const drawExponential = (rate: number, random: Random): number => -Math.log(1 - random()) / rate

/** Histories of members whose purchases follow `next`: it answers the time of the next purchase or Infinity. */
export const drawHistories = (
  members: number,
  ages: (i: number) => number,
  life: (random: Random) => (now: number, count: number) => number,
  random: Random,
): { repeats: number[]; recency: number[]; age: number[] } => {
  const out = { repeats: [] as number[], recency: [] as number[], age: [] as number[] }
  for (let i = 0; i < members; i++) {
    const T = ages(i)
    const next = life(random)
    let last = 0
    let count = 0
    for (let at = next(0, 0); at <= T; at = next(at, count)) {
      last = at
      count++
    }
    out.repeats.push(count)
    out.recency.push(last)
    out.age.push(T)
  }
  return out
}
