import { View } from '@tarojs/components'
import type { PropsWithChildren } from 'react'
import { currentPage } from '../nav'
import { isWeapp } from '../platform'
import { track } from '../track'

interface Props {
  className?: string
  style?: string
  onTap: () => void
  /** What a screen reader says; needed where the children hold no words. */
  label?: string
  /** Name of the thing tapped in the interaction log; the tap is not logged without one. */
  target?: string
  /** What it is to a screen reader. */
  role?: 'button' | 'tab' | 'checkbox' | 'link'
  disabled?: boolean
}

const spoken = (role: string, label: string | undefined, disabled: boolean | undefined): Record<string, unknown> =>
  isWeapp
    ? { ariaRole: role, ariaLabel: label, ariaDisabled: disabled }
    : { role, 'aria-label': label, 'aria-disabled': disabled, tabIndex: 0 }

/** Everything that can be tapped: says its role, logs the tap, answers the finger at once (see .tapped). */
export function Tap({
  className = '',
  style,
  onTap,
  label,
  target,
  role = 'button',
  disabled,
  children,
}: PropsWithChildren<Props>) {
  return (
    <View
      className={`tapped ${className}`}
      style={style}
      {...spoken(role, label, disabled)}
      onClick={(event) => {
        event.stopPropagation()
        if (disabled) return
        if (target) track({ type: 'tap', page: currentPage(), target })
        onTap()
      }}
    >
      {children}
    </View>
  )
}
