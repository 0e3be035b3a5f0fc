import type { Message } from '../../server/messages/entity'
import { sendDue } from '../../server/messages/service'
import { addMembers, ownerToken, rows, tokenOf } from '../jobs/people'
import { describeEachDatabase } from '../support/databases'
import { startServer, type TestServer } from '../support/server'
import { operatorToken } from '../support/tokens'
import { afresh, arrived, credit, fates, grant, grants, offer, scheduled, sendPath } from './support'

const minute = 60_000

describeEachDatabase('dead letters', (database) => {
  let server: TestServer
  let owner: string
  let cashier: string
  beforeAll(async () => {
    server = await startServer({ database, env: { LOG_LEVEL: 'warn' } })
    await addMembers(server, [
      { id: 'lin', wechat: 'lin' },
      { id: 'zhou', wechat: 'zhou' },
    ])
    await ownerToken(server)
    cashier = await operatorToken(server, 'cashier')
  })
  afterAll(() => server.stop())
  beforeEach(async () => {
    await afresh(server, { timeoutMs: 300 })
    owner = await tokenOf(server, 'operator', 'owner')
  })

  const fault = (effect: object, times = 1) => server.sandbox('faults', { match: { path: sendPath }, effect, times })
  const send = () => sendDue(server.deps, { limit: 50 })
  /** A message to a member that both sides have a right for, dead with `effect`. */
  const dead = async (memberId: string, effect: object): Promise<string> => {
    await grant(server, memberId, 'coupon')
    await credit(server, memberId, 1, 'coupon')
    const known = new Set((await rows<Message>(server, 'SELECT id FROM message')).map((m) => m.id))
    await scheduled(server, [offer(memberId, { topic: 'service' })])
    await fault(effect)
    await send()
    const found = await rows<Message>(server, 'SELECT id FROM message')
    return found.find((m) => !known.has(m.id))?.id ?? ''
  }
  const list = async (input: object = {}) =>
    (await server.call('GET /admin/dead-letters', { limit: 20, ...input }, { as: owner })).body
  const retry = (ids: string[], more: { evenIfUnknown?: boolean; as?: string; idempotencyKey?: string } = {}) =>
    server.call(
      'POST /admin/dead-letters/retry',
      { ids, evenIfUnknown: more.evenIfUnknown ?? false },
      { as: more.as ?? owner, idempotencyKey: more.idempotencyKey },
    )
  const discard = (ids: string[], more: { as?: string; idempotencyKey?: string } = {}) =>
    server.call('POST /admin/dead-letters/discard', { ids }, { as: owner, ...more })
  const banned = { type: 'errcode', errcode: 43107 }
  const cutBefore = { type: 'reset', when: 'before' }

  test('lists what failed and what is unclear, with the reason in words, by channel and page by page', async () => {
    const failed = await dead('lin', banned)
    const unknown = await dead('zhou', cutBefore)
    const content = await dead('lin', { type: 'errcode', errcode: 45168 })
    const { items } = await list()
    expect(items.map((l) => [l.id, l.status, l.reason, l.retryable])).toEqual([
      [content, 'failed', 'wechat_45168', false],
      [unknown, 'unknown', 'no_answer', true],
      [failed, 'failed', 'wechat_43107', true],
    ])
    expect(items.every((l) => /[\u4e00-\u9fff]/.test(l.why))).toBe(true)
    const first = await list({ limit: 2 })
    const rest = await list({ limit: 2, cursor: first.nextCursor ?? '' })
    expect([first.items.length, rest.items.map((l) => l.id), rest.nextCursor]).toEqual([2, [failed], null])
    expect((await list({ channel: 'sms' })).items).toEqual([])
  })

  test('who may not, may not', async () => {
    const id = await dead('lin', banned)
    for (const as of [cashier, await tokenOf(server, 'member', 'lin')]) {
      expect((await retry([id], { as })).status).toBe(403)
      expect((await discard([id], { as })).status).toBe(403)
    }
    expect(await fates(server, 'lin')).toEqual(['subscribe failed wechat_43107'])
  })

  test('tried again: it takes a right and goes; the same request repeated changes nothing; the audit knows', async () => {
    const id = await dead('lin', banned)
    const key = 'retry-these-letters'
    const first = await retry([id], { idempotencyKey: key })
    expect(first.body).toEqual({ retried: 1, refused: 0 })
    await send()
    expect(await fates(server, 'lin')).toEqual(['subscribe sent'])
    expect((await retry([id], { idempotencyKey: key })).body).toEqual(first.body)
    expect((await retry([id])).body).toEqual({ retried: 0, refused: 1 })
    await send()
    expect([await arrived(server, 'lin'), (await grants(server)).map((g) => g.status)]).toMatchObject([
      [{}],
      ['consumed'],
    ])
    expect(await arrived(server, 'lin')).toHaveLength(1)
    const audit = await rows<{ operatorId: string; detail: string }>(
      server,
      "SELECT operatorId, detail FROM audit WHERE action = 'POST /admin/dead-letters/retry' ORDER BY id",
    )
    expect(audit.map((a) => [a.operatorId, JSON.parse(a.detail).ids])).toEqual([
      ['owner', [id]],
      ['owner', [id]],
    ])
  })

  test('what may have arrived is only sent again when the operator says so', async () => {
    const id = await dead('lin', cutBefore)
    expect((await retry([id])).body).toEqual({ retried: 0, refused: 1 })
    await send()
    expect(await fates(server, 'lin')).toEqual(['subscribe unknown no_answer'])
    // The right of the first try stays spent, so the second needs one of its own.
    await grant(server, 'lin', 'coupon')
    expect((await retry([id], { evenIfUnknown: true })).body).toEqual({ retried: 1, refused: 0 })
    await send()
    expect(await fates(server, 'lin')).toEqual(['subscribe sent'])
    expect((await grants(server)).map((g) => g.status)).toEqual(['consumed', 'consumed'])
  })

  test('a letter tried again in vain dies again, with the new reason', async () => {
    const id = await dead('lin', banned)
    await retry([id])
    await fault({ type: 'errcode', errcode: 40037 })
    await send()
    expect((await list()).items.map((l) => [l.id, l.reason])).toEqual([[id, 'wechat_40037']])
    await server.deps.db.tx(async (tx) => tx.write("UPDATE subscribe_grant SET status = 'void'"))
    await retry([id])
    await send()
    expect(await fates(server, 'lin')).toEqual(['subscribe skipped no_credit'])
  })

  test('one that grew too old gets another day', async () => {
    await grant(server, 'lin', 'coupon')
    await credit(server, 'lin', 1, 'coupon')
    await scheduled(server, [offer('lin', { topic: 'service' })])
    server.clock.advance(4 * 24 * 60 * minute)
    await send()
    const [{ id }] = await rows<Message>(server, 'SELECT id FROM message')
    owner = await tokenOf(server, 'operator', 'owner')
    expect((await list()).items.map((l) => l.reason)).toEqual(['too_late'])
    await retry([id])
    await send()
    expect(await fates(server, 'lin')).toEqual(['subscribe sent'])
  })

  test('put aside: gone from the list, its row and reason stay, it can no longer be tried', async () => {
    const id = await dead('lin', banned)
    const key = 'put-these-aside'
    const first = await discard([id], { idempotencyKey: key })
    expect(first.body).toEqual({ discarded: 1 })
    expect((await discard([id], { idempotencyKey: key })).body).toEqual(first.body)
    expect((await discard([id])).body).toEqual({ discarded: 0 })
    expect((await list()).items).toEqual([])
    expect((await retry([id])).body).toEqual({ retried: 0, refused: 1 })
    expect(await fates(server, 'lin')).toEqual(['subscribe discarded wechat_43107'])
    const shown = await server.call('GET /admin/messages/:messageId', { messageId: id }, { as: owner })
    expect([shown.body.status, shown.body.reason]).toEqual(['discarded', 'wechat_43107'])
  })

  test('only dead letters are put aside or tried: what waits keeps its place and the right promised to it', async () => {
    await grant(server, 'lin', 'coupon')
    await credit(server, 'lin', 1, 'coupon')
    await scheduled(server, [offer('lin', { topic: 'service' })])
    const [{ id }] = await rows<Message>(server, 'SELECT id FROM message')
    expect((await discard([id])).body).toEqual({ discarded: 0 })
    expect((await retry([id], { evenIfUnknown: true })).body).toEqual({ retried: 0, refused: 1 })
    expect((await grants(server)).map((g) => [g.status, g.messageId])).toEqual([['reserved', id]])
    await send()
    expect(await fates(server, 'lin')).toEqual(['subscribe sent'])
  })

  test('a crowd tries and puts aside at once: one of them wins, one copy at most arrives', async () => {
    const id = await dead('lin', banned)
    const answers = await Promise.all([
      ...Array.from({ length: 6 }, () => retry([id])),
      ...Array.from({ length: 6 }, () => discard([id])),
    ])
    expect(answers.every((a) => a.status === 200)).toBe(true)
    const won = answers.reduce(
      (n, { body }) => n + ('retried' in body ? body.retried : (body as { discarded: number }).discarded),
      0,
    )
    expect(won).toBe(1)
    await Promise.all([send(), send(), send()])
    const [fate] = await fates(server, 'lin')
    expect(['subscribe sent', 'subscribe discarded wechat_43107']).toContain(fate)
    expect(await arrived(server, 'lin')).toHaveLength(fate === 'subscribe sent' ? 1 : 0)
  })

  test('bad ids', async () => {
    for (const ids of [[], ['no such id!'], Array.from({ length: 201 }, (_, i) => `a${i}`)])
      expect([(await retry(ids)).status, (await discard(ids)).status]).toEqual([400, 400])
    expect((await retry(['nobody'])).body).toEqual({ retried: 0, refused: 1 })
  })
})
