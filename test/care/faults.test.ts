import { identityHashOf } from '../../server/members/lookup'
import type { Message } from '../../server/messages/entity'
import { sendDue } from '../../server/messages/service'
import { DAY_MS, MINUTE_MS } from '../../shared/time'
import { publishGiftCoupon } from '../campaigns/shop'
import { addMembers, rows, templateId } from '../jobs/people'
import { describeEachDatabase } from '../support/databases'
import { startServer, type TestServer } from '../support/server'
import { memberToken, operatorToken } from '../support/tokens'
import { draft, publish, runJob, template } from './shop'

const sendPath = '/cgi-bin/message/subscribe/send'
const members = 200
const memberId = (i: number): string => `f${String(i).padStart(3, '0')}`
const everybody = Array.from({ length: members }, (_, i) => memberId(i))
/** Rights that each member holds, on both sides: one for each fault that is played. */
const rights = 8

interface Sent {
  msgid: string
  openid: string
}
/** How many messages of a journey stand where: `channel status reason` -> rows. */
type Outbox = Record<string, number>

/**
 * Every fault of the sandbox's list, with a whole journey on top of it: 200 members get a coupon and are told of it by a subscribe message,
 * or in the inbox where that cannot go out. Whatever WeChat does, everybody has one coupon and is told once, and the rows say how.
 */
describeEachDatabase('a journey while WeChat fails', (database) => {
  let server: TestServer
  let as: string
  let words: string
  beforeAll(async () => {
    server = await startServer({ database, env: { LOG_LEVEL: 'warn' } })
    as = await operatorToken(server, 'owner')
    await addMembers(
      server,
      everybody.map((id) => ({ id })),
    )
    const people: { memberId: string; openid: string }[] = []
    for (let from = 0; from < members; from += 50)
      await Promise.all(
        everybody.slice(from, from + 50).map(async (id, n) => {
          const phone = `139${String(10_000_000 + from + n)}`
          const user = await server.sandbox<{ openid: string }>('users', { key: id, nickname: '会员', phone })
          people.push({ memberId: id, openid: user.openid })
          for (let r = 0; r < rights; r++)
            await server.sandbox('subscribe', { user: id, templateIds: [templateId('coupon')] })
        }),
      )
    const { keys, db } = server.deps
    await db.tx(async (tx) => {
      tx.insert(
        'member_identity',
        people.map((p) => ({
          kind: 'openid',
          valueHash: identityHashOf(keys, { kind: 'openid', value: p.openid }),
          memberId: p.memberId,
          valueSealed: keys.seal(p.openid),
          createdAt: 0,
        })),
      )
      // What the events of the accepts above banked is replaced by rights whose number is known.
      tx.write('DELETE FROM subscribe_grant')
      tx.insert(
        'subscribe_grant',
        everybody.flatMap((id) =>
          Array.from({ length: rights }, (_, r) => ({
            id: `g${id}${r}`,
            memberId: id,
            templateId: templateId('coupon'),
            sourceKey: `report:${id}:${r}`,
            status: 'open',
            grantedAt: server.clock.now() - 1000,
          })),
        ),
      )
    })
    const fields = { thing1: '关怀券', amount2: '30元', date3: '2026-12-31', thing4: '点击查看' }
    words = await template(
      server,
      as,
      {
        subscribe: { template: 'coupon', fields, page: 'pages/home/index' },
        inbox: { title: '送你一张券', text: '到店可用', page: null },
      },
      'service',
    )
  }, 120_000)
  afterAll(() => server.stop())

  const arrivals = async (): Promise<Sent[]> =>
    ((await (await fetch(`${server.url}/__wechat/__control/sends`)).json()) as { items: Sent[] }).items
  const clearFaults = () => fetch(`${server.url}/__wechat/__control/faults`, { method: 'DELETE' })
  const outboxOf = async (journeyId: string): Promise<Outbox> => {
    const found = await rows<Pick<Message, 'channel' | 'status' | 'reason'> & { n: number }>(
      server,
      'SELECT channel, status, reason, COUNT(*) AS n FROM message WHERE source = ? GROUP BY channel, status, reason',
      [`journey:${journeyId}`],
    )
    return Object.fromEntries(
      found.map((r) => [[r.channel, r.status, r.reason].filter(Boolean).join(' '), Number(r.n)]),
    )
  }

  /** Sends everybody through a journey while a fault is on; answers the outbox after each round of sending and who got what. */
  const play = async (
    effect: object,
    { times, rounds, between = MINUTE_MS }: { times?: number; rounds: number; between?: number },
  ) => {
    const coupon = await publishGiftCoupon(server, null, members)
    const journeyId = await publish(
      server,
      as,
      draft({
        trigger: { kind: 'manual' },
        start: 'coupon',
        nodes: [
          { id: 'coupon', kind: 'coupon', templateId: coupon, next: 'tell' },
          { id: 'tell', kind: 'message', templateId: words, channels: ['subscribe', 'inbox'], next: null },
        ],
      }),
    )
    const before = new Set((await arrivals()).map((s) => s.msgid))
    await server.call('POST /admin/journeys/:journeyId/enrolments', { journeyId, memberIds: everybody }, { as })
    await runJob(server, 'journeys.run')
    expect(await outboxOf(journeyId)).toEqual({ 'subscribe pending': members })
    await server.sandbox('faults', { match: { path: sendPath }, effect, ...(times ? { times } : {}) })
    const seen: Outbox[] = []
    for (let round = 0; round < rounds; round++) {
      await sendDue(server.deps, { limit: 100 })
      seen.push(await outboxOf(journeyId))
      if (round === 0) await clearFaults()
      server.clock.advance(between)
    }
    // WeChat's events arrive a second after its messages.
    await new Promise((done) => setTimeout(done, 1500))
    const arrived = (await arrivals()).filter((s) => !before.has(s.msgid))
    // The gift is there once, whatever became of the message, and the stock says so too.
    const coupons = await rows<{ memberId: string }>(server, 'SELECT memberId FROM coupon WHERE templateId = ?', [
      coupon,
    ])
    expect(coupons.map((c) => c.memberId).sort()).toEqual(everybody)
    const [{ issued }] = await rows<{ issued: number }>(server, 'SELECT issued FROM coupon_template WHERE id = ?', [
      coupon,
    ])
    expect(Number(issued)).toBe(members)
    // Nobody is told twice on the phone.
    expect(new Set(arrived.map((s) => s.openid)).size).toBe(arrived.length)
    return { seen, outbox: await outboxOf(journeyId), arrived: arrived.length, journeyId }
  }
  /** The most tries of a message, and tries in all. */
  const triesOf = async (journeyId: string): Promise<number[]> => {
    const [{ most, all }] = await rows<{ most: number; all: number }>(
      server,
      'SELECT MAX(attempts) AS most, SUM(attempts) AS `all` FROM message WHERE source = ?',
      [`journey:${journeyId}`],
    )
    return [Number(most), Number(all)]
  }
  const spent = async () =>
    Number(
      (await rows<{ n: number }>(server, "SELECT COUNT(*) AS n FROM subscribe_grant WHERE status = 'consumed'"))[0].n,
    )

  test('slow answers: everything arrives, once', async () => {
    const { outbox, arrived } = await play({ type: 'delay', ms: 900, when: 'before' }, { times: 32, rounds: 1 })
    expect([outbox, arrived]).toEqual([{ 'subscribe sent': members }, members])
    expect(await spent()).toBe(members)
  }, 60_000)

  test('a time-out after processing and connections cut after it: WeChat’s events settle them, nothing is sent again', async () => {
    const late = await play({ type: 'delay', ms: 6000, when: 'after' }, { times: 8, rounds: 3 })
    expect([late.outbox, late.arrived]).toEqual([{ 'subscribe sent': members }, members])
    const cut = await play({ type: 'reset', when: 'after' }, { times: 40, rounds: 3 })
    expect([cut.outbox, cut.arrived]).toEqual([{ 'subscribe sent': members }, members])
    for (const { journeyId } of [late, cut]) expect(await triesOf(journeyId)).toEqual([1, members])
    expect(await spent()).toBe(3 * members)
  }, 90_000)

  test('the token is revoked again and again in the middle: everything arrives, once', async () => {
    const { outbox, arrived } = await play({ type: 'revoke-token' }, { times: 12, rounds: 4 })
    expect([outbox, arrived]).toEqual([{ 'subscribe sent': members }, members])
  }, 60_000)

  test('43108: who is being written to by somebody else is written to later', async () => {
    const { seen, outbox, arrived } = await play({ type: 'errcode', errcode: 43108 }, { times: 60, rounds: 3 })
    expect(seen[0]).toEqual({ 'subscribe sent': members - 60, 'subscribe pending wechat_43108': 60 })
    expect([outbox, arrived]).toEqual([{ 'subscribe sent': members }, members])
  }, 60_000)

  test('45009: the quota is used up, so all wait for the next day, keep their rights, and then go out', async () => {
    const before = await spent()
    const { seen, outbox, arrived } = await play({ type: 'errcode', errcode: 45009 }, { rounds: 2, between: DAY_MS })
    // The first refusal stops the round: who was not tried yet waits as well, and WeChat is left alone.
    expect(Object.keys(seen[0]).every((key) => key.startsWith('subscribe pending'))).toBe(true)
    expect(Object.values(seen[0]).reduce((a, b) => a + b, 0)).toBe(members)
    expect(seen[0]['subscribe pending wechat_45009']).toBeGreaterThanOrEqual(100)
    expect([outbox, arrived]).toEqual([{ 'subscribe sent': members }, members])
    expect(await spent()).toBe(before + members)
  }, 60_000)

  test('43101: whose rights WeChat does not know is told in the inbox instead, and their rights are void', async () => {
    const { outbox, arrived, journeyId } = await play({ type: 'errcode', errcode: 43101 }, { times: 50, rounds: 2 })
    expect(outbox).toEqual({ 'subscribe sent': members - 50, 'subscribe failed wechat_43101': 50, 'inbox sent': 50 })
    expect(arrived).toBe(members - 50)
    const instead = await rows<{ memberId: string }>(
      server,
      `SELECT a.memberId FROM message a JOIN message b ON b.memberId = a.memberId AND b.source = a.source AND b.channel = 'inbox'
       WHERE a.source = ? AND a.status = 'failed'`,
      [`journey:${journeyId}`],
    )
    expect(instead).toHaveLength(50)
    const [{ voided }] = await rows<{ voided: number }>(
      server,
      "SELECT COUNT(DISTINCT memberId) AS voided FROM subscribe_grant WHERE status = 'void'",
    )
    expect(Number(voided)).toBe(50)
    const [{ open }] = await rows<{ open: number }>(
      server,
      "SELECT COUNT(*) AS open FROM subscribe_grant g WHERE g.status = 'open' AND g.memberId IN (SELECT memberId FROM message WHERE status = 'failed')",
    )
    expect(Number(open)).toBe(0)
    // The member reads it where it was left.
    const member = await memberToken(server, instead[0].memberId)
    const { body } = await server.call('GET /me/messages', {}, { as: member })
    expect(body.items.map((m) => m.title)).toEqual(['送你一张券'])
    const report = await server.call('GET /admin/journeys/:journeyId/report', { journeyId }, { as })
    expect(report.body.messages).toContainEqual(
      expect.objectContaining({ channel: 'subscribe', status: 'failed', reason: 'wechat_43101', count: 50 }),
    )
  }, 60_000)
})
