import { normalise, piecesOf } from './words'

/** Okapi BM25 (Robertson & Zaragoza 2009): k1 bends the weight of repeats, b that of length. */
const k1 = 1.2
const b = 0.5
/** A piece of the question or of its other wordings counts as often as this many of the answer. */
const questionWeight = 3
/** A pair of characters says more than its single characters. */
const singleWeight = 0.35

/** What can be found. */
export interface Entry {
  id: string
  question: string
  keywords: string
  answer: string
}
/** One entry with how well it fits: BM25 score, and the share of the query's weight found in its question and wordings (0 to 1). */
export interface Hit {
  id: string
  score: number
  coverage: number
}
export interface Index {
  /** The entry that has this very wording, or null. */
  named(text: string): string | null
  search(text: string, limit?: number): Hit[]
}

const weightOf = (piece: string): number => (/^[a-z\d]/.test(piece) || piece.length > 1 ? 1 : singleWeight)

/** Builds an index in memory; some hundred entries take a few milliseconds. */
export const buildIndex = (entries: readonly Entry[]): Index => {
  const documents = entries.map((entry) => {
    const asked = new Map<string, number>()
    const counts = new Map<string, number>()
    for (const wording of [entry.question, ...entry.keywords.split(/\s+/)])
      for (const piece of piecesOf(normalise(wording))) {
        asked.set(piece, 1)
        counts.set(piece, (counts.get(piece) ?? 0) + questionWeight)
      }
    for (const piece of piecesOf(normalise(entry.answer))) counts.set(piece, (counts.get(piece) ?? 0) + 1)
    let length = 0
    for (const n of counts.values()) length += n
    return { id: entry.id, asked, counts, length }
  })
  const average = documents.reduce((sum, d) => sum + d.length, 0) / Math.max(1, documents.length)
  const frequency = new Map<string, number>()
  for (const d of documents) for (const piece of d.counts.keys()) frequency.set(piece, (frequency.get(piece) ?? 0) + 1)
  const rarity = (piece: string): number => {
    const n = frequency.get(piece) ?? 0
    return Math.log(1 + (documents.length - n + 0.5) / (n + 0.5))
  }
  const wordings = new Map(
    entries.flatMap((entry) =>
      [entry.question, ...entry.keywords.split(/\s+/)]
        .filter(Boolean)
        .map((w): [string, string] => [normalise(w), entry.id]),
    ),
  )
  return {
    named: (text) => wordings.get(normalise(text)) ?? null,
    search: (text, limit = 3) => {
      const pieces = [...new Set(piecesOf(normalise(text)))]
      const weights = pieces.map((piece) => rarity(piece) * weightOf(piece))
      const whole = weights.reduce((sum, w) => sum + w, 0)
      if (!whole) return []
      const hits = documents.map((d): Hit => {
        let score = 0
        let covered = 0
        pieces.forEach((piece, i) => {
          const n = d.counts.get(piece) ?? 0
          if (n) score += (weights[i] * n * (k1 + 1)) / (n + k1 * (1 - b + (b * d.length) / average))
          if (d.asked.has(piece)) covered += weights[i]
        })
        return { id: d.id, score, coverage: covered / whole }
      })
      return hits
        .filter((h) => h.score > 0)
        .sort((x, y) => y.coverage * y.score - x.coverage * x.score)
        .slice(0, limit)
    },
  }
}
