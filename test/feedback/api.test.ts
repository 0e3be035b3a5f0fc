import { randomUUID } from 'node:crypto'
import { DAY_MS } from '../../shared/time'
import { buy, photoFolder, png, upload } from '../community/setup'
import { addMembers, rows, tokenOf } from '../jobs/people'
import { describeEachDatabase } from '../support/databases'
import { openStore } from '../support/people'
import { startServer, type TestServer, testNow } from '../support/server'
import { operatorToken } from '../support/tokens'

describeEachDatabase('feedback over HTTP', (database) => {
  let server: TestServer
  let store: string
  let otherStore: string
  let owner: string
  let as: string
  beforeAll(async () => {
    server = await startServer({ database, env: { DATA_DIR: photoFolder() } })
    store = await openStore(server)
    otherStore = await openStore(server, '徐家汇店')
    await addMembers(server, [{ id: 'lin' }, { id: 'zhou' }, { id: 'wu' }])
    owner = await operatorToken(server, 'owner')
    as = await tokenOf(server, 'member', 'lin')
  })
  afterAll(() => server.stop())

  describe('NPS', () => {
    test('once in 90 days, counted by days, also when twenty tap at once', async () => {
      const answers = await Promise.all(
        Array.from({ length: 20 }, () => server.call('POST /me/nps', { score: 9 }, { as })),
      )
      expect(answers.filter((a) => a.status === 200)).toHaveLength(1)
      for (const refused of answers.filter((a) => a.status !== 200)) {
        expect([refused.status, refused.error?.code]).toEqual([409, 'nps_too_soon'])
        expect(refused.error?.message).toContain('2027-02-20')
      }
      expect(await rows(server, "SELECT score, kind FROM nps_answer WHERE memberId = 'lin'")).toEqual([
        { score: 9, kind: 'promoter' },
      ])
      const state = (await server.call('GET /me/feedback', {}, { as })).body.nps
      expect(state).toEqual({ open: false, nextOn: '2027-02-20', last: 9 })
    })
    test('the same key repeats the first answer', async () => {
      const zhou = await tokenOf(server, 'member', 'zhou')
      const idempotencyKey = randomUUID()
      const first = await server.call('POST /me/nps', { score: 3 }, { as: zhou, idempotencyKey })
      const again = await server.call('POST /me/nps', { score: 3 }, { as: zhou, idempotencyKey })
      expect([first.status, first.body.kind]).toEqual([200, 'detractor'])
      expect(again.body).toEqual(first.body)
    })
    test('reasons follow within the day, for one’s own answer only', async () => {
      const [{ id }] = await rows<{ id: string }>(server, "SELECT id FROM nps_answer WHERE memberId = 'lin'")
      const input = { npsId: id, reasons: ['service', 'goods', 'service'] as const, comment: '店员很好' }
      const explained = await server.call('PUT /me/nps/:npsId', { ...input, reasons: [...input.reasons] }, { as })
      expect(explained.status).toBe(200)
      const foreign = await server.call(
        'PUT /me/nps/:npsId',
        { npsId: id, reasons: [] },
        { as: await tokenOf(server, 'member', 'wu') },
      )
      expect(foreign.error?.code).toBe('not_found')
      expect(await rows(server, 'SELECT reasons, comment FROM nps_answer WHERE id = ?', [id])).toEqual([
        { reasons: '["service","goods"]', comment: '店员很好' },
      ])
    })
    test('operators see the score, the spread and the words', async () => {
      const { body } = await server.call('GET /admin/nps', { days: 90 }, { as: owner })
      expect(body).toMatchObject({ answers: 2, promoters: 1, passives: 0, detractors: 1, score: 0 })
      expect(body.scores[9]).toBe(1)
      expect(body.reasons).toEqual([
        { reason: 'service', promoters: 1, others: 0 },
        { reason: 'goods', promoters: 1, others: 0 },
      ])
      const list = await server.call('GET /admin/nps/answers', { commented: '1' }, { as: owner })
      expect(list.body.items).toMatchObject([{ memberNameMasked: '林**', score: 9, comment: '店员很好' }])
    })
  })

  describe('satisfaction', () => {
    test('offers the newest unrated purchase and takes one answer for it', async () => {
      const bought = await buy(server, 'lin', store, { no: 'S1' })
      const before = await server.call('GET /me/feedback', {}, { as })
      expect(before.body.unrated).toMatchObject({ purchaseId: bought, storeName: '静安寺店' })
      const rate = () =>
        server.call('POST /me/satisfactions', { purchaseId: bought, stars: 5, tags: ['friendly'] }, { as })
      const all = await Promise.all(Array.from({ length: 10 }, rate))
      expect(all.filter((a) => a.status === 200)).toHaveLength(1)
      expect(all.find((a) => a.status !== 200)?.error?.code).toBe('satisfaction_given')
      expect((await server.call('GET /me/feedback', {}, { as })).body.unrated).toBeNull()
    })
    test('only one’s own purchase, and not months later', async () => {
      const foreign = await buy(server, 'zhou', store, { no: 'S2' })
      const old = await buy(server, 'lin', store, { no: 'S3', at: testNow - 40 * DAY_MS })
      const rate = async (purchaseId: string) =>
        (await server.call('POST /me/satisfactions', { purchaseId, stars: 1 }, { as })).error?.code
      expect([await rate(foreign), await rate(old)]).toEqual(['purchase_not_found', 'satisfaction_too_late'])
    })
  })

  describe('complaints', () => {
    let complaintId: string
    test('open with photos; the contact is kept sealed and shown masked', async () => {
      const { names } = await upload(server, as, [png(), png(8, 8)])
      const purchaseId = (await server.call('GET /me/purchases', {}, { as })).body.items[0].id
      const opened = await server.call(
        'POST /me/complaints',
        { category: 'goods', text: '杯子到手有裂纹，想换一个', photos: names, contact: '13912345678', purchaseId },
        { as },
      )
      expect(opened.status).toBe(200)
      complaintId = opened.body.id
      expect(opened.body).toMatchObject({
        state: 'open',
        storeName: '静安寺店',
        contactMasked: '139****5678',
        dueAt: testNow + DAY_MS,
      })
      expect(opened.body.photos.map((p) => [p.width, p.height])).toEqual([
        [4, 3],
        [8, 8],
      ])
      const [row] = await rows<{ contactSealed: string }>(server, 'SELECT contactSealed FROM complaint')
      expect(row.contactSealed).not.toContain('139')
      const stolen = await server.call(
        'POST /me/complaints',
        { category: 'other', text: '用别人的照片', photos: names },
        { as: await tokenOf(server, 'member', 'wu') },
      )
      expect(stolen.error?.code).toBe('upload_not_found')
    })
    test('is nobody else’s, and outside a store’s scope it is not there', async () => {
      const wu = await tokenOf(server, 'member', 'wu')
      expect((await server.call('GET /me/complaints/:complaintId', { complaintId }, { as: wu })).error?.code).toBe(
        'complaint_not_found',
      )
      const manager = await operatorToken(server, 'manager', [otherStore])
      const foreign = await server.call('GET /admin/complaints/:complaintId', { complaintId }, { as: manager })
      expect(foreign.error?.code).toBe('complaint_not_found')
      expect((await server.call('GET /admin/complaints', {}, { as: manager })).body.items).toEqual([])
    })
    test('an answer takes it up and reaches the inbox; ten resolve it once', async () => {
      const replied = await server.call(
        'POST /admin/complaints/:complaintId/replies',
        { complaintId, text: '非常抱歉，今天就为您换新' },
        { as: owner },
      )
      expect(replied.body).toMatchObject({ state: 'handling', dueAt: null, replies: 1, memberNameMasked: '林**' })
      const inbox = await server.call('GET /me/messages', {}, { as })
      expect(inbox.body.items[0]).toMatchObject({
        body: '非常抱歉，今天就为您换新',
        page: `packages/feedback/case?id=${complaintId}`,
      })
      const resolved = await Promise.all(
        Array.from({ length: 10 }, () =>
          server.call(
            'POST /admin/complaints/:complaintId/state',
            { complaintId, state: 'resolved', note: '已换新杯' },
            { as: owner },
          ),
        ),
      )
      expect(resolved.filter((r) => r.status === 200)).toHaveLength(1)
      expect(resolved.find((r) => r.status !== 200)?.error?.message).toContain('已办结')
    })
    test('the member’s reply opens it again with a time by which an answer is due', async () => {
      const reply = await server.call(
        'POST /me/complaints/:complaintId/replies',
        { complaintId, text: '新杯子也有问题' },
        { as },
      )
      expect(reply.body).toMatchObject({ state: 'handling', dueAt: testNow + 2 * DAY_MS })
      expect(reply.body.thread.map((t) => t.from)).toEqual(['staff', 'member'])
      server.clock.set(testNow + 3 * DAY_MS)
      const late = await server.call('GET /admin/complaints', { overdue: '1' }, { as: owner })
      expect(late.body.items).toMatchObject([{ id: complaintId, overdue: true }])
      expect(late.body.counts).toEqual({ open: 0, handling: 1, overdue: 1 })
      server.clock.set(testNow)
    })
    test('five at a time are enough', async () => {
      const wu = await tokenOf(server, 'member', 'wu')
      const all = await Promise.all(
        Array.from({ length: 8 }, (_, i) =>
          server.call('POST /me/complaints', { category: 'other', text: `第 ${i} 件不满意的事` }, { as: wu }),
        ),
      )
      expect(all.filter((a) => a.status === 200)).toHaveLength(5)
      expect(all.find((a) => a.status !== 200)?.error?.code).toBe('complaint_too_many')
    })
  })
})
