import type { z } from 'zod'
import type { templateContent } from '../../shared/contract/message-shapes'
import { type Channel, channelNames, fillPlaces, messagePlaces, placesOf } from '../../shared/message'
import { fieldTypeOf, findFieldProblem, fitValue } from '../integrations/wechat/templates'
import { templates } from './rules'

export type Content = z.output<typeof templateContent>

/** A message as one channel says it. `data` holds WeChat's fields or the parameters of a text message. */
export interface Composed {
  title: string
  text: string
  page: string | null
  data: Record<string, string> | null
  /** Of `subscribe`: which of our templates; of `sms`: the carrier's template. */
  template: string | null
  /** Why it cannot be sent as it is. */
  problem: string | null
}

/** Says a template on a channel for one member; null when the template has nothing for the channel. */
export const compose = (content: Content, channel: Channel, places: Record<string, string>): Composed | null => {
  const fill = (text: string): string => fillPlaces(text, places)
  const said = { page: null, data: null, template: null, problem: null }
  switch (channel) {
    case 'inbox':
      return content.inbox
        ? {
            ...said,
            title: fill(content.inbox.title).slice(0, 60),
            text: fill(content.inbox.text),
            page: content.inbox.page,
          }
        : null
    case 'subscribe': {
      if (!content.subscribe) return null
      const { template, fields, page } = content.subscribe
      const data: Record<string, string> = {}
      for (const [key, text] of Object.entries(fields)) {
        const type = fieldTypeOf(key)
        data[key] = type ? fitValue(type, fill(text)) : fill(text)
      }
      const problem = findFieldProblem(data)
      const known = Object.hasOwn(templates, template)
      return {
        title: known ? templates[template as keyof typeof templates].title : template,
        text: Object.values(data).join('，'),
        page,
        data,
        template,
        problem: problem && `${problem.problem}:${problem.key}`,
      }
    }
    case 'sms': {
      if (!content.sms) return null
      const data = Object.fromEntries(content.sms.params.map((name) => [name, places[name] ?? '']))
      const empty = content.sms.params.find((name) => !data[name])
      const problem = empty ? `missing_place:${empty}` : null
      return { ...said, title: '短信', text: fill(content.sms.text), data, template: content.sms.template, problem }
    }
    case 'email':
      return content.email ? { ...said, title: fill(content.email.subject), text: fill(content.email.text) } : null
    case 'wecom':
      return content.wecom ? { ...said, title: channelNames.wecom, text: fill(content.wecom.text) } : null
    case 'webhook':
      return null
  }
}

/** What a preview shows where a member's own values will stand. */
export const samplePlaces = (): Record<string, string> =>
  Object.fromEntries(Object.entries(messagePlaces).map(([name, { sample }]) => [name, sample]))

/** Characters of one text message with its signature; a longer one is paid for as several. */
const smsLength = 70

/** Every text of a content with the path that names it. */
const textsOf = (content: Content): [string, string][] => [
  ...(content.inbox
    ? ([
        ['inbox.title', content.inbox.title],
        ['inbox.text', content.inbox.text],
      ] as [string, string][])
    : []),
  ...Object.entries(content.subscribe?.fields ?? {}).map(([key, text]): [string, string] => [
    `subscribe.fields.${key}`,
    text,
  ]),
  ...(content.sms ? ([['sms.text', content.sms.text]] as [string, string][]) : []),
  ...(content.email
    ? ([
        ['email.subject', content.email.subject],
        ['email.text', content.email.text],
      ] as [string, string][])
    : []),
  ...(content.wecom ? ([['wecom.text', content.wecom.text]] as [string, string][]) : []),
]

/**
 * What a channel would refuse of a template, by the path of the text. Values of members are stood in for by samples, so a text that fits
 * here and is cut for a longer name is cut, not refused; one with a wrong form (a date field without a date) is found before launch.
 */
export const checkContent = (content: Content): { path: string; message: string }[] => {
  const wrong: { path: string; message: string }[] = []
  const texts = textsOf(content)
  if (!Object.keys(content).length) wrong.push({ path: 'content', message: '至少要有一个渠道的内容' })
  for (const [path, text] of texts)
    for (const place of placesOf(text))
      if (!messagePlaces[place]) wrong.push({ path, message: `不认识的占位 {${place}}` })
  if (content.subscribe) {
    const { template, fields } = content.subscribe
    if (!Object.hasOwn(templates, template)) wrong.push({ path: 'subscribe.template', message: '没有这个订阅消息模板' })
    for (const key of Object.keys(fields)) {
      const type = fieldTypeOf(key)
      const path = `subscribe.fields.${key}`
      const value = fillPlaces(fields[key], samplePlaces())
      const problem = findFieldProblem({ [key]: type ? fitValue(type, value) : value })
      if (problem?.problem === 'unknown-type') wrong.push({ path, message: '微信没有这种字段' })
      else if (problem?.problem === 'empty') wrong.push({ path, message: '每个字段都要有内容' })
      else if (problem) wrong.push({ path, message: `“${value}”不合微信 ${type} 字段的格式` })
      else if (type === 'thing' && [...value].length > 20)
        wrong.push({ path, message: `最长 20 个字，按示例是 ${[...value].length} 个字` })
    }
  }
  if (content.sms) {
    const places = placesOf(content.sms.text)
    const unnamed = places.find((p) => !content.sms?.params.includes(p))
    if (unnamed) wrong.push({ path: 'sms.params', message: `正文用了 {${unnamed}}，参数里没有` })
    const length = [...fillPlaces(content.sms.text, samplePlaces())].length
    if (length > smsLength * 4) wrong.push({ path: 'sms.text', message: `按示例 ${length} 个字，超过四条短信的长度` })
  }
  return wrong
}
