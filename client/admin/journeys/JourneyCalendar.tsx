import type { Output } from '@shared/contract'
import { addDays, addMonths, civilDay, daysBetween, lastDayOfMonth, monthKey, partsOf, weekday } from '@shared/time'
import { Button, Drawer } from 'antd'
import { useState } from 'react'
import { useNavigate } from 'react-router'
import { LoadFailed, StaleStrip } from '../components/Fallbacks'
import { Icon } from '../components/Icon'
import { useUrlState } from '../components/useUrlState'
import { useRead } from '../queries'
import './journeys.css'

type Entry = Output<'GET /admin/journey-calendar'>['days'][number]['entries'][number]
/** Entries a day shows before it says how many more there are. */
const most = 4
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
  const [open, setOpen] = useState<string | null>(null)
  const go = (entry: Entry) =>
    void navigate(
      entry.kind === 'campaign' || entry.name === '群发活动'
        ? `/campaigns/${entry.id}`
        : entry.id === 'service'
          ? '/messages'
          : entry.kind === 'sent'
            ? `/campaigns/${entry.id}`
            : `/journeys/${entry.id}`,
    )
  const entriesOf = (day: string): readonly Entry[] => byDay.get(day) ?? []
  const keyOf = (entry: Entry) => `${entry.kind}-${entry.id}-${entry.text}`
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
                <button
                  type='button'
                  className='num t12 i3'
                  onClick={() => setOpen(day)}
                  disabled={!entriesOf(day).length}
                  aria-label={`${day} 发什么`}
                >
                  {partsOf(day).day}
                  {day === today ? ' 今天' : ''}
                </button>
                {query.data ? null : <div className='bone' style={{ height: 18 }} />}
                {entriesOf(day)
                  .slice(0, most)
                  .map((entry) => (
                    <button
                      key={keyOf(entry)}
                      type='button'
                      className={`calendar-entry ${entry.kind}`}
                      title={`${kinds[entry.kind]} ${entry.name} ${entry.text}`}
                      onClick={() => go(entry)}
                    >
                      <span className='grow cut'>{entry.name || kinds[entry.kind]}</span>
                      {entry.members ? <span className='num'>{entry.members.toLocaleString('zh-CN')}</span> : null}
                    </button>
                  ))}
                {entriesOf(day).length > most ? (
                  <button type='button' className='link t12' onClick={() => setOpen(day)}>
                    还有 {entriesOf(day).length - most} 项
                  </button>
                ) : null}
              </div>
            ))}
          </div>
        </section>
      )}
      <Drawer
        open={open !== null}
        size={460}
        title={open ? `${open} 发什么、给多少人` : ''}
        onClose={() => setOpen(null)}
      >
        <ul className='calendar-list'>
          {open
            ? entriesOf(open).map((entry) => (
                <li key={keyOf(entry)}>
                  <span className={`calendar-entry ${entry.kind}`}>{kinds[entry.kind]}</span>
                  <span className='grow'>
                    <button type='button' className='link m' onClick={() => go(entry)}>
                      {entry.name || kinds[entry.kind]}
                    </button>
                    <span className='t12 i2' style={{ display: 'block' }}>
                      {entry.text}
                    </span>
                  </span>
                  <span className='num'>
                    {entry.members ? (
                      `${entry.members.toLocaleString('zh-CN')} 人`
                    ) : (
                      <span className='i3'>到时才知道</span>
                    )}
                  </span>
                </li>
              ))
            : null}
        </ul>
      </Drawer>
    </div>
  )
}
