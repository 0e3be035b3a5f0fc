import { channelNames } from '@shared/message'
import { Button, Input, Select } from 'antd'
import { Icon } from '../components/Icon'
import { Field, optionsOf } from '../journeys/fields'
import {
  type BlockKey,
  blockKeys,
  fieldTypeWords,
  messagePages,
  newBlock,
  type Problem,
  type SubscribeForm,
  smsParts,
  subscribeBlock,
  type TemplateContent,
  textAt,
  withSamples,
  withTextAt,
} from './draft'

interface Props {
  content: TemplateContent
  forms: readonly SubscribeForm[]
  problems: readonly Problem[]
  set: (content: TemplateContent) => void
  /** The field that was last written in, where a place from the list goes. */
  onFocus: (path: string) => void
}

/** One text of one channel, with its limit and what stands against it. */
function TextField({
  path,
  label,
  most,
  hint,
  rows,
  ...props
}: Props & { path: string; label: string; most: number; hint?: string; rows?: number }) {
  const { content, problems, set, onFocus } = props
  const wrong = problems.find((one) => one.path === path)?.message
  const common = {
    value: textAt(content, path),
    maxLength: most,
    showCount: true,
    status: wrong ? ('error' as const) : undefined,
    onFocus: () => onFocus(path),
  }
  return (
    <Field label={label} hint={hint} wrong={wrong}>
      {rows ? (
        <Input.TextArea
          {...common}
          rows={rows}
          onChange={(event) => set(withTextAt(content, path, event.target.value))}
        />
      ) : (
        <Input {...common} onChange={(event) => set(withTextAt(content, path, event.target.value))} />
      )}
    </Field>
  )
}

function PageField({ label, value, set }: { label: string; value: string | null; set: (page: string | null) => void }) {
  const known = value && !messagePages[value] ? { ...messagePages, [value]: value } : messagePages
  return (
    <Field label={label}>
      <Select
        allowClear
        value={value ?? undefined}
        placeholder='不跳转'
        options={optionsOf(known)}
        onChange={(page?: string) => set(page ?? null)}
      />
    </Field>
  )
}

function SubscribeFields(props: Props & { block: NonNullable<TemplateContent['subscribe']> }) {
  const { block, content, forms, problems, set } = props
  const form = forms.find((one) => one.key === block.template)
  return (
    <>
      <Field
        label='微信里的模板'
        hint={form ? `${form.title}；${form.when}` : undefined}
        wrong={problems.find((one) => one.path === 'subscribe.template')?.message}
      >
        <Select
          value={form ? block.template : undefined}
          placeholder='请选择'
          options={forms.map(({ key, title }) => ({ value: key, label: title }))}
          onChange={(key) =>
            set({
              ...content,
              subscribe: {
                ...subscribeBlock(forms.find((one) => one.key === key)),
                page: block.page,
              } as typeof block,
            })
          }
        />
      </Field>
      {Object.keys(block.fields).map((key) => {
        const type = fieldTypeWords[key.replace(/\d+$/, '')]
        return (
          <TextField
            key={key}
            {...props}
            path={`subscribe.fields.${key}`}
            label={`${type?.name ?? '字段'} ${key}`}
            most={60}
            hint={type?.limit}
          />
        )
      })}
      <PageField
        label='订阅消息点开后去'
        value={block.page}
        set={(page) => set({ ...content, subscribe: { ...block, page } })}
      />
    </>
  )
}

function BlockFields({ channel, ...props }: Props & { channel: BlockKey }) {
  const { content, set } = props
  const { inbox, subscribe, sms } = content
  if (channel === 'inbox' && inbox)
    return (
      <>
        <TextField {...props} path='inbox.title' label='站内标题' most={60} />
        <TextField {...props} path='inbox.text' label='站内正文' most={500} rows={3} />
        <PageField
          label='站内消息点开后去'
          value={inbox.page}
          set={(page) => set({ ...content, inbox: { ...inbox, page } })}
        />
      </>
    )
  if (channel === 'subscribe' && subscribe) return <SubscribeFields {...props} block={subscribe} />
  if (channel === 'sms' && sms) {
    const said = withSamples(sms.text)
    return (
      <>
        <TextField {...props} path='sms.text' label='短信正文' most={300} rows={3} />
        <p className='t12 i3 num' role='status'>
          按示例 {[...said].length} 个字，按 {smsParts(said)} 条计费（70 字一条）
        </p>
        <TextField {...props} path='sms.template' label='短信模板名' most={40} hint='设置里对应到运营商审核过的模板' />
      </>
    )
  }
  if (channel === 'email')
    return (
      <>
        <TextField {...props} path='email.subject' label='邮件标题' most={80} />
        <TextField {...props} path='email.text' label='邮件正文' most={4000} rows={6} />
      </>
    )
  return <TextField {...props} path='wecom.text' label='群里的话' most={1000} rows={3} hint='发到登记过的企业微信群' />
}

/** What a template says, channel by channel; channels are added and taken out one at a time. */
export function ChannelBlocks(props: Props) {
  const { content, forms, set } = props
  const [there, missing] = [blockKeys.filter((key) => content[key]), blockKeys.filter((key) => !content[key])]
  return (
    <>
      {there.map((key) => (
        <section key={key} className='journey-part' aria-label={channelNames[key]}>
          <div className='row between'>
            <b>{channelNames[key]}</b>
            <Button
              type='text'
              size='small'
              icon={<Icon name='close' size={14} />}
              disabled={there.length <= 1}
              title={there.length <= 1 ? '至少留一个渠道' : undefined}
              onClick={() => set({ ...content, [key]: undefined })}
              aria-label={`去掉${channelNames[key]}`}
            />
          </div>
          <BlockFields {...props} channel={key} />
        </section>
      ))}
      {missing.length ? (
        <div className='row g2' style={{ flexWrap: 'wrap' }}>
          {missing.map((key) => (
            <Button key={key} icon={<Icon name='plus' />} onClick={() => set({ ...content, ...newBlock(key, forms) })}>
              加上{channelNames[key]}
            </Button>
          ))}
        </div>
      ) : null}
      <p className='t12 i3'>Webhook 不用模板：旅程里的 Webhook 节点把事件本身交给对方系统。</p>
    </>
  )
}
