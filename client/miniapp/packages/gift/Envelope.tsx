import { View } from '@tarojs/components'
import type { PropsWithChildren, ReactNode } from 'react'
import { Button } from '../../components/Button'
import { Page } from '../../components/Page'
import { ErrorState, Skeleton } from '../../components/States'
import type { Query } from '../../hooks/useQuery'
import './index.scss'

interface Props {
  title: string
  /** Who sends it and what they say. */
  from: string | null
  note: string
  /** Why it cannot be taken any more; null while it waits. */
  over: string | null
  act: string
  busy: boolean
  onTake: () => void
  query: Query<unknown>
  hint: ReactNode
}

/** Something a friend sent: who, what, and one button to take it. */
export function Envelope({
  title,
  from,
  note,
  over,
  act,
  busy,
  onTake,
  query,
  hint,
  children,
}: PropsWithChildren<Props>) {
  return (
    <Page back tone='light' title={title} className='envelope'>
      <View className='envelope__ground' />
      <View className='body envelope__body'>
        {query.loading && <Skeleton block={300} rows={0} />}
        {query.error && !query.data && (
          <View className='card'>
            <ErrorState error={query.error} onRetry={query.reload} />
          </View>
        )}
        {from !== null && (
          <>
            <View className='envelope__from'>{from} 送你</View>
            {note && <View className='envelope__note'>“{note}”</View>}
            <View className='envelope__inside'>{children}</View>
            <Button kind='gold' large busy={busy} disabled={over !== null} target='gift:take' onTap={onTake}>
              {over ?? act}
            </Button>
            <View className='envelope__hint'>{hint}</View>
          </>
        )}
      </View>
    </Page>
  )
}
