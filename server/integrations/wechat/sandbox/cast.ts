/**
 * Who lives in the sandbox: one app, a fixed cast of people and the message templates. Every id is derived from a
 * name, so it is the same on every machine and after every restart, and demo data may refer to it.
 */
import { createHash } from 'node:crypto'

const digest = (text: string) => createHash('sha256').update(`huiyuan-sandbox:${text}`).digest('base64url')

/** The identity that the server uses when no AppID is configured. It opens nothing but the sandbox. */
export const sandboxApp = { appId: 'wx5a11d0b0c5e7f001', secret: '0f1e2d3c4b5a69788796a5b4c3d2e1f0' } as const

/** 28 characters beginning with `o`, like WeChat's. */
export const openidFor = (key: string) => `o${digest(`openid:${key}`).slice(0, 27)}`
export const unionidFor = (key: string) => `o6_${digest(`unionid:${key}`).slice(0, 25)}`
/** 43 characters, like the ids in WeChat's "my templates". */
export const templateIdFor = (key: string) => digest(`template:${key}`)

export type CastMember = {
  key: string
  nickname: string
  /** Mainland number without country code. */
  phone: string
  /** WeChat's risk rank, 0-4. */
  riskRank?: number
  /** A person whom WeChat refuses at login (40226). */
  blocked?: boolean
}

export const cast: readonly CastMember[] = [
  { key: 'lin', nickname: '林晓雨', phone: '13800000001' },
  { key: 'zhou', nickname: '周子航', phone: '13800000002' },
  { key: 'chen', nickname: '陈思远', phone: '13800000003' },
  { key: 'wu', nickname: '吴佳怡', phone: '13800000004' },
  { key: 'zhao', nickname: '赵明轩', phone: '13800000005' },
  { key: 'sun', nickname: '孙店员', phone: '13800000006' },
  { key: 'risky', nickname: '羊毛客', phone: '13800000007', riskRank: 4 },
  { key: 'blocked', nickname: '受限用户', phone: '13800000008', blocked: true },
]

export type SandboxTemplate = {
  templateId: string
  title: string
  /** 2 one-time, 3 long-term. */
  type: 2 | 3
  /** Keyword key (`thing1`) and its label on the card, in the order of the card. */
  keywords: readonly { key: string; label: string; allowed?: readonly string[] }[]
  banned: boolean
}

const template = (key: string, title: string, keywords: Record<string, string>): SandboxTemplate => ({
  templateId: templateIdFor(key),
  title,
  type: 2,
  keywords: Object.entries(keywords).map(([name, label]) => ({ key: name, label })),
  banned: false,
})

/** Message templates; the key given to `templateIdFor` is the first column. */
export const templates: readonly SandboxTemplate[] = [
  template('birthday', '生日礼遇通知', { thing1: '礼遇内容', date2: '有效期至', thing3: '温馨提示' }),
  template('anniversary', '入会周年礼遇通知', { thing1: '礼遇内容', date2: '有效期至', thing3: '温馨提示' }),
  template('expiring', '权益到期提醒', { thing1: '到期内容', date2: '到期时间', thing3: '温馨提示' }),
  template('points', '积分变动提醒', {
    thing1: '变动原因',
    number2: '变动积分',
    number3: '当前积分',
    time4: '变动时间',
  }),
  template('coupon', '优惠券到账通知', { thing1: '券名称', amount2: '券面额', date3: '有效期至', thing4: '温馨提示' }),
  template('tier', '会员等级变更通知', { phrase1: '当前等级', time2: '变更时间', thing3: '变更说明' }),
  template('purchase', '消费成功通知', {
    thing1: '消费门店',
    amount2: '消费金额',
    number3: '获得积分',
    time4: '消费时间',
  }),
]
