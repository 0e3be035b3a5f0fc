import { checkDefinition, type JourneyDefinition, type JourneyProblem } from '@shared/journey'
import { useQuery } from '@tanstack/react-query'
import { call } from '../api'
import { useSettled } from '../components/useSettled'
import { findGaps } from './draft'

const CHECK = 'POST /admin/journeys/check'

/**
 * What stands against publishing: at once by the rules both sides share, a moment later by the server, which also knows whether coupons,
 * templates and segments are there.
 */
export function useCheck(definition: JourneyDefinition): JourneyProblem[] {
  const settled = useSettled(definition, 400)
  const gaps = findGaps(definition)
  const asked = useQuery({
    queryKey: [CHECK, settled],
    queryFn: ({ signal }) => call(CHECK, { definition: settled }, { signal }),
    enabled: findGaps(settled).length === 0,
    retry: false,
  })
  if (gaps.length) return [...gaps, ...checkDefinition(definition)]
  return settled === definition && asked.data ? asked.data.problems : checkDefinition(definition)
}
