import type { z } from 'zod'
import type { journeyDefinition } from '../../shared/contract/journey-shapes'
import type { JourneyTest } from '../../shared/journey'

type Draft = z.input<typeof journeyDefinition>
export type Node = Draft['nodes'][number]
export type NodeDraft = Node extends infer N ? (N extends { id: string } ? Omit<N, 'x' | 'y'> : never) : never

export interface BuiltIn {
  key: string
  name: string
  description: string
  /** Runs from the first day: these are what the shop owes its members. The others wait for somebody to read and publish them. */
  published: boolean
  definition: (template: (key: string) => string) => Omit<Draft, 'nodes'> & { nodes: NodeDraft[] }
}

const promise = { percent: 0, reason: '这是对每位会员的承诺，不留对照组' }
const proof = { percent: 10, reason: '' }
const once = { kind: 'once' as const, days: 0 }
const always = { kind: 'always' as const, days: 0 }
const every = (days: number) => ({ kind: 'after' as const, days })
const bought = (days: number) => ({ event: 'purchase', target: null, days, exit: true })
const field = (name: string, op: 'eq' | 'gte' | 'lte', value: number | string | boolean): JourneyTest => ({
  match: 'all',
  tests: [{ kind: 'field', field: name, op, value }],
})
const tell = (
  id: string,
  templateId: string,
  channels: ('inbox' | 'subscribe' | 'sms' | 'email')[],
  next: string | null,
  name: string,
): NodeDraft => ({
  id,
  kind: 'message',
  name,
  templateId,
  channels,
  next,
})
const pause = (id: string, amount: number, unit: 'hour' | 'day', next: string | null): NodeDraft => ({
  id,
  kind: 'wait',
  name: '',
  amount,
  unit,
  next,
})

/** The journeys that come with the system: readable, editable, and the first examples of what can be built. */
export const builtIns: BuiltIn[] = [
  {
    key: 'birthday',
    name: '生日礼',
    description:
      '公历、农历生日当天送积分和券；2 月 29 日和小月的农历三十都算数，停机错过的日子逐日补送，一年只送一次。',
    published: true,
    definition: () => ({
      trigger: { kind: 'date', field: 'birthday', days: 0, at: '00:35' },
      start: 'gift',
      nodes: [{ id: 'gift', kind: 'gift', name: '送生日礼', occasion: 'birthday', next: null }],
      goal: bought(30),
      // Shorter than any two birthdays lie apart, longer than a birthday that was moved could come again.
      reentry: every(300),
      holdout: promise,
      priority: 1,
    }),
  },
  {
    key: 'anniversary',
    name: '入会周年礼',
    description: '入会满整年当天送积分和券，2 月 29 日入会的在平年 28 日。',
    published: true,
    definition: () => ({
      trigger: { kind: 'date', field: 'anniversary', days: 0, at: '00:40' },
      start: 'gift',
      nodes: [{ id: 'gift', kind: 'gift', name: '送周年礼', occasion: 'anniversary', next: null }],
      goal: bought(30),
      reentry: always,
      holdout: promise,
      priority: 1,
    }),
  },
  {
    key: 'points_expiring',
    name: '积分到期提醒',
    description: '到期前 30、7、1 天各提醒一次，站内必达，有订阅次数的再发微信。',
    published: true,
    definition: (template) => ({
      trigger: { kind: 'expiring', what: 'points', daysAhead: [30, 7, 1], at: '09:00' },
      start: 'inbox',
      nodes: [
        tell('inbox', template('points_expiring'), ['inbox'], 'push', '站内提醒'),
        tell('push', template('points_expiring'), ['subscribe'], null, '微信提醒'),
      ],
      goal: null,
      reentry: always,
      holdout: promise,
      priority: 3,
    }),
  },
  {
    key: 'coupon_expiring',
    name: '券到期提醒',
    description: '到期前 3 天和最后一天各提醒一次。',
    published: true,
    definition: (template) => ({
      trigger: { kind: 'expiring', what: 'coupon', daysAhead: [3, 0], at: '09:30' },
      start: 'inbox',
      nodes: [
        tell('inbox', template('coupon_expiring'), ['inbox'], 'push', '站内提醒'),
        tell('push', template('coupon_expiring'), ['subscribe'], null, '微信提醒'),
      ],
      goal: null,
      reentry: always,
      holdout: promise,
      priority: 3,
    }),
  },
  {
    key: 'welcome',
    name: '欢迎与首单引导',
    description: '入会当天欢迎；三天没有消费再提醒新人券，七天还没有请店员联系。',
    published: false,
    definition: (template) => ({
      trigger: { kind: 'event', event: 'join', target: null },
      start: 'hello',
      nodes: [
        tell('hello', template('welcome'), ['inbox'], 'first', '欢迎'),
        {
          id: 'first',
          kind: 'wait_event',
          name: '等首次消费',
          event: 'purchase',
          target: null,
          amount: 3,
          unit: 'day',
          next: 'bought',
          timeout: 'guide',
        },
        { id: 'bought', kind: 'exit', name: '', reason: '已经消费' },
        tell('guide', template('first_purchase'), ['subscribe', 'sms', 'inbox'], 'again', '首单引导'),
        {
          id: 'again',
          kind: 'wait_event',
          name: '再等四天',
          event: 'purchase',
          target: null,
          amount: 4,
          unit: 'day',
          next: 'bought',
          timeout: 'call',
        },
        {
          id: 'call',
          kind: 'task',
          name: '',
          title: '联系新会员',
          note: '入会七天还没有消费，问问有什么可以帮忙',
          dueDays: 2,
          next: null,
        },
      ],
      goal: bought(14),
      reentry: once,
      holdout: proof,
    }),
  },
  {
    key: 'tier_up',
    name: '升级祝贺',
    description: '升级后一天介绍新权益。',
    published: false,
    definition: (template) => ({
      trigger: { kind: 'tier', direction: 'up' },
      start: 'later',
      nodes: [
        { id: 'later', kind: 'wait_until', name: '', at: '10:00', afterDays: 1, weekdays: [], next: 'tell' },
        tell('tell', template('tier_up'), ['inbox'], null, '介绍权益'),
      ],
      goal: bought(30),
      reentry: always,
      holdout: proof,
    }),
  },
  {
    key: 'tier_risk',
    name: '保级提醒',
    description: '等级到期前 30 天成长值还不够的，提醒差多少；两周后还不够再提醒一次。',
    published: false,
    definition: (template) => ({
      trigger: { kind: 'tier_risk', daysAhead: 30, at: '10:00' },
      start: 'inbox',
      nodes: [
        tell('inbox', template('tier_risk'), ['inbox'], 'push', '站内提醒'),
        tell('push', template('tier_risk'), ['subscribe'], 'wait', '微信提醒'),
        pause('wait', 14, 'day', 'again'),
        tell('again', template('tier_risk'), ['subscribe', 'inbox'], null, '再次提醒'),
      ],
      goal: bought(30),
      reentry: every(180),
      holdout: proof,
    }),
  },
  {
    key: 'dormant',
    name: '沉睡唤醒',
    description: '变为沉睡时问候，两种说法各一半；高等级会员另外请店员联系。',
    published: false,
    definition: (template) => ({
      trigger: { kind: 'stage', to: 'dormant' },
      start: 'split',
      nodes: [
        {
          id: 'split',
          kind: 'split',
          name: '',
          arms: [
            { key: 'points', name: '送积分', weight: 50, next: 'points' },
            { key: 'words', name: '只问候', weight: 50, next: 'tell' },
          ],
        },
        { id: 'points', kind: 'points', name: '', points: 50, note: '回店礼', next: 'tell' },
        tell('tell', template('dormant'), ['sms', 'email', 'inbox'], 'high', '问候'),
        { id: 'high', kind: 'condition', name: '高等级', test: field('tierLevel', 'gte', 2), yes: 'call', no: null },
        {
          id: 'call',
          kind: 'task',
          name: '',
          title: '回访沉睡会员',
          note: '高等级会员，许久没有消费',
          dueDays: 3,
          next: null,
        },
      ],
      goal: bought(30),
      reentry: every(90),
      holdout: proof,
    }),
  },
  {
    key: 'churn',
    name: '流失挽回',
    description: '流失风险高的会员：先问候，三天没有回来送积分，并请店员联系。',
    published: false,
    definition: (template) => ({
      trigger: { kind: 'churn', above: 0.7, at: '10:30' },
      audience: { match: 'all', tests: [{ kind: 'field', field: 'purchases', op: 'gte', value: 2 }] },
      start: 'tell',
      nodes: [
        tell('tell', template('churn'), ['sms', 'inbox'], 'wait', '问候'),
        {
          id: 'wait',
          kind: 'wait_event',
          name: '等回店',
          event: 'purchase',
          target: null,
          amount: 3,
          unit: 'day',
          next: 'back',
          timeout: 'points',
        },
        { id: 'back', kind: 'exit', name: '', reason: '已经回来' },
        { id: 'points', kind: 'points', name: '', points: 100, note: '挽回礼', next: 'call' },
        {
          id: 'call',
          kind: 'task',
          name: '',
          title: '联系流失风险会员',
          note: '模型判断可能流失，已送 100 积分',
          dueDays: 3,
          next: null,
        },
      ],
      goal: bought(30),
      reentry: every(90),
      holdout: { percent: 20, reason: '' },
    }),
  },
  {
    key: 'repurchase',
    name: '个人复购提醒',
    description: '超过会员自己的平均消费间隔还没有来的，提醒一次。',
    published: false,
    definition: (template) => ({
      trigger: { kind: 'repurchase', percent: 120, minPurchases: 3, at: '11:00' },
      start: 'tell',
      nodes: [tell('tell', template('repurchase'), ['inbox'], null, '提醒')],
      goal: bought(14),
      reentry: every(14),
      holdout: proof,
    }),
  },
  {
    key: 'review',
    name: '消费后评价',
    description: '消费三天后请会员评价，一个月最多一次。',
    published: false,
    definition: (template) => ({
      trigger: { kind: 'event', event: 'purchase', target: null },
      start: 'wait',
      nodes: [
        { id: 'wait', kind: 'wait_until', name: '', at: '19:00', afterDays: 3, weekdays: [], next: 'tell' },
        tell('tell', template('review'), ['inbox'], null, '请评价'),
      ],
      goal: { event: 'review', target: null, days: 7, exit: true },
      exits: [{ event: 'refund' }],
      reentry: every(30),
      holdout: proof,
    }),
  },
  {
    key: 'nps',
    name: '推荐意愿调查',
    description: '第三次消费起，每半年问一次推荐意愿。',
    published: false,
    definition: (template) => ({
      trigger: { kind: 'event', event: 'purchase', target: null },
      audience: { match: 'all', tests: [{ kind: 'field', field: 'purchases', op: 'gte', value: 3 }] },
      start: 'wait',
      nodes: [
        { id: 'wait', kind: 'wait_until', name: '', at: '20:00', afterDays: 1, weekdays: [], next: 'tell' },
        tell('tell', template('nps'), ['inbox'], null, '请打分'),
      ],
      goal: { event: 'nps_given', target: null, days: 7, exit: true },
      reentry: every(180),
      holdout: proof,
    }),
  },
]
