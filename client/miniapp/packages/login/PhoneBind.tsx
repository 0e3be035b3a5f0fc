import type { Input } from '@shared/contract'
import { Button as NativeButton, Text, View } from '@tarojs/components'
import type { ButtonProps } from '@tarojs/components/types/Button'
import { useState } from 'react'
import { sayFailure } from '../../api'
import { Tap } from '../../components/Tap'
import { useAction } from '../../hooks/useAction'
import { toast } from '../../nav'
import { isWeapp } from '../../platform'
import { SmsForm } from './SmsForm'

type PhoneEvent = Parameters<NonNullable<ButtonProps['onGetPhoneNumber']>>[0]

/** Binds a number: WeChat's button, or a code by SMS where that is refused or its quota is used up. */
export function PhoneBind({ onDone }: { onDone: () => void }) {
  // A browser has no button of WeChat's.
  const [bySms, setBySms] = useState(!isWeapp)
  const bind = useAction('POST /me/phone')
  const submit = async (input: Input<'POST /me/phone'>): Promise<void> => {
    try {
      if (!(await bind.run(input))) return
      toast('手机号已绑定')
      onDone()
    } catch (thrown) {
      toast(sayFailure(thrown))
    }
  }
  const fromWechat = (event: PhoneEvent): void => {
    if (event.detail.code) void submit({ wechatCode: event.detail.code })
    else setBySms(true)
  }
  return (
    <View className='login__form'>
      {bySms ? (
        <SmsForm action='绑定' busy={bind.busy} onSubmit={(phone, smsCode) => void submit({ phone, smsCode })} />
      ) : (
        <>
          {/* The two open types together also record the consent that WeChat's privacy rules ask for. */}
          <NativeButton
            className='btn lg'
            openType={'getPhoneNumber|agreePrivacyAuthorization' as 'getPhoneNumber'}
            onGetPhoneNumber={fromWechat}
          >
            使用微信手机号
          </NativeButton>
          <Tap className='login__other' onTap={() => setBySms(true)}>
            <Text>用短信验证码绑定</Text>
          </Tap>
        </>
      )}
      <Tap className='login__other' onTap={onDone}>
        <Text>以后再说</Text>
      </Tap>
    </View>
  )
}
