import { Button } from 'antd'
import { Link, useRouteError } from 'react-router'
import { Notice } from './Fallbacks'

/** A page the account may not open. */
export const NoAccess = ({ title }: { title: string }) => (
  <Notice
    art='door'
    title={`你的账号没有“${title}”的权限`}
    action={
      <Link to='/'>
        <Button>回工作台</Button>
      </Link>
    }
  >
    需要时请店主在“店员与账号”里调整你的角色。
  </Notice>
)

/** An address without a page. */
export const NotFound = () => (
  <Notice
    art='search'
    title='这里没有页面'
    action={
      <Link to='/'>
        <Button type='primary'>回工作台</Button>
      </Link>
    }
  >
    地址可能写错了，也可以按 Ctrl K 直接找会员或页面。
  </Notice>
)

/** A page that broke while drawing, or whose code could not be fetched after a new release. */
export function PageCrash() {
  const error = useRouteError()
  return (
    <Notice
      art='broken'
      title='这一页没能打开'
      action={
        <Button type='primary' onClick={() => location.reload()}>
          刷新页面
        </Button>
      }
    >
      {error instanceof Error && /import|fetch/i.test(error.message)
        ? '页面刚刚更新过，刷新后就是新的一版。'
        : '请刷新后再试；如果仍然这样，请联系技术同事。'}
    </Notice>
  )
}
