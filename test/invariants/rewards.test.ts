import { checkInToday } from '../../server/checkins/service'
import { giveCoupon } from '../../server/coupons/gifts'
import { createTemplate, moveTemplate } from '../../server/coupons/service'
import { executeOne } from '../../server/http/command'
import { checkInvariants } from '../../server/invariants/service'
import { awardPoints } from '../../server/points/service'
import { givePoints } from '../../server/points/transfer'
import { cancelOrder, createReward, moveReward, redeemRewards } from '../../server/rewards/service'
import { contract } from '../../shared/contract'
import { DAY_MS } from '../../shared/time'
import { describeEachDatabase } from '../support/databases'
import { insertMembers, insertShop } from '../support/ledger'
import { startServer, type TestServer, testNow } from '../support/server'
import { rewardPlants } from './reward-plants'

const now = testNow

describeEachDatabase('the invariants of mall, check-in, gifts and referrals', (database) => {
  let server: TestServer
  const ids = new Map<string, string>()
  const run = (text: string): Promise<number> =>
    server.deps.db.tx((tx) => tx.run(text.replace(/\?(\w)/g, (_, name: string) => ids.get(name) as string)))

  beforeAll(async () => {
    server = await startServer({ database })
    const { db, env } = server.deps
    await insertShop(db, now)
    await insertMembers(db, ['m1', 'm2'], now - 30 * DAY_MS)
    await db.tx(async (tx) => {
      for (const memberId of ['m1', 'm2'])
        await executeOne(tx, awardPoints, { memberId, points: 1000, source: { type: 'pos', id: null, note: '' } }, now)
      const draft = contract['POST /admin/coupon-templates'].input.parse({
        name: '券',
        description: '',
        rule: { kind: 'amount', amountFen: 100, minSpendFen: 200, validity: { kind: 'relative', days: 7 } },
        issue: { stock: 5, perMember: 1 },
      })
      const template = await createTemplate(tx, draft, null, now)
      await moveTemplate(tx, { templateId: template.id, version: 1, to: 'published' }, now)
      const publish = async (more: object): Promise<string> => {
        const input = contract['POST /admin/rewards'].input.parse({
          name: '礼',
          kind: 'goods',
          pictures: ['art:gift'],
          points: 50,
          stock: 5,
          ...more,
        })
        const made = await createReward(tx, input, null, now)
        await moveReward(tx, { rewardId: made.id, version: 1, to: 'published' }, now)
        return made.id
      }
      const goods = await publish({})
      const coupon = await publish({ kind: 'coupon', couponTemplateId: template.id })
      const redeem = (memberId: string, rewardId: string) =>
        executeOne(
          tx,
          redeemRewards,
          { memberId, rewardId, storeId: 'store1', addressSealed: null, canPay: false },
          now,
        )
      await redeem('m1', goods)
      const off = await redeem('m2', goods)
      await cancelOrder(tx, 'm2', off.order.id, now)
      const bought = await redeem('m1', coupon)
      const couponId = bought.order.couponId as string
      await giveCoupon(tx, { env }, { memberId: 'm1', couponId, note: '' }, now)
      await checkInToday(tx, 'm1', now)
      await executeOne(tx, givePoints, { fromMemberId: 'm1', toMemberId: null, points: 20, note: '' }, now)
      const source = { type: 'referral', id: 'm2', note: '' }
      await executeOne(tx, awardPoints, { memberId: 'm1', points: 10, source }, now)
      tx.insert('referral', [
        {
          friendId: 'm2',
          inviterId: 'm1',
          boundAt: now,
          state: 'paid',
          flags: '[]',
          inviterPoints: 10,
          friendPoints: 0,
          purchaseId: null,
          paysAt: null,
          paidAt: now,
          paidMonth: '2026-11',
        },
      ])
      ids.set('R', goods).set('C', bought.order.id).set('K', couponId)
    })
  })
  afterAll(() => server?.stop())

  test('hold where all of it has happened', async () => {
    expect((await checkInvariants(server.deps.db)).filter((f) => f.broken)).toEqual([])
  })

  test.each(rewardPlants)('$finds finds: $plant', async ({ finds, plant, mend }) => {
    expect(await run(plant)).toBeGreaterThan(0)
    const findings = await checkInvariants(server.deps.db)
    await run(mend)
    expect(findings.filter((f) => f.broken).map((f) => f.name)).toContain(finds)
    expect((await checkInvariants(server.deps.db)).filter((f) => f.broken)).toEqual([])
  })
})
