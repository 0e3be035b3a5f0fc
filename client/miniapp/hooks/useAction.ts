import type { Input, Output } from '@shared/contract'
import { useCallback, useEffect, useRef, useState } from 'react'
import { call, isOffline, type WriteKey } from '../api'
import { newId } from '../platform'

/**
 * One thing a person does on a page: `run` sends it, `busy` is true meanwhile, and a second tap while it runs is ignored.
 * When no answer came, the next try with the same input goes out under the same Idempotency-Key, so that what was done
 * after all is not done twice. Throws the Failure for the page to show.
 */
export function useAction<K extends WriteKey>(key: K) {
  const [busy, setBusy] = useState(false)
  const running = useRef(false)
  const unanswered = useRef<{ content: string; key: string } | null>(null)
  const alive = useRef(true)
  useEffect(() => {
    alive.current = true
    return () => {
      alive.current = false
    }
  }, [])

  const run = useCallback(
    async (input: Input<K>): Promise<Output<K> | null> => {
      if (running.current) return null
      running.current = true
      setBusy(true)
      const content = JSON.stringify(input)
      const attempt = unanswered.current?.content === content ? unanswered.current : { content, key: newId() }
      try {
        const answer = await (call as (k: WriteKey, i: unknown, o: { key: string }) => Promise<unknown>)(key, input, {
          key: attempt.key,
        })
        unanswered.current = null
        return answer as Output<K>
      } catch (thrown) {
        unanswered.current = isOffline(thrown) ? attempt : null
        throw thrown
      } finally {
        running.current = false
        if (alive.current) setBusy(false)
      }
    },
    [key],
  )
  return { run, busy }
}
