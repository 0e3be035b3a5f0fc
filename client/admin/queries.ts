import type { Input, Key, Output } from '@shared/contract'
import {
  type InfiniteData,
  keepPreviousData,
  QueryClient,
  type UseQueryOptions,
  type UseQueryResult,
  useInfiniteQuery,
  useMutation,
  useQuery,
  useQueryClient,
} from '@tanstack/react-query'
import { useRef } from 'react'
import { call, isFailure, newKey } from './api'

/** Keys that read. */
export type ReadKey = Extract<Key, `GET ${string}`>
/** Keys that write. */
export type WriteKey = Exclude<Key, ReadKey>
/** Reading keys that answer in pages. */
export type ListKey = {
  [K in ReadKey]: Output<K> extends { items: unknown[]; nextCursor: string | null } ? K : never
}[ReadKey]
/** One row of a list. */
export type Row<K extends Key> = Output<K> extends { items: (infer T)[] } ? T : never

/** What a failed write may have left behind: nothing is known when no answer came or the server broke off. */
const isUncertain = (error: unknown) => isFailure(error) && (error.status === 0 || error.status >= 500)

/** The cache of everything read from the server. Refusals are final; only a missing or broken answer is worth asking again. */
export const queryClient = new QueryClient({
  defaultOptions: {
    queries: {
      staleTime: 15_000,
      retry: (failures, error) => failures < 2 && isUncertain(error),
      refetchOnWindowFocus: true,
      // Asking while the network is away fails at once with a sentence; waiting for it would leave a skeleton for ever.
      networkMode: 'always',
    },
    mutations: { retry: false, networkMode: 'always' },
  },
})

/** Reads one endpoint; the key and its input are the cache key. `keep` shows the last answer while the next is on its way. */
export function useRead<K extends ReadKey>(
  key: K,
  input: Input<K>,
  options: { enabled?: boolean; keep?: boolean; refetchMs?: number } = {},
): UseQueryResult<Output<K>, Error> {
  const settings: UseQueryOptions<Output<K>, Error> = {
    queryKey: [key, input],
    queryFn: ({ signal }) => call(key, input, { signal }),
    enabled: options.enabled ?? true,
    refetchInterval: options.refetchMs,
  }
  return useQuery<Output<K>, Error>(
    options.keep ? Object.assign(settings, { placeholderData: keepPreviousData }) : settings,
  )
}

interface Page<T> {
  items: T[]
  nextCursor: string | null
}

/** Reads a list page by page; `rows` are all pages so far, `first` the first answer with whatever else it carries. */
export function useList<K extends ListKey>(key: K, input: Input<K>, options: { enabled?: boolean } = {}) {
  const query = useInfiniteQuery<Output<K>, Error, InfiniteData<Output<K>>, unknown[], string | undefined>({
    queryKey: [key, input],
    queryFn: ({ pageParam, signal }) => call(key, { ...input, cursor: pageParam } as Input<K>, { signal }),
    initialPageParam: undefined,
    getNextPageParam: (last) => (last as Page<Row<K>>).nextCursor ?? undefined,
    enabled: options.enabled ?? true,
  })
  const pages = query.data?.pages
  return { ...query, first: pages?.[0], rows: pages?.flatMap((page) => (page as Page<Row<K>>).items) }
}

/**
 * Writes through one endpoint. When no answer arrives, the next attempt with the same input carries the same Idempotency-Key, so
 * pressing the button again cannot do the thing twice. `touches` names the reads to fetch anew after success.
 */
export function useWrite<K extends WriteKey>(key: K, touches: readonly ReadKey[] = []) {
  const client = useQueryClient()
  const pending = useRef<{ text: string; idempotencyKey: string } | null>(null)
  return useMutation({
    mutationFn: async (input: Input<K>) => {
      const text = JSON.stringify(input)
      if (pending.current?.text !== text) pending.current = { text, idempotencyKey: newKey() }
      try {
        const output = await call(key, input, { idempotencyKey: pending.current.idempotencyKey })
        pending.current = null
        return output
      } catch (error) {
        if (!isUncertain(error)) pending.current = null
        throw error
      }
    },
    onSuccess: () => Promise.all(touches.map((touched) => client.invalidateQueries({ queryKey: [touched] }))),
  })
}
