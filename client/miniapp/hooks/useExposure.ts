import type { Input } from '@shared/contract'
import Taro, { getCurrentInstance } from '@tarojs/taro'
import { useCallback, useEffect, useRef } from 'react'
import { call, serverNow } from '../api'

type Event = Input<'POST /me/recommendations/events'>['events'][number]

/** What comes into view while somebody scrolls is told together. */
const TELL_AFTER_MS = 1_500

/**
 * Tells the server which recommendations were really seen (half of the card in view) and which were tapped, each once. What cannot be
 * sent is lost: an effect is measured on many, and nobody waits for it.
 * @param domId the element of an item, by its position from 1
 * @returns to be called with the position of a tapped item
 */
export function useExposure(
  traceId: string,
  items: readonly { id: string }[],
  domId: (position: number) => string,
): (position: number) => void {
  const waiting = useRef<Event[]>([])
  const timer = useRef<ReturnType<typeof setTimeout> | null>(null)
  const ids = items.map((item) => item.id).join()

  const tell = useCallback(() => {
    if (timer.current) clearTimeout(timer.current)
    timer.current = null
    const events = waiting.current.splice(0)
    if (events.length > 0) call('POST /me/recommendations/events', { traceId, events }).catch(() => undefined)
  }, [traceId])
  const note = useCallback(
    (kind: Event['kind'], position: number) => {
      const itemId = ids.split(',')[position - 1]
      if (!itemId) return
      waiting.current.push({ kind, itemKind: 'product', itemId, position, at: Math.floor(serverNow()) })
      timer.current ??= setTimeout(tell, TELL_AFTER_MS)
    },
    [ids, tell],
  )

  useEffect(() => {
    // An old WeChat or a browser without the observer cannot say what was seen: then nothing is claimed.
    if (typeof Taro.createIntersectionObserver !== 'function') return tell
    const seen = new Set<number>()
    const page = getCurrentInstance().page
    const observers = ids.split(',').map((_, i) => {
      const position = i + 1
      const observer = Taro.createIntersectionObserver(page as never, { thresholds: [0, 0.5] })
      observer.relativeToViewport().observe(`#${domId(position)}`, ({ intersectionRatio = 0 }) => {
        if (intersectionRatio < 0.5 || seen.has(position)) return
        seen.add(position)
        note('exposure', position)
        observer.disconnect()
      })
      return observer
    })
    return () => {
      for (const observer of observers) observer.disconnect()
      tell()
    }
  }, [ids, domId, note, tell])

  return useCallback((position) => note('click', position), [note])
}
