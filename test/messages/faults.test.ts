import type { Message } from '../../server/messages/entity'
import { sendDue } from '../../server/messages/service'
import { rows, templateId } from '../jobs/people'
import { describeEachDatabase } from '../support/databases'
import { startServer, type TestServer } from '../support/server'
import { afresh, crowd, grant, grants, offer, scheduled, sendPath } from './support'

const minute = 60_000
const size = 60

interface Arrived {
  openid: string
  msgid: string
}

/** The fault list of the sandbox, each against sixty messages: what counts is counted at the sandbox's own side. */
describeEachDatabase('faults of WeChat', (database) => {
  let server: TestServer
  let people: string[]
  beforeAll(async () => {
    server = await startServer({ database, env: { LOG_LEVEL: 'warn' } })
  })
  afterAll(() => server.stop())

  /** Sixty members with a right on both sides, and a message for each with the inbox to fall back on. */
  const queued = async (more: { timeoutMs?: number } = {}): Promise<void> => {
    await afresh(server, more)
    people = await crowd(server, size)
    for (const id of people) await grant(server, id, 'coupon')
    await scheduled(
      server,
      people.map((id) => offer(id, { channels: ['subscribe', 'inbox'] })),
    )
  }
  /** Lets WeChat's events arrive. */
  const pushed = async (): Promise<void> => {
    // An event sets out a fifth of a second after its message, and is only listed then.
    await new Promise((done) => setTimeout(done, 400))
    for (let tries = 0; tries < 400; tries++) {
      const { items } = (await (await fetch(`${server.url}/__wechat/__control/pushes`)).json()) as {
        items: { accepted: boolean; attempts: number }[]
      }
      if (items.every((i) => i.accepted || i.attempts === 3)) return
      await new Promise((done) => setTimeout(done, 25))
    }
    throw new Error('the events did not arrive')
  }
  const fault = (effect: object, match: object = {}, times?: number) =>
    server.sandbox('faults', { match: { path: sendPath, ...match }, effect, ...(times ? { times } : {}) })
  const healed = () => fetch(`${server.url}/__wechat/__control/faults`, { method: 'DELETE' })
  const send = () => sendDue(server.deps, { limit: 100 })
  const outbox = () => rows<Message>(server, "SELECT * FROM message WHERE channel = 'subscribe' ORDER BY id")
  const inbox = () => rows<Message>(server, "SELECT * FROM message WHERE channel = 'inbox' ORDER BY id")
  const bank = async (): Promise<Record<string, number>> => {
    const counted: Record<string, number> = {}
    for (const { status } of await grants(server)) counted[status] = (counted[status] ?? 0) + 1
    return counted
  }
  const tally = async (): Promise<Record<string, number>> => {
    const counted: Record<string, number> = {}
    for (const { status, reason } of await outbox()) {
      const key = `${status}${reason ? ` ${reason}` : ''}`
      counted[key] = (counted[key] ?? 0) + 1
    }
    return counted
  }
  const state = async () =>
    (await (await fetch(`${server.url}/__wechat/__control/state`)).json()) as { tokenRequests: number }
  /** Everything that reached a phone; nobody twice. */
  const arrivals = async (): Promise<Arrived[]> => {
    const { items } = (await (await fetch(`${server.url}/__wechat/__control/sends`)).json()) as { items: Arrived[] }
    expect(new Set(items.map((i) => i.openid)).size).toBe(items.length)
    return items
  }

  test('no fault: sixty out, sixty rights spent, nothing left', async () => {
    await queued()
    expect(await bank()).toEqual({ reserved: size })
    expect(await send()).toMatchObject({ sent: size, failed: 0, unknown: 0 })
    expect(await arrivals()).toHaveLength(size)
    expect([await tally(), await bank(), await inbox()]).toEqual([{ sent: size }, { consumed: size }, []])
  })

  test('time-out after processing: all are out, none is sent again, the events close them', async () => {
    await queued({ timeoutMs: 150 })
    await fault({ type: 'delay', ms: 2000, when: 'after' })
    const round = await send()
    expect(round.sent + round.unknown).toBe(size)
    expect(round.postponed + round.failed).toBe(0)
    await pushed()
    expect(await arrivals()).toHaveLength(size)
    expect([await tally(), await bank()]).toEqual([{ sent: size }, { consumed: size }])
    await healed()
    server.clock.advance(60 * minute)
    expect(await send()).toMatchObject({ sent: 0, unknown: 0, postponed: 0 })
    expect(await arrivals()).toHaveLength(size)
    const numbers = new Set((await arrivals()).map((a) => a.msgid))
    expect((await outbox()).every((m) => m.externalId && numbers.has(m.externalId) && m.attempts === 1)).toBe(true)
    // What went out needs no other channel.
    expect(await inbox()).toEqual([])
  })

  test('token revoked mid-flight: renewed once, all are out once', async () => {
    await queued()
    await fault({ type: 'revoke-token' }, { nth: 20 }, 1)
    const before = (await state()).tokenRequests
    expect(await send()).toMatchObject({ sent: size })
    expect((await state()).tokenRequests - before).toBe(2)
    expect(await arrivals()).toHaveLength(size)
    expect([await tally(), await bank()]).toEqual([{ sent: size }, { consumed: size }])
  })

  test('45009 after thirty: the others wait until after midnight and go out then', async () => {
    await queued()
    await fault({ type: 'rate-burst', count: 5000, errcode: 45009 }, { nth: 31 }, 1)
    const round = await send()
    expect(round.sent).toBe(30)
    expect(await tally()).toEqual({ sent: 30, 'pending wechat_45009': 30 })
    // What was promised to those that nobody tried stays theirs; those that were tried got their right back.
    const held = await bank()
    expect([held.consumed, (held.open ?? 0) + (held.reserved ?? 0)]).toEqual([30, 30])
    server.clock.advance(5 * 60 * minute)
    expect(await send()).toMatchObject({ sent: 0, postponed: 0 })
    await healed()
    // An offer does not go out at night: midnight opens the quota, half past eight the day.
    server.clock.advance(9.1 * 60 * minute)
    await send()
    expect(await tally()).toEqual({ sent: 30, 'pending quiet_hours': 30 })
    server.clock.advance(9 * 60 * minute)
    expect(await send()).toMatchObject({ sent: 30 })
    expect(await arrivals()).toHaveLength(size)
    expect([await tally(), await bank(), await inbox()]).toEqual([{ sent: size }, { consumed: size }, []])
  })

  test('43101 for a third: their rights are void, the inbox takes over, each row says why', async () => {
    await queued()
    const without = people.filter((_, i) => i % 3 === 0)
    for (const user of without)
      await server.sandbox('subscriptions', { user, templateId: templateId('coupon'), choice: 'reject' })
    // The event of the refusal is still under way: WeChat's answer to the send is what tells.
    await server.deps.db.tx(async (tx) =>
      tx.write("UPDATE subscribe_grant SET status = 'reserved' WHERE status = 'void'"),
    )
    await send()
    const failed = (await outbox()).filter((m) => m.status !== 'sent')
    expect(new Set(failed.map((m) => m.memberId))).toEqual(new Set(without))
    expect(failed.every((m) => ['wechat_43101', 'no_credit'].includes(m.reason ?? ''))).toBe(true)
    expect(failed.every((m) => m.countsOn === null)).toBe(true)
    expect((await inbox()).map((m) => [m.memberId, m.status]).sort()).toEqual(
      [...failed]
        .map((m) => m.memberId)
        .sort()
        .map((id) => [id, 'sent']),
    )
    expect(await arrivals()).toHaveLength(size - without.length)
    expect(await bank()).toEqual({ consumed: size - without.length, void: without.length })
    server.clock.advance(60 * minute)
    expect(await send()).toMatchObject({ sent: 0, failed: 0, postponed: 0 })
  })

  test('43108 for thirty: they wait a moment with their right back, and go out once', async () => {
    await queued()
    await fault({ type: 'rate-burst', count: 30, errcode: 43108 }, { nth: 1 }, 1)
    expect(await send()).toMatchObject({ sent: 30, postponed: 30 })
    expect(await tally()).toEqual({ sent: 30, 'pending wechat_43108': 30 })
    expect(await bank()).toEqual({ consumed: 30, open: 30 })
    server.clock.advance(2000)
    expect(await send()).toMatchObject({ sent: 30 })
    expect(await arrivals()).toHaveLength(size)
    expect([await tally(), await bank()]).toEqual([{ sent: size }, { consumed: size }])
    expect((await outbox()).map((m) => m.attempts).sort()).toEqual([...Array(30).fill(1), ...Array(30).fill(2)])
  })

  test('slow, but within the limit: all are out', async () => {
    await queued({ timeoutMs: 3000 })
    await fault({ type: 'delay', ms: 120, when: 'before' })
    expect(await send()).toMatchObject({ sent: size })
    expect(await arrivals()).toHaveLength(size)
  })

  test('everything at once: nobody twice, and every row is right about its phone', async () => {
    await queued({ timeoutMs: 250 })
    const often = { probability: 0.12 }
    await fault({ type: 'delay', ms: 1500, when: 'after' }, often)
    await fault({ type: 'reset', when: 'after' }, often)
    await fault({ type: 'reset', when: 'before' }, often)
    await fault({ type: 'http', status: 502, when: 'after' }, often)
    await fault({ type: 'truncate' }, often)
    await fault({ type: 'errcode', errcode: 43108 }, often)
    await fault({ type: 'errcode', errcode: 45011 }, often)
    await fault({ type: 'revoke-token' }, often)
    for (let round = 0; round < 12; round++) {
      await send()
      server.clock.advance(minute)
    }
    await healed()
    for (let round = 0; round < 6; round++) {
      await send()
      server.clock.advance(minute)
    }
    await pushed()
    const there = new Set((await arrivals()).map((a) => a.msgid))
    const found = await outbox()
    for (const m of found) {
      // A row without an event may be unknown, and only then: whoever is called sent has the message.
      expect(['sent', 'unknown', 'failed']).toContain(m.status)
      if (m.status === 'sent') expect(there.has(m.externalId ?? '')).toBe(true)
      else expect(m.reason).not.toBeNull()
    }
    expect(found.filter((m) => m.status === 'sent')).toHaveLength(there.size)
    const { consumed = 0, open = 0, reserved = 0 } = await bank()
    expect([consumed, open, reserved]).toEqual([found.filter((m) => m.status !== 'failed').length, size - consumed, 0])
  })
})
