import type { Input as InputOf } from '@shared/contract'
import { channelNames, messagePlaces, placesOf, topicNames } from '@shared/message'
import { keepPreviousData, useQuery } from '@tanstack/react-query'
import { App, Button, Drawer, Input, Select } from 'antd'
import { useState } from 'react'
import { call, sentenceOf } from '../api'
import { useSettled } from '../components/useSettled'
import { Field, optionsOf } from '../journeys/fields'
import { useWrite } from '../queries'
import { useSession } from '../session'
import type { Template } from './TemplateTab'

type Body = InputOf<'POST /admin/message-templates'>
const CHECK = 'POST /admin/message-templates/check'
const touched = ['GET /admin/message-templates', 'GET /admin/journey-options'] as const

/** The words of a template on each channel, with what a channel would refuse said while typing. */
export function TemplateForm({ template, close }: { template: Template | null; close: () => void }) {
  const { can } = useSession()
  const { message } = App.useApp()
  const [body, setBody] = useState<Body>(() =>
    template
      ? { name: template.name, topic: template.topic, content: template.content }
      : { name: '', topic: 'offer', content: { inbox: { title: '', text: '', page: null } } },
  )
  const add = useWrite('POST /admin/message-templates', touched)
  const change = useWrite('PUT /admin/message-templates/:templateId', touched)
  const { content } = body
  const settled = useSettled(content, 300)
  const filled = !settled.inbox || Boolean(settled.inbox.title.trim() && settled.inbox.text.trim())
  const check = useQuery({
    queryKey: [CHECK, settled],
    queryFn: ({ signal }) => call(CHECK, { content: settled }, { signal }),
    placeholderData: keepPreviousData,
    enabled: filled,
    retry: false,
  })
  const wrongAt = (path: string) => check.data?.problems.find((one) => one.path === path)?.message
  const set = (patch: Partial<Body['content']>) => setBody({ ...body, content: { ...content, ...patch } })
  const { inbox, subscribe, sms, email } = content
  const save = () =>
    (template
      ? change.mutateAsync({ templateId: template.id, version: template.version, ...body })
      : add.mutateAsync(body)
    )
      .then(() => close())
      .catch((error: unknown) => message.error(sentenceOf(error)))
  return (
    <Drawer
      open
      size={560}
      title={template ? template.name : '新建模板'}
      onClose={close}
      footer={
        <Button
          type='primary'
          disabled={!can('message:write') || !body.name.trim() || !filled || (check.data?.problems.length ?? 1) > 0}
          loading={add.isPending || change.isPending}
          onClick={() => void save()}
        >
          保存
        </Button>
      }
    >
      <div className='journey-fields'>
        <Field label='名字'>
          <Input
            value={body.name}
            maxLength={40}
            onChange={(event) => setBody({ ...body, name: event.target.value })}
          />
        </Field>
        <Field label='种类' hint='会员可以按种类关闭'>
          <Select
            value={body.topic}
            options={optionsOf(topicNames)}
            onChange={(topic) => setBody({ ...body, topic })}
          />
        </Field>
        <p className='t12 i3'>
          可以用：
          {Object.entries(messagePlaces)
            .map(([place, { label }]) => `{${place}} ${label}`)
            .join('，')}
        </p>
        {inbox ? (
          <div className='journey-part'>
            <Field label='站内标题' wrong={wrongAt('inbox.title')}>
              <Input
                showCount
                maxLength={60}
                value={inbox.title}
                onChange={(e) => set({ inbox: { ...inbox, title: e.target.value } })}
              />
            </Field>
            <Field label='站内正文' wrong={wrongAt('inbox.text')}>
              <Input.TextArea
                showCount
                maxLength={500}
                rows={3}
                value={inbox.text}
                onChange={(e) => set({ inbox: { ...inbox, text: e.target.value } })}
              />
            </Field>
          </div>
        ) : null}
        {subscribe ? (
          <div className='journey-part'>
            <b>{channelNames.subscribe}</b>
            {Object.entries(subscribe.fields).map(([key, text]) => (
              <Field key={key} label={key} wrong={wrongAt(`subscribe.fields.${key}`)}>
                <Input
                  maxLength={60}
                  value={text}
                  onChange={(e) =>
                    set({ subscribe: { ...subscribe, fields: { ...subscribe.fields, [key]: e.target.value } } })
                  }
                />
              </Field>
            ))}
          </div>
        ) : null}
        {sms ? (
          <div className='journey-part'>
            <Field label='短信' hint='70 字一条，超过按几条计费' wrong={wrongAt('sms.text') ?? wrongAt('sms.params')}>
              <Input.TextArea
                showCount
                maxLength={300}
                rows={3}
                value={sms.text}
                onChange={(e) =>
                  set({ sms: { ...sms, text: e.target.value, params: [...new Set(placesOf(e.target.value))] } })
                }
              />
            </Field>
          </div>
        ) : null}
        {email ? (
          <div className='journey-part'>
            <Field label='邮件标题' wrong={wrongAt('email.subject')}>
              <Input
                showCount
                maxLength={80}
                value={email.subject}
                onChange={(e) => set({ email: { ...email, subject: e.target.value } })}
              />
            </Field>
            <Field label='邮件正文' wrong={wrongAt('email.text')}>
              <Input.TextArea
                rows={6}
                maxLength={4000}
                value={email.text}
                onChange={(e) => set({ email: { ...email, text: e.target.value } })}
              />
            </Field>
          </div>
        ) : (
          <Button onClick={() => set({ email: { subject: body.name || '通知', text: inbox?.text || '{name}，你好' } })}>
            加上邮件
          </Button>
        )}
        {check.data ? (
          <div className='journey-part' role='status'>
            <b>会员看到的样子</b>
            {Object.entries(check.data.preview).map(([key, text]) => (
              <p key={key} style={{ whiteSpace: 'pre-line' }}>
                <span className='i3'>{(channelNames as Record<string, string>)[key] ?? key}</span> {text}
              </p>
            ))}
          </div>
        ) : null}
      </div>
    </Drawer>
  )
}
