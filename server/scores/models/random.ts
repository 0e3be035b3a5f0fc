/** A source of numbers in [0, 1) that gives the same row of numbers for the same seed on every machine. */
export type Random = () => number

/** Mulberry32 (T. Ettinger): 32 bits of state, passes the usual tests for the few million draws a fit takes. */
export const seededRandom = (seed: number): Random => {
  let state = seed >>> 0
  return () => {
    state = (state + 0x6d2b79f5) >>> 0
    let t = state
    t = Math.imul(t ^ (t >>> 15), t | 1)
    t ^= t + Math.imul(t ^ (t >>> 7), t | 61)
    return ((t ^ (t >>> 14)) >>> 0) / 4_294_967_296
  }
}

/** The numbers 0 … n-1 in random order (Fisher and Yates). */
export const shuffledIndex = (n: number, random: Random): Int32Array => {
  const order = Int32Array.from({ length: n }, (_, i) => i)
  for (let i = n - 1; i > 0; i--) {
    const j = Math.floor(random() * (i + 1))
    const kept = order[i]
    order[i] = order[j]
    order[j] = kept
  }
  return order
}

/** `size` different numbers out of 0 … n-1, ascending; all of them when n is not larger. */
export const sampleIndex = (n: number, size: number, random: Random): Int32Array =>
  n <= size ? Int32Array.from({ length: n }, (_, i) => i) : shuffledIndex(n, random).slice(0, size).sort()
