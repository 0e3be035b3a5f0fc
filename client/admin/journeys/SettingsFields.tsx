import { type JourneyDefinition, type JourneyProblem, journeyEvents } from '@shared/journey'
import { Input, InputNumber, Select, Switch } from 'antd'
import type { Options } from './draft'
import { Field, optionsOf } from './fields'
import { TestFields } from './TestFields'
import { EventField, TriggerFields } from './TriggerFields'

/** What starts a journey, who may enter and how often, what it is for, and who is held back. */
export function SettingsFields({
  name,
  description,
  definition,
  options,
  problems,
  setText,
  set,
}: {
  name: string
  description: string
  definition: JourneyDefinition
  options: Options | undefined
  problems: readonly JourneyProblem[]
  setText: (patch: { name?: string; description?: string }) => void
  set: (definition: JourneyDefinition, about: string) => void
}) {
  const patch = (change: Partial<JourneyDefinition>, about: string) => set({ ...definition, ...change }, about)
  const { goal, reentry, holdout } = definition
  const wrongAt = (path: string) => problems.find((problem) => problem.path.startsWith(path))?.message
  return (
    <div className='journey-fields'>
      <Field label='名字' wrong={name.trim() ? undefined : '请写名字'}>
        <Input value={name} maxLength={40} onChange={(event) => setText({ name: event.target.value })} />
      </Field>
      <Field label='说明'>
        <Input.TextArea
          value={description}
          maxLength={200}
          autoSize={{ minRows: 2 }}
          onChange={(event) => setText({ description: event.target.value })}
        />
      </Field>
      <TriggerFields
        trigger={definition.trigger}
        options={options}
        set={(trigger, about) => patch({ trigger }, about)}
      />
      {wrongAt('trigger') ? <span className='cd t12'>{wrongAt('trigger')}</span> : null}
      <b>谁可以进入</b>
      <TestFields
        test={definition.audience ?? { match: 'all', tests: [] }}
        options={options}
        set={(audience) => patch({ audience: audience.tests.length ? audience : null }, 'audience')}
      />
      <Field label='再次进入' wrong={wrongAt('reentry')}>
        <Select
          value={reentry.kind}
          options={optionsOf({ once: '一生只进一次', after: '隔一段时间可以再进', always: '每次都进' })}
          onChange={(kind) => patch({ reentry: { kind, days: kind === 'after' ? reentry.days || 30 : 0 } }, 'reentry')}
        />
      </Field>
      {reentry.kind === 'after' ? (
        <Field label='至少隔'>
          <InputNumber
            min={1}
            max={1000}
            precision={0}
            suffix='天'
            value={reentry.days}
            onChange={(days) => patch({ reentry: { kind: 'after', days: days ?? 1 } }, 'reentry.days')}
          />
        </Field>
      ) : null}
      <div className='row between'>
        <b>有目标</b>
        <Switch
          checked={goal !== null}
          onChange={(on) =>
            patch({ goal: on ? { event: 'purchase', target: null, days: 14, exit: true } : null }, 'goal')
          }
          aria-label='有目标'
        />
      </div>
      {goal ? (
        <div className='journey-part'>
          <EventField
            label='达成是指'
            value={goal.event}
            target={goal.target ?? null}
            set={(change) => patch({ goal: { ...goal, ...change } }, 'goal.event')}
          />
          <Field label='进入后几天内' wrong={wrongAt('goal')}>
            <InputNumber
              min={1}
              max={180}
              precision={0}
              suffix='天'
              value={goal.days}
              onChange={(days) => patch({ goal: { ...goal, days: days ?? 14 } }, 'goal.days')}
            />
          </Field>
          <div className='row between'>
            <span>达成后离开旅程</span>
            <Switch
              checked={goal.exit ?? true}
              onChange={(exit) => patch({ goal: { ...goal, exit } }, 'goal.exit')}
              aria-label='达成后离开旅程'
            />
          </div>
        </div>
      ) : null}
      <Field label='发生这些就提前离开' hint='不选就一直走完' wrong={wrongAt('exits')}>
        <Select
          mode='multiple'
          maxCount={5}
          value={(definition.exits ?? []).map((exit) => exit.event)}
          options={optionsOf(journeyEvents)}
          onChange={(events: string[]) => patch({ exits: events.map((event) => ({ event })) }, 'exits')}
        />
      </Field>
      <Field label='对照组' hint='留出一部分会员不做，才知道旅程有没有用'>
        <InputNumber
          min={0}
          max={50}
          precision={0}
          suffix='%'
          value={holdout.percent}
          onChange={(value) => patch({ holdout: { ...holdout, percent: value ?? 0 } }, 'holdout.percent')}
        />
      </Field>
      {holdout.percent === 0 ? (
        <Field label='不留对照组的原因' wrong={wrongAt('holdout')}>
          <Input
            value={holdout.reason}
            maxLength={60}
            onChange={(event) => patch({ holdout: { percent: 0, reason: event.target.value } }, 'holdout.reason')}
          />
        </Field>
      ) : null}
      <Field label='优先级' hint='1 最先；频次和订阅次数不够时先让它'>
        <InputNumber
          min={1}
          max={9}
          precision={0}
          value={definition.priority ?? 5}
          onChange={(priority) => patch({ priority: priority ?? 5 }, 'priority')}
        />
      </Field>
    </div>
  )
}
