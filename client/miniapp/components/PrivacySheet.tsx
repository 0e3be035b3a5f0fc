import { Button as NativeButton, Text, View } from '@tarojs/components'
import { useDidHide, useDidShow } from '@tarojs/taro'
import { useCallback, useEffect, useRef, useState } from 'react'
import { isWeapp, onPrivacyAsked, openPrivacyContract, PRIVACY_BUTTON, type PrivacyQuestion } from '../platform'
import { Sheet } from './Sheet'
import { Tap } from './Tap'
import './PrivacySheet.scss'

/** The question WeChat demands before the first private API: what for, the guideline a tap away, and a no that is a no. */
function Question() {
  const [question, setQuestion] = useState<PrivacyQuestion | null>(null)
  const stop = useRef<(() => void) | null>(null)
  const listen = useCallback(() => {
    stop.current?.()
    stop.current = onPrivacyAsked(setQuestion)
  }, [])
  const leave = useCallback(() => stop.current?.(), [])
  useEffect(() => {
    listen()
    return leave
  }, [listen, leave])
  useDidShow(listen)
  useDidHide(leave)
  const answer = (agreed: boolean): void => {
    question?.answer(agreed)
    setQuestion(null)
  }
  return (
    <Sheet title='先说清楚隐私' open={question !== null} onClose={() => answer(false)}>
      <View className='privacyask__text'>
        接下来要用到你的信息（如手机号、照片、剪贴板）。只在你点的这一步使用，不作他用。
      </View>
      <Tap className='privacyask__link' role='link' onTap={openPrivacyContract}>
        <Text>{question?.contract}</Text>
      </Tap>
      <NativeButton
        id={PRIVACY_BUTTON}
        className='btn lg'
        openType={'agreePrivacyAuthorization' as 'getPhoneNumber'}
        onAgreePrivacyAuthorization={() => answer(true)}
      >
        同意并继续
      </NativeButton>
      <Tap className='privacyask__no' onTap={() => answer(false)}>
        <Text>不同意</Text>
      </Tap>
    </Sheet>
  )
}

/** Stands on every page in WeChat; a browser has no such question. */
export const PrivacySheet = isWeapp ? Question : () => null
