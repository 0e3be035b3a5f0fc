import { randomUUID } from 'node:crypto'
import { checkInvariants } from '../../server/invariants/service'
import { addDays, civilDay, DAY_MS, startOfDay } from '../../shared/time'
import { describeEachDatabase } from '../support/databases'
import { insertMembers, insertShop } from '../support/ledger'
import { startServer, type TestServer } from '../support/server'
import { memberToken, operatorToken } from '../support/tokens'

describeEachDatabase('Check-in over HTTP', (database) => {
  let server: TestServer
  let owner: string
  let pos: string
  const tokens = new Map<string, string>()
  const as = (m: string) => ({ as: tokens.get(m) })
  const checkIn = (m: string, idempotencyKey: string = randomUUID()) =>
    server.call('POST /me/checkins', {}, { ...as(m), idempotencyKey })
  const month = async (m: string, of?: string) => (await server.call('GET /me/checkins', { month: of }, as(m))).body
  const nextDay = () => server.clock.advance(DAY_MS)
  const today = () => civilDay(server.clock.now())

  beforeAll(async () => {
    server = await startServer({ database })
    const now = server.clock.now()
    await insertShop(server.deps.db, now)
    await insertMembers(server.deps.db, ['ma', 'mb', 'mc', 'md', 'me'], now)
    for (const m of ['ma', 'mb', 'mc', 'md', 'me']) tokens.set(m, await memberToken(server, m))
    owner = await operatorToken(server, 'owner')
    pos = await operatorToken(server, 'pos')
  })
  afterAll(() => server?.stop())

  test('twenty taps at once are one check-in, and a repeat gets the same answer', async () => {
    const answers = await Promise.all(Array.from({ length: 20 }, () => checkIn('ma')))
    expect(answers.filter((a) => a.status === 200)).toHaveLength(1)
    expect(answers.find((a) => a.status === 200)?.body).toMatchObject({ points: 2, streak: 1, balance: 2 })
    expect(answers.find((a) => a.status === 409)?.error?.code).toBe('checkin_done')
    const key = randomUUID()
    const twice = await Promise.all(Array.from({ length: 10 }, () => checkIn('mb', key)))
    expect(new Set(twice.map((a) => `${a.status}${JSON.stringify(a.body)}`)).size).toBe(1)
    const [row] = await server.deps.db.read<{ n: number }>("SELECT COUNT(*) AS n FROM checkin WHERE memberId = 'mb'")
    expect(Number(row.n)).toBe(1)
  })

  test('a civil day ends at midnight in Shanghai', async () => {
    server.clock.set(startOfDay(addDays(today(), 1)) - 1000)
    expect((await checkIn('ma')).error?.code).toBe('checkin_done')
    server.clock.advance(2000)
    expect((await checkIn('ma')).body).toMatchObject({ points: 2, streak: 2 })
    server.clock.set(startOfDay(today()) + 10 * 3_600_000)
  })

  test('seven days climb the ladder and bring a card; a missed day begins again', async () => {
    const points: number[] = []
    for (let i = 0; i < 7; i++) {
      const { body } = await checkIn('mc')
      points.push(body.points)
      if (i === 6) expect(body).toMatchObject({ streak: 7, cardsGiven: 1, balance: 39 })
      nextDay()
    }
    expect(points).toEqual([2, 2, 4, 4, 6, 6, 15])
    expect(await month('mc')).toMatchObject({ checkedToday: false, streak: 7, cards: 1, todayPoints: 2 })
    nextDay()
    expect(await month('mc')).toMatchObject({ streak: 0, todayPoints: 2, total: 7 })
    expect((await checkIn('mc')).body.streak).toBe(1)
  })

  test('a card joins the days on both sides of a gap, once, and only within reach', async () => {
    const missed = addDays(today(), -1)
    expect((await month('mc')).makeUps).toEqual([missed])
    const makeUp = (on: string) => server.call('POST /me/checkins/make-ups', { on }, as('mc'))
    expect((await makeUp(addDays(today(), -30))).error?.code).toBe('checkin_make_up_range')
    expect((await makeUp(today())).error?.code).toBe('checkin_done')
    const answers = await Promise.all(Array.from({ length: 10 }, () => makeUp(missed)))
    expect(answers.filter((a) => a.status === 200)).toHaveLength(1)
    expect(answers.find((a) => a.status === 200)?.body).toEqual({ on: missed, streak: 9, cards: 0 })
    const shown = await month('mc')
    expect(shown).toMatchObject({ streak: 9, checkedToday: true, balance: 41 })
    const all = [...shown.days, ...(await month('mc', missed.slice(0, 7))).days]
    expect(all.find((d) => d.on === missed)).toMatchObject({ kind: 'make_up', points: 0 })
    expect((await makeUp(addDays(today(), -20))).error?.code).toBe('checkin_make_up_range')
  })

  test('cards are bought with points, to the month’s limit, under ten hands', async () => {
    await server.call('POST /points/awards', { memberId: 'md', points: 500, reason: '测试' }, { as: pos })
    const buy = () => server.call('POST /me/checkins/cards', {}, as('md'))
    const answers = await Promise.all(Array.from({ length: 10 }, buy))
    expect(answers.filter((a) => a.status === 200)).toHaveLength(2)
    expect(answers.find((a) => a.status === 409)?.error?.message).toBe('本月已买 2 张补签卡，下月再来')
    expect(await month('md')).toMatchObject({ cards: 2, balance: 440, card: { buyableThisMonth: 0 } })
    expect((await server.call('POST /me/checkins/cards', {}, as('me'))).error?.code).toBe('points_insufficient')
    expect((await month('me')).cards).toBe(0)
    // A card is no use to somebody who has never come.
    expect((await server.call('POST /me/checkins/make-ups', { on: addDays(today(), -1) }, as('md'))).error?.code).toBe(
      'checkin_make_up_range',
    )
  })

  test('the rules are data: two editors meet at the version, and the next check-in follows them', async () => {
    const plan = (await server.call('GET /admin/checkin-plan', {}, { as: owner })).body
    expect(plan.sentence).toContain('每天签到一次')
    expect(plan.figures.longest).toBe(9)
    const { figures: _figures, sentence: _sentence, ...rules } = plan
    const put = (cycle: number[]) => server.call('PUT /admin/checkin-plan', { ...rules, cycle }, { as: owner })
    const answers = await Promise.all([put([50]), put([60])])
    expect(answers.map((a) => a.status).sort()).toEqual([200, 409])
    const cycle = answers.find((a) => a.status === 200)?.body.cycle[0]
    expect((await checkIn('me')).body.points).toBe(cycle)
    const off = await server.call('PUT /admin/checkin-plan', { ...rules, active: false, version: 1 }, { as: owner })
    expect(off.status).toBe(200)
    nextDay()
    expect((await checkIn('me')).error?.code).toBe('checkin_off')
  })

  test('home shows the streak and the mall in the same answer', async () => {
    const home = await server.call('GET /me/home', {}, as('mc'))
    expect(home.body.checkin).toMatchObject({ active: false, streak: 9, checkedToday: false })
    expect(home.body.rewards).toEqual([])
    expect(JSON.stringify(home.body).length).toBeLessThan(30_000)
  })

  test('after all this the books close', async () => {
    expect((await checkInvariants(server.deps.db)).filter((f) => f.broken)).toEqual([])
  })
})
