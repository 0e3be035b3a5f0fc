import { type JourneyTrigger, journeyEvents, stageWords, triggerWords } from '@shared/journey'
import { civilDay } from '@shared/time'
import { DatePicker, Input, InputNumber, Select } from 'antd'
import dayjs from 'dayjs'
import type { Options } from './draft'
import { ClockField, Field, optionsOf } from './fields'

/** A trigger of a kind with usual values; null where it needs something that the shop does not have yet. */
export function blankTrigger(kind: JourneyTrigger['kind'], options: Options | undefined): JourneyTrigger | null {
  const segment = options?.segments[0]?.id
  switch (kind) {
    case 'event':
      return { kind, event: 'join', target: null }
    case 'segment':
      return segment ? { kind, segmentId: segment, change: 'enter' } : null
    case 'date':
      return { kind, field: 'birthday', days: 0, at: '09:00' }
    case 'schedule':
      return { kind, every: 'week', on: null, weekday: 5, monthDay: null, at: '10:00' }
    case 'tier':
      return { kind, direction: 'up' }
    case 'tier_risk':
      return { kind, daysAhead: 30, at: '10:00' }
    case 'stage':
      return { kind, to: 'dormant' }
    case 'churn':
      return { kind, above: 0.7, at: '10:00' }
    case 'expiring':
      return { kind, what: 'points', daysAhead: [7], at: '10:00' }
    case 'repurchase':
      return { kind, percent: 120, minPurchases: 3, at: '10:00' }
    case 'manual':
      return { kind }
  }
}

const weekdays = [1, 2, 3, 4, 5, 6, 7].map((value) => ({ value, label: `周${'一二三四五六日'[value - 1]}` }))

/** Picks an event of the interaction log. */
export function EventField({
  label,
  value,
  target,
  set,
}: {
  label: string
  value: string
  target?: string | null
  set: (patch: { event?: string; target?: string | null }) => void
}) {
  return (
    <>
      <Field label={label}>
        <Select
          showSearch={{ optionFilterProp: 'label' }}
          value={value}
          options={optionsOf(journeyEvents)}
          onChange={(event) => set({ event })}
        />
      </Field>
      {target === undefined ? null : (
        <Field label='只限' hint='例如商品编号、券编号；留空就不限'>
          <Input
            value={target ?? ''}
            maxLength={80}
            placeholder='不限'
            onChange={(event) => set({ target: event.target.value.trim() || null })}
          />
        </Field>
      )}
    </>
  )
}

/** What starts a journey, with the fields of its kind. */
export function TriggerFields({
  trigger,
  options,
  set,
}: {
  trigger: JourneyTrigger
  options: Options | undefined
  set: (trigger: JourneyTrigger, about: string) => void
}) {
  const patch = (change: object) =>
    set({ ...trigger, ...change } as JourneyTrigger, `trigger.${Object.keys(change)[0]}`)
  const clock = 'at' in trigger ? <ClockField label='几点' value={trigger.at} set={(at) => patch({ at })} /> : null
  return (
    <>
      <Field label='什么时候开始'>
        <Select
          value={trigger.kind}
          options={(Object.keys(triggerWords) as JourneyTrigger['kind'][]).map((value) => ({
            value,
            label: triggerWords[value],
            disabled: blankTrigger(value, options) === null,
          }))}
          onChange={(kind) => {
            const next = blankTrigger(kind, options)
            if (next) set(next, 'trigger.kind')
          }}
        />
      </Field>
      {trigger.kind === 'event' ? (
        <EventField label='哪个事件' value={trigger.event} target={trigger.target ?? null} set={patch} />
      ) : null}
      {trigger.kind === 'segment' ? (
        <>
          <Field label='人群'>
            <Select
              showSearch={{ optionFilterProp: 'label' }}
              value={trigger.segmentId}
              options={options?.segments.map((s) => ({ value: s.id, label: s.name }))}
              onChange={(segmentId) => patch({ segmentId })}
            />
          </Field>
          <Field label='变化'>
            <Select
              value={trigger.change}
              options={optionsOf({ enter: '进入时', exit: '离开时' })}
              onChange={(change) => patch({ change })}
            />
          </Field>
        </>
      ) : null}
      {trigger.kind === 'date' ? (
        <>
          <Field label='日期'>
            <Select
              value={trigger.field}
              options={optionsOf({ birthday: '生日（公历、农历、闰日都算对）', anniversary: '入会周年' })}
              onChange={(field) => patch({ field })}
            />
          </Field>
          <Field label='提前或推后' hint='−3 是提前三天，2 是之后两天'>
            <InputNumber
              min={-60}
              max={60}
              precision={0}
              suffix='天'
              value={trigger.days}
              onChange={(days) => patch({ days: days ?? 0 })}
            />
          </Field>
        </>
      ) : null}
      {trigger.kind === 'schedule' ? (
        <>
          <Field label='多久一次'>
            <Select
              value={trigger.every}
              options={optionsOf({ once: '只一次', day: '每天', week: '每周', month: '每月' })}
              onChange={(every) =>
                patch({
                  every,
                  on: every === 'once' ? (trigger.on ?? civilDay(Date.now())) : null,
                  weekday: every === 'week' ? (trigger.weekday ?? 5) : null,
                  monthDay: every === 'month' ? (trigger.monthDay ?? 1) : null,
                })
              }
            />
          </Field>
          {trigger.every === 'once' ? (
            <Field label='哪天'>
              <DatePicker
                allowClear={false}
                value={trigger.on ? dayjs(trigger.on) : null}
                onChange={(day) => patch({ on: day?.format('YYYY-MM-DD') ?? null })}
              />
            </Field>
          ) : null}
          {trigger.every === 'week' ? (
            <Field label='星期'>
              <Select value={trigger.weekday} options={weekdays} onChange={(weekday) => patch({ weekday })} />
            </Field>
          ) : null}
          {trigger.every === 'month' ? (
            <Field label='几号' hint='没有这一天的月份在月底'>
              <InputNumber
                min={1}
                max={31}
                precision={0}
                value={trigger.monthDay}
                onChange={(monthDay) => patch({ monthDay: monthDay ?? 1 })}
              />
            </Field>
          ) : null}
        </>
      ) : null}
      {trigger.kind === 'tier' ? (
        <Field label='怎样变化'>
          <Select
            value={trigger.direction}
            options={optionsOf({ up: '升级', down: '降级', keep: '保级' })}
            onChange={(direction) => patch({ direction })}
          />
        </Field>
      ) : null}
      {trigger.kind === 'tier_risk' ? (
        <Field label='等级到期前'>
          <InputNumber
            min={1}
            max={90}
            precision={0}
            suffix='天内'
            value={trigger.daysAhead}
            onChange={(daysAhead) => patch({ daysAhead: daysAhead ?? 30 })}
          />
        </Field>
      ) : null}
      {trigger.kind === 'stage' ? (
        <Field label='变为'>
          <Select value={trigger.to} options={optionsOf(stageWords)} onChange={(to) => patch({ to })} />
        </Field>
      ) : null}
      {trigger.kind === 'churn' ? (
        <Field label='流失风险达到'>
          <InputNumber
            min={0}
            max={100}
            precision={0}
            suffix='%'
            value={Math.round(trigger.above * 100)}
            onChange={(value) => patch({ above: (value ?? 70) / 100 })}
          />
        </Field>
      ) : null}
      {trigger.kind === 'expiring' ? (
        <>
          <Field label='什么快到期'>
            <Select
              value={trigger.what}
              options={optionsOf({ points: '积分', coupon: '优惠券' })}
              onChange={(what) => patch({ what })}
            />
          </Field>
          <Field label='提前几天' hint='可以提醒几次，0 是当天'>
            <Select
              mode='multiple'
              maxCount={5}
              value={trigger.daysAhead}
              options={[0, 1, 2, 3, 5, 7, 10, 14, 15, 30, 60, 90].map((value) => ({
                value,
                label: value === 0 ? '当天' : `${value} 天`,
              }))}
              onChange={(daysAhead: number[]) => {
                if (daysAhead.length) patch({ daysAhead: daysAhead.toSorted((a, b) => b - a) })
              }}
            />
          </Field>
        </>
      ) : null}
      {trigger.kind === 'repurchase' ? (
        <>
          <Field label='超过本人平均间隔的' hint='例如平均 20 天来一次，120 % 就是第 24 天还没来'>
            <InputNumber
              min={50}
              max={500}
              precision={0}
              suffix='%'
              value={trigger.percent}
              onChange={(percent) => patch({ percent: percent ?? 120 })}
            />
          </Field>
          <Field label='至少消费过'>
            <InputNumber
              min={2}
              max={50}
              precision={0}
              suffix='次'
              value={trigger.minPurchases}
              onChange={(minPurchases) => patch({ minPurchases: minPurchases ?? 3 })}
            />
          </Field>
        </>
      ) : null}
      {clock}
    </>
  )
}
