import type { Input, Output } from '@shared/contract'
import { useReachBottom } from '@tarojs/taro'
import { useCallback, useEffect, useRef, useState } from 'react'
import { call, type Failure, type ReadKey } from '../api'
import { type Query, useQuery } from './useQuery'

type ListKey = {
  [K in ReadKey]: Output<K> extends { items: unknown[]; nextCursor: string | null } ? K : never
}[ReadKey]
type Item<K extends ListKey> = Output<K> extends { items: Array<infer T> } ? T : never

export interface List<T, Page> extends Query<Page> {
  items: T[]
  more: boolean
  loadingMore: boolean
  moreError: Failure | null
  loadMore: () => Promise<void>
}

/** A paged list: the first page as `useQuery` gives it, the following ones when the reader reaches the bottom. */
export function useList<K extends ListKey>(
  key: K,
  input: Input<K>,
  options: { when?: boolean; keep?: boolean } = {},
): List<Item<K>, Output<K>> {
  const first = useQuery(key, input, options)
  const page = first.data as { items: Item<K>[]; nextCursor: string | null } | null
  const [rest, setRest] = useState<{ items: Item<K>[]; cursor: string | null; of: unknown }>({
    items: [],
    cursor: null,
    of: null,
  })
  const [loadingMore, setLoadingMore] = useState(false)
  const [moreError, setMoreError] = useState<Failure | null>(null)
  const running = useRef(false)

  // A new first page makes the following ones stale.
  useEffect(() => {
    setRest({ items: [], cursor: page?.nextCursor ?? null, of: page })
    setMoreError(null)
  }, [page])
  const current = rest.of === page ? rest : { items: [], cursor: page?.nextCursor ?? null, of: page }

  const loadMore = useCallback(async () => {
    if (running.current || !current.cursor) return
    running.current = true
    setLoadingMore(true)
    setMoreError(null)
    try {
      const next = (await (call as (k: ReadKey, i: unknown) => Promise<unknown>)(key, {
        ...(input as object),
        cursor: current.cursor,
      })) as { items: Item<K>[]; nextCursor: string | null }
      setRest((before) =>
        before.of === current.of
          ? { items: [...before.items, ...next.items], cursor: next.nextCursor, of: before.of }
          : before,
      )
    } catch (thrown) {
      setMoreError(thrown as Failure)
    } finally {
      running.current = false
      setLoadingMore(false)
    }
  }, [key, input, current.cursor, current.of])
  useReachBottom(() => void loadMore())

  return {
    ...first,
    items: [...(page?.items ?? []), ...current.items],
    more: current.cursor !== null,
    loadingMore,
    moreError,
    loadMore,
  }
}
