import { formatYuan } from '@shared/money'
import { civilDay, clockTime, daysBetween, describeDay, weekdayName } from '@shared/time'
import { Button } from 'antd'
import { EventIcon } from '../components/EventIcon'
import { LoadFailed, Notice } from '../components/Fallbacks'
import { signed } from '../components/figures'
import { type Row, useList } from '../queries'

type Event = Row<'GET /admin/members/:memberId/timeline'>

/** '今天', '昨天', '11月20日 周五'. */
export function dayTitle(day: string, today: string): string {
  const ago = daysBetween(day, today)
  if (ago === 0) return '今天'
  if (ago === 1) return '昨天'
  return `${describeDay(day, today)} ${weekdayName(day)}`
}

function EventLine({ event }: { event: Event }) {
  return (
    <li className='event'>
      <EventIcon kind={event.kind} />
      <div className='grow'>
        <div className='row between g2'>
          <span className='m cut'>{event.title}</span>
          <span className='num t12 i3'>{clockTime(event.at)}</span>
        </div>
        <div className='row between g2 t12 i3'>
          <span className='what'>
            {[event.storeName && !event.detail.includes(event.storeName) ? event.storeName : '', event.detail]
              .filter(Boolean)
              .join('，')}
          </span>
          {event.points ? (
            <span className={event.points > 0 ? 'num m cb' : 'num m i2'}>{signed(event.points)} 分</span>
          ) : null}
          {!event.points && event.amountFen ? <span className='num m i2'>{formatYuan(event.amountFen)}</span> : null}
        </div>
      </div>
    </li>
  )
}

/** Everything that happened with the member, by day, newest first. */
export function MemberTimeline({ memberId }: { memberId: string }) {
  const list = useList('GET /admin/members/:memberId/timeline', { memberId, limit: 30 })
  if (!list.rows) {
    if (list.isError) return <LoadFailed error={list.error} retry={() => void list.refetch()} busy={list.isFetching} />
    return <div className='bone' style={{ height: 360, margin: 16 }} role='status' aria-label='正在读取时间线' />
  }
  if (list.rows.length === 0)
    return (
      <Notice art='shelf' title='还没有记录'>
        消费、积分、用券和消息都会按时间排在这里。
      </Notice>
    )
  const today = civilDay(Date.now())
  const days = [...new Set(list.rows.map((event) => civilDay(event.at)))]
  return (
    <div className='timeline'>
      {days.map((day) => (
        <div key={day}>
          <h3>{dayTitle(day, today)}</h3>
          <ol>
            {list.rows
              ?.filter((event) => civilDay(event.at) === day)
              .map((event) => (
                <EventLine key={`${event.at}-${event.kind}-${event.title}-${event.detail}`} event={event} />
              ))}
          </ol>
        </div>
      ))}
      {list.hasNextPage ? (
        <Button block type='text' loading={list.isFetchingNextPage} onClick={() => void list.fetchNextPage()}>
          更早的记录
        </Button>
      ) : null}
    </div>
  )
}
