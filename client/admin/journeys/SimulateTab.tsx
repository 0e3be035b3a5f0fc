import { type JourneyDefinition, journeyEvents } from '@shared/journey'
import { dateTime } from '@shared/time'
import { Button, DatePicker, InputNumber, Select } from 'antd'
import type { Dayjs } from 'dayjs'
import { useState } from 'react'
import { Notice } from '../components/Fallbacks'
import { FormProblem } from '../components/FormProblem'
import { Icon } from '../components/Icon'
import { useWrite } from '../queries'
import { findGaps, titleOf } from './draft'
import { optionsOf, placed } from './fields'
import { MemberPicker } from './MemberPicker'

/** Sends one member through the draft in virtual time; nothing is given or sent. */
export default function SimulateTab({ definition }: { definition: JourneyDefinition }) {
  const [memberId, setMemberId] = useState<string>()
  const [at, setAt] = useState<Dayjs | null>(null)
  const [events, setEvents] = useState<{ key: number; event: string; afterHours: number }[]>([])
  const run = useWrite('POST /admin/journeys/simulate')
  const result = run.data
  const nameOf = (id: string | null) => {
    const node = definition.nodes.find((one) => one.id === id)
    return node ? titleOf(node) : ''
  }
  const put = (key: number, patch: object) => setEvents(events.map((e) => (e.key === key ? { ...e, ...patch } : e)))
  return (
    <section className='panel'>
      <div className='journey-fields' style={{ padding: 16 }}>
        <div className='row g2' style={{ flexWrap: 'wrap' }}>
          <MemberPicker value={memberId} onChange={setMemberId} />
          <DatePicker
            showTime={{ format: 'HH:mm' }}
            format='YYYY-MM-DD HH:mm'
            value={at}
            placeholder='从现在开始'
            onChange={setAt}
            aria-label='从什么时候开始'
          />
          <Button
            icon={<Icon name='plus' />}
            disabled={events.length >= 20}
            onClick={() =>
              setEvents([...events, { key: (events.at(-1)?.key ?? 0) + 1, event: 'purchase', afterHours: 24 }])
            }
          >
            假设途中发生
          </Button>
          <Button
            type='primary'
            icon={<Icon name='play' />}
            disabled={!memberId || findGaps(definition).length > 0}
            loading={run.isPending}
            onClick={() =>
              memberId &&
              run.mutate({
                definition,
                memberId,
                at: at?.valueOf(),
                events: events.map(({ event, afterHours }) => ({ event, afterHours })),
              })
            }
          >
            推演
          </Button>
        </div>
        {events.map((one) => (
          <div key={one.key} className='row g2'>
            <span>进入后</span>
            <InputNumber
              min={0}
              max={10_000}
              suffix='小时'
              value={one.afterHours}
              onChange={(afterHours) => put(one.key, { afterHours: afterHours ?? 0 })}
              aria-label='进入后几小时'
            />
            <Select
              style={{ width: 180 }}
              showSearch={{ optionFilterProp: 'label' }}
              value={one.event}
              options={optionsOf(journeyEvents)}
              onChange={(event) => put(one.key, { event })}
              aria-label='发生什么'
            />
            <Button
              type='text'
              icon={<Icon name='close' size={14} />}
              onClick={() => setEvents(events.filter((e) => e.key !== one.key))}
              aria-label='去掉这个假设'
            />
          </div>
        ))}
        <FormProblem error={run.error} />
      </div>
      {result ? (
        <>
          <p style={{ padding: '0 16px' }} role='status'>
            <span className={`tag ${result.enters ? 'brand' : 'warn'}`}>{result.enters ? '会进入' : '不会进入'}</span>{' '}
            {result.why}
          </p>
          <ol className='journey-steps'>
            {placed(result.steps).map(({ one: step, place }) => (
              <li key={place}>
                <span className='num i3' style={{ width: 150 }}>
                  {dateTime(step.at)}
                </span>
                <span className='m' style={{ width: 140 }}>
                  {nameOf(step.nodeId)}
                </span>
                <span className='grow'>{step.text}</span>
              </li>
            ))}
            {result.endedAt ? (
              <li>
                <span className='num i3' style={{ width: 150 }}>
                  {dateTime(result.endedAt)}
                </span>
                <span className='i3'>旅程结束</span>
              </li>
            ) : null}
          </ol>
        </>
      ) : (
        <Notice art='search' title='选一位会员，看这份草稿会怎样对待 TA'>
          时间是虚拟的，几十天一眼走完；不发券、不发消息、不留记录。
        </Notice>
      )}
    </section>
  )
}
