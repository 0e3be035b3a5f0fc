import { describeEachDatabase } from '../support/databases'
import { signInByPhone, signInOperator } from '../support/people'
import { startServer, type TestServer } from '../support/server'

const day = 86_400_000

describeEachDatabase('old sessions', (database) => {
  let server: TestServer
  beforeAll(async () => {
    server = await startServer({ database })
  })
  afterAll(() => server.stop())
  const run = async (name: string): Promise<number> => {
    const owner = await signInOperator(server, { role: 'owner' })
    const { status, body } = await server.call('POST /admin/jobs/:name/runs', { name }, { as: owner.token })
    expect([status, body.state]).toEqual([200, 'done'])
    return body.processed
  }
  const ids = async (table: string, column: string): Promise<string[]> =>
    (await server.deps.db.read<Record<string, string>>(`SELECT ${column} FROM ${table}`)).map((r) => r[column])

  test('are forgotten a month after their end with their code handles; what is used stays', async () => {
    const gone = await signInByPhone(server, '13111110001')
    const stays = await signInByPhone(server, '13111110002')
    await server.call('POST /auth/operator', { username: 'x', password: 'y', device: { id: 'd', platform: 'admin' } })
    const handles = await ids('code_handle', 'sessionId')
    expect(handles).toHaveLength(2)
    // One of the two keeps its session alive.
    server.clock.advance(80 * day)
    const refreshed = await server.call('POST /auth/refresh', { refreshToken: stays.refreshToken })
    server.clock.advance(41 * day)
    expect(await run('operators.forget-sessions')).toBeGreaterThanOrEqual(3)
    expect(await ids('attempt', 'target')).not.toContain('x')
    await run('members.forget-traces')
    expect(await ids('code_handle', 'memberId')).toEqual([stays.id])
    expect(await ids('session', 'subjectId')).not.toContain(gone.id)
    const again = await server.call('POST /auth/refresh', { refreshToken: refreshed.body.refreshToken })
    expect(again.status).toBe(200)
  })
})
