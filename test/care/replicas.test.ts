import { spawn } from 'node:child_process'
import { join } from 'node:path'
import { addMembers, ownerToken, rows } from '../jobs/people'
import { mariadbVariable } from '../support/mariadb'
import { startServer } from '../support/server'
import { draft, publish, template } from './shop'

const members = 200
const onMariadb = process.env[mariadbVariable] ? test : test.skip

onMariadb(
  'four processes move the same 200 members on: every effect happens once',
  async () => {
    const server = await startServer({ database: 'mariadb' })
    try {
      const as = await ownerToken(server)
      const memberIds = Array.from({ length: members }, (_, i) => `p${String(i).padStart(3, '0')}`)
      await addMembers(
        server,
        memberIds.map((id) => ({ id })),
      )
      const words = await template(server, as, { inbox: { title: '你好', text: '你好', page: null } }, 'service')
      const journeyId = await publish(
        server,
        as,
        draft({
          trigger: { kind: 'manual' },
          start: 'points',
          nodes: [
            { id: 'points', kind: 'points', points: 7, note: '一次', next: 'tell' },
            { id: 'tell', kind: 'message', templateId: words, channels: ['inbox'], next: 'growth' },
            { id: 'growth', kind: 'growth', growth: 3, next: 'task' },
            { id: 'task', kind: 'task', title: '联系', note: '', dueDays: 1, next: null },
          ],
        }),
      )
      await server.call('POST /admin/journeys/:journeyId/enrolments', { journeyId, memberIds }, { as })
      const env = {
        ...process.env,
        NODE_ENV: 'test',
        DATABASE_URL: server.deps.env.DATABASE_URL,
        APP_SECRET: server.deps.env.APP_SECRET,
        REPLICA_NOW: String(server.clock.now() + 1000),
      }
      const codes = await Promise.all(
        Array.from(
          { length: 4 },
          () =>
            new Promise((done) => {
              const replica = spawn(process.execPath, ['--import', 'tsx', join(__dirname, 'replica.ts')], {
                env,
                stdio: ['ignore', 'ignore', 'inherit'],
              })
              replica.once('exit', done)
            }),
        ),
      )
      expect(codes).toEqual([0, 0, 0, 0])
      const count = async (text: string): Promise<number> => Number((await rows<{ n: number }>(server, text))[0].n)
      expect(await count("SELECT COUNT(*) AS n FROM journey_run WHERE state = 'done'")).toBe(members)
      expect(await count('SELECT COUNT(*) AS n FROM journey_step')).toBe(4 * members)
      expect(await count('SELECT COUNT(*) AS n FROM points_account WHERE balance = 7')).toBe(members)
      expect(await count('SELECT COUNT(*) AS n FROM growth_account WHERE growth = 3')).toBe(members)
      expect(await count("SELECT COUNT(*) AS n FROM message WHERE status = 'sent'")).toBe(members)
      expect(await count('SELECT COUNT(*) AS n FROM staff_task')).toBe(members)
    } finally {
      await server.stop()
    }
  },
  180_000,
)
