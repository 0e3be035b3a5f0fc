import { type JourneyDefinition, type JourneyNode, waysOf } from '@shared/journey'
import { channelNames } from '@shared/message'
import { Input, InputNumber, Select, Space } from 'antd'
import { type Options, personChannelsOf, targetsFor, titleOf, type Way } from './draft'
import { BranchFields, SplitFields } from './ForkFields'
import { ClockField, Field, optionsOf } from './fields'
import { TestFields } from './TestFields'
import { EventField } from './TriggerFields'
import { TryMessage } from './TryMessage'

interface Props {
  node: JourneyNode
  definition: JourneyDefinition
  options: Options | undefined
  set: (node: JourneyNode, about: string) => void
  lead: (way: Way, to: string | null) => void
}
const units = optionsOf({ minute: '分钟', hour: '小时', day: '天' })

function Amount({
  label,
  value,
  max,
  suffix,
  set,
}: {
  label: string
  value: number
  max: number
  suffix: string
  set: (v: number) => void
}) {
  return (
    <Field label={label}>
      <InputNumber min={1} max={max} precision={0} suffix={suffix} value={value} onChange={(v) => set(v ?? 1)} />
    </Field>
  )
}

function Choice({
  label,
  value,
  list,
  set,
}: {
  label: string
  value: string
  list: readonly { id: string; name: string }[] | undefined
  set: (id: string) => void
}) {
  return (
    <Field label={label}>
      <Select
        showSearch={{ optionFilterProp: 'label' }}
        value={list?.some((one) => one.id === value) ? value : undefined}
        placeholder='请选择'
        options={list?.map((one) => ({ value: one.id, label: one.name }))}
        onChange={set}
      />
    </Field>
  )
}

/** The fields of one kind of node. */
function KindFields({ node, options, set }: Pick<Props, 'node' | 'options' | 'set'>) {
  const patch = (change: object) => set({ ...node, ...change } as JourneyNode, `${node.id}.${Object.keys(change)[0]}`)
  const duration =
    node.kind === 'wait' || node.kind === 'wait_event' ? (
      <Field label={node.kind === 'wait' ? '等多久' : '最多等'}>
        <Space.Compact>
          <InputNumber
            min={1}
            max={400}
            precision={0}
            value={node.amount}
            onChange={(amount) => patch({ amount: amount ?? 1 })}
            aria-label='数量'
          />
          <Select value={node.unit} options={units} onChange={(unit) => patch({ unit })} aria-label='单位' />
        </Space.Compact>
      </Field>
    ) : null
  switch (node.kind) {
    case 'condition':
      return <TestFields test={node.test} options={options} set={(test) => patch({ test })} />
    case 'branch':
      return <BranchFields node={node} options={options} patch={patch} />
    case 'split':
      return <SplitFields node={node} patch={patch} />
    case 'wait':
      return duration
    case 'wait_until':
      return (
        <>
          <Field label='几天以后' hint='0 是当天；当天这个时刻已过就等到下一天'>
            <InputNumber
              min={0}
              max={400}
              precision={0}
              suffix='天'
              value={node.afterDays}
              onChange={(afterDays) => patch({ afterDays: afterDays ?? 0 })}
            />
          </Field>
          <Field label='只在' hint='不选就是哪天都行'>
            <Select
              mode='multiple'
              value={node.weekdays}
              options={[1, 2, 3, 4, 5, 6, 7].map((value) => ({ value, label: `周${'一二三四五六日'[value - 1]}` }))}
              onChange={(weekdays) => patch({ weekdays })}
            />
          </Field>
          <ClockField label='几点' value={node.at} set={(at) => patch({ at })} />
        </>
      )
    case 'wait_event':
      return (
        <>
          <EventField label='等什么' value={node.event} target={node.target ?? null} set={patch} />
          {duration}
        </>
      )
    case 'coupon':
      return (
        <Choice
          label='哪种券'
          value={node.templateId}
          list={options?.coupons}
          set={(templateId) => patch({ templateId })}
        />
      )
    case 'points':
      return (
        <>
          <Amount label='送多少' value={node.points} max={100_000} suffix='积分' set={(points) => patch({ points })} />
          <Field label='说明' hint='会员在积分明细里看到' wrong={node.note.trim() ? undefined : '请写积分的说明'}>
            <Input value={node.note} maxLength={30} onChange={(event) => patch({ note: event.target.value })} />
          </Field>
        </>
      )
    case 'growth':
      return (
        <Amount label='加多少' value={node.growth} max={100_000} suffix='成长值' set={(growth) => patch({ growth })} />
      )
    case 'tag':
      return (
        <>
          <Choice label='哪个标签' value={node.tagId} list={options?.tags} set={(tagId) => patch({ tagId })} />
          <Field label='做什么'>
            <Select
              value={node.remove}
              options={[
                { value: false, label: '打上' },
                { value: true, label: '去掉' },
              ]}
              onChange={(remove) => patch({ remove })}
            />
          </Field>
        </>
      )
    case 'gift':
      return (
        <Field label='哪种礼' hint='礼物的内容在“等级与权益”里定，每人每年一次'>
          <Select
            value={node.occasion}
            options={optionsOf({ birthday: '生日礼', anniversary: '周年礼' })}
            onChange={(occasion) => patch({ occasion })}
          />
        </Field>
      )
    case 'message': {
      const usable = options?.templates.filter((t) => personChannelsOf(t.channels).length)
      const able = personChannelsOf(options?.templates.find((t) => t.id === node.templateId)?.channels ?? [])
      return (
        <>
          <Choice
            label='消息模板'
            value={node.templateId}
            list={usable}
            set={(templateId) =>
              patch({
                templateId,
                channels: personChannelsOf(usable?.find((t) => t.id === templateId)?.channels ?? []),
              })
            }
          />
          <Field
            label='渠道，按顺序试'
            hint='前一个发不出去（没有次数、没绑定、会员关闭）才用下一个'
            wrong={node.channels.length ? undefined : '至少选一个渠道'}
          >
            <Select
              mode='multiple'
              value={node.channels}
              options={able.map((value) => ({ value, label: channelNames[value] }))}
              onChange={(channels) => patch({ channels })}
            />
          </Field>
          <TryMessage template={usable?.find((t) => t.id === node.templateId)} channels={node.channels} />
        </>
      )
    }
    case 'task':
      return (
        <>
          <Field label='标题' wrong={node.title.trim() ? undefined : '请写待办的标题'}>
            <Input value={node.title} maxLength={40} onChange={(event) => patch({ title: event.target.value })} />
          </Field>
          <Field label='要说的'>
            <Input.TextArea
              value={node.note}
              maxLength={200}
              rows={3}
              onChange={(event) => patch({ note: event.target.value })}
            />
          </Field>
          <Field label='几天内做完' hint='交给会员常去的门店'>
            <InputNumber
              min={0}
              max={60}
              precision={0}
              suffix='天'
              value={node.dueDays}
              onChange={(v) => patch({ dueDays: v ?? 0 })}
            />
          </Field>
        </>
      )
    case 'webhook':
      return (
        <Choice
          label='发到哪里'
          value={node.endpointId}
          list={options?.endpoints.filter((e) => e.channel === 'webhook')}
          set={(endpointId) => patch({ endpointId })}
        />
      )
    case 'exit':
      return (
        <Field label='原因' hint='记在会员的旅程里，可以不写'>
          <Input value={node.reason} maxLength={40} onChange={(event) => patch({ reason: event.target.value })} />
        </Field>
      )
  }
}

/** Everything about one node: its name, its fields, and where each way out leads. */
export function NodeFields({ node, definition, options, set, lead }: Props) {
  const targets = targetsFor(definition, node.id)
  return (
    <div className='journey-fields'>
      <Field label='名字'>
        <Input
          value={node.name}
          maxLength={30}
          placeholder={titleOf({ ...node, name: '' })}
          onChange={(event) => set({ ...node, name: event.target.value }, `${node.id}.name`)}
        />
      </Field>
      <KindFields node={node} options={options} set={set} />
      {waysOf(node).map((way) => (
        <Field key={way.field} label={way.label ? `“${way.label}”之后` : '之后'}>
          <Select
            value={way.to ?? ''}
            options={[
              { value: '', label: '旅程结束' },
              ...targets.map((target) => ({ value: target.id, label: titleOf(target) })),
            ]}
            onChange={(to) => lead({ nodeId: node.id, field: way.field }, to || null)}
          />
        </Field>
      ))}
    </div>
  )
}
