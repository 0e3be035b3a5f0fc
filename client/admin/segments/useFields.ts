import { useMemo } from 'react'
import { useRead } from '../queries'

/** The catalogue of conditions by name, with its query. */
export function useFields() {
  const query = useRead('GET /admin/segment-fields', {})
  const { data } = query
  const fields = useMemo(() => (data ? new Map(data.fields.map((field) => [field.field, field])) : undefined), [data])
  return { query, fields }
}
