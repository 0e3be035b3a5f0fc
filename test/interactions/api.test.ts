import { addMembers, rows, tokenOf } from '../jobs/people'
import { describeEachDatabase } from '../support/databases'
import { startServer, type TestServer, testNow } from '../support/server'

describeEachDatabase('POST /interactions', (database) => {
  let server: TestServer
  let as: string
  beforeAll(async () => {
    server = await startServer({ database })
    await addMembers(server, [{ id: 'lin' }, { id: 'zhou' }])
    as = await tokenOf(server, 'member', 'lin')
  })
  afterAll(() => server.stop())

  const event = (id: string, at = testNow - 1000) => ({ id, at, type: 'page_view' as const, page: 'pages/home/index' })
  const stored = (prefix: string) =>
    rows<{ eventId: string; memberId: string; origin: string; onDay: string }>(
      server,
      'SELECT eventId, memberId, origin, onDay FROM interaction WHERE eventId LIKE ? ORDER BY eventId, memberId',
      [`${prefix}%`],
    )

  test('keeps events with their civil day, and needs no Idempotency-Key', async () => {
    const night = Date.UTC(2026, 10, 21, 15, 59, 59)
    const { status, body } = await server.call(
      'POST /interactions',
      { events: [event('day-a', night), { ...event('day-b', night + 1000), target: 'coupon:1', x: 10, y: 900 }] },
      { as, idempotencyKey: null },
    )
    expect([status, body]).toEqual([200, { accepted: 2, repeated: 0, dropped: 0 }])
    expect(await stored('day-')).toEqual([
      { eventId: 'day-a', memberId: 'lin', origin: 'client', onDay: '2026-11-21' },
      { eventId: 'day-b', memberId: 'lin', origin: 'client', onDay: '2026-11-22' },
    ])
  })

  test('fifty equal batches at once are kept once', async () => {
    const events = Array.from({ length: 20 }, (_, i) => event(`storm-${String(i).padStart(2, '0')}`))
    const answers = await Promise.all(
      Array.from({ length: 50 }, (_, i) =>
        server.call(
          'POST /interactions',
          { events: i % 2 ? events : [...events].reverse() },
          { as, idempotencyKey: null },
        ),
      ),
    )
    expect(answers.map((a) => a.status)).toEqual(Array(50).fill(200))
    const sum = (key: 'accepted' | 'repeated') => answers.reduce((total, a) => total + a.body[key], 0)
    expect([sum('accepted'), sum('repeated')]).toEqual([20, 49 * 20])
    expect(await stored('storm-')).toHaveLength(20)
  })

  test('counts repeats inside a batch and drops times that cannot be', async () => {
    const hour = 3_600_000
    const events = [
      event('odd-a'),
      event('odd-a'),
      event('odd-future', testNow + hour),
      event('odd-soon', testNow + 60_000),
      event('odd-old', testNow - 8 * 24 * hour),
    ]
    const { body } = await server.call('POST /interactions', { events }, { as })
    expect(body).toEqual({ accepted: 2, repeated: 1, dropped: 2 })
    expect((await stored('odd-')).map((e) => e.eventId)).toEqual(['odd-a', 'odd-soon'])
  })

  test('one id of two members are two events', async () => {
    const other = await tokenOf(server, 'member', 'zhou')
    for (const token of [as, other])
      expect((await server.call('POST /interactions', { events: [event('same')] }, { as: token })).body.accepted).toBe(
        1,
      )
    expect((await stored('same')).map((e) => e.memberId)).toEqual(['lin', 'zhou'])
  })

  test.each([
    ['nobody signed in', {}, { events: [event('bad')] }, 401, 'unauthenticated'],
    ['no event', { as: true }, { events: [] }, 400, 'invalid_input'],
    ['too many', { as: true }, { events: Array(101).fill(event('bad')) }, 400, 'invalid_input'],
    ['an unknown type', { as: true }, { events: [{ ...event('bad'), type: 'hack' }] }, 400, 'invalid_input'],
    ['an unknown field', { as: true }, { events: [{ ...event('bad'), memberId: 'zhou' }] }, 400, 'invalid_input'],
    ['a position outside', { as: true }, { events: [{ ...event('bad'), x: -1 }] }, 400, 'invalid_input'],
  ])('refuses %s', async (_, options, input, status, code) => {
    const answer = await server.call('POST /interactions', input as never, 'as' in options ? { as } : {})
    expect([answer.status, answer.error?.code]).toEqual([status, code])
    expect(await stored('bad')).toEqual([])
  })
})
