import type { Message } from '../../server/messages/entity'
import { sendDue } from '../../server/messages/service'
import { addMembers, rows } from '../jobs/people'
import { describeEachDatabase } from '../support/databases'
import { startServer, type TestServer, testNow } from '../support/server'
import { afresh, arrived, credit, grant, grants, outbox, queue, sendPath } from './support'

const minute = 60_000

describeEachDatabase('sending subscribe messages', (database) => {
  let server: TestServer
  beforeAll(async () => {
    server = await startServer({ database })
    await addMembers(server, [
      { id: 'lin', wechat: 'lin' },
      { id: 'zhou', wechat: 'zhou' },
      { id: 'walk-in' },
      { id: 'private', wechat: 'chen', personalised: 0 },
      { id: 'gone', wechat: 'wu', status: 'inactive' },
    ])
  })
  // WeChat is given less time to answer than in production, so that running out of it does not take the tests theirs.
  beforeEach(() => afresh(server, { timeoutMs: 800 }))
  afterAll(() => server.stop())

  const send = () => sendDue(server.deps, { limit: 50 })
  const fault = (effect: object, more: { times?: number; openid?: string } = {}) =>
    server.sandbox('faults', { match: { path: sendPath }, effect, ...(more.times ? { times: more.times } : {}) })
  const states = async () => (await outbox(server)).map((m) => [m.status, m.reason])
  const bank = async () => (await grants(server)).map((g) => g.status)
  /** A message for Lin that both sides have a right for. */
  const ready = async (count = 1): Promise<void> => {
    await credit(server, 'lin', count)
    await grant(server, 'lin', 'tier', count)
    for (let i = 0; i < count; i++) await queue(server, 'lin')
  }

  test('a message goes out once, spends one right and keeps WeChat’s number', async () => {
    await ready()
    await grant(server, 'lin')
    expect(await send()).toMatchObject({ sent: 1, failed: 0, unknown: 0 })
    expect(await send()).toMatchObject({ sent: 0 })
    const [message] = await outbox(server)
    const [got, ...more] = await arrived(server, 'lin')
    expect(more).toEqual([])
    expect(message).toMatchObject({ status: 'sent', externalId: got.msgid, attempts: 1, sentAt: testNow })
    expect(await bank()).toEqual(['consumed', 'open'])
    const inbox = await rows<Message>(server, "SELECT * FROM message WHERE channel = 'inbox'")
    expect(inbox).toMatchObject([{ status: 'sent', readAt: null }])
  })

  test('what is not sent keeps the reason', async () => {
    await grant(server, 'lin', 'birthday')
    for (const id of ['walk-in', 'gone', 'lin']) await queue(server, id)
    await queue(server, 'private', 'birthday')
    await queue(server, 'lin', 'notice')
    await queue(server, 'lin', 'birthday', { data: { gift: '', until: '' } })
    await send()
    expect(await states()).toEqual([
      ['skipped', 'no_openid'],
      ['skipped', 'member_inactive'],
      ['skipped', 'no_credit'],
      ['skipped', 'personalisation_off'],
      ['skipped', 'no_template'],
      ['skipped', 'empty:thing1'],
    ])
    expect(await bank()).toEqual(['open'])
    // Each of them is in the member's inbox all the same.
    const inbox = await rows(server, "SELECT id FROM message WHERE channel = 'inbox'")
    expect(inbox).toHaveLength(6)
  })

  test('43101: every right from before is void, nothing is sent again', async () => {
    await grant(server, 'lin', 'tier', 3)
    await queue(server, 'lin')
    expect(await send()).toMatchObject({ failed: 1, sent: 0 })
    expect(await states()).toEqual([['failed', 'wechat_43101']])
    expect(await bank()).toEqual(['void', 'void', 'void'])
    server.clock.advance(60 * minute)
    await send()
    expect(await arrived(server, 'lin')).toEqual([])
  })

  test('43101: a right granted while the message was under way is used', async () => {
    await grant(server, 'lin')
    await queue(server, 'lin')
    await fault({ type: 'delay', ms: 300, when: 'before' }, { times: 1 })
    const sending = send()
    await new Promise((done) => setTimeout(done, 100))
    server.clock.advance(50)
    await grant(server, 'lin')
    await sending
    expect(await bank()).toEqual(['void', 'open'])
    expect(await states()).toEqual([['pending', 'wechat_43101']])
    await credit(server, 'lin')
    server.clock.advance(2000)
    await send()
    expect(await states()).toEqual([['sent', null]])
    expect(await arrived(server, 'lin')).toHaveLength(1)
  })

  test('40001: a replaced token is renewed and the message goes out', async () => {
    await ready()
    await fault({ type: 'revoke-token' }, { times: 1 })
    await send()
    expect(await states()).toEqual([['sent', null]])
    expect(await arrived(server, 'lin')).toHaveLength(1)
  })

  test('40001 again and again: the right comes back, the next minute brings it out', async () => {
    await ready()
    await fault({ type: 'errcode', errcode: 40001 }, { times: 2 })
    await send()
    expect(await states()).toEqual([['pending', 'wechat_40001']])
    expect(await bank()).toEqual(['open'])
    await send()
    expect(await arrived(server, 'lin')).toEqual([])
    server.clock.advance(minute)
    await send()
    expect(await outbox(server)).toMatchObject([{ status: 'sent', attempts: 2 }])
    expect(await arrived(server, 'lin')).toHaveLength(1)
  })

  test('45009: the day’s quota is used up, so everything waits until after midnight, and nobody calls meanwhile', async () => {
    await ready(4)
    await fault({ type: 'errcode', errcode: 45009 })
    expect(await send()).toMatchObject({ sent: 0, postponed: 4 })
    const waiting = await outbox(server)
    expect(waiting.map((m) => [m.status, m.reason])).toEqual(Array(4).fill(['pending', 'wechat_45009']))
    // 14 hours to midnight, and a minute.
    expect(new Set(waiting.map((m) => m.nextAttemptAt))).toEqual(new Set([testNow + (14 * 60 + 1) * minute]))
    expect(waiting.reduce((tries, m) => tries + m.attempts, 0)).toBe(1)
    expect(await bank()).toEqual(Array(4).fill('open'))
    await fetch(`${server.url}/__wechat/__control/faults`, { method: 'DELETE' })
    server.clock.advance((14 * 60 + 1) * minute)
    expect(await send()).toMatchObject({ sent: 4 })
    expect(await arrived(server, 'lin')).toHaveLength(4)
  })

  test('40164: WeChat does not accept the app, so nothing is lost and nothing is hammered', async () => {
    await ready(2)
    await fault({ type: 'errcode', errcode: 40164 }, { times: 1 })
    await send()
    expect(await states()).toEqual(Array(2).fill(['pending', 'wechat_40164']))
    server.clock.advance(10 * minute)
    await send()
    expect(await states()).toEqual(Array(2).fill(['sent', null]))
  })

  test('-1: busy WeChat is tried again later, and given up after six tries', async () => {
    await ready()
    await fault({ type: 'errcode', errcode: -1 })
    for (let round = 0; round < 8; round++) {
      await send()
      server.clock.advance(minute)
    }
    expect(await outbox(server)).toMatchObject([{ status: 'failed', reason: 'wechat_-1', attempts: 6 }])
    expect(await bank()).toEqual(['open'])
    expect(await arrived(server, 'lin')).toEqual([])
  }, 60_000)

  test.each([
    [40003, 'failed'],
    [40037, 'failed'],
    [41030, 'failed'],
    [43107, 'failed'],
    [45168, 'failed'],
    [47003, 'failed'],
    [43108, 'pending'],
    [45011, 'pending'],
  ])('%i: %s, and the right comes back', async (errcode, status) => {
    await ready()
    await fault({ type: 'errcode', errcode }, { times: 1 })
    await send()
    expect(await states()).toEqual([[status, `wechat_${errcode}`]])
    expect(await bank()).toEqual(['open'])
    server.clock.advance(2 * minute)
    await send()
    expect(await arrived(server, 'lin')).toHaveLength(status === 'pending' ? 1 : 0)
  })

  test('an answer that comes too late: WeChat’s event has told already that the message is out', async () => {
    await ready()
    await fault({ type: 'delay', ms: 1500, when: 'after' }, { times: 1 })
    expect(await send()).toMatchObject({ sent: 1 })
    const [got] = await arrived(server, 'lin')
    expect(await outbox(server)).toMatchObject([{ status: 'sent', externalId: got.msgid, attempts: 1 }])
    expect(await bank()).toEqual(['consumed'])
  })

  test.each([
    ['a gateway page after the message went out', { type: 'http', status: 502, when: 'after' }, 1],
    ['a connection cut after the message went out', { type: 'reset', when: 'after' }, 1],
    ['an answer cut in half', { type: 'truncate' }, 1],
    ['an empty answer', { type: 'empty' }, 1],
    ['a connection cut before', { type: 'reset', when: 'before' }, 0],
    ['a call that WeChat only gets round to after we gave up', { type: 'delay', ms: 1000, when: 'before' }, 1],
    ['a number nobody knows', { type: 'errcode', errcode: 99_999 }, 0],
  ])('%s: the fate is unknown, it is never sent again, and the event settles it', async (_, effect, reached) => {
    await ready()
    await fault(effect, { times: 1 })
    expect(await send()).toMatchObject({ unknown: 1, sent: 0 })
    expect(await bank()).toEqual(['consumed'])
    await new Promise((done) => setTimeout(done, reached ? 1200 : 300))
    const [message] = await outbox(server)
    const why = 'errcode' in effect ? 'wechat_99999' : 'no_answer'
    expect([message.status, message.reason]).toEqual(reached ? ['sent', null] : ['unknown', why])
    server.clock.advance(60 * minute)
    await send()
    expect(await arrived(server, 'lin')).toHaveLength(reached)
    expect(await outbox(server)).toMatchObject([{ attempts: 1 }])
  })

  test('slow answers within the limit are fine', async () => {
    await ready(2)
    await fault({ type: 'delay', ms: 300, when: 'before' })
    expect(await send()).toMatchObject({ sent: 2 })
    expect(await arrived(server, 'lin')).toHaveLength(2)
  })

  test('a sender that died during the call leaves an unknown, one that died before leaves the message to the next', async () => {
    await ready(2)
    const [first, second] = await outbox(server)
    await server.deps.db.tx(async (tx) => {
      const until = server.clock.now() + minute
      tx.write("UPDATE message SET status = 'sending', claimedBy = 'dead', leaseUntil = ? WHERE id = ?", [
        until,
        first.id,
      ])
      tx.write("UPDATE message SET claimedBy = 'dead', leaseUntil = ? WHERE id = ?", [until, second.id])
    })
    await send()
    expect(await states()).toEqual([
      ['sending', null],
      ['pending', null],
    ])
    server.clock.advance(2 * minute)
    expect(await send()).toMatchObject({ unknown: 1, sent: 1 })
    expect(await states()).toEqual([
      ['unknown', 'interrupted'],
      ['sent', null],
    ])
  })

  test('four senders at once: every message once, one at a time to each person', async () => {
    await server.sandbox('settings', { sendLatencyMs: 30 })
    for (const user of ['lin', 'zhou']) {
      await credit(server, user, 12)
      await grant(server, user, 'tier', 12)
      for (let i = 0; i < 12; i++) await queue(server, user)
    }
    for (let round = 0; round < 30; round++) {
      await Promise.all(Array.from({ length: 4 }, () => sendDue(server.deps, { limit: 5 })))
      if ((await outbox(server)).every((m) => m.status === 'sent')) break
      server.clock.advance(3000)
    }
    const messages = await outbox(server)
    expect(messages.map((m) => [m.status, m.attempts])).toEqual(Array(24).fill(['sent', 1]))
    expect(await arrived(server, 'lin')).toHaveLength(12)
    expect(await arrived(server, 'zhou')).toHaveLength(12)
    expect(await bank()).toEqual(Array(24).fill('consumed'))
    // Never two to one person at once: the sandbox would have refused one with 43108, which counts a try.
    expect(new Set(messages.map((m) => m.externalId)).size).toBe(24)
  }, 60_000)

  test('a message that waited three days is old news', async () => {
    await ready()
    await fault({ type: 'errcode', errcode: 45009 }, { times: 1 })
    await send()
    server.clock.advance(4 * 24 * 60 * minute)
    await send()
    expect(await states()).toEqual([['failed', 'too_late:wechat_45009']])
  })

  test('a queue call repeated under its key adds nothing, and a message undone with its business never existed', async () => {
    await queue(server, 'lin', 'tier_up', { dedupeKey: 'once' })
    await queue(server, 'lin', 'tier_up', { dedupeKey: 'once', title: '另一个标题' })
    expect(await rows(server, 'SELECT title FROM message')).toEqual([{ title: '升级啦' }, { title: '升级啦' }])
    await expect(
      server.deps.db.tx(async (tx) => {
        const { queueMessages } = await import('../../server/messages/service')
        const undone = { memberId: 'lin', kind: 'notice' as const, title: '不会有', text: '', page: null }
        queueMessages(tx, [{ ...undone, dedupeKey: 'undone', channels: ['inbox'] }], testNow)
        throw new Error('the sale fell through')
      }),
    ).rejects.toThrow('fell through')
    expect(await rows(server, 'SELECT id FROM message')).toHaveLength(2)
  })
})
