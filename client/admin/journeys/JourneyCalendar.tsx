import { addDays, addMonths, civilDay, daysBetween, lastDayOfMonth, monthKey, partsOf, weekday } from '@shared/time'
import { Button } from 'antd'
import { useNavigate } from 'react-router'
import { LoadFailed, StaleStrip } from '../components/Fallbacks'
import { Icon } from '../components/Icon'
import { useUrlState } from '../components/useUrlState'
import { useRead } from '../queries'
import './journeys.css'

const kinds = { journey: '旅程', campaign: '活动', queued: '等待发出', sent: '已发' } as const

/** What goes out to whom, a month at a time. */
export default function JourneyCalendar() {
  const navigate = useNavigate()
  const [url, setUrl] = useUrlState(['month'] as const)
  const today = civilDay(Date.now())
  const first = `${/^\d{4}-\d{2}$/.test(url.month ?? '') ? url.month : monthKey(today)}-01`
  const from = addDays(first, 1 - weekday(first))
  const last = lastDayOfMonth(first)
  const days = Math.ceil((daysBetween(from, last) + 1) / 7) * 7
  const query = useRead('GET /admin/journey-calendar', { from, days }, { keep: true })
  const byDay = new Map(query.data?.days.map((one) => [one.day, one.entries]))
  const { year, month } = partsOf(first)
  const move = (by: number) => setUrl({ month: monthKey(addMonths(first, by)) })
  return (
    <div className='page'>
      <div className='page-head'>
        <h1>触达日历</h1>
        <span className='sub cut'>哪天、发什么、给多少人</span>
        <div className='actions'>
          <Button icon={<Icon name='left' />} onClick={() => move(-1)} aria-label='上个月' />
          <Button onClick={() => setUrl({ month: undefined })}>
            {year} 年 {month} 月
          </Button>
          <Button icon={<Icon name='right' />} onClick={() => move(1)} aria-label='下个月' />
        </div>
      </div>
      <StaleStrip query={query} />
      {query.isError && !query.data ? (
        <LoadFailed error={query.error} retry={() => void query.refetch()} busy={query.isFetching} />
      ) : (
        <section className='panel' aria-busy={query.isFetching}>
          <div className='hd' style={{ paddingBottom: 12 }}>
            {(Object.keys(kinds) as (keyof typeof kinds)[]).map((kind) => (
              <span key={kind} className={`calendar-entry ${kind}`}>
                {kinds[kind]}
              </span>
            ))}
          </div>
          <div className='calendar-grid'>
            {[...'一二三四五六日'].map((name) => (
              <div key={name} className='head'>
                周{name}
              </div>
            ))}
            {Array.from({ length: days }, (_, i) => addDays(from, i)).map((day) => (
              <div
                key={day}
                className={`day${monthKey(day) === monthKey(first) ? '' : ' out'}${day === today ? ' today' : ''}`}
              >
                <span className='num t12 i3'>
                  {partsOf(day).day}
                  {day === today ? ' 今天' : ''}
                </span>
                {query.data ? null : <div className='bone' style={{ height: 18 }} />}
                {byDay.get(day)?.map((entry) => (
                  <button
                    key={`${entry.kind}-${entry.id}-${entry.text}`}
                    type='button'
                    className={`calendar-entry ${entry.kind}`}
                    title={`${kinds[entry.kind]} ${entry.name} ${entry.text}`}
                    onClick={() =>
                      navigate(
                        entry.kind === 'journey'
                          ? `/journeys/${entry.id}`
                          : entry.kind === 'campaign'
                            ? `/campaigns/${entry.id}`
                            : '/messages',
                      )
                    }
                  >
                    <span className='grow cut'>{entry.name || kinds[entry.kind]}</span>
                    {entry.members ? <span className='num'>{entry.members.toLocaleString('zh-CN')}</span> : null}
                  </button>
                ))}
              </div>
            ))}
          </div>
        </section>
      )}
    </div>
  )
}
