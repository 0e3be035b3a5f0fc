import { isFailure } from '../api'
import { useRead } from '../queries'
import { useSession } from '../session'

/** Whether this person may see figures of the whole group, and the place asks for them: one store has none of these. */
export function useGroupFigures(storeId: string | undefined): boolean {
  const { can } = useSession()
  const allowed = can('dashboard:read') && storeId === undefined
  const { error } = useRead('GET /admin/dashboards/stages', { weeks: 12 }, { enabled: allowed, keep: true })
  return allowed && !(isFailure(error) && error.code === 'figure_of_group_only')
}
