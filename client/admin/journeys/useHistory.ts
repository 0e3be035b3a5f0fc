import { useReducer } from 'react'

interface History<T> {
  past: T[]
  now: T
  future: T[]
  /** What the last change was about: typing on in the same field is one step of undo, not one per letter. */
  about: string | null
}
type Move<T> =
  | { do: 'set'; value: T; about: string | null }
  | { do: 'undo' }
  | { do: 'redo' }
  | { do: 'reset'; value: T }
const most = 100

const step = <T>(history: History<T>, move: Move<T>): History<T> => {
  const { past, now, future } = history
  if (move.do === 'reset') return { past: [], now: move.value, future: [], about: null }
  if (move.do === 'undo') {
    const before = past[past.length - 1]
    return before === undefined
      ? history
      : { past: past.slice(0, -1), now: before, future: [now, ...future], about: null }
  }
  if (move.do === 'redo')
    return future.length === 0
      ? history
      : { past: [...past, now], now: future[0], future: future.slice(1), about: null }
  const sameField = move.about !== null && move.about === history.about
  return { past: sameField ? past : [...past, now].slice(-most), now: move.value, future: [], about: move.about }
}

/** A value with undo and redo. Changes about the same thing in a row are undone together. */
export function useHistory<T>(initial: T) {
  const [history, move] = useReducer(step<T>, { past: [], now: initial, future: [], about: null })
  return {
    value: history.now,
    canUndo: history.past.length > 0,
    canRedo: history.future.length > 0,
    set: (value: T, about: string | null = null) => move({ do: 'set', value, about }),
    undo: () => move({ do: 'undo' }),
    redo: () => move({ do: 'redo' }),
    reset: (value: T) => move({ do: 'reset', value }),
  }
}
