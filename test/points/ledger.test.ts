import { readEnv } from '../../config/env'
import { migrate, openDb } from '../../server/db/data-source'
import type { Db } from '../../server/db/transaction'
import { AppError } from '../../server/errors'
import { execute } from '../../server/http/command'
import { checkInvariants } from '../../server/invariants/service'
import { awardPoints, expireLots, reversePoints, spendPoints } from '../../server/points/service'
import { refundPurchases, type Settlement, settlePurchases } from '../../server/purchases/service'
import { expireGrowth, reviewTiers } from '../../server/tiers/service'
import { DAY_MS } from '../../shared/time'
import { describeEachDatabase } from '../support/databases'
import { insertMembers, insertShop, seeded } from '../support/ledger'
import { openTestDatabase, testNow } from '../support/server'

const steps = 10_000
const members = Array.from({ length: 40 }, (_, i) => `member${String(i).padStart(3, '0')}`)
const source = { type: 'pos', id: null, note: '测试' }

describeEachDatabase('Ten thousand random steps', (database) => {
  let db: Db
  let drop: () => Promise<void>
  beforeAll(async () => {
    const opened = await openTestDatabase(database)
    drop = opened.drop
    db = await openDb(readEnv({ DATABASE_URL: opened.url }))
    await migrate(db)
    await insertShop(db, testNow)
    await insertMembers(db, members, testNow)
  })
  afterAll(async () => {
    await db.close()
    await drop()
  })

  test('earn, spend, reverse, expire, buy and refund close to zero', async () => {
    const random = seeded(20_261_122)
    const pick = <T>(list: readonly T[]): T => list[Math.floor(random() * list.length)]
    const whole = (max: number): number => 1 + Math.floor(random() * max)
    // The balance of each member by plain arithmetic over what the commands answered.
    const expected = new Map(members.map((m) => [m, 0]))
    const add = (memberId: string, amount: number): void =>
      void expected.set(memberId, (expected.get(memberId) ?? 0) + amount)
    const spends: { memberId: string; seq: number }[] = []
    const purchases: { id: string; memberId: string }[] = []
    let now = testNow - 2000 * DAY_MS
    let done = 0
    let serial = 0
    let refused = 0
    const note = <T>(result: T | AppError, memberId: string, amountOf: (moved: T) => number): void => {
      if (result instanceof AppError) refused++
      else add(memberId, amountOf(result))
    }
    while (done < steps) {
      const size = Math.min(whole(40), steps - done)
      const kind = random()
      if (kind < 0.3) {
        const requests = Array.from({ length: size }, () => ({ memberId: pick(members), points: whole(500), source }))
        const results = await db.tx((tx) => execute(tx, awardPoints, requests, now))
        for (const [i, r] of results.entries()) note(r, requests[i].memberId, (moved) => moved.amount)
      } else if (kind < 0.55) {
        const requests = Array.from({ length: size }, () => ({ memberId: pick(members), points: whole(700), source }))
        const results = await db.tx((tx) => execute(tx, spendPoints, requests, now))
        for (const [i, r] of results.entries()) {
          note(r, requests[i].memberId, (moved) => moved.amount)
          if (!(r instanceof AppError)) spends.push({ memberId: requests[i].memberId, seq: Number(r.entryId) })
        }
      } else if (kind < 0.65 && spends.length) {
        const requests = Array.from({ length: Math.min(size, 10) }, () => ({ ...pick(spends), source }))
        const results = await db.tx((tx) => execute(tx, reversePoints, requests, now))
        for (const [i, r] of results.entries()) note(r, requests[i].memberId, (moved) => moved.amount)
      } else if (kind < 0.85) {
        const requests = Array.from({ length: size }, (): Settlement => {
          const quantity = whole(4)
          const unitFen = whole(30_000)
          return {
            source: 'test',
            externalNo: `n${++serial}`,
            memberId: pick(members),
            storeId: 'store1',
            operatorId: null,
            at: now,
            amountFen: quantity * unitFen,
            lines: [
              { productId: 'p1', name: '蜡烛', category: '家居香氛', quantity, unitFen, amountFen: quantity * unitFen },
            ],
            couponIds: [],
            birthdayKeys: [],
          }
        })
        // Every tenth number is sent twice: the repeat must change nothing.
        if (serial % 10 === 0) requests.push(requests[0])
        const results = await db.tx((tx) => execute(tx, settlePurchases, requests, now))
        for (const r of results) {
          if (r instanceof AppError) throw r
          if (r.repeated) continue
          add(r.purchase.memberId, r.purchase.pointsEarned)
          purchases.push({ id: r.purchase.id, memberId: r.purchase.memberId })
        }
      } else if (kind < 0.93 && purchases.length) {
        const requests = Array.from({ length: Math.min(size, 15) }, () => ({
          source: 'test',
          externalNo: `r${++serial}`,
          purchaseId: pick(purchases).id,
          reason: '测试退款',
          at: now,
          operatorId: null,
          storeIds: null,
          ...(random() < 0.5
            ? {}
            : random() < 0.5
              ? { amountFen: whole(20_000) }
              : { lines: [{ lineNo: 1, quantity: 1 }] }),
        }))
        const results = await db.tx((tx) => execute(tx, refundPurchases, requests, now))
        for (const r of results) {
          if (r instanceof AppError) refused++
          else add(r.refund.memberId, -r.refund.pointsTakenBack)
        }
      } else {
        now += whole(50) * DAY_MS
        const lost = await db.tx((tx) => expireLots(tx, members, now))
        for (const [memberId, amount] of lost) add(memberId, -amount)
        await db.tx((tx) => expireGrowth(tx, members, now))
        await db.tx((tx) => reviewTiers(tx, members, now))
      }
      done += size
    }
    const rows = await db.read<{ memberId: string; balance: number }>('SELECT memberId, balance FROM points_account')
    for (const row of rows) expect([row.memberId, row.balance]).toEqual([row.memberId, expected.get(row.memberId)])
    const findings = await checkInvariants(db)
    expect(findings.filter((f) => f.broken)).toEqual([])
    // The walk must have gone everywhere, or closing to zero would prove little.
    const kinds = await db.read<{ kind: string; n: number }>(
      'SELECT kind, COUNT(*) AS n FROM points_entry GROUP BY kind',
    )
    for (const kind of ['earn', 'spend', 'reverse', 'clawback', 'expire'])
      expect(kinds.find((k) => k.kind === kind)?.n ?? 0).toBeGreaterThan(20)
    const [{ debts }] = await db.read<{ debts: number }>(
      'SELECT COUNT(*) AS debts FROM points_entry WHERE balanceAfter < 0',
    )
    expect(debts).toBeGreaterThan(0)
    expect(refused).toBeGreaterThan(100)
    const moves = await db.read<{ direction: string; n: number }>(
      'SELECT direction, COUNT(*) AS n FROM tier_change GROUP BY direction',
    )
    for (const direction of ['up', 'down', 'keep'])
      expect(moves.find((m) => m.direction === direction)?.n ?? 0).toBeGreaterThan(0)
  }, 180_000)
})
