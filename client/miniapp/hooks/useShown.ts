import { useDidShow } from '@tarojs/taro'
import { useEffect, useRef } from 'react'

/** A page and what is in it come to the front together; the two events of that are this close. */
const SAME_MOMENT_MS = 400

/**
 * Calls back when this part first stands on a page and whenever the page comes to the front again. Unlike useDidShow it
 * also works for a part that appears later, on a page already in front (after a sign-in).
 */
export function useShown(act: () => void): void {
  const last = useRef(0)
  const latest = useRef(act)
  latest.current = act
  const once = (): void => {
    if (Date.now() - last.current < SAME_MOMENT_MS) return
    last.current = Date.now()
    latest.current()
  }
  useEffect(once, [])
  useDidShow(once)
}
