import type { FormInstance } from 'antd'
import { isFailure } from '../api'

interface Refused {
  field: string
  message: string
}

const isRefused = (value: unknown): value is Refused =>
  typeof value === 'object' && value !== null && 'field' in value && 'message' in value

/** The fields an invalid input names: all of them where the form of the input was wrong, one where a rule was broken. */
export function complaintsOf(details: Record<string, unknown>): Refused[] {
  if (Array.isArray(details.issues)) return details.issues.filter(isRefused)
  return typeof details.field === 'string' && details.field !== '' && typeof details.reason === 'string'
    ? [{ field: details.field, message: details.reason }]
    : []
}

/**
 * Puts a refusal of the server at the field it is about. `fields` says which code belongs to which field; an invalid input names
 * its fields itself. Returns whether it found a place: what has none is shown above the buttons.
 */
export function refuseFields(form: FormInstance, error: unknown, fields: Partial<Record<string, string>>): boolean {
  if (!isFailure(error)) return false
  const named = fields[error.code]
  const refused = named ? [{ field: named, message: error.message }] : complaintsOf(error.details)
  const known = refused.filter(
    ({ field }) => form.getFieldInstance(field.split('.')) !== undefined || form.getFieldInstance(field) !== undefined,
  )
  for (const { field, message } of known)
    form.setFields([{ name: field.includes('.') ? field.split('.') : field, errors: [message] }])
  const first = known[0]
  if (first) form.scrollToField(first.field.includes('.') ? first.field.split('.') : first.field, { focus: true })
  return known.length > 0 && known.length === refused.length
}
