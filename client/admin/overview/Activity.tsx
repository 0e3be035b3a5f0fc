import { describeMoment } from '@shared/time'
import { EventIcon } from '../components/EventIcon'
import { Notice } from '../components/Fallbacks'
import type { Figures } from './Overview'

/** As many as stand beside the other panels without scrolling. */
const SHOWN = 5

/** What just happened in the shop, newest first. */
export function Activity({ data }: { data: Figures | undefined }) {
  return (
    <section className='panel activity'>
      <div className='hd'>
        <h2 className='grow'>最近动态</h2>
        {data ? <span className='t12 i3'>每分钟更新</span> : null}
      </div>
      {!data ? (
        <div className='bone' style={{ height: 160, margin: 16 }} />
      ) : data.activity.length === 0 ? (
        <Notice art='shelf' title='还没有动态'>
          有人入会、消费或用券时，这里会一条条出现。
        </Notice>
      ) : (
        <ol>
          {data.activity.slice(0, SHOWN).map((event) => (
            <li key={`${event.at}-${event.kind}-${event.title}-${event.detail}`}>
              <EventIcon kind={event.kind} />
              <div className='grow'>
                <div className='row between g2'>
                  <span className='m cut'>{event.title}</span>
                  <span className='num t12 i3'>{describeMoment(event.at, data.now)}</span>
                </div>
                <div className='t12 i3 cut'>{event.detail}</div>
              </div>
            </li>
          ))}
        </ol>
      )}
    </section>
  )
}
