// A small generator of pseudo-random numbers: the same seed gives the same demo shop on every machine.

/** mulberry32: 32 bits of state, good enough for drawing names. */
export function createRandom(seed) {
  let state = seed >>> 0
  function next() {
    state = (state + 0x6d2b79f5) >>> 0
    let mixed = state
    mixed = Math.imul(mixed ^ (mixed >>> 15), mixed | 1)
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61)
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296
  }
  const below = (limit) => Math.floor(next() * limit)
  return {
    /** A number from 0 up to, but not including, 1. */
    next,
    /** An integer from 0 up to, but not including, the limit. */
    below,
    pick: (items) => items[below(items.length)],
    /** One of items with a `weight`; the weights sum to 1. */
    weighted(items) {
      let rest = next()
      for (const item of items) {
        rest -= item.weight
        if (rest < 0) return item
      }
      return items.at(-1)
    },
    /** A shuffled copy (Fisher-Yates). */
    shuffle(items) {
      const copy = [...items]
      for (let index = copy.length - 1; index > 0; index--) {
        const other = below(index + 1)
        ;[copy[index], copy[other]] = [copy[other], copy[index]]
      }
      return copy
    },
  }
}
