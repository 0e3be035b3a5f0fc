import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { requireJob, runnerOf } from '../../server/jobs/service'
import { DAY_MS } from '../../shared/time'
import { png, upload } from '../community/setup'
import { describeEachDatabase } from '../support/databases'
import { insertMembers, insertShop } from '../support/ledger'
import { startServer, type TestServer } from '../support/server'
import { memberToken, operatorToken } from '../support/tokens'

describeEachDatabase('Pictures that operators upload', (database) => {
  const dataDir = mkdtempSync(join(tmpdir(), 'huiyuan-pictures-'))
  let server: TestServer
  let owner: string
  const reward = (pictures: string[]) => ({ name: '手捏陶杯', kind: 'goods' as const, pictures, points: 300, stock: 5 })

  beforeAll(async () => {
    server = await startServer({ database, env: { DATA_DIR: dataDir } })
    await insertShop(server.deps.db, server.clock.now())
    await insertMembers(server.deps.db, ['pm'], server.clock.now())
    owner = await operatorToken(server, 'owner')
  })
  afterAll(async () => {
    await server?.stop()
    rmSync(dataDir, { recursive: true, force: true })
  })
  const sweep = async (): Promise<void> => {
    const started = await runnerOf(server.deps).runNow(requireJob('http.sweep-uploads'), `t${server.clock.now()}`)
    await started?.ended
  }

  test('a reward’s picture outlives the sweep, one that nobody took does not', async () => {
    const { items } = await upload(server, owner, [png(), png(), png()])
    const [used, swapped, loose] = items.map((i) => i.url)
    const made = await server.call('POST /admin/rewards', reward([used, 'art:cup']), { as: owner })
    expect(made.status).toBe(200)
    const { id: rewardId, version } = made.body
    const changed = await server.call(
      'PUT /admin/rewards/:rewardId',
      { rewardId, version, ...reward([swapped, used]) },
      { as: owner },
    )
    expect(changed.body.pictures).toEqual([swapped, used])
    server.clock.advance(DAY_MS + 60_000)
    await sweep()
    const statusOf = async (url: string) => (await fetch(server.url + url)).status
    expect(await Promise.all([used, swapped, loose].map(statusOf))).toEqual([200, 200, 404])
  })

  test('a banner keeps its picture too', async () => {
    const { items } = await upload(server, owner, [png()])
    const at = server.clock.now()
    const body = { title: '看图', picture: items[0].url, segmentId: null, startsAt: at, endsAt: at + 9 * DAY_MS }
    expect((await server.call('POST /admin/banners', body, { as: owner })).status).toBe(200)
    server.clock.advance(DAY_MS + 60_000)
    await sweep()
    expect((await fetch(server.url + items[0].url)).status).toBe(200)
  })

  test('a member’s photo, or one that is gone, is refused', async () => {
    const { items } = await upload(server, await memberToken(server, 'pm'), [png()])
    for (const url of [items[0].url, `/api/uploads/${'0'.repeat(32)}.png`]) {
      const answer = await server.call('POST /admin/rewards', reward([url]), { as: owner })
      expect([answer.status, answer.error?.code]).toEqual([404, 'upload_not_found'])
    }
  })
})
