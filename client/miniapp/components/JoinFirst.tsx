import { go } from '../nav'
import { Button } from './Button'
import { Empty } from './States'

/** Stands where a member's own things would be, for a visitor: what they would see here, and the way to join. */
export function JoinFirst({ title, hint }: { title: string; hint: string }) {
  return (
    <Empty
      picture='member'
      title={title}
      hint={hint}
      action={
        <Button target='join' onTap={() => go('/packages/login/index')}>
          登录 / 入会
        </Button>
      }
    />
  )
}
