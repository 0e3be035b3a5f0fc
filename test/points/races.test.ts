import { randomUUID } from 'node:crypto'
import { checkInvariants } from '../../server/invariants/service'
import { describeEachDatabase } from '../support/databases'
import { insertMembers, insertShop } from '../support/ledger'
import { startServer, type TestServer } from '../support/server'
import { memberToken, operatorToken } from '../support/tokens'

describeEachDatabase('Points over HTTP', (database) => {
  let server: TestServer
  let pos: string
  let owner: string
  const balanceOf = async (memberId: string): Promise<number> =>
    (
      await server.deps.db.read<{ balance: number }>('SELECT balance FROM points_account WHERE memberId = ?', [
        memberId,
      ])
    )[0]?.balance ?? 0
  const award = (memberId: string, points: number, idempotencyKey: string = randomUUID()) =>
    server.call('POST /points/awards', { memberId, points, reason: '测试发放' }, { as: pos, idempotencyKey })
  const spend = (memberId: string, points: number, idempotencyKey: string = randomUUID()) =>
    server.call('POST /points/spends', { memberId, points, reason: '测试扣减' }, { as: pos, idempotencyKey })

  beforeAll(async () => {
    server = await startServer({ database })
    await insertShop(server.deps.db, server.clock.now())
    await insertMembers(server.deps.db, ['ma', 'mb', 'mc', 'md', 'me', 'mf', 'mg'], server.clock.now())
    pos = await operatorToken(server, 'pos')
    owner = await operatorToken(server, 'owner')
  })
  afterAll(() => server?.stop())

  test('20 spends of 100 from 100 points: one succeeds, nothing goes below zero', async () => {
    expect((await award('ma', 100)).status).toBe(200)
    const answers = await Promise.all(Array.from({ length: 20 }, () => spend('ma', 100)))
    expect(answers.filter((a) => a.status === 200)).toHaveLength(1)
    const refused = answers.filter((a) => a.status === 409)
    expect(refused).toHaveLength(19)
    expect(refused[0].error).toMatchObject({ code: 'points_insufficient', details: { required: 100, available: 0 } })
    expect(await balanceOf('ma')).toBe(0)
  })

  test('the same idempotency key 50 times at once: one effect, fifty equal answers', async () => {
    const key = randomUUID()
    const answers = await Promise.all(Array.from({ length: 50 }, () => award('mb', 7, key)))
    expect(answers.map((a) => a.status)).toEqual(Array(50).fill(200))
    expect(new Set(answers.map((a) => JSON.stringify(a.body))).size).toBe(1)
    expect(await balanceOf('mb')).toBe(7)
    // The same key with another body is somebody's mistake, now and in the same instant.
    expect((await award('mb', 8, key)).error?.code).toBe('idempotency_key_reused')
    const other = randomUUID()
    const mixed = await Promise.all([award('mb', 1, other), award('mb', 2, other)])
    expect(mixed.map((a) => a.status).sort()).toEqual([200, 422])
  })

  test('a refusal is remembered too: the same key answers the same after points have come in', async () => {
    const key = randomUUID()
    expect((await spend('mc', 10, key)).error?.code).toBe('points_insufficient')
    await award('mc', 100)
    expect((await spend('mc', 10, key)).error?.code).toBe('points_insufficient')
    expect((await spend('mc', 10)).status).toBe(200)
  })

  test('two operators may use one key without knowing of each other', async () => {
    const key = randomUUID()
    const a = await server.call(
      'POST /points/awards',
      { memberId: 'md', points: 1, reason: '一号' },
      { as: pos, idempotencyKey: key },
    )
    const b = await server.call(
      'POST /points/awards',
      { memberId: 'md', points: 2, reason: '二号' },
      { as: owner, idempotencyKey: key },
    )
    expect([a.body.balance, b.body.balance]).toEqual([1, 3])
  })

  test('a spend is reversed into its own lots once, whoever asks how often', async () => {
    await award('me', 30)
    server.clock.advance(40 * 86_400_000)
    await award('me', 50)
    const spent = await spend('me', 60)
    const lots = () =>
      server.deps.db.read<{ seq: number; remaining: number }>(
        "SELECT seq, remaining FROM points_lot WHERE memberId = 'me' ORDER BY seq",
      )
    expect(await lots()).toEqual([
      { seq: 1, remaining: 0 },
      { seq: 2, remaining: 20 },
    ])
    const reverse = () =>
      server.call(
        'POST /points/reversals',
        { memberId: 'me', entryId: spent.body.entryId, reason: '顾客改主意' },
        { as: pos },
      )
    const answers = await Promise.all(Array.from({ length: 10 }, reverse))
    expect(answers.filter((a) => a.status === 200)).toHaveLength(1)
    expect(answers.find((a) => a.status !== 200)?.error?.code).toBe('points_already_reversed')
    expect(await lots()).toEqual([
      { seq: 1, remaining: 30 },
      { seq: 2, remaining: 50 },
    ])
    expect(await balanceOf('me')).toBe(80)
  })

  test.each([
    [{ memberId: 'mf', points: -5, reason: '负数' }, 'invalid_input', 400],
    [{ memberId: 'mf', points: 1.5, reason: '小数' }, 'invalid_input', 400],
    [{ memberId: 'mf', points: 1e12, reason: '过大' }, 'invalid_input', 400],
    [{ memberId: 'mf', points: '5', reason: '文字' }, 'invalid_input', 400],
    [{ memberId: 'mf', points: 5, reason: '多余', extra: 1 }, 'invalid_input', 400],
    [{ memberId: "m'; DROP TABLE member; --", points: 5, reason: '注入' }, 'invalid_input', 400],
    [{ memberId: 'nobody', points: 5, reason: '没有人' }, 'member_not_found', 404],
  ])('refuses %j', async (input, code, status) => {
    const answer = await server.call('POST /points/awards', input as never, { as: pos })
    expect([answer.status, answer.error?.code]).toEqual([status, code])
    expect(answer.error?.message).toMatch(/[\u4e00-\u9fff]/)
    expect(await balanceOf('mf')).toBe(0)
  })

  test('one bad request in a batch spoils nobody else’s', async () => {
    const answers = await Promise.all([
      ...Array.from({ length: 30 }, () => award('mg', 1)),
      ...Array.from({ length: 30 }, () => spend('nobody', 1)),
      ...Array.from({ length: 30 }, () => award('nobody', 1)),
    ])
    expect(answers.filter((a) => a.status === 200)).toHaveLength(30)
    expect(await balanceOf('mg')).toBe(30)
  })

  test('members see their own ledger, page by page, and nobody else does', async () => {
    const me = await memberToken(server, 'me')
    const first = await server.call('GET /me/points/entries', { limit: 2 }, { as: me })
    expect(first.body.items.map((e) => [e.amount, e.balanceAfter])).toEqual([
      [60, 80],
      [-60, 20],
    ])
    const rest = await server.call(
      'GET /me/points/entries',
      { limit: 2, cursor: first.body.nextCursor ?? undefined },
      { as: me },
    )
    expect(rest.body.items.map((e) => [e.amount, e.balanceAfter])).toEqual([
      [50, 80],
      [30, 30],
    ])
    expect(rest.body.nextCursor).toBeNull()
    const account = await server.call('GET /me/points', {}, { as: me })
    expect(account.body.account.balance).toBe(80)
    expect((await server.call('GET /me/points', {})).error?.code).toBe('unauthenticated')
    expect((await server.call('GET /me/points', {}, { as: pos })).error?.code).toBe('forbidden')
  })

  test('adjustments by hand need the right, a reason, and enough points', async () => {
    const adjust = (points: number, as: string) =>
      server.call(
        'POST /admin/members/:memberId/points-adjustments',
        { memberId: 'mf', points, reason: '补积分' },
        { as },
      )
    expect((await adjust(50, owner)).body.balance).toBe(50)
    expect((await adjust(-80, owner)).error?.code).toBe('points_insufficient')
    expect((await adjust(-20, owner)).body.balance).toBe(30)
    expect((await adjust(10, pos)).error?.code).toBe('forbidden')
    const audits = await server.deps.db.read<{ subjectId: string }>(
      "SELECT subjectId FROM audit WHERE action LIKE '%points-adjustments'",
    )
    expect(audits).toEqual([{ subjectId: 'mf' }, { subjectId: 'mf' }])
  })

  test('the books close', async () => {
    expect((await checkInvariants(server.deps.db)).filter((f) => f.broken)).toEqual([])
  })
})
