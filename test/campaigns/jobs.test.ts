import type { CareGift } from '../../server/campaigns/entity'
import type { Job } from '../../server/jobs/job'
import type { JobRun } from '../../server/jobs/job-run.entity'
import { createRunner } from '../../server/jobs/runner'
import { birthdayKeyOf } from '../../server/members/service'
import { schedule } from '../../server/schedule'
import { addDays, HOUR_MS, startOfDay } from '../../shared/time'
import { addMembers, type Person, rows, templateId, tokenOf } from '../jobs/people'
import { describeEachDatabase } from '../support/databases'
import { startServer, type TestServer } from '../support/server'
import { publishGiftCoupon } from './shop'

const care: Job[] = schedule.filter((job) => job.name === 'journeys.run')
const giftsOf = (server: TestServer): Promise<CareGift[]> =>
  rows<CareGift>(server, 'SELECT * FROM care_gift ORDER BY memberId, onDay, kind')

describeEachDatabase('care', (database) => {
  describe('five years day by day', () => {
    let server: TestServer
    let gifts: CareGift[]
    const solar = (month: number, day: number) => ({ calendar: 'solar' as const, month, day })
    const lunar = (month: number, day: number) => ({ calendar: 'lunar' as const, month, day })
    const people: Person[] = [
      { id: 'a-solar', birthday: solar(3, 5), tierLevel: 1 },
      { id: 'b-leap-day', birthday: solar(2, 29), joinedOn: '2020-02-29' },
      { id: 'c-mid-autumn', birthday: lunar(8, 15) },
      { id: 'd-new-years-eve', birthday: lunar(12, 30) },
      { id: 'e-leap-month', birthday: lunar(6, 15) },
      { id: 'f-moves', birthday: solar(6, 10) },
      { id: 'g-turns-lunar', birthday: solar(1, 20) },
      { id: 'h-new', birthday: solar(7, 1), joinedOn: '2026-07-01' },
      { id: 'i-gone', birthday: solar(3, 5), status: 'inactive' },
      { id: 'j-none' },
    ]
    const changeBirthday = (id: string, birthday: NonNullable<Person['birthday']>, on: string): Promise<void> =>
      server.deps.db.tx(async (tx) =>
        tx.write('UPDATE member SET birthdayKey = ?, birthdayChangedOn = ? WHERE id = ?', [
          birthdayKeyOf(server.deps.keys, birthday),
          on,
          id,
        ]),
      )

    beforeAll(async () => {
      server = await startServer({ database, now: startOfDay('2024-01-01') + HOUR_MS, env: { LOG_LEVEL: 'warn' } })
      await addMembers(server, people)
      await publishGiftCoupon(server, 'birthday')
      const runners = ['one', 'two'].map((owner) => createRunner(server.deps, care, owner))
      // The shop is closed for three days over a birthday, and in another year over the leap day's substitute.
      const outage = new Set(['2026-03-04', '2026-03-05', '2026-03-06', '2027-02-27', '2027-02-28'])
      let count = 0
      for (let day = '2024-01-01'; day <= '2028-12-31'; day = addDays(day, 1)) {
        if (day === '2026-07-01') await changeBirthday('f-moves', solar(9, 1), day)
        if (day === '2026-02-01') await changeBirthday('g-turns-lunar', lunar(12, 20), day)
        if (outage.has(day)) continue
        server.clock.set(startOfDay(day) + HOUR_MS)
        // On every tenth day both processes answer the bell, on the others one or the other is there.
        const awake = ++count % 10 ? [runners[count % 2]] : runners
        for (const job of care) await Promise.all(awake.map((runner) => runner.ring(job)))
      }
      gifts = await giftsOf(server)
    }, 300_000)
    afterAll(() => server.stop())

    const birthdays = (id: string): [number, string][] =>
      gifts.filter((g) => g.memberId === id && g.kind === 'birthday').map((g) => [g.giftYear, g.onDay])

    test.each<[string, string[]]>([
      ['a-solar', ['2024-03-05', '2025-03-05', '2026-03-05', '2027-03-05', '2028-03-05']],
      ['b-leap-day', ['2024-02-29', '2025-02-28', '2026-02-28', '2027-02-28', '2028-02-29']],
      ['c-mid-autumn', ['2024-09-17', '2025-10-06', '2026-09-25', '2027-09-15', '2028-10-03']],
      ['d-new-years-eve', ['2024-02-09', '2025-01-28', '2026-02-16', '2027-02-05', '2028-01-25']],
      // 2025 has two sixth months; the second is nobody's birthday.
      ['e-leap-month', ['2024-07-20', '2025-07-09', '2026-07-28', '2027-07-18', '2028-08-05']],
      // Moved on 2026-07-01 from June to September: the second date of that year brings nothing.
      ['f-moves', ['2024-06-10', '2025-06-10', '2026-06-10', '2027-09-01', '2028-09-01']],
      // Moved on 2026-02-01 to the 20th of the lunar twelfth month: 7 February is too soon after; the next falls in lunar 2026 again.
      ['g-turns-lunar', ['2024-01-20', '2025-01-20', '2026-01-20', '2027-01-27', '2028-01-16']],
      // Joined on the birthday itself: the first gift is a year later.
      ['h-new', ['2027-07-01', '2028-07-01']],
      ['i-gone', []],
      ['j-none', []],
    ])('%s has one birthday gift a year, on the right day', (id, days) => {
      expect(birthdays(id).map(([, on]) => on)).toEqual(days)
      expect(new Set(birthdays(id).map(([year]) => year)).size).toBe(days.length)
    })

    test('anniversaries: every year but the first, 29 February on the 28th', () => {
      const on = (id: string) =>
        gifts.filter((g) => g.memberId === id && g.kind === 'anniversary').map((g) => `${g.onDay} ${g.years}`)
      expect(on('a-solar')).toEqual(['2024-05-17 4', '2025-05-17 5', '2026-05-17 6', '2027-05-17 7', '2028-05-17 8'])
      expect(on('b-leap-day')).toEqual(['2024-02-29 4', '2025-02-28 5', '2026-02-28 6', '2027-02-28 7', '2028-02-29 8'])
      expect(on('h-new')).toEqual(['2027-07-01 1', '2028-07-01 2'])
      expect(on('i-gone')).toEqual([])
    })

    test('what was missed was given on the first day after', () => {
      const late = gifts.find((g) => g.memberId === 'a-solar' && g.onDay === '2026-03-05')
      expect(late?.createdAt).toBe(startOfDay('2026-03-07') + HOUR_MS)
    })

    test('each gift is points, coupon, message and event, once each', async () => {
      const points = await rows<{
        memberId: string
        sourceType: string
        sourceId: string
        amount: number
        kind: string
      }>(server, 'SELECT memberId, sourceType, sourceId, amount, kind FROM points_entry')
      const key = (g: { memberId: string }, kind: string, id: string | null) => `${g.memberId} ${kind} ${id}`
      expect(points.map((p) => key(p, p.sourceType, p.sourceId)).sort()).toEqual(
        gifts.map((g) => key(g, g.kind, g.id)).sort(),
      )
      for (const p of points) {
        const level = p.memberId === 'a-solar' ? 1 : 0
        expect([p.kind, p.amount]).toEqual([
          'gift',
          { birthday: [66, 88], anniversary: [50, 66] }[p.sourceType]?.[level],
        ])
      }
      const coupons = await rows<{ sourceId: string; source: string }>(server, 'SELECT sourceId, source FROM coupon')
      const birthdayGifts = gifts.filter((g) => g.kind === 'birthday')
      expect(coupons.map((c) => c.sourceId).sort()).toEqual(birthdayGifts.map((g) => g.id).sort())
      expect(birthdayGifts.every((g) => JSON.parse(g.couponIds ?? '[]').length === 1)).toBe(true)
      const [{ messages }] = await rows<{ messages: number }>(
        server,
        "SELECT COUNT(*) AS messages FROM message WHERE kind IN ('birthday', 'anniversary')",
      )
      expect(Number(messages)).toBe(gifts.length * 2)
      const [{ events }] = await rows<{ events: number }>(
        server,
        "SELECT COUNT(*) AS events FROM interaction WHERE type = 'gift_given' AND origin = 'server'",
      )
      expect(Number(events)).toBe(gifts.length)
      expect(
        await rows(
          server,
          "SELECT id FROM message WHERE channel = 'subscribe' AND status <> 'pending' AND kind IN ('birthday', 'anniversary')",
        ),
      ).toEqual([])
    })

    test('every slot was run once by one of the two runners, without a failure', async () => {
      const runs = await rows<JobRun>(server, "SELECT * FROM job_run WHERE name = 'journeys.run'")
      expect(runs).toHaveLength(1827 - 5)
      expect(runs.filter((r) => r.state !== 'done' || r.attempts !== 1 || r.failed > 0)).toEqual([])
    })
  })

  describe('a gift', () => {
    let server: TestServer
    const birthday = { calendar: 'solar' as const, month: 11, day: 22 }
    beforeEach(async () => {
      server = await startServer({ database, now: startOfDay('2026-11-22') + HOUR_MS })
    })
    afterEach(() => server.stop())
    const run = async (name: string): Promise<void> => {
      const job = schedule.find((j) => j.name === name)
      if (!job) throw new Error(name)
      await createRunner(server.deps, schedule, 'test').ring(job)
    }

    test('is seen, opened once and gone from the home page', async () => {
      await addMembers(server, [{ id: 'lin', birthday }, { id: 'zhou' }])
      await publishGiftCoupon(server, 'birthday')
      await run('journeys.run')
      const as = await tokenOf(server, 'member', 'lin')
      const { body } = await server.call('GET /me/gifts', {}, { as })
      expect(body.items).toEqual([
        {
          id: expect.any(String),
          kind: 'birthday',
          title: '生日快乐',
          until: '2026-12-06',
          opened: false,
          years: null,
          gifts: [
            { kind: 'points', title: '66 积分', detail: '已存入你的积分账户' },
            { kind: 'coupon', title: '生日礼券', detail: '¥30 · 满 100 可用，12月6日前可用' },
          ],
        },
      ])
      const giftId = body.items[0].id
      const stranger = await tokenOf(server, 'member', 'zhou')
      const refused = await server.call('POST /me/gifts/:giftId/open', { giftId }, { as: stranger })
      expect([refused.status, refused.error?.code]).toEqual([404, 'not_found'])
      const opened = await server.call('POST /me/gifts/:giftId/open', { giftId }, { as })
      expect(opened.body.opened).toBe(true)
      const [first] = await giftsOf(server)
      server.clock.advance(HOUR_MS)
      await server.call('POST /me/gifts/:giftId/open', { giftId }, { as })
      expect((await giftsOf(server))[0].openedAt).toBe(first.openedAt)
      expect(await rows(server, "SELECT eventId FROM interaction WHERE type = 'gift_opened'")).toHaveLength(1)
    })

    test('without stock for the coupon still brings the points, and the run says so', async () => {
      await addMembers(server, [
        { id: 'a', birthday },
        { id: 'b', birthday },
      ])
      await publishGiftCoupon(server, 'birthday', 1)
      await run('journeys.run')
      const gifts = await giftsOf(server)
      expect(gifts.map((g) => [g.memberId, g.points, JSON.parse(g.couponIds ?? '[]').length])).toEqual([
        ['a', 66, 1],
        ['b', 66, 0],
      ])
      const [job] = await rows<JobRun>(server, "SELECT * FROM job_run WHERE name = 'journeys.run'")
      expect(job).toMatchObject({ state: 'done', processed: 4, failed: 1 })
      expect(job.errorSample).toContain('b coupon_out_of_stock')
    })

    test('is announced on the phone of who said yes, not before half past eight', async () => {
      await addMembers(server, [{ id: 'lin', birthday, wechat: 'lin' }])
      await publishGiftCoupon(server, 'birthday')
      const as = await tokenOf(server, 'member', 'lin')
      await server.sandbox('subscribe', { user: 'lin', templateIds: [templateId('birthday')] })
      await server.call('POST /me/subscriptions', { results: { [templateId('birthday')]: 'accept' } }, { as })
      await run('journeys.run')
      expect((await server.call('GET /me/messages', {}, { as })).body).toMatchObject({
        unread: 1,
        items: [{ kind: 'birthday', title: '生日快乐', body: '生日快乐！66 积分和生日礼券已送到，祝你今天开心。' }],
      })
      const arrived = async () => {
        const response = await fetch(`${server.url}/__wechat/__control/sends?user=lin`)
        return ((await response.json()) as { items: { title: string; page: string; fields: { value: string }[] }[] })
          .items
      }
      await run('messages.send')
      expect(await arrived()).toEqual([])
      server.clock.set(startOfDay('2026-11-22') + 8.5 * HOUR_MS)
      await run('messages.send')
      const [card, ...more] = await arrived()
      expect(more).toEqual([])
      expect([card.title, card.page, card.fields.map((f) => f.value)]).toEqual([
        '生日礼遇通知',
        'packages/birthday/index',
        ['66 积分和生日礼券', '2026-12-06', '礼物已到账，点击拆开'],
      ])
    })

    test('is not for somebody who typed in today’s date', async () => {
      await addMembers(server, [{ id: 'lin', birthday }])
      await server.deps.db.tx(async (tx) => tx.write("UPDATE member SET birthdayChangedOn = '2026-11-22'"))
      await run('journeys.run')
      expect(await giftsOf(server)).toEqual([])
    })
  })
})
