import { randomUUID } from 'node:crypto'
import { learnProducts } from '../../server/purchases/service'
import { DAY_MS } from '../../shared/time'
import { addMembers, rows, tokenOf } from '../jobs/people'
import { describeEachDatabase } from '../support/databases'
import { openStore } from '../support/people'
import { startServer, type TestServer, testNow } from '../support/server'
import { operatorToken } from '../support/tokens'
import { buy, photoFolder, png, upload } from './setup'

describeEachDatabase('community over HTTP', (database) => {
  let server: TestServer
  let store: string
  let owner: string
  let as: string
  let zhou: string
  let bought: string
  const balance = async (memberId: string): Promise<number> =>
    (
      await rows<{ n: number }>(
        server,
        "SELECT SUM(amount) AS n FROM points_entry WHERE memberId = ? AND sourceType = 'community'",
        [memberId],
      )
    )[0].n ?? 0
  beforeAll(async () => {
    server = await startServer({ database, env: { DATA_DIR: photoFolder() } })
    store = await openStore(server)
    await addMembers(server, [
      { id: 'lin' },
      { id: 'zhou' },
      { id: 'chen', wechat: 'chen' },
      { id: 'wu' },
      { id: 'sun' },
    ])
    owner = await operatorToken(server, 'owner')
    as = await tokenOf(server, 'member', 'lin')
    zhou = await tokenOf(server, 'member', 'zhou')
    await server.deps.db.tx(async (tx) =>
      learnProducts(tx, [{ id: 'P1', name: '马克杯', category: '餐具', priceFen: 3900 }]),
    )
    bought = await buy(server, 'lin', store, { no: 'C1' })
  })
  afterAll(() => server.stop())

  const review = (token: string, more: object = {}, idempotencyKey?: string) =>
    server.call(
      'POST /me/reviews',
      { purchaseId: bought, lineNo: 1, stars: 2, tags: ['looks'], text: '颜色好看，杯口有点薄', ...more },
      { as: token, ...(idempotencyKey ? { idempotencyKey } : {}) },
    )
  const share = (token: string, text: string, more: object = {}) =>
    server.call('POST /me/posts', { text, ...more }, { as: token })

  test('a review belongs to a buyer, once per line, and is paid whatever its stars', async () => {
    expect((await review(zhou)).error?.code).toBe('purchase_not_found')
    expect((await review(as, { lineNo: 9 })).error?.code).toBe('purchase_not_found')
    const before = await server.call('GET /me/reviewable', {}, { as })
    expect(before.body.items.map((i) => [i.name, i.listed])).toEqual([
      ['马克杯', true],
      ['香薰蜡烛', false],
    ])
    const idempotencyKey = randomUUID()
    const [first, again] = [await review(as, {}, idempotencyKey), await review(as, {}, idempotencyKey)]
    expect(first.body).toMatchObject({ state: 'published', stars: 2, rewardPoints: 10, rewarded: true, mine: true })
    expect(again.body).toEqual(first.body)
    const race = await Promise.all(Array.from({ length: 10 }, () => review(as, { lineNo: 2, stars: 5 })))
    expect(race.filter((r) => r.status === 200)).toHaveLength(1)
    expect(race.find((r) => r.status !== 200)?.error?.code).toBe('review_given')
    expect(await balance('lin')).toBe(20)
    expect((await server.call('GET /me/reviewable', {}, { as })).body.items).toEqual([])
  })

  test('everybody reads it, by product too, with a masked name', async () => {
    const { body } = await server.call('GET /community/products/:productId/reviews', { productId: 'P1' })
    expect(body.summary).toMatchObject({ count: 1, average: 2, stars: [0, 1, 0, 0, 0] })
    expect(body.items[0].author.name).toBe('林**')
    expect(body.items[0]).toMatchObject({ liked: false, mine: false, rewarded: true })
    expect(JSON.stringify(body)).not.toContain('林晓雨')
    expect((await server.call('GET /community/products/:productId/reviews', { productId: 'none' })).status).toBe(404)
  })

  test('two posts a day are paid and no more, even when they race', async () => {
    const all = await Promise.all(Array.from({ length: 6 }, (_, i) => share(zhou, `今天的下午茶真不错，第 ${i} 张`)))
    expect(all.map((a) => a.body.state)).toEqual(Array(6).fill('published'))
    expect(all.filter((a) => a.body.rewardPoints > 0)).toHaveLength(2)
    expect(await balance('zhou')).toBe(40)
    expect((await server.call('GET /me/reviewable', {}, { as: zhou })).body.reward.leftToday).toBe(0)
  })

  test('words: some are refused, some wait for a person', async () => {
    const refused = await share(as, '网上赌 博群，稳赚不赔')
    expect([refused.status, refused.error?.code]).toEqual([409, 'post_refused'])
    const held = await share(as, '想要的加我微信，低价转给你')
    expect(held.body).toMatchObject({ state: 'pending', rewardPoints: 0 })
    const phone = await share(as, '喜欢的联系 １３８００１３８０００ 一起买')
    expect(phone.body.stateReason).toContain('手机号')
    const feed = await server.call('GET /community/posts', {})
    expect(feed.body.items.some((p) => p.text.includes('微信'))).toBe(false)
    // The author still sees it; a stranger does not.
    const postId = held.body.id
    expect((await server.call('GET /community/posts/:postId', { postId }, { as })).status).toBe(200)
    expect((await server.call('GET /community/posts/:postId', { postId })).error?.code).toBe('post_not_found')
  })

  test('an operator publishes or rejects once, and a rejected review may be written anew', async () => {
    const [{ id: postId }] = await rows<{ id: string }>(
      server,
      "SELECT id FROM post WHERE state = 'pending' ORDER BY id LIMIT 1",
    )
    const decide = (decision: 'publish' | 'reject') =>
      server.call(
        'POST /admin/community/posts/:postId/decision',
        { postId, decision, reason: '含有联系方式' },
        { as: owner },
      )
    const all = await Promise.all(Array.from({ length: 6 }, () => decide('reject')))
    expect(all.filter((a) => a.status === 200)).toHaveLength(1)
    expect(all.find((a) => a.status !== 200)?.error?.code).toBe('post_bad_state')
    const mine = await server.call('GET /me/posts', {}, { as })
    expect(mine.body.items.find((p) => p.id === postId)).toMatchObject({
      state: 'rejected',
      stateReason: '含有联系方式',
    })
    const inbox = await server.call('GET /me/messages', {}, { as })
    expect(inbox.body.items[0].title).toBe('你的晒单没有通过审核')

    const [{ id: reviewId }] = await rows<{ id: string }>(
      server,
      "SELECT id FROM post WHERE kind = 'review' AND lineNo = 1",
    )
    const taken = await server.call(
      'POST /admin/community/posts/:postId/decision',
      { postId: reviewId, decision: 'reject', reason: '照片与商品无关' },
      { as: owner },
    )
    expect(taken.body).toMatchObject({ state: 'rejected', rewardPoints: 0 })
    expect(await balance('lin')).toBe(10)
    const anew = await review(as, { text: '重新写一遍，杯子很好用' })
    // The slot of that day is used: written anew it is published and not paid again.
    expect(anew.body).toMatchObject({ id: reviewId, state: 'published', rewardPoints: 0 })
    expect((await review(as)).error?.code).toBe('review_given')
  })

  test('likes count once a member, whatever races', async () => {
    const { body } = await server.call('GET /community/posts', { kind: 'review' })
    const postId = body.items[0].id
    const like = (token: string, liked: boolean) =>
      server.call('PUT /me/posts/:postId/like', { postId, liked }, { as: token })
    await Promise.all([
      ...Array.from({ length: 20 }, () => like(zhou, true)),
      ...Array.from({ length: 20 }, () => like(as, true)),
    ])
    const seen = await server.call('GET /community/posts/:postId', { postId }, { as: zhou })
    expect(seen.body).toMatchObject({ likes: 2, liked: true })
    await Promise.all(Array.from({ length: 20 }, () => like(zhou, false)))
    expect((await server.call('GET /community/posts/:postId', { postId }, { as: zhou })).body).toMatchObject({
      likes: 1,
      liked: false,
    })
    expect(await rows(server, 'SELECT memberId FROM post_like WHERE postId = ?', [postId])).toEqual([
      { memberId: 'lin' },
    ])
  })

  test('three reports take a post off the pages until an operator has looked', async () => {
    const { body: post } = await share(await tokenOf(server, 'member', 'wu'), '店里新到的绿植，配文艺')
    const report = (token: string) =>
      server.call('POST /me/posts/:postId/reports', { postId: post.id, reason: 'ad' }, { as: token })
    await Promise.all([report(as), report(as), report(zhou)])
    expect((await server.call('GET /community/posts/:postId', { postId: post.id })).status).toBe(200)
    await report(await tokenOf(server, 'member', 'sun'))
    expect((await server.call('GET /community/posts/:postId', { postId: post.id })).status).toBe(404)
    const desk = await server.call('GET /admin/community/posts', { reported: '1' }, { as: owner })
    expect(desk.body.items).toMatchObject([{ id: post.id, reports: 3, state: 'pending' }])
    const shown = await server.call('GET /admin/community/posts/:postId', { postId: post.id }, { as: owner })
    expect(shown.body.reportList).toHaveLength(3)
    const back = await server.call(
      'POST /admin/community/posts/:postId/decision',
      { postId: post.id, decision: 'publish', reason: '没有问题' },
      { as: owner },
    )
    expect(back.body).toMatchObject({ state: 'published', reports: 0, rewardPoints: 20 })
    expect(await balance('wu')).toBe(20)
  })

  test('deleting takes text, photos and the review from everywhere', async () => {
    const { names } = await upload(server, as, [png()])
    const later = await buy(server, 'lin', store, { no: 'C2', at: testNow - DAY_MS })
    const written = await review(as, { purchaseId: later, photos: names })
    // Somebody without WeChat: a person looks at photos.
    expect(written.body).toMatchObject({ state: 'pending' })
    const postId = written.body.id
    await server.call(
      'POST /admin/community/posts/:postId/decision',
      { postId, decision: 'publish', reason: '通过' },
      { as: owner },
    )
    const url = server.url + written.body.photos[0].url
    expect((await fetch(url)).status).toBe(200)
    expect((await server.call('POST /me/posts/:postId/delete', { postId }, { as: zhou })).error?.code).toBe(
      'post_not_found',
    )
    for (let i = 0; i < 2; i++)
      expect((await server.call('POST /me/posts/:postId/delete', { postId }, { as })).status).toBe(200)
    expect((await fetch(url)).status).toBe(404)
    expect((await server.call('GET /community/posts/:postId', { postId }, { as })).status).toBe(404)
    expect(await rows(server, 'SELECT text, photos, state FROM post WHERE id = ?', [postId])).toEqual([
      { text: '', photos: '[]', state: 'deleted' },
    ])
    expect((await review(as, { purchaseId: later })).error?.code).toBe('review_given')
  })

  describe('with WeChat’s check', () => {
    let chen: string
    beforeAll(async () => {
      await server.sandbox('login', { user: 'chen' })
      chen = await tokenOf(server, 'member', 'chen')
    })
    const settled = async (postId: string, state: string): Promise<{ state: string; rewardPoints: number }> => {
      for (let tries = 0; tries < 150; tries++) {
        const [row] = await rows<{ state: string; rewardPoints: number }>(
          server,
          'SELECT state, rewardPoints FROM post WHERE id = ?',
          [postId],
        )
        if (row.state === state) return row
        await new Promise((done) => setTimeout(done, 20))
      }
      throw new Error(`The post did not become ${state}`)
    }
    test('photos are published by its verdict and the post is paid once', async () => {
      const { names } = await upload(server, chen, [png(), png(6, 6)])
      expect((await share(chen, '周末的插花课', { productIds: ['P2'] })).error?.code).toBe('product_not_found')
      await server.deps.db.tx(async (tx) =>
        learnProducts(tx, [{ id: 'P2', name: '香薰蜡烛', category: '香氛', priceFen: 5900 }]),
      )
      const posted = await share(chen, '周末的插花课', { photos: names, productIds: ['P2'] })
      expect(posted.body).toMatchObject({ state: 'pending', stateReason: '照片审核中，通过后公开' })
      expect(await settled(posted.body.id, 'published')).toMatchObject({ rewardPoints: 30 })
      expect(await balance('chen')).toBe(30)
    })
    test('what it calls risky is refused; while it does not answer the post waits for a person', async () => {
      await server.sandbox('settings', { words: { risky: ['冒牌货色'], review: [], sensitive: [] } })
      const refused = await share(chen, '小心冒牌货色的杯子')
      expect([refused.error?.code, refused.error?.message]).toEqual([
        'post_refused',
        '未通过微信内容安全检查，请修改后重新发布',
      ])
      await server.sandbox('faults', {
        match: { path: '/wxa/msg_sec_check' },
        effect: { type: 'errcode', errcode: 61010 },
        times: 1,
      })
      const held = await share(chen, '今天的阳光真好呀')
      expect(held.body.state).toBe('pending')
    })
  })
})
