import type { Input as InputOf, Output } from '@shared/contract'
import { channelNames, fillPlaces, messagePlaces, placesOf } from '@shared/message'

/** A template as it is edited. */
export type TemplateBody = InputOf<'POST /admin/message-templates'>
export type TemplateContent = TemplateBody['content']
/** Channels that a template has words for; a webhook carries the event itself. */
export type BlockKey = keyof TemplateContent
/** The shop's subscribe templates with their typed fields. */
export type SubscribeForm = Output<'GET /admin/message-templates'>['subscribeForms'][number]
export interface Problem {
  path: string
  message: string
}

export const blockKeys: readonly BlockKey[] = ['inbox', 'subscribe', 'sms', 'email', 'wecom']

/** What a type of field of a subscribe message takes, as WeChat states it. */
export const fieldTypeWords: Record<string, { name: string; limit: string; most: number }> = {
  thing: { name: '事物', limit: '20 个字以内', most: 20 },
  phrase: { name: '短语', limit: '5 个汉字以内', most: 5 },
  name: { name: '姓名', limit: '10 个字以内', most: 10 },
  number: { name: '数字', limit: '32 位以内的数字', most: 32 },
  amount: { name: '金额', limit: '数字，可带“元”', most: 12 },
  date: { name: '日期', limit: '例如 2026-12-31', most: 24 },
  time: { name: '时间', limit: '例如 2026-12-31 10:00', most: 24 },
  character_string: { name: '字符', limit: '32 个以内的字母、数字、符号', most: 32 },
  letter: { name: '字母', limit: '32 个字母以内', most: 32 },
  symbol: { name: '符号', limit: '5 个符号以内', most: 5 },
  phone_number: { name: '电话', limit: '17 位以内', most: 17 },
  car_number: { name: '车牌', limit: '8 位以内', most: 8 },
  enum: { name: '枚举', limit: '20 个字以内', most: 20 },
}

/** Pages of the member app that a message may open. */
export const messagePages: Record<string, string> = {
  'pages/home/index': '首页',
  'pages/rewards/index': '礼遇',
  'pages/code/index': '会员码',
  'pages/coupons/index': '卡券',
  'packages/points/index': '积分',
  'packages/tier/index': '等级',
  'packages/checkin/index': '签到',
  'packages/profile/purchases': '消费记录',
  'packages/feedback/index': '反馈',
}

/** An empty block, with the usual places in the fields of a subscribe message. */
export const newBlock = (key: BlockKey, forms: readonly SubscribeForm[]): TemplateContent => {
  switch (key) {
    case 'inbox':
      return { inbox: { title: '', text: '', page: null } }
    case 'subscribe':
      return { subscribe: subscribeBlock(forms[0]) }
    case 'sms':
      return { sms: { template: 'care', text: '', params: [] } }
    case 'email':
      return { email: { subject: '', text: '' } }
    case 'wecom':
      return { wecom: { text: '' } }
  }
}

/** The block of one subscribe template. */
export const subscribeBlock = (form: SubscribeForm | undefined): TemplateContent['subscribe'] => ({
  template: form?.key ?? '',
  fields: Object.fromEntries((form?.fields ?? []).map(({ key, usual }) => [key, usual])),
  page: null,
})

/** The text a path such as `subscribe.fields.thing1` names. */
export const textAt = (content: TemplateContent, path: string): string => {
  const found = path
    .split('.')
    .reduce<unknown>((at, part) => (at as Record<string, unknown> | undefined)?.[part], content)
  return typeof found === 'string' ? found : ''
}

/** Longer texts may have lines where the channel keeps them; elsewhere a line break becomes a space. */
const keepsLines: ReadonlySet<string> = new Set(['email.text', 'wecom.text'])

/** The content with another text at a path. The parameters of a text message follow the places in its words. */
export const withTextAt = (content: TemplateContent, path: string, typed: string): TemplateContent => {
  const value = keepsLines.has(path) ? typed : typed.replace(/\p{Cc}+/gu, ' ')
  const [key, field, inner] = path.split('.') as [BlockKey, string, string | undefined]
  const block = content[key]
  if (!block) return content
  if (inner !== undefined && 'fields' in block)
    return { ...content, subscribe: { ...block, fields: { ...block.fields, [inner]: value } } }
  const changed = { ...block, [field]: value }
  return {
    ...content,
    [key]: path === 'sms.text' ? { ...changed, params: [...new Set(placesOf(value))] } : changed,
  }
}

const needed: Record<BlockKey, [string, string][]> = {
  inbox: [
    ['title', '请写标题'],
    ['text', '请写正文'],
  ],
  subscribe: [['template', '请选模板']],
  sms: [
    ['template', '请写运营商那边的模板名'],
    ['text', '请写正文'],
  ],
  email: [
    ['subject', '请写标题'],
    ['text', '请写正文'],
  ],
  wecom: [['text', '请写正文']],
}

/** Texts that must not be empty: found here at once, since the server would refuse the whole content for one. */
export const findBlanks = (content: TemplateContent): Problem[] =>
  blockKeys
    .filter((key) => content[key])
    .flatMap((key) => [
      ...needed[key].flatMap(([field, message]) =>
        textAt(content, `${key}.${field}`).trim() ? [] : [{ path: `${key}.${field}`, message }],
      ),
      ...(key === 'subscribe'
        ? Object.entries(content.subscribe?.fields ?? {}).flatMap(([field, text]) =>
            text.trim() ? [] : [{ path: `subscribe.fields.${field}`, message: '每个字段都要有内容' }],
          )
        : []),
    ])

const samples = Object.fromEntries(Object.entries(messagePlaces).map(([place, { sample }]) => [place, sample]))
/** A text as a member would read it, samples standing in for what is theirs. */
export const withSamples = (text: string): string => fillPlaces(text, samples)

/** Channels of a content in the words of the page. */
export const channelsIn = (content: TemplateContent): string =>
  blockKeys.flatMap((key) => (content[key] ? [channelNames[key]] : [])).join('、')

/** Texts of up to 70 characters are one message; longer ones are sent in parts of 67. */
export const smsParts = (text: string): number => {
  const length = [...text].length
  return length <= 70 ? 1 : Math.ceil(length / 67)
}
