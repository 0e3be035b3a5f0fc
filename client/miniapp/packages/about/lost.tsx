import { Button } from '../../components/Button'
import { Page } from '../../components/Page'
import { Empty } from '../../components/States'
import { go, tabPath } from '../../nav'

/** Stands where an address leads nowhere: an old poster, a link that was cut. */
export default function LostPage() {
  return (
    <Page back title='没有这一页'>
      <Empty
        picture='error'
        title='这一页不在了'
        hint='链接可能过期了，从首页再找找'
        action={<Button onTap={() => go(tabPath('home'))}>回首页</Button>}
      />
    </Page>
  )
}
