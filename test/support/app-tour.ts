import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Input, Key, Output } from '../../shared/contract'

/** Calls the API as one person. */
export type Ask = <K extends Key>(key: K, input: Input<K>) => Promise<Output<K>>
/** Who is there to look at pages: `staff` also works the counter in a store. */
export interface Guides {
  member: Ask
  staff: Ask
  storeId: string
}
/** One page of the member app, and how to get there. */
export interface Stop {
  name: string
  /** Path as in app.json. */
  page: string
  as: 'member' | 'staff' | null
  /** Parameters of the address, made from what the server holds; null where there is nothing to show yet. */
  query?: (guides: Guides) => Promise<string | null>
}

/** A purchase at the counter begins with a scan; this one opens by a fresh code of the member. */
const scanOfMember = async ({ member, staff, storeId }: Guides): Promise<string> => {
  const { codes } = await member('GET /me/code', { refresh: '1' })
  const { scanId } = await staff('POST /staff/scans', { storeId, code: codes[0].code })
  return scanId
}
const firstOf = (name: string, items: { id: string }[]): string | null => (items[0] ? `${name}=${items[0].id}` : null)

/** A redemption that waits to be collected, made where the member has none. */
const orderOfMember = async ({ member, storeId }: Guides): Promise<string | null> => {
  const { items } = await member('GET /me/reward-orders', { tab: 'open' })
  if (items[0]) return `orderId=${items[0].id}`
  const shelf = await member('GET /me/rewards', { kind: 'goods', affordable: '1' })
  const free = shelf.items.find((one) => one.cashFen === 0 && one.blocked === null)
  if (!free) return null
  const { orderId } = await member('POST /me/reward-orders', { rewardId: free.id, method: 'pickup', storeId })
  return `orderId=${orderId}`
}

/** A coupon that waits for a friend, sent where none does. */
const couponOnItsWay = async ({ member }: Guides): Promise<string | null> => {
  const waiting = (await member('GET /me/coupon-gifts', {})).items.find((one) => one.state === 'waiting')
  if (waiting?.token) return `token=${waiting.token}`
  const coupon = (await member('GET /me/coupons', { tab: 'usable' })).items.find((one) => one.giftable)
  if (!coupon) return null
  return `token=${(await member('POST /me/coupons/:couponId/gifts', { couponId: coupon.id, note: '天冷了，喝点热的' })).token}`
}
/** Points that wait for a friend, likewise. */
const pointsOnTheirWay = async ({ member }: Guides): Promise<string | null> => {
  const list = await member('GET /me/points/transfers', {})
  const waiting = list.items.find((one) => one.state === 'waiting' && one.token)
  if (waiting) return `token=${waiting.token}`
  const { token } = await member('POST /me/points/transfers', { points: list.limits.minPoints, note: '拿去换杯咖啡' })
  return token ? `token=${token}` : null
}

/** Pages that need parameters, another person than a member, or a name of their own. */
const special: Stop[] = [
  { name: 'visitor', page: 'pages/home/index', as: null },
  { name: 'login', page: 'packages/login/index', as: null },
  { name: 'document', page: 'packages/login/document', as: null, query: async () => 'name=privacy' },
  {
    name: 'coupon',
    page: 'packages/coupon/index',
    as: 'member',
    query: async ({ member }) => {
      const held = (await member('GET /me/coupons', { tab: 'usable' })).items
      // The only one may be on its way to a friend.
      const given = (await member('GET /me/coupon-gifts', {})).items
      return firstOf('couponId', held) ?? (given[0] ? `couponId=${given[0].couponId}` : null)
    },
  },
  {
    name: 'purchase',
    page: 'packages/profile/purchase',
    as: 'member',
    query: async ({ member }) => firstOf('purchaseId', (await member('GET /me/purchases', {})).items),
  },
  {
    name: 'mall-reward',
    page: 'packages/mall/reward',
    as: 'member',
    query: async ({ member }) => firstOf('rewardId', (await member('GET /me/rewards', {})).items),
  },
  { name: 'mall-order', page: 'packages/mall/order', as: 'member', query: orderOfMember },
  {
    name: 'invite',
    page: 'packages/referral/invite',
    as: null,
    query: async ({ member }) => `code=${(await member('GET /me/referrals', {})).code}`,
  },
  {
    name: 'community-detail',
    page: 'packages/community/detail',
    as: 'member',
    query: async ({ member }) =>
      firstOf('id', (await member('GET /me/posts', {})).items) ??
      `id=${(await member('POST /me/posts', { text: '新买的杯子很好看，握着很舒服' })).id}`,
  },
  {
    name: 'community-product',
    page: 'packages/community/product',
    as: 'member',
    query: async ({ member }) => {
      const [bought] = (await member('GET /me/reviewable', {})).items
      return firstOf('id', bought ? [{ id: bought.productId }] : (await member('GET /me/home', {})).goods)
    },
  },
  {
    name: 'feedback-case',
    page: 'packages/feedback/case',
    as: 'member',
    query: async ({ member }) =>
      firstOf('id', (await member('GET /me/complaints', {})).items) ??
      `id=${(await member('POST /me/complaints', { category: 'other', text: '门店空调有点冷，能不能调高一点' })).id}`,
  },
  { name: 'gift-coupon', page: 'packages/gift/coupon', as: null, query: couponOnItsWay },
  { name: 'gift-points', page: 'packages/gift/points', as: null, query: pointsOnTheirWay },
  { name: 'staff', page: 'packages/staff/index', as: 'staff' },
  { name: 'staff-login', page: 'packages/staff/index', as: null },
  {
    name: 'staff-member',
    page: 'packages/staff/member',
    as: 'staff',
    query: async (guides) => `scanId=${await scanOfMember(guides)}`,
  },
  {
    name: 'staff-entry',
    page: 'packages/staff/entry',
    as: 'staff',
    query: async ({ storeId }) => `storeId=${storeId}&phone=13800000000`,
  },
  { name: 'staff-pickups', page: 'packages/staff/pickups', as: 'staff' },
  { name: 'staff-shift', page: 'packages/staff/shift', as: 'staff' },
  { name: 'staff-offline', page: 'packages/staff/offline', as: 'staff' },
  { name: 'staff-result', page: 'packages/staff/result', as: 'staff' },
  {
    name: 'staff-refunds',
    page: 'packages/staff/refunds',
    as: 'staff',
    query: async ({ storeId }) => `storeId=${storeId}`,
  },
]

/** 'packages/points/index' -> 'points', 'packages/profile/settings' -> 'profile-settings'. */
const nameOf = (page: string): string =>
  page
    .replace(/^(pages|packages)\//, '')
    .replace(/\/index$/, '')
    .replace('/', '-')

/** Every page of the built app in `dist` (the folder that holds app.json), each as somebody may open it. */
export const tourOf = (dist: string): Stop[] => {
  const app = JSON.parse(readFileSync(join(dist, 'app.json'), 'utf8')) as {
    pages: string[]
    subPackages?: { root: string; pages: string[] }[]
  }
  const pages = [
    ...app.pages,
    ...(app.subPackages ?? []).flatMap((sub) => sub.pages.map((page) => `${sub.root}/${page}`)),
  ]
  const unknown = special.filter((stop) => !pages.includes(stop.page)).map((stop) => stop.page)
  if (unknown.length > 0) throw new Error(`Not pages of app.json: ${unknown.join(', ')}`)
  return pages.flatMap((page) => {
    const own = special.filter((stop) => stop.page === page)
    return own.some((stop) => stop.as !== null) || /^packages\/(login|gift|referral\/invite)/.test(page)
      ? own
      : [...own, { name: nameOf(page), page, as: 'member' as const }]
  })
}

/** The tokens of a signed-in person, as the app keeps them. */
export interface Session {
  accessToken: string
  accessExpiresAt: number
  refreshToken: string
  refreshExpiresAt: number
}

/** Talks to a server over HTTP as whoever the token belongs to; a refusal is thrown. */
export const askerAt =
  (url: string, token: string | null): Ask =>
  async (key, input) => {
    const [method, template] = key.split(' ')
    const rest: Record<string, unknown> = { ...input }
    const path = template.replace(/:(\w+)/g, (_, name: string) => {
      const value = String(rest[name])
      delete rest[name]
      return encodeURIComponent(value)
    })
    const query = method === 'GET' ? `?${new URLSearchParams(rest as Record<string, string>)}` : ''
    const response = await fetch(`${url}/api${path}${query}`, {
      method,
      headers: {
        'content-type': 'application/json',
        'idempotency-key': `tour-${Math.random().toString(36).slice(2)}-${Date.now()}`,
        ...(token ? { authorization: `Bearer ${token}` } : {}),
      },
      ...(method === 'GET' ? {} : { body: JSON.stringify(rest) }),
    })
    const body: unknown = await response.json()
    if (!response.ok) throw new Error(`${key} answered ${response.status} ${JSON.stringify(body)}`)
    return body as never
  }

/** What the demonstration's people hold on one device; the staff person is a member too. */
export interface DemoPeople {
  device: string
  member: Session
  staff: { member: Session; operator: Session }
  guides: Guides
}

/** Signs the people of a demo server in on a device. */
export const meetDemoPeople = async (url: string, platform: 'weapp' | 'h5'): Promise<DemoPeople> => {
  const device = '0b9f4c52-7a31-4c58-9d1e-5f2a6b7c8d90'
  const ask = askerAt(url, null)
  const enter = (as: 'member' | 'staff') => ask('POST /demo/sessions', { as, device: { id: device, platform } })
  const [asMember, asStaff] = [await enter('member'), await enter('staff')]
  if (!asMember.member || !asStaff.member || !asStaff.operator) throw new Error('The demo has no such people')
  const staff = askerAt(url, asStaff.operator.accessToken)
  const { stores } = await staff('GET /staff/me', {})
  const guides = { member: askerAt(url, asMember.member.accessToken), staff, storeId: stores[0].id }
  return { device, member: asMember.member, staff: { member: asStaff.member, operator: asStaff.operator }, guides }
}
