import type { Input } from '../../shared/contract'
import type { TierDefinition } from '../tiers/service'

type TemplateInput = Input<'POST /admin/coupon-templates'>

/** What the demo shop has set up: its levels and its coupons. Money in fen. */

const multiplier = (text: string): TierDefinition['benefits'][number] => ({
  kind: 'multiplier',
  title: `消费积分 ${text} 倍`,
  detail: `每消费 1 元得 ${text} 积分`,
})
const birthday = (points: number): TierDefinition['benefits'][number] => ({
  kind: 'birthday',
  title: '生日礼',
  detail: `生日当天送 ${points} 积分和 ¥50 生日券，当天消费双倍积分`,
})
const anniversary = (points: number): TierDefinition['benefits'][number] => ({
  kind: 'anniversary',
  title: '周年礼',
  detail: `入会每满一年送 ${points} 积分和 ¥30 周年券`,
})
const goldenCoupons = {
  kind: 'coupon',
  title: '金叶专享券',
  detail: '领券中心的金叶 8.8 折券和手冲咖啡兑换券',
} as const

/** The levels, from the lowest. */
export const demoTiers: readonly TierDefinition[] = [
  {
    level: 0,
    name: '青叶会员',
    threshold: 0,
    multiplierBp: 10_000,
    benefits: [multiplier('1'), birthday(66), anniversary(50)],
  },
  {
    level: 1,
    name: '银叶会员',
    threshold: 500,
    multiplierBp: 11_000,
    benefits: [multiplier('1.1'), birthday(88), anniversary(66)],
  },
  {
    level: 2,
    name: '金叶会员',
    threshold: 2000,
    multiplierBp: 12_000,
    benefits: [multiplier('1.2'), birthday(128), anniversary(88), goldenCoupons],
  },
  {
    level: 3,
    name: '黑金会员',
    threshold: 5000,
    multiplierBp: 15_000,
    benefits: [
      multiplier('1.5'),
      birthday(188),
      anniversary(128),
      goldenCoupons,
      { kind: 'service', title: '专属服务', detail: '到店免费礼品包装，新品提前预留' },
    ],
  },
]

/** Stores that a coupon is limited to are named by their code here and by their id in the database. */
export type DemoTemplate = Omit<TemplateInput, 'rule'> & {
  key: string
  purpose?: 'birthday' | 'anniversary'
  /** Where its life stands; published unless said otherwise. */
  state?: 'draft' | 'ended'
  rule: Omit<TemplateInput['rule'], 'storeIds'> & { storeCodes?: string[] }
}

const relative = (days: number, startAfterDays = 0) => ({ kind: 'relative', days, startAfterDays }) as const
/** Postage and manual bookings are no goods that a coupon should take money off. */
const noService = ['服务']

export const demoTemplates: readonly DemoTemplate[] = [
  {
    key: 'scent',
    name: '家居香氛满减券',
    description: '烛台、蜡烛、香氛可用',
    rule: { kind: 'amount', amountFen: 3000, minSpendFen: 20_000, categories: ['家居香氛'], validity: relative(14) },
    issue: { stock: 3000, perMember: 3 },
  },
  {
    key: 'golden',
    name: '金叶会员 8.8 折券',
    description: '全场可用，服务费除外',
    rule: {
      kind: 'percent',
      percent: 88,
      capFen: 6000,
      excludedCategories: noService,
      minTierLevel: 2,
      validity: relative(30),
    },
    issue: { stock: 1000, perMember: 1 },
  },
  {
    key: 'coffee',
    name: '手冲咖啡兑换券',
    description: '无门槛，到店兑换',
    rule: { kind: 'exchange', item: '手冲咖啡 1 杯', minTierLevel: 2, validity: relative(60) },
    issue: { stock: 500, perMember: 1 },
  },
  {
    key: 'welcome',
    name: '新人满减券',
    description: '入会后的第一份心意',
    rule: {
      kind: 'amount',
      amountFen: 2000,
      minSpendFen: 9900,
      excludedCategories: noService,
      validity: relative(30),
    },
    issue: { stock: 5000, perMember: 1 },
  },
  {
    key: 'opening',
    name: '陆家嘴店开业券',
    description: '只限陆家嘴店',
    rule: {
      kind: 'amount',
      amountFen: 8000,
      minSpendFen: 50_000,
      excludedCategories: noService,
      storeCodes: ['LJZ'],
      validity: relative(15),
    },
    issue: { stock: 800, perMember: 1, claimable: false },
  },
  {
    key: 'weekend',
    name: '周末餐厨 9 折券',
    description: '周六周日用，领取三天后生效',
    rule: {
      kind: 'percent',
      percent: 90,
      capFen: 3000,
      categories: ['餐厨'],
      weekdays: [6, 7],
      validity: relative(30, 3),
    },
    issue: { stock: 2000, perMember: 1 },
  },
  {
    key: 'birthday',
    purpose: 'birthday',
    name: '生日券',
    description: '生日快乐，全场通用',
    rule: {
      kind: 'amount',
      amountFen: 5000,
      minSpendFen: 20_000,
      excludedCategories: noService,
      validity: relative(7),
    },
    issue: { stock: 100_000, perMember: 1, claimable: false },
  },
  {
    key: 'anniversary',
    purpose: 'anniversary',
    name: '入会周年券',
    description: '谢谢你又陪我们一年',
    rule: {
      kind: 'amount',
      amountFen: 3000,
      minSpendFen: 15_000,
      excludedCategories: noService,
      validity: relative(15),
    },
    issue: { stock: 100_000, perMember: 1, claimable: false },
  },
  {
    key: 'garden',
    state: 'ended',
    name: '秋日园艺 9 折券',
    description: '花盆、种植、园艺工具',
    rule: { kind: 'percent', percent: 90, capFen: 2000, categories: ['园艺'], validity: relative(30) },
    issue: { stock: 300, perMember: 1 },
  },
  {
    key: 'festive',
    state: 'draft',
    name: '双旦节庆满减券',
    description: '节庆装饰可用',
    rule: { kind: 'amount', amountFen: 5000, minSpendFen: 30_000, categories: ['节庆'], validity: relative(20) },
    issue: { stock: 1000, perMember: 2, budgetFen: 5_000_000 },
  },
]
