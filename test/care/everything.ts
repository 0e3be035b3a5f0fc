import { publishGiftCoupon } from '../campaigns/shop'
import { addMembers, rows } from '../jobs/people'
import type { TestServer } from '../support/server'
import { draft, publish, template } from './shop'

/** Members whose birthday is the day on which the tests' clock stands. */
export const celebrating = 200

/** A journey with every kind of node, and what its nodes give. */
export interface Everything {
  journeyId: string
  couponTemplateId: string
  tagId: string
}

const passedNodes = 13

/**
 * Opens a shop in which today is everybody's birthday, and publishes a journey for it that passes every kind of node and leaves out no
 * kind of effect: coupon, points, growth, tag, gift, message, task and webhook. A tenth is held back, as it is by default.
 */
export const openEverything = async (server: TestServer, as: string): Promise<Everything> => {
  const birthday = { calendar: 'solar' as const, month: 11, day: 22 }
  await addMembers(
    server,
    Array.from({ length: celebrating }, (_, i) => ({
      id: `p${String(i).padStart(3, '0')}`,
      birthday,
      tierLevel: i % 2,
    })),
  )
  const couponTemplateId = await publishGiftCoupon(server, null, celebrating)
  const tag = await server.call('POST /admin/tags', { name: '旅程', category: '关怀', kind: 'manual' }, { as })
  const endpoint = await server.call(
    'POST /admin/message-endpoints',
    { channel: 'webhook', name: '系统', url: 'http://127.0.0.1:9/hook' },
    { as },
  )
  const words = await template(server, as, { inbox: { title: '你好', text: '你好', page: null } }, 'service')
  const high = {
    match: 'all' as const,
    tests: [{ kind: 'field' as const, field: 'tierLevel', op: 'gte' as const, value: 1 }],
  }
  const journeyId = await publish(
    server,
    as,
    draft({
      trigger: { kind: 'date', field: 'birthday', days: 0, at: '00:35' },
      start: 'ask',
      nodes: [
        {
          id: 'ask',
          kind: 'condition',
          test: { match: 'all', tests: [{ kind: 'field', field: 'joinedDays', op: 'gte', value: 1 }] },
          yes: 'ways',
          no: null,
        },
        { id: 'ways', kind: 'branch', branches: [{ name: '高', test: high, next: 'split' }], otherwise: 'split' },
        {
          id: 'split',
          kind: 'split',
          arms: [
            { key: 'a', name: '甲', weight: 1, next: 'coupon' },
            { key: 'b', name: '乙', weight: 1, next: 'coupon' },
          ],
        },
        { id: 'coupon', kind: 'coupon', templateId: couponTemplateId, next: 'points' },
        { id: 'points', kind: 'points', points: 7, note: '一次', next: 'growth' },
        { id: 'growth', kind: 'growth', growth: 3, next: 'tag' },
        { id: 'tag', kind: 'tag', tagId: tag.body.id, next: 'gift' },
        { id: 'gift', kind: 'gift', occasion: 'birthday', next: 'tell' },
        { id: 'tell', kind: 'message', templateId: words, channels: ['inbox'], next: 'wait' },
        { id: 'wait', kind: 'wait', amount: 1, unit: 'minute', next: 'task' },
        { id: 'task', kind: 'task', title: '联系', note: '', dueDays: 1, next: 'hook' },
        { id: 'hook', kind: 'webhook', endpointId: endpoint.body.id, next: 'bye' },
        { id: 'bye', kind: 'exit', reason: '走完了' },
      ],
      holdout: { percent: 10 },
    }),
  )
  return { journeyId, couponTemplateId, tagId: tag.body.id }
}

/**
 * What came of it, each figure as `rows/members`: everybody entered once, whoever is not held back has everything exactly once, and who
 * is held back has nothing.
 */
export const effectsOf = async (
  server: TestServer,
  { journeyId, couponTemplateId, tagId }: Everything,
): Promise<Record<string, string | number>> => {
  const pair = async (text: string, params: string[] = []): Promise<string> => {
    const [{ n, people }] = await rows<{ n: number; people: number }>(server, text, params)
    return `${Number(n)}/${Number(people)}`
  }
  const of = (from: string, params: string[] = []): Promise<string> =>
    pair(`SELECT COUNT(*) AS n, COUNT(DISTINCT memberId) AS people FROM ${from}`, params)
  const [{ issued }] = await rows<{ issued: number }>(server, 'SELECT issued FROM coupon_template WHERE id = ?', [
    couponTemplateId,
  ])
  return {
    runs: await of('journey_run WHERE journeyId = ?', [journeyId]),
    finished: await of("journey_run WHERE journeyId = ? AND state = 'exited'", [journeyId]),
    held: await of("journey_run WHERE journeyId = ? AND state = 'held'", [journeyId]),
    steps: await pair(
      'SELECT COUNT(*) AS n, COUNT(DISTINCT runId) AS people FROM journey_step WHERE journeyId = ? AND outcome NOT LIKE ?',
      [journeyId, 'refused%'],
    ),
    coupons: await of('coupon WHERE templateId = ?', [couponTemplateId]),
    issued: Number(issued),
    points: await of("points_entry WHERE sourceType = 'journey'"),
    // 66 of the gift and 7 of the node.
    balances: await of('points_account WHERE balance = 73 OR balance = 95'),
    growth: await of('growth_account WHERE growth = 3'),
    growthEntries: await of('growth_entry'),
    tags: await of('member_tag WHERE tagId = ?', [tagId]),
    gifts: await of('care_gift'),
    messages: await of("message WHERE sourceRef = 'tell'"),
    tasks: await of('staff_task'),
    webhooks: await of("message WHERE sourceRef = 'hook'"),
  }
}

/** The same figures as they have to be when `held` of the members are kept back. */
export const everyEffectOnce = (held: number): Record<string, string | number> => {
  const treated = celebrating - held
  const once = `${treated}/${treated}`
  return {
    runs: `${celebrating}/${celebrating}`,
    finished: once,
    held: `${held}/${held}`,
    steps: `${treated * passedNodes}/${treated}`,
    coupons: once,
    issued: treated,
    points: once,
    balances: once,
    growth: once,
    growthEntries: once,
    tags: once,
    gifts: once,
    messages: once,
    tasks: once,
    webhooks: once,
  }
}
