import { messagePlaces, personChannels, topicNames } from '@shared/message'
import { useQuery } from '@tanstack/react-query'
import { App, Button, Drawer, Input, Select } from 'antd'
import { useRef, useState } from 'react'
import { call, sentenceOf } from '../api'
import { FormProblem } from '../components/FormProblem'
import { useSettled } from '../components/useSettled'
import { Field, optionsOf } from '../journeys/fields'
import { useWrite } from '../queries'
import { useSession } from '../session'
import { ChannelBlocks } from './ChannelBlocks'
import { findBlanks, type Problem, type SubscribeForm, type TemplateBody, textAt, withTextAt } from './draft'
import { TemplatePreview } from './TemplatePreview'
import type { Template } from './TemplateTab'
import { TestSend } from './TestSend'
import './messages.css'

const CHECK = 'POST /admin/message-templates/check'
const touched = ['GET /admin/message-templates', 'GET /admin/journey-options'] as const

/** What stands against a content: blanks at once, what a channel would refuse a moment after the last letter. */
function useProblems(content: TemplateBody['content']): { problems: readonly Problem[]; known: boolean } {
  const settled = useSettled(content, 300)
  const blanks = findBlanks(content)
  const check = useQuery({
    queryKey: [CHECK, settled],
    queryFn: ({ signal }) => call(CHECK, { content: settled }, { signal }),
    enabled: findBlanks(settled).length === 0,
    retry: false,
  })
  if (blanks.length) return { problems: blanks, known: true }
  return { problems: check.data?.problems ?? [], known: settled === content && check.data !== undefined }
}

/** The words of a template on each channel, how they will read, and what a channel would refuse, said while typing. */
export function TemplateForm({
  template,
  forms,
  close,
}: {
  template: Template | null
  forms: readonly SubscribeForm[]
  close: () => void
}) {
  const { can } = useSession()
  const { message, modal } = App.useApp()
  const [body, setBody] = useState<TemplateBody>(() =>
    template
      ? { name: template.name, topic: template.topic, content: template.content }
      : { name: '', topic: 'offer', content: { inbox: { title: '', text: '', page: null } } },
  )
  const [trying, setTrying] = useState(false)
  const focused = useRef<string | null>(null)
  const add = useWrite('POST /admin/message-templates', touched)
  const change = useWrite('PUT /admin/message-templates/:templateId', touched)
  const { content } = body
  const { problems, known } = useProblems(content)
  const setContent = (next: TemplateBody['content']) => setBody((before) => ({ ...before, content: next }))
  const dirty =
    template !== null &&
    JSON.stringify(body) !== JSON.stringify({ name: template.name, topic: template.topic, content: template.content })
  const archived = template?.archived ?? false
  const writes = can('message:write')
  const put = (archive: boolean) =>
    template && change.mutateAsync({ templateId: template.id, version: template.version, ...body, archived: archive })
  const save = () =>
    (template
      ? change.mutateAsync({ templateId: template.id, version: template.version, ...body, archived })
      : add.mutateAsync(body)
    )
      .then(() => {
        void message.success(template ? '已保存，下一条消息起按新的写' : '模板已建好')
        close()
      })
      .catch(() => undefined)
  const askArchive = () =>
    modal.confirm({
      title: archived ? `重新启用“${template?.name}”？` : `归档“${template?.name}”？`,
      content: archived
        ? '启用后，旅程和群发又可以选它。'
        : '归档后新的旅程和群发选不到它；已经在用它的照常发。随时可以重新启用。',
      okText: archived ? '启用' : '归档',
      onOk: () =>
        put(!archived)
          ?.then(() => {
            void message.success(archived ? '已重新启用' : '已归档')
            close()
          })
          .catch((error: unknown) => message.error(sentenceOf(error))),
    })
  const insert = (place: string) => {
    const path = focused.current
    if (path) setContent(withTextAt(content, path, `${textAt(content, path)}{${place}}`))
    else void message.info('先点一下要写进去的那一格')
  }
  const ready = body.name.trim() !== '' && known && problems.length === 0
  return (
    <Drawer
      open
      size={920}
      title={
        <>
          {template ? template.name : '新建模板'} {archived ? <span className='tag'>已归档</span> : null}
        </>
      }
      onClose={close}
      extra={
        template ? (
          <div className='row g2'>
            {writes ? <Button onClick={askArchive}>{archived ? '重新启用' : '归档'}</Button> : null}
            {writes ? (
              <Button
                disabled={dirty}
                title={dirty ? '先保存改动，测试发的是保存过的内容' : undefined}
                onClick={() => setTrying(true)}
              >
                测试发送
              </Button>
            ) : null}
          </div>
        ) : null
      }
      footer={
        <div className='row g2'>
          <Button
            type='primary'
            disabled={!writes || !ready}
            loading={add.isPending || change.isPending}
            onClick={() => void save()}
          >
            保存
          </Button>
          <span className='t12 i3' role='status'>
            {problems.length ? `还有 ${problems.length} 处要改` : known ? '各渠道都能发' : '正在检查…'}
          </span>
        </div>
      }
    >
      <div className='template-edit'>
        <div className='journey-fields'>
          <FormProblem error={add.error ?? change.error} />
          <Field label='模板名字'>
            <Input
              value={body.name}
              maxLength={40}
              onChange={(event) => setBody({ ...body, name: event.target.value })}
            />
          </Field>
          <Field label='种类' hint='会员可以按种类关闭；服务通知不受频次和勿扰限制'>
            <Select
              value={body.topic}
              options={optionsOf(topicNames)}
              onChange={(topic) => setBody({ ...body, topic })}
            />
          </Field>
          <div className='journey-field'>
            <span>每位会员自己的内容</span>
            <div className='template-places'>
              {Object.entries(messagePlaces).map(([place, { label }]) => (
                <button
                  key={place}
                  type='button'
                  className='tag'
                  title={`{${place}}，例如 ${messagePlaces[place].sample}`}
                  // The field keeps the focus, so that writing goes on where it was.
                  onMouseDown={(event) => event.preventDefault()}
                  onClick={() => insert(place)}
                >
                  {label}
                </button>
              ))}
            </div>
            <em className='i3 t12'>点一下加到正在写的那一格后面</em>
          </div>
          <ChannelBlocks
            content={content}
            forms={forms}
            problems={problems}
            set={setContent}
            onFocus={(path) => {
              focused.current = path
            }}
          />
        </div>
        <TemplatePreview content={content} forms={forms} />
      </div>
      {trying && template ? (
        <TestSend
          templateId={template.id}
          name={template.name}
          channels={personChannels.filter((one) => template.content[one])}
          close={() => setTrying(false)}
        />
      ) : null}
    </Drawer>
  )
}
