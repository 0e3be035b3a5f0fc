import type { Output } from '@shared/contract'
import { channelNames } from '@shared/message'
import { App, Button, InputNumber } from 'antd'
import { useState } from 'react'
import { sentenceOf } from '../api'
import { LoadFailed } from '../components/Fallbacks'
import { ClockField, Field } from '../journeys/fields'
import { useRead, useWrite } from '../queries'
import { useSession } from '../session'

type Settings = Output<'GET /admin/message-settings'>
const capped = ['total', 'inbox', 'subscribe', 'sms', 'email'] as const
const rated = ['subscribe', 'sms', 'email', 'wecom', 'webhook'] as const
const most = { subscribe: 600_000, sms: 60_000, email: 60_000, wecom: 20, webhook: 60_000 } as const

function Form({ settings }: { settings: Settings }) {
  const { can } = useSession()
  const { message } = App.useApp()
  const [value, setValue] = useState(settings)
  const save = useWrite('PUT /admin/message-settings', ['GET /admin/message-settings'])
  const disabled = !can('message:write')
  const set = (patch: Partial<Settings>) => setValue((before) => ({ ...before, ...patch }))
  return (
    <section className='panel'>
      <div className='journey-fields' style={{ padding: 16, maxWidth: 720 }}>
        <h2 className='m'>最多发几条</h2>
        <p className='i3'>只管营销消息；消费、等级这类服务通知不受限制。空着就是不限。</p>
        {capped.map((key) => (
          <div key={key} className='row g2'>
            <span className='grow'>{key === 'total' ? '所有渠道合计' : channelNames[key]}，每位会员</span>
            {(['day', 'week'] as const).map((span) => (
              <InputNumber
                key={span}
                min={0}
                max={span === 'day' ? 100 : 500}
                precision={0}
                disabled={disabled}
                prefix={span === 'day' ? '每天' : '每周'}
                suffix='条'
                style={{ width: 170 }}
                value={value.caps[key][span]}
                onChange={(next) =>
                  set({ caps: { ...value.caps, [key]: { ...value.caps[key], [span]: next ?? null } } })
                }
                aria-label={`${key === 'total' ? '合计' : channelNames[key]}${span === 'day' ? '每天' : '每周'}`}
              />
            ))}
          </div>
        ))}
        <h2 className='m'>什么时候不发</h2>
        <div className='row g3' style={{ flexWrap: 'wrap' }}>
          <ClockField
            label='勿扰从'
            value={value.quiet.from}
            set={(from) => set({ quiet: { ...value.quiet, from } })}
          />
          <ClockField label='到' value={value.quiet.until} set={(until) => set({ quiet: { ...value.quiet, until } })} />
          <Field label='发不出去几小时后作废'>
            <InputNumber
              min={1}
              max={240}
              precision={0}
              suffix='小时'
              disabled={disabled}
              value={value.expiryHours}
              onChange={(next) => set({ expiryHours: next ?? value.expiryHours })}
            />
          </Field>
        </div>
        <h2 className='m'>每个渠道发多快</h2>
        {rated.map((key) => (
          <div key={key} className='row g2'>
            <span className='grow'>{channelNames[key]}发送速率</span>
            <InputNumber
              min={1}
              max={most[key]}
              precision={0}
              disabled={disabled}
              suffix='条/分钟'
              style={{ width: 190 }}
              value={value.rates[key]}
              onChange={(next) => set({ rates: { ...value.rates, [key]: next ?? value.rates[key] } })}
              aria-label={`${channelNames[key]}发送速率`}
            />
          </div>
        ))}
        <div>
          <Button
            type='primary'
            disabled={disabled}
            loading={save.isPending}
            onClick={() =>
              void save
                .mutateAsync(value)
                .then((saved) => {
                  setValue(saved)
                  void message.success('已保存，从下一条消息起按新的算')
                })
                .catch((error: unknown) => message.error(sentenceOf(error)))
            }
          >
            保存
          </Button>
        </div>
      </div>
    </section>
  )
}

/** How often a member may be written to, when not, and how fast the channels send. */
export function SettingsTab() {
  const query = useRead('GET /admin/message-settings', {})
  if (query.data) return <Form settings={query.data} />
  return query.isError ? (
    <LoadFailed error={query.error} retry={() => void query.refetch()} busy={query.isFetching} />
  ) : (
    <div className='bone' style={{ height: 320 }} role='status' aria-label='正在读取设置' />
  )
}
