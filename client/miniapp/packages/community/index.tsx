import { Text, View } from '@tarojs/components'
import { stopPullDownRefresh, usePullDownRefresh } from '@tarojs/taro'
import { useMemo, useState } from 'react'
import { BottomBar } from '../../components/BottomBar'
import { Button } from '../../components/Button'
import { Chips } from '../../components/Chips'
import { Page } from '../../components/Page'
import { Empty, ErrorState, ListEnd, Skeleton } from '../../components/States'
import { Tap } from '../../components/Tap'
import { useList } from '../../hooks/useList'
import { go } from '../../nav'
import { useSignedIn } from '../../session'
import { PostCard } from './PostCard'

const KINDS = [
  { value: 'all', text: '全部' },
  { value: 'post', text: '晒单' },
  { value: 'review', text: '评价' },
] as const
type Kind = (typeof KINDS)[number]['value']

/** What members share: posts and reviews, for everybody to read. */
export default function CommunityPage() {
  const [kind, setKind] = useState<Kind>('all')
  const signedIn = useSignedIn('member')
  const input = useMemo(() => ({ limit: 10, ...(kind === 'all' ? {} : { kind }) }), [kind])
  const list = useList('GET /community/posts', input, { keep: true })
  usePullDownRefresh(() => void list.reload().finally(stopPullDownRefresh))
  const write = (): void => go(signedIn ? '/packages/community/write' : '/packages/login/index')
  return (
    <Page back title='晒单与评价' staleSince={list.staleSince}>
      <View className='body community'>
        <View className='row between g2 community__top'>
          <Chips options={KINDS} value={kind} onChange={setKind} />
          {signedIn && (
            <Tap className='cb m nowrap texttap' target='community:mine' onTap={() => go('/packages/community/mine')}>
              <Text>我的</Text>
            </Tap>
          )}
        </View>
        {list.loading && <Skeleton block={220} rows={4} />}
        {list.error && !list.data && <ErrorState error={list.error} onRetry={list.reload} />}
        {list.data && list.items.length === 0 && (
          <Empty
            picture='posts'
            title='还没有人分享'
            hint='晒晒你喜欢的好物，公开后有积分奖励'
            action={<Button onTap={write}>写第一篇</Button>}
          />
        )}
        <View className='community__list'>
          {list.items.map((post) => (
            <PostCard key={post.id} post={post} onTap={() => go(`/packages/community/detail?id=${post.id}`)} />
          ))}
        </View>
        <ListEnd list={list} />
      </View>
      {list.items.length > 0 && (
        <BottomBar>
          <Button large target='community:write' onTap={write}>
            写晒单
          </Button>
        </BottomBar>
      )}
    </Page>
  )
}
