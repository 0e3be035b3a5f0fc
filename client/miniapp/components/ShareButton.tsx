import { Button as NativeButton } from '@tarojs/components'
import type { PropsWithChildren } from 'react'
import { currentPage, toast } from '../nav'
import { isWeapp, type ShareWords, shareLink } from '../platform'
import { track } from '../track'
import { Button } from './Button'

interface Props {
  words: ShareWords
  target: string
  kind?: 'brand' | 'ghost' | 'gold' | 'plain'
  large?: boolean
}

/**
 * Sends the page's card to a friend. In WeChat the page must also answer with the same words in useShareAppMessage, which
 * is what the button asks for.
 */
export function ShareButton({ words, target, kind = 'brand', large, children }: PropsWithChildren<Props>) {
  const note = (): void => track({ type: 'share', page: currentPage(), target })
  if (isWeapp)
    return (
      <NativeButton className={`btn ${kind} ${large ? 'lg' : ''}`} openType='share' onClick={note}>
        {children}
      </NativeButton>
    )
  const share = async (): Promise<void> => {
    note()
    const outcome = await shareLink(words)
    if (outcome === 'copied') toast('链接已复制，发给朋友吧')
  }
  return (
    <Button kind={kind} large={large} onTap={() => void share()}>
      {children}
    </Button>
  )
}
