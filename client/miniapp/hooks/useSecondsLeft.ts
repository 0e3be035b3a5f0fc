import { useEffect, useState } from 'react'
import { serverNow } from '../api'

const secondsTo = (until: number): number => Math.max(0, Math.ceil((until - serverNow()) / 1000))

/** Whole seconds until a moment of the server's clock (epoch ms), told once a second; 0 from then on. */
export function useSecondsLeft(until: number): number {
  const [seconds, setSeconds] = useState(() => secondsTo(until))
  useEffect(() => {
    setSeconds(secondsTo(until))
    const timer = setInterval(() => setSeconds(secondsTo(until)), 1000)
    return () => clearInterval(timer)
  }, [until])
  return seconds
}
