import { useDidHide, useLaunch } from '@tarojs/taro'
import { type PropsWithChildren, useState } from 'react'
import { sayFailure } from './api'
import { go, tabPath, toast } from './nav'
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
  const [ready, setReady] = useState(() => demoAsked() === null)
  useLaunch(() => {
    const as = demoAsked()
    if (!as) return
    void enterDemo(as).then(() => {
      setReady(true)
      if (window.location.hash.length < 3) go(as === 'staff' ? '/packages/staff/index' : tabPath('home'))
    })
  })
  useDidHide(() => void flushTracked())
  return ready ? children : null
}
