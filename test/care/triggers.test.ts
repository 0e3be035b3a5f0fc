import type { z } from 'zod'
import { appendEvents } from '../../server/interactions/service'
import type { JourneyRun } from '../../server/journeys/entity'
import type { journeyTrigger } from '../../shared/contract/journey-shapes'
import { addDays, civilDay, DAY_MS, endOfDay, MINUTE_MS, startOfDay } from '../../shared/time'
import { publishGiftCoupon } from '../campaigns/shop'
import { addMembers, type Person, rows } from '../jobs/people'
import { describeEachDatabase } from '../support/databases'
import { insertShop } from '../support/ledger'
import { startServer, type TestServer, testNow } from '../support/server'
import { operatorToken } from '../support/tokens'
import { draft, publish, runJob } from './shop'

type Trigger = z.input<typeof journeyTrigger>
interface Case {
  name: string
  trigger: () => Trigger | Promise<Trigger>
  /** What the two members are from the start. */
  yes?: Partial<Person>
  no?: Partial<Person>
  /** Makes it happen to `yes`, and to `no` something that is like it and is not it. Runs after the journey was published. */
  happen?: (yes: string, no: string) => Promise<unknown>
  /** What the trigger tells the texts. */
  vars?: Record<string, string>
}

const today = civilDay(testNow)
const at = '09:00'
const solar = (day: string): Partial<Person> => ({
  birthday: { calendar: 'solar', month: Number(day.slice(5, 7)), day: Number(day.slice(8)) },
})

describeEachDatabase('triggers', (database) => {
  let server: TestServer
  let as: string
  beforeAll(async () => {
    server = await startServer({ database, env: { LOG_LEVEL: 'warn' } })
    as = await operatorToken(server, 'owner')
    await insertShop(server.deps.db, 0)
  })
  afterAll(() => server.stop())

  const write = (table: string, more: Record<string, string | number | null>[]): Promise<void> =>
    server.deps.db.tx(async (tx) => tx.insert(table, more))
  let made = 0
  const newId = (): string => `${server.clock.now().toString(36).padStart(8, '0')}${String(++made).padStart(12, '0')}`
  const tell = (memberId: string, type: string, target: string): Promise<void> =>
    server.deps.db.tx(async (tx) => {
      const now = server.clock.now()
      appendEvents(tx, [{ memberId, eventId: newId(), type, target, at: now, origin: 'server' }], now)
    })
  const levels = (memberId: string, direction: string, toLevel: number) => ({
    id: newId(),
    memberId,
    trackId: 'group',
    at: server.clock.now(),
    fromLevel: 0,
    toLevel,
    direction,
    reason: '成长值达到 1000',
    validUntil: null,
  })
  const stage = (memberId: string, toStage: string, origin: string) => ({
    memberId,
    onDay: today,
    id: newId(),
    fromStage: 'active',
    toStage,
    createdAt: server.clock.now(),
    origin,
  })
  const forecast = (memberId: string, churnBp: number) => ({ memberId, onDay: today, churnBp, groupNo: 0 })
  const lot = (memberId: string, expiresOn: string) => ({
    memberId,
    walletId: 'group',
    seq: 900,
    amount: 300,
    remaining: 300,
    expiresOn,
  })
  const growth = (memberId: string, grown: number) => ({
    memberId,
    trackId: 'group',
    growth: grown,
    seq: 1,
    level: 1,
    since: addDays(today, -340),
    validUntil: addDays(today, 20),
  })
  /** Bought every thirty days, and last so many days ago. */
  const habits = (memberId: string, silent: number) => ({
    memberId,
    purchases: 4,
    spendFen: 40_000,
    refundFen: 0,
    savedFen: 0,
    firstPurchaseAt: testNow - (silent + 90) * DAY_MS,
    lastPurchaseAt: testNow - silent * DAY_MS,
  })
  let couponTemplate = ''
  const coupon = (memberId: string, until: string) => ({
    id: newId(),
    templateId: couponTemplate,
    memberId,
    ordinal: 1,
    status: 'held',
    validFrom: 0,
    validTo: endOfDay(until),
    source: 'grant',
    claimedAt: 0,
    claimedOn: today,
  })
  let segmentId = ''
  const refresh = async (): Promise<void> => {
    await runJob(server, 'segments.facts')
    await runJob(server, 'segments.refresh')
  }
  /** A segment of those at level 2, filled before the journey looks at it. */
  const segment = async (change: 'enter' | 'exit'): Promise<Trigger> => {
    const tree = { join: 'all' as const, of: [{ field: 'tier', op: 'in' as const, value: ['2'] }] }
    const { body } = await server.call('POST /admin/segments', { name: `高等级 ${change}`, tree }, { as })
    segmentId = body.id
    await refresh()
    return { kind: 'segment', segmentId, change }
  }
  const move = async (memberId: string, tierLevel: number): Promise<void> => {
    await server.deps.db.tx(async (tx) =>
      tx.write('UPDATE member SET tierLevel = ? WHERE id = ?', [tierLevel, memberId]),
    )
    await refresh()
  }
  const everyDay = { kind: 'schedule', at } as const

  const cases: Case[] = [
    {
      name: 'an event, and of its targets the one asked for',
      trigger: () => ({ kind: 'event', event: 'favourite', target: 'candle' }),
      happen: async (yes, no) => {
        await tell(yes, 'favourite', 'candle')
        await tell(no, 'favourite', 'cup')
        await tell(no, 'search', 'candle')
      },
      vars: { target: 'candle' },
    },
    {
      name: 'entering a segment',
      trigger: () => segment('enter'),
      no: { tierLevel: 2 },
      happen: (yes) => move(yes, 2),
    },
    {
      name: 'leaving a segment',
      trigger: () => segment('exit'),
      yes: { tierLevel: 2 },
      no: { tierLevel: 2 },
      happen: (yes) => move(yes, 0),
    },
    {
      name: 'three days before a birthday',
      trigger: () => ({ kind: 'date', field: 'birthday', days: -3, at }),
      yes: solar(addDays(today, 3)),
      no: solar(today),
      vars: { day: addDays(today, 3), on: addDays(today, 3), giftYear: '2026', years: '0' },
    },
    {
      name: 'two days after a birthday',
      trigger: () => ({ kind: 'date', field: 'birthday', days: 2, at }),
      yes: solar(addDays(today, -2)),
      no: solar(addDays(today, 2)),
      vars: { day: addDays(today, -2), on: addDays(today, -2), giftYear: '2026', years: '0' },
    },
    {
      name: 'a week before the anniversary of joining',
      trigger: () => ({ kind: 'date', field: 'anniversary', days: -7, at }),
      yes: { joinedOn: `2021-${addDays(today, 7).slice(5)}` },
      no: { joinedOn: `2021-${today.slice(5)}` },
      vars: { day: addDays(today, 7), on: addDays(today, 7), giftYear: '2026', years: '5' },
    },
    // A schedule is for every active member; a moment of the day that has passed when it is published does not count.
    {
      name: 'once on a day',
      trigger: () => ({ ...everyDay, every: 'once', on: addDays(today, 1) }),
      no: { status: 'inactive' },
    },
    { name: 'every day', trigger: () => ({ ...everyDay, every: 'day' }), no: { status: 'inactive' } },
    { name: 'every Monday', trigger: () => ({ ...everyDay, every: 'week', weekday: 1 }), no: { status: 'inactive' } },
    {
      name: 'the 23rd of a month',
      trigger: () => ({ ...everyDay, every: 'month', monthDay: 23 }),
      no: { status: 'inactive' },
    },
    {
      name: 'a higher level',
      trigger: () => ({ kind: 'tier', direction: 'up' }),
      happen: (yes, no) => write('tier_change', [levels(yes, 'up', 1), levels(no, 'down', 0)]),
      vars: { tier: '银叶会员', reason: '成长值达到 1000' },
    },
    {
      name: 'a lower level',
      trigger: () => ({ kind: 'tier', direction: 'down' }),
      happen: (yes, no) => write('tier_change', [levels(yes, 'down', 0), levels(no, 'keep', 1)]),
    },
    {
      name: 'a level at risk: growth is short and the end is near',
      trigger: () => ({ kind: 'tier_risk', daysAhead: 30, at }),
      happen: (yes, no) => write('growth_account', [growth(yes, 400), growth(no, 1200)]),
      vars: { on: addDays(today, 20), until: addDays(today, 20), gap: '600', tier: '银叶会员' },
    },
    {
      name: 'a stage of the life cycle, as it is lived and not as it is reckoned afterwards',
      trigger: () => ({ kind: 'stage', to: 'dormant' }),
      happen: (yes, no) => write('stage_change', [stage(yes, 'dormant', 'live'), stage(no, 'dormant', 'past')]),
    },
    {
      name: 'a risk of leaving',
      trigger: () => ({ kind: 'churn', above: 0.7, at }),
      happen: (yes, no) => write('member_forecast', [forecast(yes, 7000), forecast(no, 6999)]),
    },
    {
      name: 'points that expire in seven days',
      trigger: () => ({ kind: 'expiring', what: 'points', daysAhead: [7, 1], at }),
      happen: (yes, no) => write('points_lot', [lot(yes, addDays(today, 7)), lot(no, addDays(today, 6))]),
      vars: { what: '300 积分', on: addDays(today, 7), day: '11月29日', days: '7' },
    },
    {
      name: 'a coupon that expires in three days',
      trigger: () => ({ kind: 'expiring', what: 'coupon', daysAhead: [3], at }),
      happen: async (yes, no) => {
        couponTemplate = await publishGiftCoupon(server, null)
        await write('coupon', [coupon(yes, addDays(today, 3)), coupon(no, addDays(today, 4))])
      },
      vars: { what: '旅程券', on: addDays(today, 3), day: '11月25日', days: '3' },
    },
    {
      name: 'a silence longer than the member’s own interval',
      trigger: () => ({ kind: 'repurchase', percent: 120, minPurchases: 3, at }),
      happen: (yes, no) => write('member_stats', [habits(yes, 37), habits(no, 33)]),
      vars: { days: '37' },
    },
  ]

  test.each(cases.map((c, i) => [c.name, i] as const))('%s: in once, and its effect once', async (_, i) => {
    const { trigger, yes: his = {}, no: hers = {}, happen, vars } = cases[i]
    const [yes, no] = [`yes${i}`, `no${i}`]
    server.clock.set(testNow)
    await addMembers(server, [
      { ...his, id: yes },
      { ...hers, id: no },
    ])
    const wanted = await trigger()
    // A schedule counts from when it is published, so its day comes after; all the others are due today.
    const journeyId = await publish(
      server,
      as,
      draft({
        trigger: wanted,
        start: 'points',
        nodes: [{ id: 'points', kind: 'points', points: 1, note: `触发 ${i}`, next: null }],
      }),
    )
    server.clock.advance(MINUTE_MS)
    await happen?.(yes, no)
    if (wanted.kind === 'schedule') server.clock.set(startOfDay(addDays(today, 1)) + 10 * 60 * MINUTE_MS)
    for (let again = 0; again < 3; again++) {
      server.clock.advance(MINUTE_MS)
      await runJob(server, 'journeys.run')
    }
    const mine = (await rows<JourneyRun>(server, 'SELECT * FROM journey_run WHERE journeyId = ?', [journeyId])).filter(
      (r) => [yes, no].includes(r.memberId),
    )
    expect(mine.map((r) => [r.memberId, r.state])).toEqual([[yes, 'done']])
    if (vars) expect(JSON.parse(mine[0].vars ?? '{}')).toEqual(vars)
    const given = await rows<{ memberId: string }>(
      server,
      'SELECT memberId FROM points_entry WHERE note = ? AND memberId IN (?, ?)',
      [`触发 ${i}`, yes, no],
    )
    expect(given).toEqual([{ memberId: yes }])
    // It is over, so that it lets in nobody of the cases that follow.
    const shown = await server.call('GET /admin/journeys/:journeyId', { journeyId }, { as })
    await server.call(
      'POST /admin/journeys/:journeyId/state',
      { journeyId, revision: shown.body.revision, to: 'ended' },
      { as },
    )
  })

  test('by hand: a segment’s members, each once however often it is asked under one request', async () => {
    server.clock.set(testNow)
    await addMembers(server, [{ id: 'hand1', tierLevel: 9 }, { id: 'hand2', tierLevel: 9 }, { id: 'hand3' }])
    const tree = { join: 'all' as const, of: [{ field: 'tier', op: 'in' as const, value: ['9'] }] }
    const { body } = await server.call('POST /admin/segments', { name: '手动', tree }, { as })
    await refresh()
    const journeyId = await publish(
      server,
      as,
      draft({
        trigger: { kind: 'manual' },
        start: 'points',
        nodes: [{ id: 'points', kind: 'points', points: 1, note: '手动', next: null }],
      }),
    )
    const enrol = () =>
      server.call(
        'POST /admin/journeys/:journeyId/enrolments',
        { journeyId, segmentId: body.id },
        { as, idempotencyKey: 'enrol-by-hand-1' },
      )
    const answers = await Promise.all([enrol(), enrol(), enrol()])
    for (const answer of [...answers, await enrol()]) expect(answer.body).toEqual({ entered: 2, held: 0, refused: 0 })
    await runJob(server, 'journeys.run')
    const given = await rows<{ memberId: string }>(
      server,
      "SELECT memberId FROM points_entry WHERE note = '手动' ORDER BY memberId",
    )
    expect(given).toEqual([{ memberId: 'hand1' }, { memberId: 'hand2' }])
  })
})
