import { Input, Text, View } from '@tarojs/components'
import { useEffect, useState } from 'react'
import { call, isFailure, sayFailure } from '../../api'
import { Button } from '../../components/Button'
import { Skeleton } from '../../components/States'
import { toast } from '../../nav'
import { thisDevice } from '../../platform'
import { keepSession, useSignedIn } from '../../session'
import { openStaffSession } from '../../signin'

/** For staff only: the member on this phone may be staff by their number; everybody else has a name and a password. */
export function StaffLogin() {
  const isMember = useSignedIn('member')
  const [checking, setChecking] = useState(isMember)
  const [username, setUsername] = useState('')
  const [password, setPassword] = useState('')
  const [busy, setBusy] = useState(false)
  const [problem, setProblem] = useState('')

  useEffect(() => {
    if (!isMember) return
    setChecking(true)
    openStaffSession()
      .catch((thrown: unknown) => {
        if (isFailure(thrown) && thrown.code !== 'not_staff') toast(thrown.message)
      })
      .finally(() => setChecking(false))
  }, [isMember])

  const submit = async (): Promise<void> => {
    setBusy(true)
    setProblem('')
    try {
      keepSession(
        'staff',
        await call('POST /auth/operator', { username: username.trim(), password, device: thisDevice() }),
      )
    } catch (thrown) {
      setProblem(sayFailure(thrown))
    }
    setBusy(false)
  }

  if (checking)
    return (
      <View className='body desk'>
        <Skeleton block={120} rows={3} />
      </View>
    )
  return (
    <View className='body desk'>
      <View className='desk__loginhead'>店员登录</View>
      <View className='t13 i3'>核销台只供本店店员使用。账号由店长在后台开通。</View>
      <View className='desk__field'>
        <Input
          className='desk__input'
          value={username}
          placeholder='登录名'
          onInput={(event) => setUsername(event.detail.value)}
          aria-label='登录名'
        />
      </View>
      <View className='desk__field'>
        <Input
          className='desk__input'
          password
          value={password}
          placeholder='密码'
          onInput={(event) => setPassword(event.detail.value)}
          onConfirm={() => void submit()}
          aria-label='密码'
        />
      </View>
      {problem && <Text className='desk__problem'>{problem}</Text>}
      <View className='desk__submit'>
        <Button
          large
          busy={busy}
          disabled={!username.trim() || !password}
          target='staff:login'
          onTap={() => void submit()}
        >
          {busy ? '正在登录' : '登录'}
        </Button>
      </View>
    </View>
  )
}
