import { spawnSync } from 'node:child_process'
import { resolve } from 'node:path'
import { describeEachDatabase } from '../support/databases'
import { startServer, type TestServer } from '../support/server'

const secret = 'a secret that only tests use, 32 characters and more'

describeEachDatabase('The first owner of a real shop', (database) => {
  let server: TestServer
  let url: string
  const run = (...args: string[]) =>
    spawnSync(process.execPath, ['--import', 'tsx', resolve('server/commands/owner.ts'), ...args], {
      env: { PATH: process.env.PATH, NODE_ENV: 'production', APP_SECRET: secret, DATABASE_URL: url },
      encoding: 'utf8',
    })
  const signIn = (password: string) =>
    server.call('POST /auth/operator', { username: 'boss', password, device: { id: 'd', platform: 'admin' } })
  beforeAll(async () => {
    server = await startServer({ database, env: { DEMO: '0' } })
    url = server.deps.env.DATABASE_URL
  })
  afterAll(() => server?.stop())

  test('the command makes an account that signs in, levels, and a new password when it is run again', async () => {
    const first = run('boss', '王老板')
    expect([first.status, first.stderr]).toEqual([0, ''])
    const password = /Owner account boss: (\S+)/.exec(first.stdout)?.[1] ?? ''
    const session = await signIn(password)
    expect(session.status).toBe(200)
    const me = await server.call('GET /admin/me', {}, { as: session.body.accessToken })
    expect(me.body).toMatchObject({ name: '王老板', role: 'owner' })
    expect((await server.call('GET /tiers', {})).body.items.map((t) => t.threshold)).toEqual([0, 500, 2000, 5000])

    const again = run('boss')
    const renewed = /New password for boss: (\S+)/.exec(again.stdout)?.[1] ?? ''
    expect((await signIn(password)).error?.code).toBe('wrong_credentials')
    expect((await signIn(renewed)).status).toBe(200)
    expect(run('Boss!').status).toBe(1)
  })
})
