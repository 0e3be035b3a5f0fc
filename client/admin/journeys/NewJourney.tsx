import { describeTrigger, type JourneyTrigger, triggerWords } from '@shared/journey'
import { App, Input, Modal, Segmented, Select } from 'antd'
import { useState } from 'react'
import { useNavigate } from 'react-router'
import { call, sentenceOf } from '../api'
import { useRead, useWrite } from '../queries'
import { blankDefinition } from './draft'
import { Field } from './fields'
import type { Journey } from './JourneyList'
import { blankTrigger } from './TriggerFields'

/** Asks for a name and what to begin with: what starts the journey, or another journey to take as it is. The rest is drawn on the canvas. */
export function NewJourney({ journeys, close }: { journeys: readonly Journey[]; close: () => void }) {
  const { message } = App.useApp()
  const navigate = useNavigate()
  const [name, setName] = useState('')
  const [from, setFrom] = useState<'blank' | 'copy'>('blank')
  const [kind, setKind] = useState<JourneyTrigger['kind']>('event')
  const [modelId, setModelId] = useState<string>()
  const options = useRead('GET /admin/journey-options', {})
  const create = useWrite('POST /admin/journeys', ['GET /admin/journeys'])
  const trigger = blankTrigger(kind, options.data)
  const model = journeys.find((one) => one.id === modelId)
  const ready = name.trim() !== '' && (from === 'blank' ? trigger !== null : model !== undefined)
  const draft = async () => {
    if (from === 'blank' && trigger) return { description: '', definition: { ...blankDefinition(), trigger } }
    const read = await call('GET /admin/journeys/:journeyId', { journeyId: modelId ?? '' })
    return { description: read.description, definition: read.definition }
  }
  const make = async () => {
    if (!ready) return
    try {
      const made = await create.mutateAsync({ name: name.trim(), ...(await draft()) })
      await navigate(`/journeys/${made.id}`)
    } catch (error) {
      void message.error(sentenceOf(error))
    }
  }
  const listOf = (builtIn: boolean) =>
    journeys
      .filter((one) => (one.builtIn !== null) === builtIn)
      .map((one) => ({ value: one.id, label: one.name, title: one.description }))
  return (
    <Modal
      open
      title='新建旅程'
      onCancel={close}
      okText='开始画'
      okButtonProps={{ disabled: !ready, loading: create.isPending }}
      onOk={() => void make()}
    >
      <div className='journey-fields'>
        <Field label='名字'>
          <Input
            value={name}
            maxLength={40}
            placeholder='例如 新客第二单'
            onChange={(event) => setName(event.target.value)}
            onPressEnter={() => void make()}
          />
        </Field>
        <Segmented
          value={from}
          options={[
            { value: 'blank', label: '从空白开始' },
            { value: 'copy', label: '照现成的改' },
          ]}
          onChange={setFrom}
          aria-label='从什么开始'
        />
        {from === 'blank' ? (
          <>
            <Field label='什么时候开始'>
              <Select
                value={kind}
                onChange={setKind}
                options={(Object.keys(triggerWords) as JourneyTrigger['kind'][]).map((value) => ({
                  value,
                  label: triggerWords[value],
                }))}
              />
            </Field>
            <p className='t12 i3'>
              {trigger
                ? `先按“${describeTrigger(trigger)}”建好草稿，细节在画布里改；发布之前不会影响任何会员。`
                : '先建一个人群，才能用它来触发。'}
            </p>
          </>
        ) : (
          <>
            <Field label='照哪个旅程'>
              <Select
                showSearch={{ optionFilterProp: 'label' }}
                value={modelId}
                placeholder='选一个内置的，或店里已有的'
                onChange={(id) => {
                  setModelId(id)
                  const chosen = journeys.find((one) => one.id === id)
                  if (chosen && !name.trim()) setName(`${chosen.name}（副本）`.slice(0, 40))
                }}
                options={[
                  { label: '内置', options: listOf(true) },
                  { label: '店里的', options: listOf(false) },
                ].filter((group) => group.options.length)}
              />
            </Field>
            <p className='t12 i3'>
              {model
                ? `${model.description || model.triggerText}。复制成一份新的草稿，原来的不受影响。`
                : '触发、节点、目标和对照组都照搬，再改成你要的。'}
            </p>
          </>
        )}
      </div>
    </Modal>
  )
}
