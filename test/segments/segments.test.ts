import { randomUUID } from 'node:crypto'
import { createRunner } from '../../server/jobs/runner'
import { schedule } from '../../server/schedule'
import { anyCategory } from '../../server/segments/category-bit-rules'
import { holdSegment, isMember, membersOf, releaseSegments } from '../../server/segments/service'
import { MINUTE_MS } from '../../shared/time'
import { openShop } from '../insights/shop'
import { describeEachDatabase } from '../support/databases'
import { startServer, type TestServer } from '../support/server'
import { operatorToken } from '../support/tokens'
import { dice, questionsOf, randomTree, type Tree } from './trees'

const buyers: Tree = { join: 'all', of: [{ field: 'purchases', op: 'gte', value: 18 }] }

describeEachDatabase('segments', (database) => {
  let server: TestServer
  let shop: Awaited<ReturnType<typeof openShop>>
  let owner: string
  let manager: string
  let tagId: string
  const rows = <T>(text: string, params: (string | number)[] = []) => server.deps.db.read<T>(text, params)
  const run = async (name: string, limit?: number): Promise<void> => {
    const job = schedule.find((j) => j.name === name)
    if (!job) throw new Error(name)
    const started = await createRunner(server.deps, [], 'test').runNow(
      { ...job, limit: limit ?? job.limit },
      randomUUID(),
    )
    await started?.ended
    const [found] = await rows<{ state: string; errorSample: string | null; failed: number }>(
      'SELECT state, errorSample, failed FROM job_run WHERE slot = ?',
      [started?.slot ?? ''],
    )
    expect(found).toMatchObject({ state: 'done', errorSample: null, failed: 0 })
  }
  const active = () => shop.members.filter((m) => m.status === 'active')
  const tagged = () => new Set(shop.members.filter((_, i) => i % 3 === 0).map((m) => m.id))
  const count = async (tree: Tree, as = owner): Promise<number> =>
    (await server.call('POST /admin/segments/count', { tree }, { as })).body.count
  const make = async (name: string, tree: Tree) => {
    const made = await server.call('POST /admin/segments', { name, tree }, { as: owner })
    expect([made.status, made.error]).toEqual([200, undefined])
    return made.body
  }

  beforeAll(async () => {
    server = await startServer({ database })
    shop = await openShop(server)
    owner = await operatorToken(server, 'owner')
    manager = await operatorToken(server, 'manager', ['store1'])
    await run('segments.facts', 7)
    const tag = await server.call(
      'POST /admin/tags',
      { name: '香薰爱好者', category: '兴趣', kind: 'manual' },
      { as: owner },
    )
    tagId = tag.body.id
    const given = await server.call(
      'POST /admin/tags/:tagId/members',
      { tagId, memberIds: [...tagged()] },
      { as: owner },
    )
    expect(given.body.tagged + given.body.unknown.length).toBe(tagged().size)
  })
  afterAll(() => server.stop())

  test('every kind of condition counts what the rows say', async () => {
    const questions = questionsOf(shop, tagged(), tagId)
    for (const q of questions)
      expect([q.leaf, await count({ join: 'all', of: [q.leaf] })]).toEqual([q.leaf, active().filter(q.holds).length])
  })

  test('members whose categories were not looked at yet are counted all the same', async () => {
    const tree: Tree = { join: 'all', of: [{ field: 'boughtCategory', op: 'did', value: ['茶器'], days: 90 }] }
    const known = await count(tree)
    expect(known).toBeGreaterThan(0)
    expect(known).toBeLessThan(active().length)
    const kept = await rows<{ memberId: string; n: number }>('SELECT memberId, categories90 AS n FROM segment_fact')
    expect(new Set(kept.map((r) => Number(r.n))).size).toBeGreaterThan(1)
    await server.deps.db.tx(async (tx) => tx.write('UPDATE segment_fact SET categories90 = ?', [anyCategory]))
    expect(await count(tree)).toBe(known)
    await server.deps.db.tx(async (tx) => {
      for (const r of kept)
        tx.write('UPDATE segment_fact SET categories90 = ? WHERE memberId = ?', [Number(r.n), r.memberId])
    })
  })

  test('conditions beside a short list are looked up, and find whom they find alone', async () => {
    const questions = questionsOf(shop, tagged(), tagId)
    const short = questions.filter((q) => ['boughtProduct', 'birthday'].includes(q.leaf.field))
    expect(short.length).toBeGreaterThan(0)
    for (const s of short)
      for (const q of questions)
        expect([s.leaf, q.leaf, await count({ join: 'all', of: [q.leaf, s.leaf] })]).toEqual([
          s.leaf,
          q.leaf,
          active().filter((m) => q.holds(m) && s.holds(m)).length,
        ])
  })

  test('80 random trees count and list whom the rows say', async () => {
    const { below } = dice(4)
    const questions = questionsOf(shop, tagged(), tagId)
    for (let i = 0; i < 80; i++) {
      const { tree, holds } = randomTree(questions, below)
      const answer = await server.call('POST /admin/segments/preview', { tree, limit: 100 }, { as: owner })
      const found = answer.body.items.map((m) => m.id)
      expect([tree, found]).toEqual([
        tree,
        active()
          .filter(holds)
          .map((m) => m.id)
          .sort(),
      ])
    }
  })

  test('a list is masked and pages join', async () => {
    const all: string[] = []
    for (let cursor: string | undefined; ; ) {
      const { body } = await server.call(
        'POST /admin/segments/preview',
        { tree: buyers, limit: 4, cursor },
        { as: owner },
      )
      all.push(...body.items.map((m) => m.id))
      for (const m of body.items) {
        expect(m.nameMasked).toMatch(/^.\*\*$/)
        expect(m.phoneMasked).toMatch(/^138\*{4}\d{4}$/)
      }
      if (!body.nextCursor) break
      cursor = body.nextCursor
    }
    expect(all).toHaveLength(await count(buyers))
    expect(new Set(all).size).toBe(all.length)
  })

  test('an operator of one store counts the members at home in it', async () => {
    const everybody: Tree = { join: 'any', of: [{ field: 'hasPhone', op: 'is', value: true }] }
    const home = active().filter((m) => m.joinedStoreId === 'store1' || shop.stats.get(m.id)?.lastStoreId === 'store1')
    expect(home.length).toBeGreaterThan(0)
    expect(await count(everybody, manager)).toBe(home.length)
  })

  test.each<[string, Tree, RegExp]>([
    ['no such field', { join: 'all', of: [{ field: 'password', op: 'eq', value: 1 }] }, /没有“password”/],
    ['an operator the field has not', { join: 'all', of: [{ field: 'gender', op: 'gte', value: 1 }] }, /不能用/],
    ['a text for a number', { join: 'all', of: [{ field: 'spend', op: 'gte', value: "0' OR '1'='1" }] }, /要填一个数/],
    ['no days', { join: 'all', of: [{ field: 'lastPurchase', op: 'within' }] }, /要填天数/],
    ['a range backwards', { join: 'all', of: [{ field: 'spend', op: 'between', value: [9, 1] }] }, /起点大于终点/],
    ['an option that is none', { join: 'all', of: [{ field: 'gender', op: 'in', value: ['x'] }] }, /没有这个选项/],
  ])('a tree with %s is refused with the place', async (_, tree, reason) => {
    const answer = await server.call('POST /admin/segments/count', { tree }, { as: owner })
    expect([answer.status, answer.error?.code]).toEqual([400, 'invalid_input'])
    expect(answer.error?.message).toMatch(reason)
    expect(answer.error?.details?.field).toMatch(/^tree\.of\.0/)
  })

  test('text in a value stays a value', async () => {
    const tree: Tree = { join: 'all', of: [{ field: 'boughtCategory', op: 'did', value: ["茶器') OR 1=1 --"] }] }
    expect(await count(tree)).toBe(0)
  })

  test('the catalogue explains every field and lists its choices', async () => {
    const { body } = await server.call('GET /admin/segment-fields', {}, { as: owner })
    expect(body.fields.length).toBeGreaterThan(35)
    for (const f of body.fields) {
      expect(f.explain.length).toBeGreaterThan(4)
      expect(f.ops.length).toBeGreaterThan(0)
    }
    expect(body.fields.find((f) => f.field === 'joinedStore')?.options).toHaveLength(3)
    expect(body.fields.find((f) => f.field === 'tags')?.options).toEqual([{ value: tagId, label: '香薰爱好者' }])
  })

  test('a segment says its conditions in words, keeps its name to itself, and refuses an old version', async () => {
    const made = await make('常客', {
      join: 'all',
      of: [
        { field: 'spend90', op: 'gte', value: 50_000 },
        { field: 'tags', op: 'has_any', value: [tagId] },
      ],
    })
    expect(made.sentence).toBe('近 90 天消费金额 ≥ ¥500 且 标签含任意一个：香薰爱好者')
    const again = await server.call('POST /admin/segments', { name: '常客', tree: buyers }, { as: owner })
    expect([again.status, again.error?.code]).toEqual([409, 'segment_name_taken'])
    const edits = await Promise.all(
      [1, 2, 3].map((n) =>
        server.call(
          'PATCH /admin/segments/:segmentId',
          { segmentId: made.id, version: 1, description: `第 ${n} 次` },
          { as: owner },
        ),
      ),
    )
    expect(edits.map((e) => e.status).sort()).toEqual([200, 409, 409])
    const key = randomUUID()
    const remove = () =>
      server.call(
        'DELETE /admin/segments/:segmentId',
        { segmentId: made.id, version: 2 },
        { as: owner, idempotencyKey: key },
      )
    expect([(await remove()).status, (await remove()).status]).toEqual([200, 200])
    expect(await rows('SELECT id FROM segment WHERE id = ?', [made.id])).toEqual([])
  })

  test('entries and exits: once each, over and over, whoever refreshes', async () => {
    const segment = await make('买得多', buyers)
    const inside = () =>
      active()
        .filter((m) => (shop.stats.get(m.id)?.purchases ?? 0) >= 18)
        .map((m) => m.id)
        .sort()
    const events = (kind: string) =>
      rows<{ memberId: string; turn: number; cause: string }>(
        'SELECT memberId, turn, cause FROM segment_event WHERE segmentId = ? AND kind = ? ORDER BY memberId, turn',
        [segment.id, kind],
      )
    await run('segments.refresh', 2)
    expect((await events('enter')).map((e) => e.memberId)).toEqual(inside())
    expect(new Set((await events('enter')).map((e) => e.cause))).toEqual(new Set(['first']))
    await run('segments.refresh', 2)
    expect(await events('enter')).toHaveLength(inside().length)
    expect(await membersOf(server.deps.db, segment.id, '', 500)).toEqual(inside())

    const listed = await server.call('GET /admin/members', { segmentId: segment.id, limit: 100 }, { as: owner })
    expect(listed.body.items.map((m) => m.id).sort()).toEqual(inside())
    const counted = await server.call('GET /admin/members/count', { segmentId: segment.id }, { as: owner })
    expect(counted.body.count).toBe(inside().length)

    const [mover] = inside()
    const set = async (purchases: number) => {
      await server.deps.db.tx(async (tx) =>
        tx.write('UPDATE member_stats SET purchases = ?, updatedAt = ? WHERE memberId = ?', [
          purchases,
          server.clock.now(),
          mover,
        ]),
      )
      server.clock.advance(MINUTE_MS)
      await run('segments.follow')
    }
    await set(3)
    // The job and three people at once: the transition is one event.
    await Promise.all([
      run('segments.refresh'),
      ...[1, 2, 3].map(() =>
        server.call('POST /admin/segments/:segmentId/refresh', { segmentId: segment.id }, { as: owner }),
      ),
    ])
    expect(await events('exit')).toEqual([{ memberId: mover, turn: 2, cause: 'data' }])
    expect(await isMember(server.deps.db, segment.id, mover)).toBe(false)
    await set(30)
    const back = await server.call('POST /admin/segments/:segmentId/refresh', { segmentId: segment.id }, { as: owner })
    expect(back.body).toMatchObject({ entered: 1, left: 0, members: inside().length })
    expect((await events('enter')).filter((e) => e.memberId === mover).map((e) => e.turn)).toEqual([1, 3])
    const shown = await server.call('GET /admin/segments/:segmentId', { segmentId: segment.id }, { as: owner })
    expect(shown.body.sizes).toEqual([
      { on: '2026-11-22', members: inside().length, entered: inside().length + 1, left: 1 },
    ])
    const log = await server.call(
      'GET /admin/segments/:segmentId/events',
      { segmentId: segment.id, limit: 2 },
      { as: owner },
    )
    expect(log.body.items.map((e) => [e.kind, e.member.id])).toEqual([
      ['enter', mover],
      ['exit', mover],
    ])

    const edited: Tree = { join: 'none', of: buyers.of }
    await server.call(
      'PATCH /admin/segments/:segmentId',
      { segmentId: segment.id, version: 1, tree: edited },
      { as: owner },
    )
    await run('segments.refresh')
    expect(new Set((await events('exit')).map((e) => e.cause))).toEqual(new Set(['data', 'edited']))
    expect(await membersOf(server.deps.db, segment.id, '', 500)).toEqual(
      active()
        .map((m) => m.id)
        .filter((id) => !inside().includes(id))
        .sort(),
    )
  })

  test('a snapshot stays what it was', async () => {
    const segment = await make('快照用', buyers)
    const taken = await server.call(
      'POST /admin/segments/:segmentId/snapshots',
      { segmentId: segment.id, name: '双十一' },
      { as: owner },
    )
    const before = await count(buyers)
    expect(taken.body).toMatchObject({ members: before, segmentVersion: 1, sentence: segment.sentence })
    await server.call(
      'PATCH /admin/segments/:segmentId',
      { segmentId: segment.id, version: 1, tree: { join: 'none', of: buyers.of } },
      { as: owner },
    )
    const list = await server.call(
      'GET /admin/segment-snapshots/:snapshotId/members',
      { snapshotId: taken.body.id, limit: 100 },
      { as: owner },
    )
    expect(list.body.items).toHaveLength(before)
    const all = await server.call('GET /admin/segments/:segmentId/snapshots', { segmentId: segment.id }, { as: owner })
    expect(all.body.items).toEqual([taken.body])
  })

  test('overlap adds up', async () => {
    const a = await make('重叠甲', buyers)
    const b = await make('重叠乙', { join: 'all', of: [{ field: 'tier', op: 'in', value: ['1', '2'] }] })
    const both = await count({ join: 'all', of: [...buyers.of, { field: 'tier', op: 'in', value: ['1', '2'] }] })
    const { body } = await server.call('POST /admin/segments/overlap', { segmentIds: [a.id, b.id] }, { as: owner })
    expect(body.pairs).toEqual([{ a: a.id, b: b.id, members: both }])
    expect(body.all).toBe(both)
    expect(body.any).toBe(body.segments[0].members + body.segments[1].members - both)
    expect(body.segments[0].members).toBe(await count(buyers))
  })

  test('what somebody needs cannot be deleted, and conditions cannot go in a circle', async () => {
    const base = await make('底', buyers)
    const upper = await make('上', { join: 'all', of: [{ field: 'segments', op: 'has_any', value: [base.id] }] })
    const remove = () =>
      server.call('DELETE /admin/segments/:segmentId', { segmentId: base.id, version: 1 }, { as: owner })
    expect((await remove()).error).toMatchObject({ code: 'segment_in_use', message: expect.stringContaining('“上”') })
    const circle = await server.call(
      'PATCH /admin/segments/:segmentId',
      {
        segmentId: base.id,
        version: 1,
        tree: { join: 'all', of: [{ field: 'segments', op: 'has_any', value: [upper.id] }] },
      },
      { as: owner },
    )
    expect(circle.error?.code).toBe('segment_circular')
    await server.call('DELETE /admin/segments/:segmentId', { segmentId: upper.id, version: 1 }, { as: owner })
    const user = { kind: 'journey', id: 'j1', name: '唤醒旅程' }
    await server.deps.db.tx((tx) => holdSegment(tx, base.id, user))
    expect((await remove()).error?.code).toBe('segment_in_use')
    await server.deps.db.tx(async (tx) => releaseSegments(tx, user))
    expect((await remove()).status).toBe(200)
    const lost = await server.call(
      'POST /admin/segments',
      { name: '丢', tree: { join: 'all', of: [{ field: 'segments', op: 'has_any', value: [base.id] }] } },
      { as: owner },
    )
    expect([lost.status, lost.error?.code]).toEqual([400, 'invalid_input'])
  })

  test('a rule tag follows its conditions', async () => {
    const made = await server.call(
      'POST /admin/tags',
      { name: '大客', category: '消费', kind: 'rule', tree: buyers },
      { as: owner },
    )
    await run('segments.refresh', 3)
    const list = async () =>
      (await server.call('GET /admin/tags/:tagId/members', { tagId: made.body.id, limit: 100 }, { as: owner })).body
        .items
    expect((await list()).length).toBe(await count(buyers))
    expect(new Set((await list()).map((m) => m.source))).toEqual(new Set(['rule']))
    await server.call(
      'PATCH /admin/tags/:tagId',
      { tagId: made.body.id, version: 1, tree: { join: 'none', of: buyers.of } },
      { as: owner },
    )
    await run('segments.refresh', 3)
    expect((await list()).length).toBe(active().length - (await count(buyers)))
    const hand = await server.call(
      'POST /admin/tags/:tagId/members',
      { tagId: made.body.id, memberIds: ['m000001'] },
      { as: owner },
    )
    expect(hand.error?.code).toBe('tag_not_manual')
  })

  test('tags by hand: repeats, races, unknown ones, store scope, and off again', async () => {
    const { body: tag } = await server.call(
      'POST /admin/tags',
      { name: '送过样品', category: '服务', kind: 'imported' },
      { as: owner },
    )
    const [one, two] = active()
    const give = (as: string, memberIds: string[], cardNos: string[] = []) =>
      server.call('POST /admin/tags/:tagId/members', { tagId: tag.id, memberIds, cardNos }, { as })
    const race = await Promise.all([1, 2, 3, 4].map(() => give(owner, [one.id, 'nobody'], [two.cardNo])))
    expect(race.map((r) => r.body.tagged).sort()).toEqual([0, 0, 0, 2])
    expect(race[0].body.unknown).toEqual(['nobody'])
    const away = active().find((m) => m.joinedStoreId !== 'store1' && shop.stats.get(m.id)?.lastStoreId !== 'store1')
    expect((await give(manager, [away?.id ?? ''])).body).toEqual({ tagged: 0, already: 0, unknown: [away?.id] })
    const mine = await server.call('GET /admin/members/:memberId/tags', { memberId: one.id }, { as: owner })
    expect(mine.body.tags.map((t) => t.name)).toContain('送过样品')
    const used = await make('有样品', { join: 'all', of: [{ field: 'tags', op: 'has_any', value: [tag.id] }] })
    expect(
      (await server.call('DELETE /admin/tags/:tagId', { tagId: tag.id, version: 1 }, { as: owner })).error?.code,
    ).toBe('tag_in_use')
    await server.call('DELETE /admin/segments/:segmentId', { segmentId: used.id, version: 1 }, { as: owner })
    const off = await server.call(
      'POST /admin/tags/:tagId/removals',
      { tagId: tag.id, memberIds: [one.id, 'nobody'] },
      { as: owner },
    )
    expect(off.body).toEqual({ removed: 1 })
    expect((await server.call('DELETE /admin/tags/:tagId', { tagId: tag.id, version: 1 }, { as: owner })).status).toBe(
      200,
    )
    expect(await rows('SELECT memberId FROM member_tag WHERE tagId = ?', [tag.id])).toEqual([])
  })

  test('the flat rows equal a copy made anew', async () => {
    const before = await rows('SELECT * FROM segment_fact ORDER BY memberId')
    const categories = await rows('SELECT * FROM segment_category ORDER BY category, memberId')
    await server.deps.db.tx(async (tx) => {
      tx.write('DELETE FROM segment_fact')
      tx.write('DELETE FROM segment_category')
    })
    await run('segments.facts')
    expect(await rows('SELECT * FROM segment_fact ORDER BY memberId')).toEqual(before)
    expect(await rows('SELECT * FROM segment_category ORDER BY category, memberId')).toEqual(categories)
    expect(categories.length).toBeGreaterThan(100)
  })
})
