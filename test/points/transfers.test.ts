import { randomUUID } from 'node:crypto'
import { checkInvariants } from '../../server/invariants/service'
import { createRunner } from '../../server/jobs/runner'
import { phoneHashOf } from '../../server/operators/service'
import { schedule } from '../../server/schedule'
import { DAY_MS, HOUR_MS } from '../../shared/time'
import { describeEachDatabase } from '../support/databases'
import { insertMembers, insertShop } from '../support/ledger'
import { startServer, type TestServer, testNow } from '../support/server'
import { memberToken, operatorToken } from '../support/tokens'

const members = Array.from({ length: 12 }, (_, i) => `m${String(i).padStart(2, '0')}`)
const phoneOf = (m: string): string => `138001380${m.slice(1)}`

describeEachDatabase('Points given to a friend, over HTTP', (database) => {
  let server: TestServer
  let pos: string
  const tokens = new Map<string, string>()
  const as = (m: string) => ({ as: tokens.get(m) })
  const award = (memberId: string, points: number) =>
    server.call('POST /points/awards', { memberId, points, reason: '测试' }, { as: pos })
  const give = (from: string, points: number, to?: string, idempotencyKey: string = randomUUID()) =>
    server.call(
      'POST /me/points/transfers',
      { points, phone: to && phoneOf(to), note: '' },
      { ...as(from), idempotencyKey },
    )
  const balance = async (m: string) => (await server.call('GET /me/points', {}, as(m))).body.account.balance
  const lots = (m: string) =>
    server.deps.db.read<{ remaining: number; expiresOn: string }>(
      'SELECT remaining, expiresOn FROM points_lot WHERE memberId = ? AND remaining > 0 ORDER BY expiresOn',
      [m],
    )

  beforeAll(async () => {
    server = await startServer({ database })
    const { db, keys } = server.deps
    await insertShop(db, testNow)
    await insertMembers(db, members, testNow - 400 * DAY_MS)
    await db.tx(async (tx) => {
      for (const m of members)
        tx.write('UPDATE member SET phoneHash = ? WHERE id = ?', [phoneHashOf(keys, phoneOf(m)), m])
    })
    for (const m of members) tokens.set(m, await memberToken(server, m))
    pos = await operatorToken(server, 'pos')
  })
  afterAll(() => server?.stop())

  test('twenty gifts of 100 from 100 points: exactly one succeeds', async () => {
    await award('m00', 100)
    const answers = await Promise.all(Array.from({ length: 20 }, (_, i) => give('m00', 100, i % 2 ? 'm01' : 'm02')))
    expect(answers.filter((a) => a.status === 200)).toHaveLength(1)
    expect(answers.filter((a) => a.error?.code === 'points_insufficient')).toHaveLength(19)
    expect(await balance('m00')).toBe(0)
    expect((await balance('m01')) + (await balance('m02'))).toBe(100)
  })

  test('the points keep their last days, soonest first', async () => {
    server.clock.set(testNow - 100 * DAY_MS)
    await award('m03', 60)
    server.clock.set(testNow)
    await award('m03', 100)
    const before = await lots('m03')
    const { body } = await give('m03', 90, 'm04')
    expect(body).toMatchObject({ state: 'done', balance: 70, recipientMasked: '会**' })
    expect(await lots('m04')).toEqual([
      { remaining: 60, expiresOn: before[0].expiresOn },
      { remaining: 30, expiresOn: before[1].expiresOn },
    ])
    const entries = await server.call('GET /me/points/entries', {}, as('m04'))
    expect(entries.body.items.map((e) => [e.title, e.amount])).toEqual([
      ['好友转赠', 30],
      ['好友转赠', 60],
    ])
  })

  test('the pause, the day’s count and the day’s points hold under twenty hands', async () => {
    await award('m05', 10_000)
    const at = async (points: number) => {
      server.clock.advance(31_000)
      return Promise.all(Array.from({ length: 20 }, () => give('m05', points, 'm06')))
    }
    const first = await at(10)
    expect(first.filter((a) => a.status === 200)).toHaveLength(1)
    expect(first.filter((a) => a.error?.code === 'transfer_too_soon')).toHaveLength(19)
    expect((await at(2000)).filter((a) => a.status === 200)).toHaveLength(1)
    expect((await at(2000))[0].error?.message).toBe('每天最多送 3000 积分，今天还可送 990')
    for (let i = 0; i < 3; i++) await at(10)
    expect((await at(10))[0].error?.code).toBe('transfer_day_limit')
    expect((await server.call('GET /me/points/transfers', {}, as('m05'))).body.limits).toMatchObject({
      leftToday: 0,
      pointsLeftToday: 960,
    })
    server.clock.advance(DAY_MS)
    expect((await give('m05', 10, 'm06')).status).toBe(200)
  })

  test('refusals: oneself, a stranger, too little, a newcomer', async () => {
    await award('m07', 500)
    expect((await give('m07', 50, 'm07')).error?.code).toBe('transfer_self')
    expect((await give('m07', 5, 'm08')).error?.code).toBe('transfer_amount')
    const stranger = await server.call('POST /me/points/transfers', { points: 50, phone: '13999999999' }, as('m07'))
    expect(stranger.error?.code).toBe('member_not_found')
    await server.deps.db.tx(async (tx) =>
      tx.write('UPDATE member SET joinedAt = ? WHERE id = ?', [server.clock.now(), 'm07']),
    )
    expect((await give('m07', 50, 'm08')).error?.code).toBe('transfer_new_member')
    expect(await balance('m07')).toBe(500)
  })

  test('a link is opened once by one of ten friends; two who give to each other never wait in a circle', async () => {
    await award('m08', 300)
    const { body } = await give('m08', 200)
    expect(body).toMatchObject({ state: 'waiting', balance: 100, recipientMasked: null })
    expect(body.link).toContain(`/m/#/packages/gift/points?token=${body.token}`)
    const token = body.token as string
    expect((await server.call('GET /points-gifts/:token', { token })).body).toMatchObject({
      points: 200,
      state: 'waiting',
    })
    const claim = (m: string) => server.call('POST /me/points/transfers/claims', { token }, as(m))
    expect((await claim('m08')).error?.code).toBe('transfer_self')
    const takers = members.filter((m) => m !== 'm08')
    const answers = await Promise.all(takers.map(claim))
    expect(answers.filter((a) => a.status === 200)).toHaveLength(1)
    expect(answers.find((a) => a.status === 409)?.error?.code).toBe('transfer_closed')
    server.clock.advance(31_000)
    await award('m09', 100)
    await award('m10', 100)
    const both = await Promise.all([give('m09', 50, 'm10'), give('m10', 50, 'm09')])
    expect(both.map((a) => a.status)).toEqual([200, 200])
  })

  test('revoked while claimed: one of them; untaken comes back by the job, into its own lots', async () => {
    await award('m11', 400)
    const before = await lots('m11')
    const made = await give('m11', 100)
    const [revoked, claimed] = await Promise.all([
      server.call('POST /me/points/transfers/:transferId/revoke', { transferId: made.body.transferId }, as('m11')),
      server.call('POST /me/points/transfers/claims', { token: made.body.token as string }, as('m00')),
    ])
    expect([revoked.status, claimed.status].sort()).toEqual([200, 409])
    if (claimed.status === 200) await award('m11', 100)
    server.clock.advance(31_000)
    await give('m11', 100)
    server.clock.advance(73 * HOUR_MS)
    const job = schedule.find((j) => j.name === 'points.return-gifts')
    for (let i = 0; i < 2; i++) {
      if (!job) throw new Error('no job')
      const started = await createRunner(server.deps, [], 'test').runNow(job, randomUUID())
      await started?.ended
    }
    expect(await balance('m11')).toBe(400)
    if (revoked.status === 200) expect(await lots('m11')).toEqual(before)
    const list = await server.call('GET /me/points/transfers', {}, as('m11'))
    expect(list.body.items[0]).toMatchObject({ direction: 'out', state: 'returned', token: null })
  })

  test('after all this the books close', async () => {
    expect((await checkInvariants(server.deps.db)).filter((f) => f.broken)).toEqual([])
  })
})
