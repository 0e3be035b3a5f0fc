import { acts, lists, scores } from './behaviour-field-rules'
import type { Field } from './field-shape-rules'
import { profile, spending, value } from './profile-field-rules'

/** Every field, in the order the builder shows them. */
export const catalogue: readonly Field[] = [...profile, ...spending, ...value, ...scores, ...lists, ...acts]

const byName = new Map(catalogue.map((f) => [f.field, f]))
/** The field of that name, or undefined. */
export const fieldOf = (name: string): Field | undefined => byName.get(name)
