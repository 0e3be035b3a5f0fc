import { learnProducts } from '../../server/purchases/service'
import type { Input } from '../../shared/contract'
import { DAY_MS } from '../../shared/time'
import { askerAt, type DemoPeople, type Session } from '../support/app-tour'
import type { Shop } from './shop'

const device = '4f1c2a86-90de-4a57-b1c3-77d2e0a4b9f5'

/** Joins, or signs in, by SMS on one device, as the member app does. */
const signIn = async (url: string, phone: string, platform: 'weapp' | 'h5'): Promise<Session> => {
  const ask = askerAt(url, null)
  const { standInCode } = await ask('POST /auth/sms/codes', { phone })
  return ask('POST /auth/sms', { phone, code: String(standInCode), device: { id: device, platform } })
}

/**
 * The two people who look at every page of a test's shop: a member who has bought, holds a coupon and waits for a reward, and a cashier
 * who is a member too. The shop's clock is set to the machine's, by which a browser's tokens end.
 */
export const meetPeople = async (shop: Shop, platform: 'weapp' | 'h5'): Promise<DemoPeople> => {
  const { server, storeId } = shop
  // Whoever joined today may not send points yet: this member has been one for two days.
  server.clock.set(Date.now() - 2 * DAY_MS)
  await signIn(server.url, '13900007777', platform)
  server.clock.set(Date.now())
  const member = await signIn(server.url, '13900007777', platform)
  const ofStaff = await signIn(server.url, shop.cashierPhone, platform)
  const operator = await askerAt(server.url, ofStaff.accessToken)('POST /auth/staff', {})
  const guides = {
    member: askerAt(server.url, member.accessToken),
    staff: askerAt(server.url, operator.accessToken),
    storeId,
  }
  const { items } = await guides.member('GET /me/coupons/claimable', {})
  await guides.member('POST /me/coupons', { templateId: items[0].templateId })
  const { codes } = await guides.member('GET /me/code', {})
  const { scanId } = await guides.staff('POST /staff/scans', { storeId, code: codes[0].code })
  const cup = { name: '陶瓷手冲杯', category: '餐厨' }
  await server.deps.db.tx(async (tx) => learnProducts(tx, [{ id: 'cup-1', priceFen: 84_000, ...cup }]))
  const lines = [{ productId: 'cup-1', quantity: 2, unitFen: 84_000, ...cup }]
  await guides.staff('POST /staff/purchases', { scanId, amountFen: 168_000, lines, couponIds: [] })
  // The next code comes with the next step of the clock.
  server.clock.advance(60_000)
  return { device, member, staff: { member: ofStaff, operator }, guides }
}

/** Puts a reward on the shelf that costs few points and is collected in the shop. */
export const stockReward = async (shop: Shop, more: Partial<Input<'POST /admin/rewards'>> = {}): Promise<string> => {
  const { server, owner } = shop
  const made = await server.call(
    'POST /admin/rewards',
    {
      name: '亚麻隔热垫',
      subtitle: '一面亚麻一面软木',
      kind: 'goods',
      pictures: ['art:decor'],
      points: 300,
      stock: 20,
      perMember: 5,
      ...more,
    },
    { as: owner },
  )
  if (made.status !== 200) throw new Error(`The reward answered ${JSON.stringify(made.body)}`)
  const { id: rewardId, version } = made.body
  await server.call('POST /admin/rewards/:rewardId/state', { rewardId, version, to: 'published' }, { as: owner })
  return rewardId
}
