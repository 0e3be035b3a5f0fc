import type { PropsWithChildren } from 'react'
import { Tap } from './Tap'

interface Props {
  onTap: () => void
  kind?: 'brand' | 'ghost' | 'plain' | 'gold' | 'danger' | 'off'
  large?: boolean
  busy?: boolean
  disabled?: boolean
  target?: string
  label?: string
}

/** The pill. One filled (`brand`) button per card; the others are `ghost`. */
export function Button({ kind = 'brand', large, busy, disabled, children, ...tap }: PropsWithChildren<Props>) {
  const looks = disabled && kind !== 'gold' ? 'off' : kind
  return (
    <Tap className={`btn ${looks} ${large ? 'lg' : ''} ${busy ? 'busy' : ''}`} disabled={disabled || busy} {...tap}>
      {children}
    </Tap>
  )
}
