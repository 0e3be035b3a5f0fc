import type { Input, Output } from '@shared/contract'
import { useCallback, useEffect, useRef, useState } from 'react'
import { call, type Failure, isOffline, type ReadKey } from '../api'
import { keepAnswer, lastAnswer } from '../cache'
import { onNetwork } from '../platform'
import { useShown } from './useShown'

export interface Query<T> {
  data: T | null
  /** The first answer is still awaited and nothing is kept to show meanwhile. */
  loading: boolean
  /** The last attempt failed; `data` may still hold what was known before. */
  error: Failure | null
  /** Epoch ms of the answer shown, when it is an old one because the network is gone. */
  staleSince: number | null
  reload: () => Promise<void>
}

interface Options {
  /** False while the question makes no sense yet (nobody signed in, nothing chosen). */
  when?: boolean
  /** Keep the answer for the next start and for the time without a network. */
  keep?: boolean
}

/**
 * Asks one GET endpoint: shows the kept answer at once, asks again whenever the page comes to the front and when the
 * network returns, and keeps showing what is known while an attempt fails.
 */
export function useQuery<K extends ReadKey>(
  key: K,
  input: Input<K>,
  { when = true, keep = false }: Options = {},
): Query<Output<K>> {
  type Answer = Output<K>
  const name = `${key} ${JSON.stringify(input)}`
  const known = keep && when ? lastAnswer<Answer>(name) : null
  const [state, setState] = useState<{
    name: string
    data: Answer | null
    at: number
    error: Failure | null
  }>({
    name,
    data: known?.data ?? null,
    at: known?.at ?? 0,
    error: null,
  })
  const alive = useRef(true)
  const latest = useRef(name)
  latest.current = name
  // The name stands for both: an equal input in a new object is the same question.
  const question = useRef({ key, input })
  question.current = { key, input }

  const load = useCallback(async () => {
    if (!when) return
    try {
      const ask = call as (key: ReadKey, input: unknown) => Promise<unknown>
      const data = (await ask(question.current.key, question.current.input)) as Answer
      const at = Date.now()
      if (keep) keepAnswer(name, data, at)
      if (alive.current && latest.current === name) setState({ name, data, at, error: null })
    } catch (thrown) {
      if (alive.current && latest.current === name)
        setState((before) => ({
          name,
          data: before.name === name ? before.data : null,
          at: before.at,
          error: thrown as Failure,
        }))
    }
  }, [name, when, keep])

  const asked = useRef<unknown>(null)
  useShown(() => {
    asked.current = load
    void load()
  })
  useEffect(() => {
    // Another question than the one asked when the page was shown.
    if (asked.current !== load) void load()
    asked.current = load
  }, [load])
  useEffect(() => onNetwork((online) => online && void load()), [load])
  useEffect(() => {
    alive.current = true
    return () => {
      alive.current = false
    }
  }, [])

  const current = state.name === name ? state : { ...state, data: known?.data ?? null, at: known?.at ?? 0, error: null }
  return {
    data: when ? current.data : null,
    loading: when && !current.data && !current.error,
    error: current.error,
    staleSince: current.data && isOffline(current.error) ? current.at : null,
    reload: load,
  }
}
