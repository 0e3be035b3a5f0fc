import { describeMoment } from '@shared/time'
import { Button } from 'antd'
import type { ReactNode } from 'react'
import { isFailure, sentenceOf } from '../api'
import { EmptyArt } from './EmptyArt'
import { Icon } from './Icon'
import './fallbacks.css'

/** A picture, what it is about, one sentence and one way on. */
export function Notice({
  art,
  title,
  children,
  action,
}: {
  art: 'shelf' | 'search' | 'broken' | 'door'
  title: string
  children?: ReactNode
  action?: ReactNode
}) {
  return (
    <div className='notice'>
      <EmptyArt kind={art} />
      <h2>{title}</h2>
      {children ? <p>{children}</p> : null}
      {action}
    </div>
  )
}

/** What happened, and the way to try again. */
export function LoadFailed({ error, retry, busy }: { error: unknown; retry: () => void; busy?: boolean }) {
  const requestId = isFailure(error) ? error.requestId : undefined
  return (
    <Notice
      art='broken'
      title={sentenceOf(error)}
      action={
        <Button type='primary' onClick={retry} loading={busy}>
          重试
        </Button>
      }
    >
      {requestId && !sentenceOf(error).includes(requestId)
        ? `反馈问题时请附上编号 ${requestId}`
        : '网络恢复或稍等一会儿后，再试一次。'}
    </Notice>
  )
}

/** The parts of a query that say how old its answer is. */
export interface Aged {
  isError: boolean
  isFetching: boolean
  dataUpdatedAt: number
  refetch: () => unknown
}

/** Above data that could not be renewed: how old they are, and the way to try again. Nothing while they are fresh. */
export function StaleStrip({ query }: { query: Aged }) {
  if (!query.isError || query.dataUpdatedAt === 0) return null
  return (
    <div className='stale' role='status'>
      <Icon name='warning' />
      <span className='grow'>没能更新，显示的是 {describeMoment(query.dataUpdatedAt, Date.now())} 的内容</span>
      <Button size='small' onClick={() => query.refetch()} loading={query.isFetching}>
        重试
      </Button>
    </div>
  )
}
