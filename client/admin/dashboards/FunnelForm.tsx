import { App, Button, Drawer, Input, InputNumber, Select } from 'antd'
import { useState } from 'react'
import { sentenceOf } from '../api'
import { Icon } from '../components/Icon'
import { useList, useRead, useWrite } from '../queries'
import { useSession } from '../session'
import type { Funnel } from './FunnelTab'
import { pageName } from './place-words'

type Step = Funnel['steps'][number]
interface Draft {
  name: string
  steps: (Step & { key: number })[]
  windowHours: number
  days: number
  segmentId: string | null
}
const most = 8
const touched = ['GET /admin/funnels', 'GET /admin/funnels/:funnelId'] as const

/** Steps in their order, how long a member has for them, and of whom. */
export function FunnelForm({ funnel, close }: { funnel: Funnel | null; close: (saved?: string) => void }) {
  const { message } = App.useApp()
  const { can } = useSession()
  const events = useRead('GET /admin/funnel-events', {})
  const segments = useList('GET /admin/segments', { limit: 100 }, { enabled: can('segment:read') })
  const add = useWrite('POST /admin/funnels', touched)
  const change = useWrite('PATCH /admin/funnels/:funnelId', touched)
  const [draft, setDraft] = useState<Draft>(() => ({
    name: funnel?.name ?? '',
    steps: (funnel?.steps ?? [{ event: '' }, { event: '' }]).map((step, key) => ({ ...step, key })),
    windowHours: funnel?.windowHours ?? 72,
    days: funnel?.days ?? 30,
    segmentId: funnel?.segmentId ?? null,
  }))
  const set = (patch: Partial<Draft>) => setDraft((before) => ({ ...before, ...patch }))
  const setStep = (key: number, patch: Partial<Step>) =>
    set({ steps: draft.steps.map((step) => (step.key === key ? { ...step, ...patch } : step)) })
  const groups = [...new Set((events.data?.events ?? []).map((e) => e.group))]
  const ready = draft.name.trim() && draft.steps.length >= 2 && draft.steps.every((s) => s.event)
  const save = () => {
    const body = {
      name: draft.name.trim(),
      steps: draft.steps.map(({ key: _key, ...step }) => step),
      windowHours: draft.windowHours,
      days: draft.days,
      segmentId: draft.segmentId,
    }
    const saved = funnel
      ? change.mutateAsync({ funnelId: funnel.id, version: funnel.version, ...body })
      : add.mutateAsync(body)
    saved.then((made) => close(made.id)).catch((error: unknown) => message.error(sentenceOf(error)))
  }
  return (
    <Drawer
      open
      size={520}
      title={funnel ? '修改漏斗' : '新建漏斗'}
      onClose={() => close()}
      footer={
        <div className='row g2'>
          <span className='grow t12 i3'>保存后一分钟内算出结果</span>
          <Button onClick={() => close()}>取消</Button>
          <Button type='primary' disabled={!ready} loading={add.isPending || change.isPending} onClick={save}>
            保存
          </Button>
        </div>
      }
    >
      <div style={{ display: 'grid', gap: 16 }}>
        <Input
          value={draft.name}
          maxLength={30}
          placeholder='名字，例如 从领券到消费'
          onChange={(event) => set({ name: event.target.value })}
          aria-label='漏斗的名字'
        />
        {draft.steps.map((step, index) => (
          <div key={step.key} className='row g2'>
            <span className='num i3'>{index + 1}</span>
            <Select
              showSearch={{ optionFilterProp: 'label' }}
              style={{ flex: 1, minWidth: 0 }}
              value={step.event || undefined}
              placeholder='做了什么'
              loading={events.isLoading}
              options={groups.map((group) => ({
                label: group,
                options: (events.data?.events ?? [])
                  .filter((e) => e.group === group)
                  .map((e) => ({ value: e.event, label: e.label })),
              }))}
              onChange={(event) => setStep(step.key, { event })}
              aria-label={`第 ${index + 1} 步`}
            />
            <Select
              allowClear
              style={{ width: 150 }}
              value={step.page}
              placeholder='任何页面'
              options={(events.data?.pages ?? []).map((page) => ({ value: page, label: pageName(page) }))}
              onChange={(page) => setStep(step.key, { page: page ?? undefined })}
              aria-label={`第 ${index + 1} 步在哪个页面`}
            />
            <Button
              type='text'
              icon={<Icon name='close' size={14} />}
              disabled={draft.steps.length <= 2}
              onClick={() => set({ steps: draft.steps.filter((s) => s.key !== step.key) })}
              aria-label={`去掉第 ${index + 1} 步`}
            />
          </div>
        ))}
        <Button
          icon={<Icon name='plus' />}
          disabled={draft.steps.length >= most}
          onClick={() =>
            set({ steps: [...draft.steps, { event: '', key: Math.max(...draft.steps.map((s) => s.key)) + 1 }] })
          }
        >
          再加一步
        </Button>
        <div className='row g2'>
          <span>从第一步起</span>
          <InputNumber
            min={1}
            max={24 * 90}
            precision={0}
            value={draft.windowHours}
            onChange={(value) => set({ windowHours: value ?? 72 })}
            aria-label='几小时内走完'
          />
          <span>小时内走完，看近</span>
          <InputNumber
            min={1}
            max={90}
            precision={0}
            value={draft.days}
            onChange={(value) => set({ days: value ?? 30 })}
            aria-label='看近几天'
          />
          <span>天</span>
        </div>
        <Select
          allowClear
          value={draft.segmentId ?? undefined}
          placeholder='全部会员'
          options={(segments.rows ?? []).map((s) => ({ value: s.id, label: s.name }))}
          onChange={(segmentId) => set({ segmentId: segmentId ?? null })}
          aria-label='只看哪个人群'
        />
      </div>
    </Drawer>
  )
}
