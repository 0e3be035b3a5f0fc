import { Button, Form, Input } from 'antd'
import { useEffect, useState } from 'react'
import { call, sentenceOf } from '../api'
import { Icon } from '../components/Icon'
import { Logo } from '../components/Logo'
import { useSession } from '../session'
import { useTheme } from '../theme/ThemeProvider'
import './login.css'

interface Entry {
  username: string
  password: string
}

/** Whether this server offers the demonstration account; a server without demo mode answers with a refusal, which is no error here. */
function useDemo(): { shop: string; name: string } | null {
  const [demo, setDemo] = useState<{ shop: string; name: string } | null>(null)
  useEffect(() => {
    call('GET /demo', {})
      .then(({ shop, accounts }) => {
        const account = accounts.find(({ as }) => as === 'operator')
        if (account) setDemo({ shop, name: account.name })
      })
      .catch(() => setDemo(null))
  }, [])
  return demo
}

/** Sign-in by login name and password. */
export default function Login() {
  const { signIn, signInAsDemo, problem } = useSession()
  const { mode, toggle } = useTheme()
  const [refusal, setRefusal] = useState<string | null>(problem)
  const [busy, setBusy] = useState<'form' | 'demo' | null>(null)
  const demo = useDemo()

  useEffect(() => {
    document.title = '登录 · 惠员'
  }, [])
  const attempt = async (way: 'form' | 'demo', task: () => Promise<void>) => {
    setBusy(way)
    setRefusal(null)
    await task().catch((error: unknown) => setRefusal(sentenceOf(error)))
    setBusy(null)
  }
  return (
    <div className='login'>
      <section className='scene' aria-hidden='true'>
        <div className='brandline'>
          <Logo size={32} />
          <span>惠员</span>
        </div>
        <div className='words'>
          <p className='big'>每一位会员，</p>
          <p className='big'>都值得被认真记得。</p>
          <p className='small'>积分一笔不差，好券发到对的人手里，生日那天有礼物。</p>
        </div>
        <svg className='leaf' viewBox='-70 -80 140 120' aria-hidden='true'>
          <path
            d='M0 0C-5-14-26-20-47-27-56-46-42-66-22-68-12-71-4-62-1-50L0-45 1-50C4-62 12-71 22-68 42-66 56-46 47-27 26-20 5-14 0 0Z'
            fill='currentColor'
          />
          <path d='M0-2C2 12 5 24 13 35' fill='none' stroke='currentColor' strokeWidth='2.5' strokeLinecap='round' />
        </svg>
      </section>
      <main className='door'>
        <button
          type='button'
          className='mode'
          onClick={toggle}
          aria-label={mode === 'dark' ? '换成浅色外观' : '换成深色外观'}
        >
          <Icon name={mode === 'dark' ? 'sun' : 'moon'} size={20} />
        </button>
        <div className='box'>
          <h1>登录管理后台</h1>
          <p className='i3'>{demo?.shop ?? '用店主分配的登录名和密码'}</p>
          <Form<Entry>
            layout='vertical'
            size='large'
            onFinish={({ username, password }) => attempt('form', () => signIn(username.trim(), password))}
            onValuesChange={() => setRefusal(null)}
          >
            <Form.Item
              name='username'
              label='登录名'
              rules={[{ required: true, whitespace: true, message: '请输入登录名' }]}
            >
              <Input autoComplete='username' autoFocus maxLength={40} />
            </Form.Item>
            <Form.Item name='password' label='密码' rules={[{ required: true, message: '请输入密码' }]}>
              <Input.Password autoComplete='current-password' maxLength={128} />
            </Form.Item>
            {refusal ? (
              <div className='refusal' role='alert'>
                <Icon name='warning' />
                {refusal}
              </div>
            ) : null}
            <Button type='primary' htmlType='submit' block loading={busy === 'form'} disabled={busy === 'demo'}>
              登录
            </Button>
          </Form>
          {demo ? (
            <div className='demo'>
              <span className='i3'>演示环境，可以直接看</span>
              <Button
                block
                size='large'
                onClick={() => attempt('demo', signInAsDemo)}
                loading={busy === 'demo'}
                disabled={busy === 'form'}
              >
                以 {demo.name} 的身份进入
              </Button>
            </div>
          ) : null}
        </div>
      </main>
    </div>
  )
}
