import type { Output } from '@shared/contract'
import { DAY_MS } from '@shared/time'

/** People and things of one small story, shaped by the contract. */
export const now = Date.now()
export type Home = Output<'GET /me/home'>
export type Held = Home['usableCoupons'][number]

export const face = (more: Partial<Held['face']> = {}): Held['face'] => ({
  name: '家居香氛满减券',
  description: '香薰、蜡烛可用',
  kind: 'amount',
  value: '30',
  condition: '满 200 可用',
  rules: [{ title: '使用门槛', detail: '适用商品满 200 元' }],
  tierOnly: false,
  ...more,
})
export const held = (id: string, more: Partial<Held> = {}): Held => ({
  id,
  templateId: `t${id}`,
  face: face(),
  status: 'usable',
  validFrom: now - DAY_MS,
  validTo: now + 14 * DAY_MS,
  timeLeft: '还有 14 天',
  blocked: null,
  used: null,
  source: 'claim',
  giftable: false,
  ...more,
})
export const member: Home['member'] = {
  id: 'm1',
  cardNo: '88620174',
  name: '林知夏',
  avatar: null,
  gender: 'female',
  phoneMasked: '138****6621',
  birthday: { calendar: 'lunar', month: 10, day: 14 },
  birthdayChangeableOn: null,
  joinedOn: '2023-11-22',
  personalised: true,
  staff: null,
}
export const profile: Output<'GET /me/profile'> = {
  active: true,
  done: 3,
  total: 5,
  pointsLeft: 25,
  fields: [
    { field: 'avatar', title: '头像', points: 10, filled: false, paid: false },
    { field: 'name', title: '称呼', points: 0, filled: true, paid: false },
    { field: 'birthday', title: '生日', points: 0, filled: true, paid: true },
    { field: 'phone', title: '手机号', points: 0, filled: true, paid: false },
    { field: 'interests', title: '兴趣', points: 15, filled: false, paid: false },
  ],
  interests: ['咖啡', '茶', '香氛'],
  chosen: [],
  maxChosen: 8,
}
export const tier: Home['tier'] = {
  level: 2,
  name: '金叶会员',
  growth: 3680,
  nextThreshold: 5000,
  nextName: '黑金会员',
  gap: 1320,
  gapFen: 132_000,
  validUntil: '2099-03-31',
  keepGap: 0,
}
export const home = (more: Partial<Home> = {}): Home => ({
  now,
  shop: '拾光生活馆',
  member,
  tier,
  points: { balance: 2846, debt: 0, expiring: [] },
  usableCoupons: [held('c1')],
  usableCouponCount: 5,
  expiringTodayCount: 0,
  claimableCount: 3,
  gifts: [],
  goods: [{ id: 'p1', name: '小鸟帆布购物袋', category: '收纳', priceFen: 2900, reason: '你买过 3 次' }],
  unreadMessages: 2,
  notice: null,
  recommendation: { traceId: 't0000000000000001', basis: 'personal', note: '按你买过的挑选' },
  checkin: {
    active: true,
    today: '2026-11-22',
    checkedToday: false,
    streak: 3,
    total: 9,
    todayPoints: 5,
    tomorrowPoints: 6,
    cards: 0,
  },
  profile: { active: true, done: 3, total: 5, pointsLeft: 25 },
  banners: [],
  rewards: [],
  ...more,
})
export const counter = (
  amountFen: number,
  more: Partial<Output<'GET /staff/scans/:scanId'>> = {},
): Output<'GET /staff/scans/:scanId'> => ({
  scanId: 's1',
  expiresAt: now + 180_000,
  rights: 'full',
  store: { id: 'st1', name: '静安寺店' },
  member: {
    memberId: 'm1',
    nameMasked: '林**',
    phoneMasked: '138****6621',
    tierName: '金叶会员',
    tierLevel: 2,
    points: 2846,
    lastVisitOn: null,
    birthdayToday: true,
    purchases: 23,
  },
  coupons: [],
  quote: { amountFen, payFen: amountFen, points: Math.floor(amountFen / 100), pointsNote: '' },
  ...more,
})
