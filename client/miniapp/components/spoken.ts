import { isWeapp } from '../platform'

export type Role =
  | 'button'
  | 'tab'
  | 'checkbox'
  | 'radio'
  | 'switch'
  | 'link'
  | 'tablist'
  | 'radiogroup'
  | 'dialog'
  | 'img'
  | 'status'
  | 'list'

interface Spoken {
  role?: Role
  label?: string
  /** Of a tab: it is the one in front; of the others that can be on: it is. */
  checked?: boolean
  disabled?: boolean
}

const CAN_BE_ON: readonly (Role | undefined)[] = ['checkbox', 'radio', 'switch']

/** What a screen reader is told of an element, in the words of either platform. */
export function spoken({ role, label, checked = false, disabled }: Spoken): Record<string, unknown> {
  const on = CAN_BE_ON.includes(role)
  if (isWeapp)
    return {
      ariaRole: role,
      ariaLabel: label,
      ...(disabled === undefined ? {} : { ariaDisabled: disabled }),
      ...(role === 'tab' ? { ariaSelected: checked } : {}),
      ...(on ? { ariaChecked: checked } : {}),
    }
  return {
    role,
    'aria-label': label,
    ...(disabled === undefined ? {} : { 'aria-disabled': disabled }),
    ...(role === 'tab' ? { 'aria-selected': checked } : {}),
    ...(on ? { 'aria-checked': checked } : {}),
  }
}

/** A picture that says something: its words for who cannot see it. */
export const spokenPicture = (label: string): Record<string, unknown> =>
  isWeapp ? { ariaRole: 'img', ariaLabel: label } : { 'aria-label': label, nativeProps: { alt: label } }

/** A picture that only decorates. */
export const decoration: Record<string, unknown> = isWeapp ? {} : { nativeProps: { alt: '' } }

/** What scrolls sideways can be reached with the keyboard too. */
export const scrollable: Record<string, unknown> = isWeapp ? {} : { tabIndex: 0 }
