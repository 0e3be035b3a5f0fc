/**
 * Categories as bits of one number, so that most members who never bought of one are told apart without a look at another table. Two
 * categories may share a bit: a bit that is set means "perhaps", one that is not means "no".
 */
const bits = 48

/** Every bit: nothing is known of the member yet, so every category is a perhaps. */
export const anyCategory = 2 ** bits - 1

/** FNV-1a over the name's code units. */
const bitOf = (category: string): number => {
  let hash = 0x811c9dc5
  for (let i = 0; i < category.length; i++) hash = Math.imul(hash ^ category.charCodeAt(i), 0x01000193)
  return (hash >>> 0) % bits
}

/** The bits of some categories as one number below 2⁴⁸, which every number here and in the databases holds exactly. */
export const bitsOf = (categories: Iterable<string>): number => {
  let sum = 0
  for (const bit of new Set(Array.from(categories, bitOf))) sum += 2 ** bit
  return sum
}
