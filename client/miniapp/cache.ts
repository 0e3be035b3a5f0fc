import { readStored, writeStored } from './platform'

interface Kept {
  at: number
  data: unknown
}

const INDEX = 'kept'
/** The oldest answers go first; WeChat gives a mini-program 10 MB, of which this is a small part. */
const MAX_KEPT = 24

const memory = new Map<string, Kept>()

/** The last answer kept under a name, with the epoch ms when it came. */
export function lastAnswer<T>(name: string): { at: number; data: T } | null {
  const kept = memory.get(name) ?? readStored<Kept>(`kept.${name}`)
  if (!kept) return null
  memory.set(name, kept)
  return kept as { at: number; data: T }
}

/** Keeps an answer for the next start and for the time without a network. */
export function keepAnswer(name: string, data: unknown, at: number): void {
  const kept = { at, data }
  memory.set(name, kept)
  writeStored(`kept.${name}`, kept)
  const names = [name, ...(readStored<string[]>(INDEX) ?? []).filter((other) => other !== name)]
  for (const old of names.splice(MAX_KEPT)) forget(old)
  writeStored(INDEX, names)
}

function forget(name: string): void {
  memory.delete(name)
  writeStored(`kept.${name}`, null)
}

/** Drops every kept answer: the next person on this phone must see nothing of the last. */
export function forgetAnswers(): void {
  for (const name of readStored<string[]>(INDEX) ?? []) forget(name)
  memory.clear()
  writeStored(INDEX, null)
}
