import { spawn } from 'node:child_process'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { join } from 'node:path'
import type { Message } from '../../server/messages/entity'
import { queueHooks, sendDue } from '../../server/messages/service'
import { sandboxPrefix } from '../../server/process'
import { ownerToken, rows, tokenOf } from '../jobs/people'
import { describeEachDatabase } from '../support/databases'
import { mariadbVariable } from '../support/mariadb'
import { startServer, type TestServer } from '../support/server'
import { afresh, crowd, grant, grants, offer, scheduled } from './support'

const size = 80
const minute = 60_000

/** Members with a right on both sides, a message for each, and as many webhooks; answers how often each was delivered. */
const outboxOf = async (server: TestServer) => {
  const delivered = new Map<string, number>()
  const receiver = createServer((req, res) => {
    const id = String(req.headers['huiyuan-delivery'])
    delivered.set(id, (delivered.get(id) ?? 0) + 1)
    req.resume().on('end', () => res.end())
  })
  await new Promise<void>((done) => receiver.listen(0, '127.0.0.1', done))
  await ownerToken(server)
  await afresh(server)
  const people = await crowd(server, size)
  for (const id of people) await grant(server, id, 'coupon')
  const as = await tokenOf(server, 'operator', 'owner')
  const url = `http://127.0.0.1:${(receiver.address() as AddressInfo).port}/`
  const { body } = await server.call('POST /admin/message-endpoints', { channel: 'webhook', name: '系统', url }, { as })
  await scheduled(
    server,
    people.map((id) => offer(id)),
  )
  await server.deps.db.tx(async (tx) =>
    queueHooks(
      tx,
      people.map((memberId) => ({
        endpointId: body.id,
        channel: 'webhook' as const,
        memberId,
        title: '',
        text: '{}',
        dedupeKey: `hook:${memberId}`,
        source: 'test',
        sourceRef: null,
      })),
      server.clock.now(),
    ),
  )
  return {
    delivered,
    close: async () => {
      receiver.closeAllConnections()
      await new Promise((done) => receiver.close(done))
    },
  }
}

/** Every message sent by one try, one copy of each at the other side, one right spent for each. */
const expectOnce = async (server: TestServer, delivered: ReadonlyMap<string, number>): Promise<void> => {
  const found = await rows<Message>(server, "SELECT * FROM message WHERE channel IN ('subscribe', 'webhook')")
  expect(found).toHaveLength(2 * size)
  expect(new Set(found.map((m) => `${m.status} ${m.attempts}`))).toEqual(new Set(['sent 1']))
  const { items } = (await (await fetch(`${server.url}${sandboxPrefix}/__control/sends`)).json()) as {
    items: { openid: string }[]
  }
  expect([items.length, new Set(items.map((i) => i.openid)).size]).toEqual([size, size])
  expect([...delivered.values()]).toEqual(Array(size).fill(1))
  expect((await grants(server)).filter((g) => g.status === 'consumed')).toHaveLength(size)
}

describeEachDatabase('several senders', (database) => {
  test('four runners of one process at once: one delivery of each', async () => {
    const server = await startServer({ database, env: { LOG_LEVEL: 'warn' } })
    try {
      const { delivered, close } = await outboxOf(server)
      await Promise.all(Array.from({ length: 4 }, () => sendDue(server.deps, { limit: 15 })))
      await expectOnce(server, delivered)
      await close()
    } finally {
      await server.stop()
    }
  }, 60_000)
})

const onMariadb = process.env[mariadbVariable] ? test : test.skip
onMariadb(
  'two processes send from one outbox on MariaDB: one delivery of each',
  async () => {
    const server = await startServer({ database: 'mariadb', env: { LOG_LEVEL: 'warn' } })
    try {
      const { delivered, close } = await outboxOf(server)
      const env = {
        ...process.env,
        NODE_ENV: 'test',
        DATABASE_URL: server.deps.env.DATABASE_URL,
        APP_SECRET: server.deps.env.APP_SECRET,
        PORT: String(server.deps.env.PORT),
        WECHAT_API_BASE: `${server.url}${sandboxPrefix}`,
        SENDER_NOW: String(server.clock.now() + minute),
      }
      const codes = await Promise.all(
        Array.from(
          { length: 2 },
          () =>
            new Promise((done) => {
              const child = spawn(process.execPath, ['--import', 'tsx', join(__dirname, 'sender-process.ts')], {
                env,
                stdio: ['ignore', 'ignore', 'inherit'],
              })
              child.once('exit', done)
            }),
        ),
      )
      expect(codes).toEqual([0, 0])
      await expectOnce(server, delivered)
      await close()
    } finally {
      await server.stop()
    }
  },
  120_000,
)
