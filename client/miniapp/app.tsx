import { useDidHide, useLaunch } from '@tarojs/taro'
import type { PropsWithChildren } from 'react'
import { holdUntil, sayFailure } from './api'
import { toast } from './nav'
import { isWeapp } from './platform'
import { joinDemo } from './signin'
import { flushTracked } from './track'
import './app.scss'

/** `?demo=member` or `?demo=staff` in the address of the h5 app: the landing page opens the demonstration with it. */
function demoAsked(): 'member' | 'staff' | null {
  if (isWeapp) return null
  const as = new URLSearchParams(window.location.search).get('demo')
  return as === 'member' || as === 'staff' ? as : null
}

/** Signs in before the first page asks for anything, then takes the word out of the address, so that a reload is only a reload. */
async function enterDemo(as: 'member' | 'staff'): Promise<void> {
  try {
    await joinDemo(as)
  } catch (thrown) {
    toast(sayFailure(thrown))
  }
  window.history.replaceState(null, '', window.location.pathname + window.location.hash)
}

export default function App({ children }: PropsWithChildren) {
  useLaunch(() => {
    const as = demoAsked()
    if (as) holdUntil(enterDemo(as))
  })
  useDidHide(() => void flushTracked())
  return children
}
