import { channelNames } from '@shared/message'
import { type BlockKey, blockKeys, type SubscribeForm, type TemplateContent, withSamples } from './draft'

function Preview({
  channel,
  content,
  forms,
}: {
  channel: BlockKey
  content: TemplateContent
  forms: readonly SubscribeForm[]
}) {
  const { inbox, subscribe, sms, email, wecom } = content
  if (channel === 'inbox' && inbox)
    return (
      <>
        <b>{withSamples(inbox.title)}</b>
        <p>{withSamples(inbox.text)}</p>
      </>
    )
  if (channel === 'subscribe' && subscribe)
    return (
      <>
        <b>{forms.find((one) => one.key === subscribe.template)?.title ?? '订阅消息'}</b>
        <ul>
          {Object.entries(subscribe.fields).map(([key, text]) => (
            <li key={key}>{withSamples(text)}</li>
          ))}
        </ul>
      </>
    )
  if (channel === 'sms' && sms) return <p>{withSamples(sms.text)}</p>
  if (channel === 'email' && email)
    return (
      <>
        <b>{withSamples(email.subject)}</b>
        <p>{withSamples(email.text)}</p>
      </>
    )
  return wecom ? <p>{withSamples(wecom.text)}</p> : null
}

/** How a template reads on each of its channels, with samples in the places of a member's own values. */
export function TemplatePreview({ content, forms }: { content: TemplateContent; forms: readonly SubscribeForm[] }) {
  return (
    <aside className='template-preview' aria-label='会员看到的样子'>
      <h3>会员看到的样子</h3>
      {blockKeys
        .filter((key) => content[key])
        .map((key) => (
          <figure key={key} className={key}>
            <figcaption>{channelNames[key]}</figcaption>
            <div className='bubble'>
              <Preview channel={key} content={content} forms={forms} />
            </div>
          </figure>
        ))}
    </aside>
  )
}
