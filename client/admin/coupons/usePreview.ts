import type { Output } from '@shared/contract'
import { keepPreviousData, useQuery } from '@tanstack/react-query'
import { call } from '../api'
import type { Draft } from './draft'

const PREVIEWS = 'POST /admin/coupon-templates/previews'
/** Ticket, sentence and what is still wrong. */
export type Preview = Output<typeof PREVIEWS>

/** Asks the server how a draft reads and looks; nothing is saved, so it is cached like any other reading. */
export function usePreview(draft: Draft | undefined) {
  // A coupon without a name is worth seeing too.
  const shown = draft && { ...draft, name: draft.name || '未命名的券' }
  return useQuery<Preview, Error>({
    queryKey: [PREVIEWS, shown],
    queryFn: ({ signal }) => call(PREVIEWS, shown as Draft, { signal }),
    enabled: draft !== undefined,
    placeholderData: keepPreviousData,
    retry: false,
    staleTime: Number.POSITIVE_INFINITY,
  })
}
