import { randomUUID } from 'node:crypto'
import { checkInvariants } from '../../server/invariants/service'
import { createRunner } from '../../server/jobs/runner'
import { phoneHashOf } from '../../server/operators/service'
import { schedule } from '../../server/schedule'
import { DAY_MS } from '../../shared/time'
import { describeEachDatabase } from '../support/databases'
import { insertMembers, insertShop } from '../support/ledger'
import { startServer, type TestServer } from '../support/server'
import { memberToken, operatorToken } from '../support/tokens'

const members = Array.from({ length: 14 }, (_, i) => `m${String(i).padStart(2, '0')}`)

describeEachDatabase('Referrals over HTTP', (database) => {
  let server: TestServer
  let owner: string
  let cashier: string
  const tokens = new Map<string, string>()
  const as = (m: string) => ({ as: tokens.get(m) })
  const codeOf = async (m: string) => (await server.call('GET /me/referrals', {}, as(m))).body.code
  const bind = (m: string, code: string) => server.call('POST /me/referrals/bindings', { code }, as(m))
  const balance = async (m: string) => (await server.call('GET /me/points', {}, as(m))).body.account.balance
  const buy = async (memberId: string, amountFen: number): Promise<string> => {
    const now = server.clock.now()
    const id = `s${randomUUID().replaceAll('-', '').slice(0, 20)}`
    await server.deps.db.tx(async (tx) =>
      tx.insert('scan', [
        {
          id,
          memberId,
          storeId: 'store1',
          operatorId: 'opcashierstore1',
          via: 'code',
          createdAt: now,
          expiresAt: now + 180_000,
        },
      ]),
    )
    const done = await server.call('POST /staff/purchases', { scanId: id, amountFen }, { as: cashier })
    return done.body.purchaseId
  }
  const follow = async () => {
    const job = schedule.find((j) => j.name === 'referrals.follow')
    if (!job) throw new Error('no job')
    const started = await createRunner(server.deps, [], 'test').runNow(job, randomUUID())
    await started?.ended
    const [run] = await server.deps.db.read('SELECT state, failed FROM job_run WHERE slot = ?', [started?.slot ?? ''])
    expect(run).toEqual({ state: 'done', failed: 0 })
  }
  const stateOf = async (inviter: string, friend: string) =>
    (await server.call('GET /me/referrals', {}, as(inviter))).body.items.find((i) => i.id === friend)?.state

  beforeAll(async () => {
    server = await startServer({ database })
    const { db, keys } = server.deps
    await insertShop(db, server.clock.now())
    await insertMembers(db, members, server.clock.now())
    for (const m of members) tokens.set(m, await memberToken(server, m))
    await db.tx(async (tx) => {
      members.forEach((m, i) => {
        // The last of them has no phone; two of them share a telephone.
        if (m !== 'm13')
          tx.write('UPDATE member SET phoneHash = ? WHERE id = ?', [phoneHashOf(keys, `139000000${10 + i}`), m])
        const device = m === 'm05' ? 'device-m00' : `device-${m}`
        tx.write('UPDATE session SET deviceId = ? WHERE subjectId = ?', [device, m])
      })
    })
    owner = await operatorToken(server, 'owner')
    cashier = await operatorToken(server, 'cashier', ['store1'])
  })
  afterAll(() => server?.stop())

  test('a code is made once, and its page and poster say whose it is', async () => {
    const codes = await Promise.all(Array.from({ length: 10 }, () => codeOf('m00')))
    expect(new Set(codes).size).toBe(1)
    expect((await server.call('GET /invites/:code', { code: codes[0] })).body).toMatchObject({
      nameMasked: '会**',
      friendPoints: 100,
      active: true,
    })
    const poster = await server.call('GET /me/referrals/poster', {}, as('m00'))
    expect(poster.body.image).toMatch(/^data:image\/png;base64,/)
    expect(poster.body.link).toContain(`/m/#/packages/referral/invite?code=${codes[0]}`)
    expect((await server.call('GET /invites/:code', { code: 'ZZZZZZZZ' })).status).toBe(404)
  })

  test('a friend belongs to one inviter; oneself, a shared phone, a circle and a late code are refused', async () => {
    const code = await codeOf('m00')
    expect((await bind('m00', code)).error?.code).toBe('invite_self')
    expect((await bind('m05', code)).error?.code).toBe('invite_same_device')
    const answers = await Promise.all(
      ['m00', 'm02', 'm03', 'm04'].map(async (inviter) => bind('m01', await codeOf(inviter))),
    )
    expect(answers.filter((a) => a.status === 200)).toHaveLength(1)
    expect(answers.filter((a) => a.error?.code === 'invite_bound')).toHaveLength(3)
    const inviter = ['m00', 'm02', 'm03', 'm04'][answers.findIndex((a) => a.status === 200)]
    expect((await bind(inviter, await codeOf('m01'))).error?.code).toBe('invite_circle')
    await buy('m06', 5000)
    expect((await bind('m06', code)).error?.code).toBe('invite_too_late')
  })

  test('both are paid once, when the first purchase has outlived its refund days', async () => {
    const code = await codeOf('m07')
    await bind('m08', code)
    await follow()
    expect(await stateOf('m07', 'm08')).toBe('joined')
    await buy('m08', 1000)
    await buy('m08', 5000)
    await follow()
    expect(await stateOf('m07', 'm08')).toBe('bought')
    expect(await balance('m07')).toBe(0)
    server.clock.advance(7 * DAY_MS + 1000)
    await follow()
    await follow()
    expect(await stateOf('m07', 'm08')).toBe('paid')
    expect(await balance('m07')).toBe(200)
    expect(await balance('m08')).toBe(60 + 100)
    const [entry] = (await server.call('GET /me/points/entries', {}, as('m07'))).body.items
    expect(entry).toMatchObject({ title: '邀请奖励', amount: 200 })
  })

  test('a purchase that goes back does not pay; one that looks odd waits for a person', async () => {
    await server.deps.db.tx(async (tx) => tx.write('UPDATE member SET joinedAt = ?', [server.clock.now()]))
    const code = await codeOf('m09')
    await bind('m10', code)
    const purchaseId = await buy('m10', 8000)
    await follow()
    await server.call('POST /staff/purchases/:purchaseId/refunds', { purchaseId, reason: '不合适' }, { as: cashier })
    server.clock.advance(8 * DAY_MS)
    await follow()
    expect(await stateOf('m09', 'm10')).toBe('joined')
    await buy('m10', 8000)
    server.clock.advance(8 * DAY_MS)
    await follow()
    expect(await stateOf('m09', 'm10')).toBe('held')
    expect(await balance('m09')).toBe(0)
    const held = await server.call('GET /admin/referrals', { state: 'held' }, { as: owner })
    expect(held.body.items).toMatchObject([{ friendId: 'm10', flags: ['refunded'], purchaseId: expect.any(String) }])
    const decide = () =>
      server.call(
        'POST /admin/referrals/:friendId/decisions',
        { friendId: 'm10', decision: 'release', reason: '已电话核对' },
        { as: owner },
      )
    const answers = await Promise.all(Array.from({ length: 5 }, decide))
    expect(answers.filter((a) => a.status === 200)).toHaveLength(1)
    expect(await balance('m09')).toBe(200)
  })

  test('the month’s limit: the friend is paid, the inviter has had enough; without a phone a person looks', async () => {
    await server.deps.db.tx(async (tx) => tx.write('UPDATE member SET joinedAt = ?', [server.clock.now()]))
    const { figures: _f, ...plan } = (await server.call('GET /admin/referral-plan', {}, { as: owner })).body
    const puts = await Promise.all(
      [1, 1].map((perMonth) => server.call('PUT /admin/referral-plan', { ...plan, perMonth }, { as: owner })),
    )
    expect(puts.map((p) => p.status).sort()).toEqual([200, 409])
    const code = await codeOf('m11')
    await bind('m12', code)
    await bind('m13', code)
    await bind('m02', await codeOf('m03'))
    await buy('m12', 3000)
    await buy('m13', 3000)
    server.clock.advance(8 * DAY_MS)
    await follow()
    expect([await stateOf('m11', 'm12'), await stateOf('m11', 'm13')]).toEqual(['paid', 'held'])
    await server.call(
      'POST /admin/referrals/:friendId/decisions',
      { friendId: 'm13', decision: 'release', reason: '到店核对' },
      { as: owner },
    )
    expect(await stateOf('m11', 'm13')).toBe('capped')
    expect([await balance('m11'), await balance('m13')]).toEqual([200, 30 + 100])
    const shown = await server.call('GET /me/referrals', {}, as('m11'))
    expect(shown.body.counts).toMatchObject({ friends: 2, paid: 2, points: 200, thisMonth: 1, perMonth: 1 })
    expect((await server.call('GET /me/referrals', {}, as('m12'))).body).toMatchObject({
      invitedBy: '会**',
      bindUntil: null,
    })
  })

  test('after all this the books close', async () => {
    expect((await checkInvariants(server.deps.db)).filter((f) => f.broken)).toEqual([])
  })
})
