import { Dropdown, Tooltip } from 'antd'
import { createContext, useContext, useEffect, useMemo, useState } from 'react'
import { Link, NavLink, Outlet, useLocation, useNavigation } from 'react-router'
import { useRead } from '../queries'
import { menuPageOf, pages } from '../routes'
import { useMe, useSession } from '../session'
import { useTheme } from '../theme/ThemeProvider'
import { CommandPalette } from './CommandPalette'
import { Icon } from './Icon'
import { Logo } from './Logo'
import './shell.css'

const CrumbContext = createContext<(title: string | null) => void>(() => undefined)

/** Names the page in the bar above it and in the browser's tab: '林知夏' behind '会员 /'. */
export function useCrumb(title: string | null): void {
  const set = useContext(CrumbContext)
  useEffect(() => {
    set(title)
    return () => set(null)
  }, [set, title])
}

function Menu({ rail }: { rail: boolean }) {
  const { can } = useSession()
  const count = useRead('GET /admin/members/count', {}, { enabled: can('member:read') })
  const allowed = pages.filter((page) => page.menu && can(page.permission))
  const groups = [...new Set(allowed.map((page) => page.menu?.group ?? ''))]
  return (
    <nav aria-label='主菜单'>
      {groups.map((group) => (
        <div key={group}>
          {group ? <div className='grp'>{group}</div> : null}
          {allowed
            .filter((page) => page.menu?.group === group)
            .map((page) => (
              <Tooltip key={page.path} title={rail ? page.title : ''} placement='right'>
                <NavLink
                  to={page.path}
                  end={page.path === '/'}
                  aria-label={page.title}
                  className={({ isActive }) => (isActive ? 'on' : '')}
                >
                  {({ isActive }) => (
                    <>
                      <Icon name={page.menu?.icon ?? 'home'} size={18} weight={isActive ? 2 : 1.75} />
                      <span className='word'>{page.title}</span>
                      {page.path === '/members' && count.data ? (
                        <span className='word n num'>{count.data.count.toLocaleString('zh-CN')}</span>
                      ) : null}
                    </>
                  )}
                </NavLink>
              </Tooltip>
            ))}
        </div>
      ))}
    </nav>
  )
}

function Account() {
  const me = useMe()
  const { signOut } = useSession()
  const { mode, toggle } = useTheme()
  const items = [
    { key: 'who', disabled: true, label: <span className='t12'>登录名 {me.username}</span> },
    {
      key: 'mode',
      icon: <Icon name={mode === 'dark' ? 'sun' : 'moon'} />,
      label: mode === 'dark' ? '浅色外观' : '深色外观',
      onClick: toggle,
    },
    { type: 'divider' as const },
    { key: 'out', icon: <Icon name='exit' />, label: '退出登录', onClick: () => void signOut() },
  ]
  return (
    <Dropdown menu={{ items }} trigger={['click']} placement='topLeft'>
      <button type='button' className='account' aria-label={`${me.name}，${me.roleName}，账号菜单`}>
        <span className='face'>{me.name.slice(0, 1)}</span>
        <span className='grow word'>
          <span className='m cut'>{me.name}</span>
          <span className='t12 i3 cut'>{me.demo ? `${me.roleName}，演示环境` : me.roleName}</span>
        </span>
      </button>
    </Dropdown>
  )
}

/** The frame of every page: menu, bar with crumbs and search, the page itself. */
export function Shell() {
  const me = useMe()
  const { mode, toggle } = useTheme()
  const { pathname } = useLocation()
  const navigation = useNavigation()
  const [crumb, setCrumb] = useState<string | null>(null)
  const [searching, setSearching] = useState(false)
  const [rail, setRail] = useState(() => window.innerWidth < 1200)
  const home = menuPageOf(pathname)
  const here = useMemo(() => pages.find((page) => page.path === pathname), [pathname])
  const title = crumb ?? here?.title ?? home?.title ?? ''

  useEffect(() => {
    document.title = title ? `${title} · ${me.shop}` : me.shop
  }, [title, me.shop])
  useEffect(() => {
    const onKey = (event: KeyboardEvent) => {
      if ((event.ctrlKey || event.metaKey) && event.key.toLowerCase() === 'k') {
        event.preventDefault()
        setSearching((open) => !open)
      }
    }
    const narrow = window.matchMedia('(max-width: 1199px)')
    const onWidth = () => setRail(narrow.matches)
    window.addEventListener('keydown', onKey)
    narrow.addEventListener('change', onWidth)
    return () => {
      window.removeEventListener('keydown', onKey)
      narrow.removeEventListener('change', onWidth)
    }
  }, [])

  return (
    <CrumbContext.Provider value={setCrumb}>
      <div className={rail ? 'admin rail' : 'admin'}>
        <a className='skip' href='#content'>
          跳到内容
        </a>
        <aside className='side' aria-label='导航'>
          <Link className='logo' to='/' aria-label={`${me.shop}，回工作台`}>
            <Logo />
            <span className='word cut'>{me.shop}</span>
          </Link>
          <Menu rail={rail} />
          <Account />
        </aside>
        <div className='main'>
          {navigation.state === 'loading' ? <div className='progress' role='status' aria-label='正在打开页面' /> : null}
          <header className='top'>
            <button
              type='button'
              className='plain'
              onClick={() => setRail((r) => !r)}
              aria-label={rail ? '展开菜单' : '收起菜单'}
            >
              <Icon name='panel' size={18} />
            </button>
            <div className='crumb grow cut'>
              {home && home.path !== pathname ? (
                <>
                  <Link className='home' to={home.path}>
                    {home.title}
                  </Link>
                  <span className='slash'>/</span>
                </>
              ) : null}
              <b>{title}</b>
            </div>
            <button type='button' className='finder' onClick={() => setSearching(true)}>
              <Icon name='search' />
              <span className='grow'>搜会员、券、页面</span>
              <span className='kbd'>Ctrl K</span>
            </button>
            <Tooltip title={mode === 'dark' ? '浅色外观' : '深色外观'}>
              <button
                type='button'
                className='plain'
                onClick={toggle}
                aria-label={mode === 'dark' ? '换成浅色外观' : '换成深色外观'}
              >
                <Icon name={mode === 'dark' ? 'sun' : 'moon'} size={20} />
              </button>
            </Tooltip>
          </header>
          <main className='content' id='content' tabIndex={-1}>
            <Outlet />
          </main>
        </div>
        <CommandPalette open={searching} onClose={() => setSearching(false)} />
      </div>
    </CrumbContext.Provider>
  )
}
