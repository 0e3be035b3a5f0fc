import { useDidHide, useLaunch, usePageNotFound } from '@tarojs/taro'
import type { PropsWithChildren } from 'react'
import { holdUntil, sayFailure } from './api'
import { confirm, replace, toast } from './nav'
import { isWeapp, onUpdateReady, watchPrivacy } from './platform'
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

/** A newer version is here: offered, since a restart in the middle of something is the person's to decide. */
async function offerUpdate(apply: () => void): Promise<void> {
  if (await confirm('有新版本', '更新只要一秒，你的登录和数据都在', '现在更新')) apply()
}

export default function App({ children }: PropsWithChildren) {
  useLaunch(() => {
    const as = demoAsked()
    if (as) holdUntil(enterDemo(as))
    watchPrivacy()
    onUpdateReady((apply) => void offerUpdate(apply))
    // What was noted before the app was closed last time.
    void flushTracked()
  })
  usePageNotFound(() => replace('/packages/about/lost'))
  useDidHide(() => void flushTracked())
  return children
}
