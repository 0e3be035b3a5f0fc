import { giveGifts } from '../../server/campaigns/service'
import { grantCoupons } from '../../server/coupons/service'
import { executeOne } from '../../server/http/command'
import { checkInvariants } from '../../server/invariants/service'
import { requireJob, runnerOf } from '../../server/jobs/service'
import { phoneHashOf } from '../../server/operators/service'
import { awardPoints } from '../../server/points/service'
import { keptBack, questions } from '../../server/privacy/facts'
import { documentStates } from '../../server/privacy/rules'
import { civilDay, DAY_MS } from '../../shared/time'
import { buy, photoFolder, png, upload } from '../community/setup'
import { rows } from '../jobs/people'
import { describeEachDatabase } from '../support/databases'
import { openStore, type Person, signInByPhone } from '../support/people'
import { startServer, type TestServer } from '../support/server'
import { operatorToken } from '../support/tokens'

const runJob = async (server: TestServer, name: string): Promise<void> => {
  const started = await runnerOf(server.deps).runNow(requireJob(name), `test-${server.clock.now()}-${name}`)
  await started?.ended
  const [run] = await rows<{ state: string; failed: number; errorSample: string | null }>(
    server,
    'SELECT state, failed, errorSample FROM job_run WHERE name = ? ORDER BY startedAt DESC LIMIT 1',
    [name],
  )
  expect([run.state, run.failed, run.errorSample]).toEqual(['done', 0, null])
}

describe('where a member stands with the documents', () => {
  const inForce = { terms: { title: '章程', version: 2 }, privacy: { title: '政策', version: 1 } }
  test.each([
    ['nothing said', [], [false, false]],
    ['an older wording', [{ subject: 'terms', version: 1, given: 1, at: 5 }], [false, false]],
    [
      'both',
      [
        { subject: 'terms', version: 2, given: 1, at: 5 },
        { subject: 'privacy', version: 1, given: 1, at: 5 },
      ],
      [true, true],
    ],
    ['taken back', [{ subject: 'privacy', version: 1, given: 0, at: 6 }], [false, false]],
  ])('%s', (_, said, current) => expect(documentStates(said, inForce).map((d) => d.current)).toEqual(current))
})

describeEachDatabase('privacy over HTTP', (database) => {
  let server: TestServer
  let store: string
  let owner: string
  beforeAll(async () => {
    server = await startServer({ database, env: { DATA_DIR: photoFolder() } })
    store = await openStore(server)
    owner = await operatorToken(server, 'owner')
  })
  afterAll(() => server.stop())

  describe('consents', () => {
    let lin: Person
    beforeAll(async () => {
      lin = await signInByPhone(server, '13800000001')
    })
    const as = () => ({ as: lin.token })
    test('a yes is kept once with its version, and one to a wording no longer in force is refused', async () => {
      const before = await server.call('GET /me/privacy', {}, as())
      expect(before.body.documents.map((d) => d.current)).toEqual([false, false])
      const input = {
        documents: [
          { name: 'terms' as const, version: 1 },
          { name: 'privacy' as const, version: 1 },
        ],
        channel: 'h5' as const,
      }
      await Promise.all(Array.from({ length: 10 }, () => server.call('POST /me/consents', input, as())))
      const ledger = await server.call('GET /me/consents', {}, as())
      expect(ledger.body.items.map((c) => [c.title, c.version, c.given, c.channel]).sort()).toEqual([
        ['会员章程', 1, true, 'h5'],
        ['隐私政策', 1, true, 'h5'],
      ])
      expect((await server.call('GET /me/privacy', {}, as())).body.documents.every((d) => d.current)).toBe(true)
      const old = await server.call(
        'POST /me/consents',
        { documents: [{ name: 'terms', version: 7 }], channel: 'h5' },
        as(),
      )
      expect(old.error?.code).toBe('consent_outdated')
    })
    test('switching recommendations is written down, repeating it is not', async () => {
      for (const on of [false, false, true])
        await server.call('PUT /me/personalisation', { on, channel: 'weapp' }, as())
      expect((await server.call('GET /me', {}, as())).body.personalised).toBe(true)
      const { items } = (await server.call('GET /me/consents', {}, as())).body
      expect(items.filter((c) => c.subject === 'personalisation').map((c) => c.given)).toEqual([true, false])
    })
  })

  describe('a copy of everything', () => {
    let lin: Person
    beforeAll(async () => {
      lin = await signInByPhone(server, '13800000002')
      await server.call(
        'PATCH /me',
        { name: '林晓雨', birthday: { calendar: 'solar', month: 5, day: 3 } },
        { as: lin.token },
      )
      await buy(server, lin.id, store, { no: 'E1' })
      await server.call(
        'POST /me/complaints',
        { category: 'other', text: '等位时间太长了', contact: '13800000002' },
        { as: lin.token },
      )
    })
    const latest = async () => (await server.call('GET /me/privacy', {}, { as: lin.token })).body.export

    test('is asked for once a day, made by the job, and told in the inbox', async () => {
      const all = await Promise.all(
        Array.from({ length: 8 }, () => server.call('POST /me/exports', {}, { as: lin.token })),
      )
      expect(all.filter((a) => a.status === 200)).toHaveLength(1)
      expect(all.find((a) => a.status !== 200)?.error?.code).toBe('export_too_soon')
      expect((await latest())?.state).toBe('pending')
      await runJob(server, 'privacy.exports')
      const ready = await latest()
      expect(ready?.state).toBe('ready')
      expect(ready?.summary.find((s) => s.title === '消费明细')?.rows).toBe(2)
      const inbox = await server.call('GET /me/messages', {}, { as: lin.token })
      expect(inbox.body.items[0].title).toBe('数据导出已备好')
    })
    test('the stored copy is sealed', async () => {
      const parts = await rows<{ sealed: string }>(server, 'SELECT sealed FROM data_export_part')
      expect(parts.length).toBeGreaterThan(0)
      for (const { sealed } of parts)
        expect(Buffer.from(sealed.split('.')[1], 'base64url').toString('utf8')).not.toContain('林晓雨')
    })
    test('is nobody else’s, and its link works once and not for long', async () => {
      const exportId = (await latest())?.id ?? ''
      const other = await signInByPhone(server, '13800000003')
      const foreign = await server.call('POST /me/exports/:exportId/links', { exportId }, { as: other.token })
      expect(foreign.error?.code).toBe('export_not_ready')
      const late = await server.call('POST /me/exports/:exportId/links', { exportId }, { as: lin.token })
      server.clock.advance(11 * 60_000)
      expect((await fetch(server.url + late.body.url)).status).toBe(404)
      const { body } = await server.call('POST /me/exports/:exportId/links', { exportId }, { as: lin.token })
      const forged = body.url.replace(/sign=./, 'sign=_')
      expect((await fetch(server.url + forged)).status).toBe(404)
      const fetched = await Promise.all(Array.from({ length: 5 }, () => fetch(server.url + body.url)))
      const good = fetched.filter((r) => r.status === 200)
      expect(good).toHaveLength(1)
      expect(good[0].headers.get('content-disposition')).toContain('attachment')
      const copy = (await good[0].json()) as { data: { table: string; rows: Record<string, unknown>[] }[] }
      const of = (table: string) => copy.data.find((t) => t.table === table)?.rows ?? []
      expect(of('member')[0]).toMatchObject({ name: '林晓雨', phone: '13800000002' })
      expect(of('member')[0].birthday).toContain('"month":5')
      expect(of('complaint')[0]).toMatchObject({ text: '等位时间太长了', contact: '13800000002' })
      expect(
        of('purchase_line')
          .map((l) => l.name)
          .sort(),
      ).toEqual(['香薰蜡烛', '马克杯'].sort())
      // Nothing that opens or finds something leaves the house.
      const keys = copy.data.flatMap((t) => t.rows.flatMap((r) => Object.keys(r)))
      expect(keys.filter((k) => /hash|sealed|refresh/i.test(k) && k !== 'refreshedAt')).toEqual([])
      expect((await latest())?.state).toBe('downloaded')
      expect(await rows(server, 'SELECT exportId FROM data_export_part')).toEqual([])
    })
    test('what nobody fetched is deleted after its term', async () => {
      server.clock.advance(DAY_MS)
      const again = await signInByPhone(server, '13800000002')
      expect((await server.call('POST /me/exports', {}, { as: again.token })).status).toBe(200)
      await runJob(server, 'privacy.exports')
      server.clock.advance(4 * DAY_MS)
      await runJob(server, 'privacy.expire-exports')
      expect(await rows(server, 'SELECT exportId FROM data_export_part')).toEqual([])
    })
    test('every table about members is in it, or kept back for a reason', () => {
      const tables = server.deps.db.dialect.writer.entityMetadatas
      const asked = questions(tables).map((q) => q.table)
      for (const table of tables.filter((t) => t.columns.some((c) => c.databaseName === 'memberId')))
        expect(asked.includes(table.tableName) || table.tableName in keptBack).toBe(true)
    })
  })

  describe('leaving', () => {
    const phone = '13911112222'
    /** Keyed hashes that stop abuse and go by themselves: the gift of this year, and the limit of texts to one number. */
    const guards = ['gift_memory', 'attempt']
    let zhou: Person
    let photo: string
    beforeAll(async () => {
      zhou = await signInByPhone(server, phone)
      const { month, day } = {
        month: Number(civilDay(server.clock.now()).slice(5, 7)),
        day: Number(civilDay(server.clock.now()).slice(8)),
      }
      await server.call(
        'PATCH /me',
        { name: '周慕白', birthday: { calendar: 'solar', month, day }, interests: ['茶', '香氛'] },
        { as: zhou.token },
      )
      await buy(server, zhou.id, store, { no: 'L1' })
      await server.deps.db.tx(async (tx) => {
        const now = server.clock.now()
        await executeOne(
          tx,
          awardPoints,
          { memberId: zhou.id, points: 500, source: { type: 'operator', id: null, note: '补发' } },
          now,
        )
        await giveGifts(
          tx,
          'birthday',
          civilDay(now),
          [{ memberId: zhou.id, tierLevel: 0, giftYear: Number(civilDay(now).slice(0, 4)), years: 0 }],
          now,
        )
      })
      const template = await server.call(
        'POST /admin/coupon-templates',
        {
          name: '满减券',
          description: '',
          rule: { kind: 'amount', minSpendFen: 0, offFen: 1000 },
          issue: { stock: 10, perMember: 1 },
        } as never,
        { as: owner },
      )
      if (template.status === 200) {
        const { id, version } = template.body as { id: string; version: number }
        await server.call(
          'POST /admin/coupon-templates/:templateId/state',
          { templateId: id, version, to: 'published' } as never,
          { as: owner },
        )
        await server.deps.db.tx((tx) =>
          executeOne(
            tx,
            grantCoupons,
            { memberId: zhou.id, templateId: id, source: 'grant', sourceId: 'x', at: server.clock.now() },
            server.clock.now(),
          ),
        )
      }
      const { names, items } = await upload(server, zhou.token, [png()])
      photo = server.url + items[0].url
      await server.call(
        'POST /me/complaints',
        { category: 'service', text: '周慕白对服务不满意', photos: names, contact: phone },
        { as: zhou.token },
      )
      await server.call('POST /me/posts', { text: '周慕白的下午茶，推荐给大家' }, { as: zhou.token })
      await server.call('POST /me/assistant/messages', { text: '我叫周慕白，我有多少积分' }, { as: zhou.token })
      await server.call('POST /me/nps', { score: 8 }, { as: zhou.token })
    })
    const ask = () => server.call('POST /me/cancellation', { reason: '不常来了', understood: true }, { as: zhou.token })

    test('says what will be lost, is asked for once and can be taken back', async () => {
      const outlook = await server.call('GET /me/cancellation', {}, { as: zhou.token })
      expect(outlook.body.losses.points).toBeGreaterThan(500)
      expect(outlook.body.openComplaints).toBe(1)
      const all = await Promise.all(Array.from({ length: 6 }, ask))
      expect(all.filter((a) => a.status === 200)).toHaveLength(1)
      expect(all.find((a) => a.status !== 200)?.error?.code).toBe('cancellation_open')
      expect((await server.call('POST /me/cancellation/withdraw', {}, { as: zhou.token })).status).toBe(200)
      expect((await server.call('POST /me/cancellation/withdraw', {}, { as: zhou.token })).error?.code).toBe(
        'cancellation_none',
      )
      server.clock.advance(10 * DAY_MS)
      await runJob(server, 'privacy.cancellations')
      expect(await rows(server, 'SELECT status FROM member WHERE id = ?', [zhou.id])).toEqual([{ status: 'active' }])
      zhou = await signInByPhone(server, phone)
    })

    test('nothing happens in the cooling-off days; then nobody is found who was there', async () => {
      const asked = await ask()
      const sums = async () =>
        (
          await rows<{ amount: number; paid: number }>(
            server,
            'SELECT SUM(amountFen) AS amount, SUM(paidFen) AS paid FROM purchase WHERE memberId = ?',
            [zhou.id],
          )
        )[0]
      const before = await sums()
      server.clock.set(asked.body.dueAt - 1000)
      await runJob(server, 'privacy.cancellations')
      expect(await rows(server, 'SELECT status FROM member WHERE id = ?', [zhou.id])).toEqual([{ status: 'active' }])
      server.clock.set(asked.body.dueAt + 1000)
      await runJob(server, 'privacy.cancellations')
      expect(
        await rows(
          server,
          'SELECT name, phoneHash, phoneSealed, birthdayKey, avatar, status FROM member WHERE id = ?',
          [zhou.id],
        ),
      ).toEqual([{ name: '', phoneHash: null, phoneSealed: null, birthdayKey: null, avatar: null, status: 'inactive' }])
      expect(await rows(server, 'SELECT interest FROM member_interest WHERE memberId = ?', [zhou.id])).toEqual([])
      const hash = phoneHashOf(server.deps.keys, phone)
      for (const { tableName, columns } of server.deps.db.dialect.writer.entityMetadatas) {
        const text = (await rows<Record<string, unknown>>(server, `SELECT * FROM ${tableName}`)).flatMap((row) =>
          columns.map((c) => {
            const value = String(row[c.databaseName] ?? '')
            return c.databaseName.endsWith('Sealed') && value ? server.deps.keys.open(value) : value
          }),
        )
        const found = text.filter(
          (value) =>
            value.includes('周慕白') || value.includes(phone) || (value === hash && !guards.includes(tableName)),
        )
        expect([tableName, found]).toEqual([tableName, []])
      }
      // What the books need is still there, and they close.
      expect(await sums()).toEqual(before)
      const [{ balance }] = await rows<{ balance: number }>(
        server,
        'SELECT balance FROM points_account WHERE memberId = ?',
        [zhou.id],
      )
      expect(balance).toBe(0)
      expect(await rows(server, "SELECT id FROM coupon WHERE memberId = ? AND status = 'held'", [zhou.id])).toEqual([])
      expect((await checkInvariants(server.deps.db)).filter((f) => f.broken)).toEqual([])
      expect((await fetch(photo)).status).toBe(404)
      expect((await server.call('GET /me', {}, { as: zhou.token })).status).toBe(401)
      const desk = await server.call(
        'GET /admin/privacy/cancellations',
        { state: 'done' },
        { as: await operatorToken(server, 'operator') },
      )
      expect(desk.body.items[0]).toMatchObject({ memberId: zhou.id, reason: null, outcome: { posts: 1 } })
    })

    test('who comes back is new, and has had this year’s birthday gift', async () => {
      const back = await signInByPhone(server, phone)
      expect(back.id).not.toBe(zhou.id)
      const now = server.clock.now()
      const give = (memberId: string, at: number) =>
        server.deps.db.tx((tx) =>
          giveGifts(
            tx,
            'birthday',
            civilDay(at),
            [{ memberId, tierLevel: 0, giftYear: Number(civilDay(at).slice(0, 4)), years: 0 }],
            at,
          ),
        )
      expect((await give(back.id, now)).given).toBe(0)
      const stranger = await signInByPhone(server, '13900009999')
      expect((await give(stranger.id, now)).given).toBe(1)
      expect((await give(back.id, now + 400 * DAY_MS)).given).toBe(1)
    })

    test('a job run twice has the result of one run', async () => {
      const count = () => rows(server, 'SELECT COUNT(*) AS n FROM points_entry')
      const before = await count()
      server.clock.advance(1000)
      await runJob(server, 'privacy.cancellations')
      expect(await count()).toEqual(before)
    })
  })

  test('operators see figures, not contents', async () => {
    const token = await operatorToken(server, 'auditor')
    const { body } = await server.call('GET /admin/privacy/summary', {}, { as: token })
    expect(body).toMatchObject({ cancellations: { done: 1 }, documents: [{ agreed: 1 }, { agreed: 1 }] })
    const list = await server.call('GET /admin/privacy/exports', {}, { as: token })
    expect(JSON.stringify(list.body)).not.toMatch(/summary|林晓雨/)
    expect(
      (await server.call('GET /admin/privacy/summary', {}, { as: await operatorToken(server, 'cashier') })).status,
    ).toBe(403)
  })
})
