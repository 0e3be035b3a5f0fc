import type { Output } from '@shared/contract'
import { App, Button, InputNumber, Segmented } from 'antd'
import { useState } from 'react'
import { sentenceOf } from '../api'
import { LoadFailed } from '../components/Fallbacks'
import { useRead, useWrite } from '../queries'
import { useSession } from '../session'

type Settings = Output<'GET /admin/score-settings'>
type Group = 'stages' | 'gate'

/** The bounds that are plain numbers, in the order they are shown. */
const fields: { group: Group; name: string; label: string; unit: string; min: number; max: number; step?: number }[] = [
  {
    group: 'stages',
    name: 'dormantDays',
    label: '看不出自己节奏的会员，多久不来算沉睡',
    unit: '天',
    min: 1,
    max: 3650,
  },
  { group: 'stages', name: 'lostDays', label: '看不出自己节奏的会员，多久不来算流失', unit: '天', min: 1, max: 3650 },
  {
    group: 'stages',
    name: 'intervalFromPurchaseDays',
    label: '来过几次，才看得出自己的节奏',
    unit: '次',
    min: 2,
    max: 20,
  },
  {
    group: 'stages',
    name: 'dormantIntervals',
    label: '超过自己间隔的几倍算沉睡',
    unit: '倍',
    min: 1,
    max: 20,
    step: 0.1,
  },
  { group: 'stages', name: 'dormantMinDays', label: '沉睡至少', unit: '天', min: 1, max: 3650 },
  { group: 'stages', name: 'dormantMaxDays', label: '沉睡至多', unit: '天', min: 1, max: 3650 },
  { group: 'stages', name: 'lostIntervals', label: '超过自己间隔的几倍算流失', unit: '倍', min: 1, max: 40, step: 0.1 },
  { group: 'stages', name: 'lostMinDays', label: '流失至少', unit: '天', min: 1, max: 3650 },
  { group: 'stages', name: 'lostMaxDays', label: '流失至多', unit: '天', min: 1, max: 3650 },
  { group: 'stages', name: 'loyalPurchaseDays', label: '来过几天以上，按时来的算忠诚', unit: '天', min: 2, max: 100 },
  { group: 'gate', name: 'freshHours', label: '多久没有新消费，就停止评分', unit: '小时', min: 6, max: 2000 },
]
const quarters = ['recencyDays', 'purchases', 'spendFen'] as const
const quarterWords = {
  recencyDays: { label: '最近消费的四条界限', unit: '天' },
  purchases: { label: '消费次数的四条界限', unit: '次' },
  spendFen: { label: '消费金额的四条界限', unit: '元' },
} as const

/** The bounds of stages, RFM and the gate; they hold from the next scoring on. */
export default function SettingsTab() {
  const { message } = App.useApp()
  const { can } = useSession()
  const query = useRead('GET /admin/score-settings', {})
  const save = useWrite('PUT /admin/score-settings', ['GET /admin/score-settings'])
  const [edited, setEdited] = useState<Settings | null>(null)
  const values = edited ?? query.data
  if (query.isError && !values) return <LoadFailed error={query.error} retry={() => void query.refetch()} />
  if (!values) return <div className='bone' style={{ height: 320 }} />
  const readOnly = !can('insight:write')
  const submit = () => {
    const { updatedAt: _updatedAt, ...body } = values
    save
      .mutateAsync(body)
      .then(() => {
        setEdited(null)
        void message.success('已保存，下次评分起生效')
      })
      .catch((error: unknown) => message.error(sentenceOf(error)))
  }
  return (
    <section className='panel settings'>
      <div className='hd'>
        <h2 className='grow'>生命周期与数据检查</h2>
        <Button type='primary' disabled={readOnly || !edited} loading={save.isPending} onClick={submit}>
          保存
        </Button>
      </div>
      <div className='fields'>
        {fields.map(({ group, name, label, unit, min, max, step }) => (
          <div key={name} className='row g2'>
            <span className='grow'>{label}</span>
            <InputNumber
              min={min}
              max={max}
              step={step ?? 1}
              precision={step ? 1 : 0}
              suffix={unit}
              disabled={readOnly}
              value={(values[group] as Record<string, number>)[name]}
              onChange={(value) =>
                value !== null && setEdited({ ...values, [group]: { ...values[group], [name]: value } } as Settings)
              }
              aria-label={label}
            />
          </div>
        ))}
      </div>
      <div className='hd'>
        <h2 className='grow'>RFM</h2>
        <Segmented
          size='small'
          disabled={readOnly}
          value={values.rfm.method}
          options={[
            { value: 'fixed', label: '固定界限' },
            { value: 'quantile', label: '五等分' },
          ]}
          onChange={(method) =>
            setEdited({ ...values, rfm: { ...values.rfm, method: method as Settings['rfm']['method'] } })
          }
          aria-label='分档方法'
        />
      </div>
      <div className='fields'>
        {quarters.map((name) => (
          <div key={name} className='row g2'>
            <span className='grow'>{quarterWords[name].label}</span>
            {values.rfm[name].map((bound, index) => (
              <InputNumber
                // The four bounds stand in a fixed order.
                key={`${name}-${['a', 'b', 'c', 'd'][index]}`}
                min={0}
                precision={0}
                suffix={quarterWords[name].unit}
                disabled={readOnly || values.rfm.method === 'quantile'}
                value={name === 'spendFen' ? bound / 100 : bound}
                onChange={(value) => {
                  if (value === null) return
                  const next = [...values.rfm[name]]
                  next[index] = name === 'spendFen' ? value * 100 : value
                  setEdited({ ...values, rfm: { ...values.rfm, [name]: next } })
                }}
                aria-label={`${quarterWords[name].label} ${index + 1}`}
              />
            ))}
          </div>
        ))}
      </div>
    </section>
  )
}
