import { Text, View } from '@tarojs/components'
import { useRouter } from '@tarojs/taro'
import { useState } from 'react'
import { call, sayFailure } from '../../api'
import { Button } from '../../components/Button'
import { Icon } from '../../components/Icon'
import { Page } from '../../components/Page'
import { Tap } from '../../components/Tap'
import { go, goBack, toast } from '../../nav'
import { isWeapp } from '../../platform'
import { useSignedIn } from '../../session'
import { joinWithSms, joinWithWechat } from '../../signin'
import { PhoneBind } from './PhoneBind'
import { SmsForm } from './SmsForm'
import './index.scss'

/** Consent is given by the person, never preset. */
function Consent({ agreed, onChange }: { agreed: boolean; onChange: (agreed: boolean) => void }) {
  return (
    <Tap
      className='consent'
      role='checkbox'
      checked={agreed}
      label={agreed ? '已同意会员章程与隐私政策' : '同意会员章程与隐私政策'}
      onTap={() => onChange(!agreed)}
    >
      <View className={`consent__box ${agreed ? 'on' : ''}`}>{agreed && <Icon name='check' size={14} />}</View>
      <Text className='grow'>我已阅读并同意会员章程与隐私政策，手机号和生日加密保存，只用于会员服务</Text>
    </Tap>
  )
}

/** What the consent is to, a tap away. */
function Documents() {
  return (
    <View className='login__documents'>
      <Tap role='link' label='阅读会员章程' onTap={() => go('/packages/login/document?name=terms')}>
        <Text>《会员章程》</Text>
      </Tap>
      <Tap role='link' label='阅读隐私政策' onTap={() => go('/packages/login/document?name=privacy')}>
        <Text>《隐私政策》</Text>
      </Tap>
    </View>
  )
}

/** Joining and signing in, which are the same thing: WeChat in one tap, or a telephone number and a code. */
export default function LoginPage() {
  const [agreed, setAgreed] = useState(false)
  const [way, setWay] = useState<'wechat' | 'sms'>(isWeapp ? 'wechat' : 'sms')
  // The profile sends here whoever wants to bind a number later.
  const toBind = useRouter().params.bind === '1'
  const signedIn = useSignedIn('member')
  const [binding, setBinding] = useState(toBind && signedIn)
  const [busy, setBusy] = useState(false)

  /** Runs a sign-in; the first one of a member without a number goes on to offer binding it. */
  const enter = async (signIn: () => Promise<{ joined: boolean }>): Promise<void> => {
    if (!agreed) {
      toast('请先阅读并同意会员章程与隐私政策')
      return
    }
    setBusy(true)
    try {
      const { joined } = await signIn()
      const me = await call('GET /me')
      toast(joined ? '欢迎加入' : '登录成功')
      if (isWeapp && !me.phoneMasked) setBinding(true)
      else goBack()
    } catch (thrown) {
      toast(sayFailure(thrown))
    }
    setBusy(false)
  }

  return (
    <Page back title={binding ? '绑定手机号' : '登录 / 入会'}>
      <View className='body login'>
        <View className='login__mark' />
        <View className='login__title'>{binding ? '绑定手机号' : '成为会员'}</View>
        <View className='login__text'>
          {binding ? '绑定后，店员输入手机号也能找到你；以后再绑也可以' : '积分、优惠券、生日礼，一处都有'}
        </View>
        {binding ? (
          <PhoneBind onDone={goBack} />
        ) : (
          <>
            {way === 'wechat' ? (
              <View className='login__form'>
                <Button large busy={busy} target='login:wechat' onTap={() => void enter(joinWithWechat)}>
                  {busy ? '正在登录' : '微信一键登录'}
                </Button>
                <Tap className='login__other' onTap={() => setWay('sms')}>
                  <Text>用手机号登录</Text>
                </Tap>
              </View>
            ) : (
              <View className='login__form'>
                <SmsForm
                  action='登录 / 入会'
                  busy={busy}
                  onSubmit={(phone, code) => void enter(() => joinWithSms(phone, code))}
                />
                {isWeapp && (
                  <Tap className='login__other' onTap={() => setWay('wechat')}>
                    <Text>用微信登录</Text>
                  </Tap>
                )}
              </View>
            )}
            <Consent agreed={agreed} onChange={setAgreed} />
            <Documents />
            <Tap className='login__other' onTap={goBack}>
              <Text>先不登录，再看看</Text>
            </Tap>
          </>
        )}
      </View>
    </Page>
  )
}
