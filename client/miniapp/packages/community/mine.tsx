import type { Output } from '@shared/contract'
import { postStates } from '@shared/feedback-words'
import { describeMoment } from '@shared/time'
import { Text, View } from '@tarojs/components'
import { useMemo, useState } from 'react'
import { serverNow } from '../../api'
import { Button } from '../../components/Button'
import { pictureOf } from '../../components/GoodsGrid'
import { Icon } from '../../components/Icon'
import { JoinFirst } from '../../components/JoinFirst'
import { Page } from '../../components/Page'
import { Empty, ErrorState, ListEnd, Skeleton } from '../../components/States'
import { Tabs } from '../../components/Tabs'
import { useList } from '../../hooks/useList'
import { useQuery } from '../../hooks/useQuery'
import { go } from '../../nav'
import { useSignedIn } from '../../session'
import { PostCard } from './PostCard'

type Own = Output<'GET /me/posts'>['items'][number]
const TABS = [
  { value: 'posts', text: '我写的' },
  { value: 'waiting', text: '待评价' },
] as const

function State({ post }: { post: Own }) {
  if (post.state === 'published')
    return (
      <View className='post__foot'>
        <Text className='post__time'>
          {post.rewardPoints > 0 ? `已公开，得 ${post.rewardPoints} 积分，` : '已公开，'}
          {post.likes} 人赞过
        </Text>
      </View>
    )
  return (
    <View className={`post__state ${post.state}`}>
      <Icon name='info' size={18} />
      <Text className='grow'>
        {postStates[post.state]}
        {post.stateReason ? `：${post.stateReason}` : ''}
      </Text>
    </View>
  )
}

function Written() {
  const list = useList(
    'GET /me/posts',
    useMemo(() => ({ limit: 10 }), []),
    { keep: true },
  )
  return (
    <>
      {list.loading && <Skeleton block={180} rows={3} />}
      {list.error && !list.data && <ErrorState error={list.error} onRetry={list.reload} />}
      {list.data && list.items.length === 0 && (
        <Empty
          picture='posts'
          title='还没有写过'
          hint='评价买过的商品，或晒晒喜欢的好物'
          action={<Button onTap={() => go('/packages/community/write')}>写晒单</Button>}
        />
      )}
      <View className='community__list'>
        {list.items.map((post) => (
          <PostCard
            key={post.id}
            post={post}
            foot={<State post={post} />}
            onTap={() => go(`/packages/community/detail?id=${post.id}`)}
          />
        ))}
      </View>
      <ListEnd list={list} />
    </>
  )
}

function Waiting() {
  const query = useQuery('GET /me/reviewable', {}, { keep: true })
  const lines = query.data?.items ?? []
  return (
    <>
      {query.loading && <Skeleton rows={5} />}
      {query.error && !query.data && <ErrorState error={query.error} onRetry={query.reload} />}
      {query.data && lines.length === 0 && (
        <Empty picture='ledger' title='都评价过了' hint='90 天内买过的商品会出现在这里' />
      )}
      {lines.length > 0 && (
        <View className='card waiting'>
          {lines.map((line) => (
            <View key={`${line.purchaseId}${line.lineNo}`} className='waiting__one'>
              <View className={`postgoods__pic goods__pic--${pictureOf(line)}`} />
              <View className='grow'>
                <View className='post__name cut wide'>{line.name}</View>
                <View className='post__time num'>
                  {describeMoment(line.at, serverNow())}，{line.storeName}
                </View>
              </View>
              <Button
                kind='ghost'
                label={`评价${line.name}`}
                onTap={() => go(`/packages/community/write?purchaseId=${line.purchaseId}&lineNo=${line.lineNo}`)}
              >
                评价
              </Button>
            </View>
          ))}
        </View>
      )}
    </>
  )
}

function Mine() {
  const [tab, setTab] = useState<(typeof TABS)[number]['value']>('posts')
  return (
    <>
      <Tabs options={TABS} value={tab} onChange={setTab} />
      <View className='body community'>{tab === 'posts' ? <Written /> : <Waiting />}</View>
    </>
  )
}

/** What the member wrote, and what they bought and have not reviewed. */
export default function MyPostsPage() {
  return (
    <Page back title='我的晒单与评价'>
      {useSignedIn('member') ? <Mine /> : <JoinFirst title='登录后查看' hint='评价买过的商品有积分奖励' />}
    </Page>
  )
}
