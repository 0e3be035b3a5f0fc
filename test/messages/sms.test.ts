import { smsError } from '../../server/integrations/sms/sender'
import type { Message } from '../../server/messages/entity'
import { sendDue } from '../../server/messages/service'
import { addMembers, rows } from '../jobs/people'
import { describeEachDatabase } from '../support/databases'
import { startServer, type TestServer } from '../support/server'
import { afresh, fates, offer, prefer, reachable, scheduled } from './support'

const minute = 60_000
const hour = 60 * minute
const shanghai = (text: string): number => Date.parse(`${text.replace(' ', 'T')}:00+08:00`)

describeEachDatabase('texts', (database) => {
  let server: TestServer
  let sent: { phone: string; template: string; params: Record<string, string> }[]
  /** What the carrier refuses with, in turn. */
  let refusals: (ReturnType<typeof smsError> | Error)[]
  beforeAll(async () => {
    server = await startServer({ database, env: { LOG_LEVEL: 'warn' } })
    await addMembers(server, [{ id: 'lin' }])
    await reachable(server, 'lin', '13800000001')
    server.deps.sms = {
      send: async (message) => {
        sent.push(message)
        const refused = refusals.shift()
        if (refused) throw refused
        return { id: `carrier-${sent.length}` }
      },
    }
  })
  beforeEach(async () => {
    await afresh(server)
    await prefer(server, 'lin', { 'channel:sms': true })
    sent = []
    refusals = []
    server.clock.set(shanghai('2026-11-24 10:20'))
  })
  afterAll(() => server.stop())
  const send = () => sendDue(server.deps, { limit: 50 })
  const queue = (more: Parameters<typeof offer>[1] = {}) =>
    scheduled(server, [offer('lin', { channels: ['sms', 'inbox'], topic: 'service', ...more })])
  const row = async () => (await rows<Message>(server, "SELECT * FROM message WHERE channel = 'sms'"))[0]

  test('goes to the member’s number under the carrier’s template, and keeps the carrier’s id', async () => {
    await queue()
    await send()
    expect(sent).toEqual([{ phone: '13800000001', template: 'care', params: { name: '林晓雨' } }])
    expect([await fates(server, 'lin'), (await row()).externalId]).toEqual([['sms sent'], 'carrier-1'])
  })

  test.each<['minute' | 'hour' | 'day', string]>([
    ['minute', '2026-11-24 10:21'],
    ['hour', '2026-11-24 11:00'],
    ['day', '2026-11-25 00:01'],
  ])('a limit within a %s: tried again when the next begins, not before', async (window, next) => {
    refusals = [smsError('rate', 'LIMIT', 'limit', window)]
    await queue()
    await send()
    expect(await fates(server, 'lin')).toEqual(['sms pending sms:LIMIT'])
    expect((await row()).nextAttemptAt).toBe(shanghai(next))
    server.clock.set(shanghai(next) - 1)
    await send()
    expect(sent).toHaveLength(1)
    server.clock.set(shanghai(next))
    await send()
    expect([await fates(server, 'lin'), sent.length]).toEqual([['sms sent'], 2])
  })

  test.each<['user' | 'config']>([['user'], ['config']])('%s: not tried again, the inbox takes over', async (kind) => {
    refusals = [smsError(kind, 'NO', 'no')]
    await queue()
    await send()
    server.clock.advance(hour)
    await send()
    expect([await fates(server, 'lin'), sent.length]).toEqual([['sms failed sms:NO', 'inbox sent'], 1])
  })

  test('unclear: not tried again, and said by no other channel', async () => {
    refusals = [smsError('unknown', 'InternalError', 'perhaps')]
    await queue()
    await send()
    server.clock.advance(hour)
    await send()
    expect([await fates(server, 'lin'), sent.length]).toEqual([['sms unknown sms:InternalError'], 1])
  })

  test('a fault of ours in the middle is unclear too', async () => {
    refusals = [new TypeError('broken')]
    await queue()
    await send()
    expect(await fates(server, 'lin')).toEqual(['sms unknown no_answer'])
  })

  test('certainly not sent: later and later, six times, then the next channel', async () => {
    refusals = Array.from({ length: 9 }, () => smsError('transient', null, 'down'))
    await queue()
    const waits: number[] = []
    for (let tries = 0; tries < 9; tries++) {
      await send()
      const { status, nextAttemptAt } = await row()
      if (status !== 'pending') break
      waits.push(nextAttemptAt - server.clock.now())
      server.clock.set(nextAttemptAt)
    }
    expect(waits).toEqual([5000, 10_000, 20_000, 40_000, 80_000])
    expect([await fates(server, 'lin'), sent.length]).toEqual([['sms failed unreachable', 'inbox sent'], 6])
  })

  test('no balance at the carrier: everybody waits, no try is lost, all go when it is paid', async () => {
    refusals = [smsError('account', 'isv.OUT_OF_SERVICE', 'no money')]
    await server.deps.db.tx(async (tx) => tx.write("UPDATE member SET status = 'active'"))
    for (let i = 0; i < 12; i++) await queue({ channels: ['sms'] })
    await send()
    expect(sent).toHaveLength(1)
    expect(new Set(await fates(server, 'lin'))).toEqual(new Set(['sms pending sms:isv.OUT_OF_SERVICE']))
    server.clock.advance(9 * minute)
    await send()
    expect(sent).toHaveLength(1)
    server.clock.advance(minute)
    await send()
    expect([new Set(await fates(server, 'lin')), sent.length]).toEqual([new Set(['sms sent']), 13])
  })

  test('the number was taken away between planning and sending', async () => {
    await queue()
    await server.deps.db.tx(async (tx) => tx.write("UPDATE member SET phoneSealed = NULL WHERE id = 'lin'"))
    await send()
    expect([await fates(server, 'lin'), sent]).toEqual([['sms skipped no_phone', 'inbox sent'], []])
    await reachable(server, 'lin', '13800000001')
  })

  test('production without a carrier does not pretend', async () => {
    await queue({ channels: ['sms'] })
    const { env } = server.deps
    server.deps.env = { ...env, NODE_ENV: 'production' }
    await send()
    server.deps.env = env
    expect([await fates(server, 'lin'), sent]).toEqual([['sms failed sms:not_set_up'], []])
  })
})
