import Taro, { getCurrentInstance } from '@tarojs/taro'
import { useEffect, useRef } from 'react'

/**
 * Calls back once for each element of which half has come into view. An old WeChat or a browser without the observer cannot say what was
 * seen: then nothing is claimed.
 * @param ids what the elements stand for, joined by commas; a new list begins anew
 * @param domId the element of one of them
 */
export function useSeen(ids: string, domId: (id: string) => string, act: (id: string) => void): void {
  const latest = useRef({ domId, act })
  latest.current = { domId, act }
  useEffect(() => {
    if (!ids || typeof Taro.createIntersectionObserver !== 'function') return
    const page = getCurrentInstance().page
    const observers = ids.split(',').map((id) => {
      const observer = Taro.createIntersectionObserver(page as never, { thresholds: [0, 0.5] })
      let seen = false
      observer.relativeToViewport().observe(`#${latest.current.domId(id)}`, ({ intersectionRatio = 0 }) => {
        if (seen || intersectionRatio < 0.5) return
        seen = true
        latest.current.act(id)
        observer.disconnect()
      })
      return observer
    })
    return () => {
      for (const observer of observers) observer.disconnect()
    }
  }, [ids])
}
