import { Input, Text, View } from '@tarojs/components'
import { useEffect, useState } from 'react'
import { call, type Failure, isFailure, sayFailure } from '../../api'
import { Button } from '../../components/Button'
import { Tap } from '../../components/Tap'
import { toast } from '../../nav'

const isPhone = (text: string): boolean => /^1[3-9]\d{9}$/.test(text)

/** Seconds until another code may be asked for. */
function useWait(): [number, (seconds: number) => void] {
  const [left, setLeft] = useState(0)
  useEffect(() => {
    if (left <= 0) return
    const timer = setTimeout(() => setLeft(left - 1), 1000)
    return () => clearTimeout(timer)
  }, [left])
  return [left, setLeft]
}

const waitOf = (thrown: Failure): number => Number(thrown.details.retryAfterSeconds) || 0

/** A telephone number and the code sent to it. */
export function SmsForm({
  action,
  busy,
  onSubmit,
}: {
  action: string
  busy: boolean
  onSubmit: (phone: string, code: string) => void
}) {
  const [phone, setPhone] = useState('')
  const [code, setCode] = useState('')
  const [note, setNote] = useState('')
  const [left, setLeft] = useWait()
  const [sending, setSending] = useState(false)

  const sendCode = async (): Promise<void> => {
    if (!isPhone(phone)) {
      toast('请输入 11 位手机号')
      return
    }
    setSending(true)
    try {
      const { sentTo, resendAfterSeconds, standInCode } = await call('POST /auth/sms/codes', { phone })
      setLeft(resendAfterSeconds)
      setNote(standInCode ? `演示环境不发短信，验证码是 ${standInCode}` : `验证码已发到 ${sentTo}`)
    } catch (thrown) {
      if (isFailure(thrown) && waitOf(thrown) > 0) setLeft(waitOf(thrown))
      toast(sayFailure(thrown))
    }
    setSending(false)
  }

  return (
    <View className='sms'>
      <View className='sms__field'>
        <Input
          className='sms__input num'
          type='number'
          maxlength={11}
          placeholder='手机号'
          value={phone}
          onInput={(event) => setPhone(event.detail.value.trim())}
          aria-label='手机号'
        />
      </View>
      <View className='sms__field'>
        <Input
          className='sms__input num'
          type='number'
          maxlength={6}
          placeholder='6 位验证码'
          value={code}
          onInput={(event) => setCode(event.detail.value.trim())}
          aria-label='验证码'
        />
        <Tap
          className={`sms__send ${left > 0 || sending ? 'wait' : ''}`}
          disabled={left > 0 || sending}
          target='login:sms'
          onTap={() => void sendCode()}
        >
          <Text>{left > 0 ? `${left} 秒后重发` : '获取验证码'}</Text>
        </Tap>
      </View>
      {note && <View className='sms__note'>{note}</View>}
      <Button
        large
        busy={busy}
        disabled={!isPhone(phone) || !/^\d{6}$/.test(code)}
        target='login:submit'
        onTap={() => onSubmit(phone, code)}
      >
        {busy ? '请稍候' : action}
      </Button>
    </View>
  )
}
