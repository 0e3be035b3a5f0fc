import { useCallback, useMemo } from 'react'
import { useSearchParams } from 'react-router'

/**
 * The named parts of the address's query as state, so that a list can be bookmarked, shared and walked back to. Setting a part to
 * undefined or '' takes it out; a change replaces the current entry of the history unless `push` is asked for.
 */
export function useUrlState<const N extends string>(names: readonly N[]) {
  const [params, setParams] = useSearchParams()
  const list = names.join(' ')
  const state = useMemo(() => {
    const read: Partial<Record<N, string>> = {}
    for (const name of list.split(' ') as N[]) {
      const value = params.get(name)
      if (value) read[name] = value
    }
    return read
  }, [params, list])
  const change = useCallback(
    (patch: Partial<Record<N, string | undefined>>, options: { push?: boolean } = {}) =>
      setParams(
        (before) => {
          const next = new URLSearchParams(before)
          for (const [name, value] of Object.entries(patch) as [string, string | undefined][]) {
            if (value) next.set(name, value)
            else next.delete(name)
          }
          return next
        },
        { replace: !options.push },
      ),
    [setParams],
  )
  return [state, change] as const
}
