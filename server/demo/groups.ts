import { contract, type Input } from '../../shared/contract'
import { addDays, civilDay, DAY_MS, HOUR_MS, MINUTE_MS, startOfDay } from '../../shared/time'
import { createAnnotation, createFunnel } from '../dashboards/service'
import type { Deps } from '../deps'
import { type NewEvent, recordEvents } from '../interactions/service'
import { membersByExternalId } from '../members/service'
import { createSegment, createTag, tagMembers } from '../segments/service'

/** Groups of people, marks on the time line, a funnel, and a month of what members did in the app: what a shop has after some weeks. */

type Tree = Input<'POST /admin/segments'>['tree']
const all = (...of: Tree['of']): Tree => ({ join: 'all', of })

const segments: { name: string; description: string; tree: Tree }[] = [
  {
    name: '高价值常客',
    description: '一年里来得多、花得多，最近也来过：优先邀请新品品鉴',
    tree: all(
      { field: 'spend365', op: 'gte', value: 200_000 },
      { field: 'orders365', op: 'gte', value: 6 },
      { field: 'lastPurchase', op: 'within', days: 60 },
    ),
  },
  {
    name: '沉睡 90 天',
    description: '消费过两次以上，90 天没有再来',
    tree: all({ field: 'purchases', op: 'gte', value: 2 }, { field: 'lastPurchase', op: 'not_within', days: 90 }),
  },
  {
    name: '只买过一次',
    description: '首购后还没有第二次：适合发二次到店券',
    tree: all({ field: 'purchases', op: 'eq', value: 1 }),
  },
  {
    name: '香氛爱好者',
    description: '近一年买过三次以上家居香氛',
    tree: all({ field: 'boughtCategory', op: 'did', value: ['家居香氛'], days: 365, times: 3 }),
  },
  {
    name: '近期生日',
    description: '今后 14 天过生日的会员',
    tree: all({ field: 'birthday', op: 'next', days: 14 }),
  },
  {
    name: '有券没用',
    description: '手里有券、30 天没来',
    tree: all({ field: 'couponsHeld', op: 'gte', value: 1 }, { field: 'lastPurchase', op: 'not_within', days: 30 }),
  },
]

const tags: { name: string; category: string; description: string; color: 'green' | 'gold' | 'blue'; tree?: Tree }[] = [
  { name: '送过样品', category: '服务', description: '店里送过新品小样', color: 'blue' },
  {
    name: '礼品买家',
    category: '兴趣',
    description: '近一年买过两次以上节庆用品',
    color: 'gold',
    tree: all({ field: 'boughtCategory', op: 'did', value: ['节庆'], days: 365, times: 2 }),
  },
  {
    name: '大单客',
    category: '消费',
    description: '笔均消费 500 元以上',
    color: 'green',
    tree: all({ field: 'average', op: 'gte', value: 50_000 }),
  },
]

/** Where members tap on the pages, in CSS pixels of a window 390 wide. */
const spots: { page: string; target: string; x: number; y: number; weight: number }[] = [
  { page: 'pages/home/index', target: 'code', x: 330, y: 300, weight: 9 },
  { page: 'pages/home/index', target: 'assets:优惠券', x: 90, y: 420, weight: 6 },
  { page: 'pages/home/index', target: 'assets:积分', x: 200, y: 320, weight: 4 },
  { page: 'pages/home/index', target: 'goods', x: 110, y: 700, weight: 4 },
  { page: 'pages/coupons/index', target: 'coupon', x: 320, y: 260, weight: 5 },
  { page: 'pages/coupons/index', target: 'claim', x: 300, y: 120, weight: 3 },
  { page: 'pages/rewards/index', target: 'reward', x: 290, y: 480, weight: 3 },
  { page: 'pages/me/index', target: 'entry:消费记录', x: 80, y: 380, weight: 2 },
]
const widths = [360, 375, 390, 390, 393, 414, 430]

/** A generator with a fixed seed: the same month in every demo (mulberry32). */
const dice = (seed: number): ((n: number) => number) => {
  let state = seed
  return (n) => {
    state = (state + 0x6d2b79f5) | 0
    let t = Math.imul(state ^ (state >>> 15), 1 | state)
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t
    return Math.floor((((t ^ (t >>> 14)) >>> 0) / 4_294_967_296) * n)
  }
}

/** A month of visits: a page opened, some taps on it, now and then a coupon looked at or the code opened. */
const visitsOf = (memberIds: readonly string[], now: number): NewEvent[] => {
  const below = dice(26)
  const heavy = spots.flatMap((s) => Array.from({ length: s.weight }, () => s))
  const events: NewEvent[] = []
  for (const [i, memberId] of memberIds.entries())
    for (let visit = below(6); visit > 0; visit--) {
      const begin = startOfDay(addDays(civilDay(now), -below(30))) + (9 + below(12)) * HOUR_MS + below(60) * MINUTE_MS
      if (begin > now - HOUR_MS) continue
      const width = widths[below(widths.length)]
      const name = `demo-${i}-${visit}`
      const first = heavy[below(heavy.length)]
      const event = (type: string, n: number): NewEvent => ({
        memberId,
        eventId: `${name}-${n}`,
        type,
        at: begin + n * 20_000,
        page: first.page,
        width,
        origin: 'client',
      })
      events.push(event('page_view', 0))
      for (let n = 1 + below(3); n > 0; n--) {
        const spot = heavy.filter((s) => s.page === first.page)[
          below(heavy.filter((s) => s.page === first.page).length)
        ]
        const x = Math.round(((spot.x + below(40) - 20) * width) / 390)
        events.push({ ...event('tap', n), target: spot.target, x, y: spot.y + below(50) - 25 })
      }
      if (below(3) === 0) events.push(event(below(2) ? 'coupon_view' : 'code_view', 8))
    }
  return events
}

/** Makes the groups and the marks, and records the month; what is there already is left. */
export const seedGroups = async (deps: Deps, customers: readonly string[]): Promise<void> => {
  const { db, keys, clock } = deps
  const now = clock.now()
  const by = { operatorId: null, now }
  const [known] = await db.read('SELECT id FROM segment LIMIT 1')
  if (known) return
  const ids: string[] = []
  for (let i = 0; i < customers.length; i += 500)
    ids.push(...(await membersByExternalId(db, keys, 'demo', customers.slice(i, i + 500))).values())
  const events = visitsOf(ids, now)
  for (let i = 0; i < events.length; i += 500) await db.tx((tx) => recordEvents(tx, events.slice(i, i + 500), now))
  const ago = (days: number): string => civilDay(now - days * DAY_MS)
  await db.tx(async (tx) => {
    for (const { tree, ...tag } of tags) {
      const input = { ...tag, kind: tree ? 'rule' : 'manual', ...(tree ? { tree } : {}) }
      const made = await createTag(tx, keys, contract['POST /admin/tags'].input.parse(input), by)
      if (!tree)
        await tagMembers(
          tx,
          { operatorId: null, storeIds: null },
          { tagId: made.id, memberIds: ids.filter((_, i) => i % 23 === 0), cardNos: [] },
          now,
        )
    }
    for (const s of segments) await createSegment(tx, keys, contract['POST /admin/segments'].input.parse(s), by)
    for (const mark of [
      { from: ago(11), to: ago(11), title: '会员日', kind: 'campaign' },
      { from: ago(5), to: ago(5), title: '冬季香氛上新', kind: 'change' },
      { from: ago(52), to: ago(46), title: '国庆假期', kind: 'holiday' },
    ])
      await createAnnotation(tx, contract['POST /admin/annotations'].input.parse(mark), by)
    await createFunnel(
      tx,
      contract['POST /admin/funnels'].input.parse({
        name: '看首页到用券',
        steps: [
          { event: 'interaction:page_view', label: '打开小程序' },
          { event: 'interaction:tap', label: '点了任意入口' },
          { event: 'coupon_redeem' },
        ],
        windowHours: 24 * 14,
        days: 30,
      }),
      by,
    )
  })
}
