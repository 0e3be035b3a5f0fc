import { View } from '@tarojs/components'
import type { PropsWithChildren } from 'react'
import { currentPage } from '../nav'
import { isWeapp, tapSpot } from '../platform'
import { track } from '../track'
import { type Role, spoken } from './spoken'

interface Props {
  className?: string
  style?: string
  onTap: () => void
  /** What a screen reader says; needed where the children hold no words. */
  label?: string
  /** Name of the thing tapped in the interaction log; the tap is not logged without one. */
  target?: string
  /** What it is to a screen reader. */
  role?: Role
  /** Of a tab: it is the one in front; of the others that can be on: it is. */
  checked?: boolean
  disabled?: boolean
}

/** A browser also gets the keyboard: Tab reaches it, Enter and Space tap it. */
const keyboard: Record<string, unknown> = isWeapp
  ? {}
  : {
      tabIndex: 0,
      onKeyDown: (event: KeyboardEvent) => {
        if (event.key !== 'Enter' && event.key !== ' ') return
        event.preventDefault()
        // A button inside another part that can be tapped is pressed alone.
        event.stopPropagation()
        ;(event.currentTarget as HTMLElement).click()
      },
    }

/** Everything that can be tapped: says its role, logs the tap, answers the finger at once (see .tapped). */
export function Tap({
  className = '',
  style,
  onTap,
  label,
  target,
  role = 'button',
  checked,
  disabled,
  children,
}: PropsWithChildren<Props>) {
  return (
    <View
      className={`tapped ${className}`}
      style={style}
      {...spoken({ role, label, checked, disabled: disabled ?? false })}
      {...keyboard}
      onClick={(event) => {
        event.stopPropagation()
        if (disabled) return
        if (target) track({ type: 'tap', page: currentPage(), target, ...tapSpot(event) })
        onTap()
      }}
    >
      {children}
    </View>
  )
}
