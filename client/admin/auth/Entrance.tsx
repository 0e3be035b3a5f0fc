import { Button } from 'antd'
import { lazy, Suspense } from 'react'
import { EmptyArt } from '../components/EmptyArt'
import { Logo } from '../components/Logo'
import { useSession } from '../session'

/** After a new release the old page names files that are gone; a reload fetches the new ones. */
function Outdated() {
  return (
    <main className='waiting'>
      <EmptyArt kind='broken' />
      <h1 className='waiting-title'>页面没有读完整</h1>
      <p className='i3'>可能刚刚更新过，或网络断了一下。</p>
      <Button type='primary' onClick={() => location.reload()}>
        刷新页面
      </Button>
    </main>
  )
}

const Workplace = lazy(() => import('../components/Workplace').catch(() => ({ default: Outdated })))
const Login = lazy(() => import('./Login').catch(() => ({ default: Outdated })))

const Waiting = () => (
  <div className='waiting' role='status' aria-label='正在打开'>
    <Logo size={48} />
  </div>
)

/** The door: the sign-in form outside, the workplace inside, and a plain word where an account may not come in. */
export function Entrance() {
  const { state, problem, signOut, retry } = useSession()
  if (state === 'reading') return <Waiting />
  if (state === 'refused' || state === 'unread')
    return (
      <main className='waiting'>
        <EmptyArt kind={state === 'refused' ? 'door' : 'broken'} />
        <h1 className='waiting-title'>{problem}</h1>
        <p className='i3'>
          {state === 'refused'
            ? '店员请用小程序的店员页面；需要后台权限时，请店主在“店员与账号”里调整角色。'
            : '你仍然登录着，恢复后点重试就能接着用。'}
        </p>
        <div className='row g2'>
          <Button type={state === 'unread' ? 'primary' : 'default'} onClick={retry}>
            重试
          </Button>
          <Button type={state === 'unread' ? 'default' : 'primary'} onClick={() => void signOut()}>
            换个账号登录
          </Button>
        </div>
      </main>
    )
  return <Suspense fallback={<Waiting />}>{state === 'in' ? <Workplace /> : <Login />}</Suspense>
}
