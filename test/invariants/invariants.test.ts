import { readEnv } from '../../config/env'
import { migrate, openDb } from '../../server/db/data-source'
import type { Db } from '../../server/db/transaction'
import { execute, executeOne } from '../../server/http/command'
import { checkInvariants, checks } from '../../server/invariants/service'
import { awardPoints, expireLots, reversePoints, spendPoints } from '../../server/points/service'
import { refundPurchases, type Settlement, settlePurchases } from '../../server/purchases/service'
import { expireGrowth, growthDue } from '../../server/tiers/service'
import { addDays, DAY_MS, startOfDay } from '../../shared/time'
import { describeEachDatabase } from '../support/databases'
import { openTestDatabase, testNow } from '../support/server'
import { rewardPlants } from './reward-plants'

const now = testNow
const source = { type: 'operator', id: null, note: '测试' }

const memberRow = (id: string, at: number) => ({
  id,
  groupId: 'group',
  cardNo: id.padStart(8, '8'),
  name: id,
  avatar: null,
  gender: 'unknown',
  phoneHash: null,
  phoneSealed: null,
  birthdaySealed: null,
  birthdayKey: null,
  birthdayChangedOn: null,
  joinedAt: at,
  joinedOn: '2025-01-01',
  joinedMonthDay: '01-01',
  joinedStoreId: null,
  joinedBy: 'import',
  status: 'active',
  tierLevel: 0,
  personalised: 1,
})

/** A small shop with every kind of movement in it: purchases, refunds into debt, spends, reversals, expiry, tiers, coupons, a gift. */
const buildShop = async (db: Db): Promise<{ purchaseId: string }> => {
  await db.tx(async (tx) => {
    tx.insert(
      'member',
      ['m1', 'm2', 'm3'].map((id) => memberRow(id, now - 400 * DAY_MS)),
    )
    tx.insert('store', [
      { id: 's1', brandId: 'b', code: 'S1', name: '店', address: '', hours: '', phone: '', active: 1, createdAt: now },
    ])
    tx.insert(
      'tier',
      [0, 100, 500].map((threshold, level) => ({
        trackId: 'group',
        level,
        name: `L${level}`,
        threshold,
        multiplierBp: 10_000 + level * 1000,
        benefits: '[]',
      })),
    )
  })
  const sale = (memberId: string, no: string, at: number, fen: number[]): Settlement => ({
    source: 'pos',
    externalNo: no,
    memberId,
    storeId: 's1',
    operatorId: null,
    at,
    amountFen: fen.reduce((a, b) => a + b, 0),
    lines: fen.map((amountFen, i) => ({
      productId: `p${i}`,
      name: `货 ${i}`,
      category: '其他',
      quantity: 2,
      unitFen: Math.round(amountFen / 2),
      amountFen,
    })),
    couponIds: [],
    birthdayKeys: [],
  })
  const settled = await db.tx((tx) =>
    execute(
      tx,
      settlePurchases,
      [
        sale('m1', '1', startOfDay(addDays('2026-11-22', -390)), [12_345, 400]),
        sale('m1', '2', now - 3 * DAY_MS, [30_000, 20_001]),
        sale('m1', '3', now - 2 * DAY_MS, [9_999]),
        sale('m2', '4', now - 3 * DAY_MS, [25_000, 5_000]),
      ],
      now,
    ),
  )
  const ids = settled.map((s) => {
    if (s instanceof Error) throw s
    return s.purchase.id
  })
  const say = (externalNo: string, purchaseId: string, over: object) => ({
    source: 'pos',
    externalNo,
    purchaseId,
    reason: '退货',
    at: now,
    operatorId: null,
    storeIds: null,
    ...over,
  })
  await db.tx(async (tx) => {
    await executeOne(tx, spendPoints, { memberId: 'm2', points: 200, source }, now)
    // m2 has spent most of it, so this refund leaves a debt, and the next award pays a part of it.
    await executeOne(tx, refundPurchases, say('r1', ids[3], {}), now)
    await executeOne(tx, awardPoints, { memberId: 'm2', points: 50, source, kind: 'gift' }, now)
    await executeOne(tx, refundPurchases, say('r2', ids[1], { lines: [{ lineNo: 1, quantity: 1 }] }), now)
    const spent = await executeOne(tx, spendPoints, { memberId: 'm1', points: 150, source }, now)
    await executeOne(tx, reversePoints, { memberId: 'm1', seq: Number(spent.entryId), source }, now)
    await executeOne(tx, awardPoints, { memberId: 'm3', points: 10, source }, now)
  })
  await db.tx((tx) => expireLots(tx, ['m1', 'm2', 'm3'], now + 30 * DAY_MS))
  await db.tx(async (tx) => expireGrowth(tx, await growthDue(tx, '2026-11-22', '', 100), now))
  await db.tx(async (tx) => {
    const template = {
      id: 't1',
      groupId: 'group',
      name: '兑换券',
      description: '',
      rule: '{"kind":"exchange","item":"茶"}',
      state: 'published',
      purpose: null,
      version: 1,
      stock: 3,
      issued: 2,
      perMember: 1,
      perDay: null,
      issuedDay: null,
      issuedToday: 0,
      budgetFen: null,
      claimable: 1,
      claimFrom: null,
      claimUntil: null,
      createdAt: now,
      createdBy: null,
      publishedAt: now,
      endedAt: null,
    }
    const coupon = {
      id: 'c1',
      templateId: 't1',
      memberId: 'm1',
      ordinal: 1,
      status: 'held',
      validFrom: now,
      validTo: now + DAY_MS,
      source: 'claim',
      sourceId: null,
      claimedAt: now,
      claimedOn: '2026-11-22',
      redeemedAt: null,
      redeemedOn: null,
      purchaseId: null,
      storeId: null,
      operatorId: null,
      savedFen: 0,
    }
    tx.insert('coupon_template', [template])
    tx.insert('coupon', [
      coupon,
      { ...coupon, id: 'c2', memberId: 'm2', status: 'used', redeemedAt: now, redeemedOn: '2026-11-22', storeId: 's1' },
    ])
    tx.insert('care_gift', [
      {
        id: 'g1',
        memberId: 'm1',
        kind: 'birthday',
        giftYear: 2026,
        onDay: '2026-11-22',
        until: '2026-11-29',
        points: 100,
        couponIds: null,
        years: 0,
        contents: '[]',
        createdAt: now,
        openedAt: null,
      },
    ])
    tx.insert('idempotency', [
      { id: 'x:1', endpoint: 'POST /points/awards', requestHash: 'h', status: 200, response: '{}', createdAt: now },
    ])
  })
  return { purchaseId: ids[1] }
}

/** A break to plant, and how to undo it. `?P` stands for a purchase of m1 with a refund. */
interface Plant {
  finds: string
  plant: string
  mend: string
}
const plants: Plant[] = [
  [
    'points.balance-is-entries',
    "UPDATE points_account SET balance = balance + 1 WHERE memberId = 'm1'",
    "UPDATE points_account SET balance = balance - 1 WHERE memberId = 'm1'",
  ],
  [
    'points.balance-is-entries',
    "UPDATE points_account SET seq = seq + 1 WHERE memberId = 'm3'",
    "UPDATE points_account SET seq = seq - 1 WHERE memberId = 'm3'",
  ],
  [
    'points.balance-is-lots',
    "UPDATE points_lot SET remaining = remaining - 1, amount = amount - 1 WHERE memberId = 'm3'",
    "UPDATE points_lot SET remaining = remaining + 1, amount = amount + 1 WHERE memberId = 'm3'",
  ],
  [
    'points.balance-is-lots',
    "UPDATE points_account SET debt = debt + 5 WHERE memberId = 'm2'",
    "UPDATE points_account SET debt = debt - 5 WHERE memberId = 'm2'",
  ],
  [
    'points.entries-have-account',
    "UPDATE points_account SET memberId = 'gone' WHERE memberId = 'm3'",
    "UPDATE points_account SET memberId = 'm3' WHERE memberId = 'gone'",
  ],
  [
    'points.chain',
    "UPDATE points_entry SET balanceAfter = balanceAfter + 1 WHERE memberId = 'm1' AND seq = 2",
    "UPDATE points_entry SET balanceAfter = balanceAfter - 1 WHERE memberId = 'm1' AND seq = 2",
  ],
  [
    'points.chain',
    "UPDATE points_entry SET seq = 99 WHERE memberId = 'm1' AND seq = 2",
    "UPDATE points_entry SET seq = 2 WHERE memberId = 'm1' AND seq = 99",
  ],
  [
    'points.lot-is-moves',
    "UPDATE points_lot SET remaining = remaining + 1 WHERE memberId = 'm1' AND seq = 2",
    "UPDATE points_lot SET remaining = remaining - 1 WHERE memberId = 'm1' AND seq = 2",
  ],
  [
    'points.lot-is-moves',
    "UPDATE points_lot_move SET delta = delta - 1 WHERE memberId = 'm1' AND seq = 4",
    "UPDATE points_lot_move SET delta = delta + 1 WHERE memberId = 'm1' AND seq = 4",
  ],
  [
    'points.entry-is-lots',
    "UPDATE points_entry SET amount = amount + 1 WHERE memberId = 'm3'",
    "UPDATE points_entry SET amount = amount - 1 WHERE memberId = 'm3'",
  ],
  [
    'points.entry-is-lots',
    "UPDATE points_entry SET kind = 'spend' WHERE memberId = 'm3'",
    "UPDATE points_entry SET kind = 'earn' WHERE memberId = 'm3'",
  ],
  [
    'points.moves-have-entry',
    "UPDATE points_lot_move SET lotSeq = 77 WHERE memberId = 'm1' AND seq = 4",
    "UPDATE points_lot_move SET lotSeq = 2 WHERE memberId = 'm1' AND seq = 4 AND lotSeq = 77",
  ],
  [
    'points.moves-have-entry',
    "UPDATE points_lot SET seq = 77 WHERE memberId = 'm3'",
    "UPDATE points_lot SET seq = 1 WHERE memberId = 'm3'",
  ],
  ['points.reversals', 'UPDATE points_reversal SET bySeq = bySeq - 1', 'UPDATE points_reversal SET bySeq = bySeq + 1'],
  [
    'points.reversals',
    "UPDATE points_entry SET kind = 'reverse' WHERE memberId = 'm3'",
    "UPDATE points_entry SET kind = 'earn' WHERE memberId = 'm3'",
  ],
  [
    'coupons.issued-is-granted',
    "UPDATE coupon_template SET issued = 3 WHERE id = 't1'",
    "UPDATE coupon_template SET issued = 2 WHERE id = 't1'",
  ],
  [
    'coupons.issued-is-granted',
    "UPDATE coupon_template SET stock = 1 WHERE id = 't1'",
    "UPDATE coupon_template SET stock = 3 WHERE id = 't1'",
  ],
  [
    'coupons.ordinals',
    "UPDATE coupon SET ordinal = 2 WHERE id = 'c1'",
    "UPDATE coupon SET ordinal = 1 WHERE id = 'c1'",
  ],
  [
    'coupons.ordinals',
    "UPDATE coupon_template SET perMember = 0 WHERE id = 't1'",
    "UPDATE coupon_template SET perMember = 1 WHERE id = 't1'",
  ],
  [
    'coupons.used-has-place',
    "UPDATE coupon SET storeId = NULL WHERE id = 'c2'",
    "UPDATE coupon SET storeId = 's1' WHERE id = 'c2'",
  ],
  [
    'coupons.used-has-place',
    "UPDATE coupon SET purchaseId = '?P' WHERE id = 'c2'",
    "UPDATE coupon SET purchaseId = NULL WHERE id = 'c2'",
  ],
  [
    'coupons.used-has-place',
    'UPDATE coupon_template SET rule = \'{"kind":"amount"}\' WHERE id = \'t1\'',
    'UPDATE coupon_template SET rule = \'{"kind":"exchange","item":"茶"}\' WHERE id = \'t1\'',
  ],
  [
    'coupons.used-has-place',
    "UPDATE coupon SET savedFen = 1 WHERE id = 'c1'",
    "UPDATE coupon SET savedFen = 0 WHERE id = 'c1'",
  ],
  [
    'coupons.saving-is-discount',
    "UPDATE purchase SET discountFen = 7 WHERE id = '?P'",
    "UPDATE purchase SET discountFen = 0 WHERE id = '?P'",
  ],
  [
    'purchases.sums',
    "UPDATE purchase SET paidFen = paidFen + 1 WHERE id = '?P'",
    "UPDATE purchase SET paidFen = paidFen - 1 WHERE id = '?P'",
  ],
  [
    'purchases.sums',
    "UPDATE purchase_line SET amountFen = amountFen + 1 WHERE purchaseId = '?P' AND lineNo = 1",
    "UPDATE purchase_line SET amountFen = amountFen - 1 WHERE purchaseId = '?P' AND lineNo = 1",
  ],
  [
    'purchases.refunds',
    "UPDATE purchase SET refundedFen = refundedFen + 1 WHERE id = '?P'",
    "UPDATE purchase SET refundedFen = refundedFen - 1 WHERE id = '?P'",
  ],
  [
    'purchases.refunds',
    "UPDATE refund SET pointsTakenBack = pointsTakenBack + 1 WHERE purchaseId = '?P'",
    "UPDATE refund SET pointsTakenBack = pointsTakenBack - 1 WHERE purchaseId = '?P'",
  ],
  [
    'purchases.refunds',
    "UPDATE purchase SET status = 'settled' WHERE id = '?P'",
    "UPDATE purchase SET status = 'part_refunded' WHERE id = '?P'",
  ],
  [
    'purchases.refunded-lines',
    "UPDATE purchase_line SET refundedQuantity = 2 WHERE purchaseId = '?P' AND lineNo = 1",
    "UPDATE purchase_line SET refundedQuantity = 1 WHERE purchaseId = '?P' AND lineNo = 1",
  ],
  [
    'purchases.points-in-ledger',
    "UPDATE purchase SET pointsEarned = pointsEarned + 1 WHERE id = '?P'",
    "UPDATE purchase SET pointsEarned = pointsEarned - 1 WHERE id = '?P'",
  ],
  [
    'purchases.points-in-ledger',
    "UPDATE purchase SET pointsSeq = pointsSeq + 1 WHERE id = '?P'",
    "UPDATE purchase SET pointsSeq = pointsSeq - 1 WHERE id = '?P'",
  ],
  [
    'purchases.refund-points-in-ledger',
    "UPDATE refund SET pointsOwed = pointsOwed + 1 WHERE purchaseId = '?P'",
    "UPDATE refund SET pointsOwed = pointsOwed - 1 WHERE purchaseId = '?P'",
  ],
  [
    'purchases.entries-have-purchase',
    "UPDATE points_entry SET sourceType = 'purchase', sourceId = 'none' WHERE memberId = 'm3'",
    "UPDATE points_entry SET sourceType = 'operator', sourceId = NULL WHERE memberId = 'm3'",
  ],
  [
    'purchases.growth-in-ledger',
    "UPDATE purchase SET growthEarned = growthEarned + 1 WHERE id = '?P'",
    "UPDATE purchase SET growthEarned = growthEarned - 1 WHERE id = '?P'",
  ],
  [
    'purchases.stats',
    "UPDATE member_stats SET spendFen = spendFen + 1 WHERE memberId = 'm1'",
    "UPDATE member_stats SET spendFen = spendFen - 1 WHERE memberId = 'm1'",
  ],
  [
    'purchases.stats',
    "UPDATE member_stats SET lastPurchaseAt = lastPurchaseAt - 1 WHERE memberId = 'm2'",
    "UPDATE member_stats SET lastPurchaseAt = lastPurchaseAt + 1 WHERE memberId = 'm2'",
  ],
  [
    'purchases.stats',
    "UPDATE member_stats SET memberId = 'm9' WHERE memberId = 'm1'",
    "UPDATE member_stats SET memberId = 'm1' WHERE memberId = 'm9'",
  ],
  [
    'growth.balance-is-entries',
    "UPDATE growth_account SET growth = growth + 1 WHERE memberId = 'm1'",
    "UPDATE growth_account SET growth = growth - 1 WHERE memberId = 'm1'",
  ],
  [
    'growth.balance-is-entries',
    "UPDATE growth_account SET memberId = 'm9' WHERE memberId = 'm1'",
    "UPDATE growth_account SET memberId = 'm1' WHERE memberId = 'm9'",
  ],
  [
    'growth.chain',
    "UPDATE growth_entry SET growthAfter = growthAfter + 1 WHERE memberId = 'm1' AND seq = 2",
    "UPDATE growth_entry SET growthAfter = growthAfter - 1 WHERE memberId = 'm1' AND seq = 2",
  ],
  [
    'tiers.level-on-member',
    "UPDATE member SET tierLevel = 2 WHERE id = 'm3'",
    "UPDATE member SET tierLevel = 0 WHERE id = 'm3'",
  ],
  [
    'idempotency.answered',
    "UPDATE idempotency SET status = 0, response = ''",
    "UPDATE idempotency SET status = 200, response = '{}'",
  ],
].map(([finds, plant, mend]) => ({ finds, plant, mend }))

describeEachDatabase('the invariants', (database) => {
  let db: Db
  let drop: () => Promise<void>
  let purchaseId: string
  const run = (text: string): Promise<number> => db.tx((tx) => tx.run(text.replaceAll('?P', purchaseId)))
  const broken = async (): Promise<string[]> => (await checkInvariants(db)).filter((f) => f.broken).map((f) => f.name)

  beforeAll(async () => {
    const opened = await openTestDatabase(database)
    drop = opened.drop
    db = await openDb(readEnv({ NODE_ENV: 'test', DATABASE_URL: opened.url }))
    await migrate(db)
    purchaseId = (await buildShop(db)).purchaseId
  })
  afterAll(async () => {
    await db.close()
    await drop()
  })

  test('hold in a shop where everything has happened', async () => {
    expect((await checkInvariants(db)).filter((f) => f.broken)).toEqual([])
    const [debt] = await db.read<{ n: number }>('SELECT COUNT(*) AS n FROM points_account WHERE debt > 0')
    const [expired] = await db.read<{ n: number }>("SELECT COUNT(*) AS n FROM points_entry WHERE kind = 'expire'")
    const [left] = await db.read<{ n: number }>("SELECT COUNT(*) AS n FROM growth_entry WHERE kind = 'expire'")
    expect([Number(debt.n), Number(expired.n), Number(left.n)]).toEqual([1, 1, 1])
  })

  test.each(plants)('$finds finds: $plant', async ({ finds, plant, mend }) => {
    expect(await run(plant)).toBeGreaterThan(0)
    const findings = await checkInvariants(db)
    await run(mend)
    expect(findings.filter((f) => f.broken).map((f) => f.name)).toContain(finds)
    const { sample } = findings.find((f) => f.name === finds) as { sample: object[] }
    expect(sample.length).toBeGreaterThan(0)
  })

  test('care.one-gift finds a second gift once its unique key is gone', async () => {
    await run(database === 'sqlite' ? 'DROP INDEX care_gift_once' : 'ALTER TABLE care_gift DROP INDEX care_gift_once')
    await run(
      "INSERT INTO care_gift SELECT 'g2', memberId, kind, giftYear, onDay, until, points, couponIds, years, contents, createdAt, openedAt FROM care_gift WHERE id = 'g1'",
    )
    expect(await broken()).toEqual(['care.one-gift'])
    await run("DELETE FROM care_gift WHERE id = 'g2'")
  })

  test('after every break was mended all hold again, and every check has been broken once', async () => {
    expect(await broken()).toEqual([])
    const planted = new Set([...[...plants, ...rewardPlants].map((p) => p.finds), 'care.one-gift'])
    expect(checks.map((c) => c.name).filter((name) => !planted.has(name))).toEqual([])
  })

  test('slices find a break beyond the first one, and count what they do not show', async () => {
    const strangers = Array.from({ length: 5100 }, (_, i) => memberRow(`n${String(i).padStart(5, '0')}`, now))
    await db.tx(async (tx) => tx.insert('member', strangers))
    await run("UPDATE member SET tierLevel = 1 WHERE id >= 'n05075' OR id < 'n00003' AND id > 'n'")
    const [finding] = (await checkInvariants(db)).filter((f) => f.broken)
    expect(finding).toMatchObject({ name: 'tiers.level-on-member', broken: 28 })
    expect(finding.sample).toHaveLength(20)
  })
})
