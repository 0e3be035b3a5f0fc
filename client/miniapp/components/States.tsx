import { describeMoment } from '@shared/time'
import { Text, View } from '@tarojs/components'
import type { ReactNode } from 'react'
import { type Failure, isOffline, serverNow } from '../api'
import { Button } from './Button'
import { Icon } from './Icon'
import { spoken } from './spoken'
import './States.scss'

export type EmptyPicture = 'coupons' | 'ledger' | 'inbox' | 'error' | 'offline' | 'member' | 'posts'

/** A picture, a sentence, one action: the face of a list with nothing in it. */
export function Empty({
  picture,
  title,
  hint,
  action,
}: {
  picture: EmptyPicture
  title: string
  hint?: string
  action?: ReactNode
}) {
  return (
    <View className='empty'>
      <View className={`empty__pic empty__pic--${picture}`} />
      <Text className='empty__title'>{title}</Text>
      {hint && <Text className='empty__hint'>{hint}</Text>}
      {action && <View className='empty__act'>{action}</View>}
    </View>
  )
}

/** What happened, and a way to try again. */
export function ErrorState({ error, onRetry }: { error: Failure; onRetry: () => void }) {
  const offline = isOffline(error)
  return (
    <Empty
      picture={offline ? 'offline' : 'error'}
      title={offline ? '网络不给力' : '没能打开'}
      hint={offline ? '检查网络后再试一次' : error.message}
      action={<Button onTap={onRetry}>再试一次</Button>}
    />
  )
}

/** Old data on show: says so, and of when they are. */
export function OfflineBar({ since }: { since: number }) {
  return (
    <View className='offline'>
      <Icon name='offline' size={16} />
      <Text>网络不给力，以下是 {describeMoment(since, serverNow())} 的内容</Text>
    </View>
  )
}

/** Grey shapes where the content will stand; `rows` of them under an optional block. */
export function Skeleton({
  block,
  rows = 3,
  kind = 'row',
}: {
  block?: number
  rows?: number
  kind?: 'row' | 'ticket'
}) {
  return (
    <View className='skeleton' {...spoken({ role: 'status', label: '正在加载' })}>
      {block ? <View className='bone skeleton__block' style={`height:${block}px`} /> : null}
      {Array.from({ length: rows }, (_, index) => `bone${index}`).map((name) =>
        kind === 'ticket' ? (
          <View key={name} className='bone skeleton__ticket' />
        ) : (
          <View key={name} className='skeleton__row'>
            <View className='bone skeleton__tile' />
            <View className='grow'>
              <View className='bone skeleton__line' />
              <View className='bone skeleton__line short' />
            </View>
          </View>
        ),
      )}
    </View>
  )
}

/** Grey tiles in two columns, as the shelves will stand. */
export function SkeletonGrid({ tiles = 4 }: { tiles?: number }) {
  return (
    <View className='skeleton skeleton__grid' {...spoken({ role: 'status', label: '正在加载' })}>
      {Array.from({ length: tiles }, (_, index) => `tile${index}`).map((name) => (
        <View key={name} className='bone skeleton__card' />
      ))}
    </View>
  )
}

/** The end of a paged list: more on its way, a failed page with a retry, or the end. */
export function ListEnd({
  list,
  end = '没有更多了',
}: {
  list: { items: unknown[]; more: boolean; loadingMore: boolean; moreError: Failure | null; loadMore: () => void }
  end?: string
}) {
  if (list.items.length === 0) return null
  if (list.moreError)
    return (
      <View className='listend'>
        <Text>{list.moreError.message}</Text>
        <Button kind='ghost' onTap={list.loadMore}>
          再试一次
        </Button>
      </View>
    )
  if (list.more)
    return (
      <View className='listend'>
        {list.loadingMore ? (
          <Text>正在加载…</Text>
        ) : (
          <Button kind='ghost' onTap={list.loadMore}>
            查看更多
          </Button>
        )}
      </View>
    )
  return (
    <View className='listend'>
      <Text>{end}</Text>
    </View>
  )
}
