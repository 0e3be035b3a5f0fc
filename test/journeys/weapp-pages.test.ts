import { join } from 'node:path'
import { type DemoPeople, type Stop, tourOf } from '../support/app-tour'
import { loadMiniProgram, type MiniProgram, requestsTo } from '../support/mini-vm'
import { meetPeople, stockReward } from './app-people'
import { describeWith, distRoot } from './requirements'
import { openShop, type Shop } from './shop'

const dist = join(distRoot, 'weapp')
const kB = 1024
/** Characters; a title alone has fewer. */
const enough = 12

describeWith(['weapp'], 'Every page of the compiled mini-program', () => {
  const stops = tourOf(dist)
  let shop: Shop
  let people: DemoPeople

  beforeAll(async () => {
    shop = await openShop('sqlite')
    await stockReward(shop)
    people = await meetPeople(shop, 'weapp')
  })
  afterAll(() => shop?.server.stop())

  /** The app on a phone where this person is signed in; `errors` is what it writes to its console. */
  const start = (as: Stop['as'], request: (asked: unknown) => void): { app: MiniProgram; errors: string[] } => {
    const errors: string[] = []
    const app = loadMiniProgram(dist, {
      now: () => shop.server.clock.now(),
      console: { error: (...words: unknown[]) => void errors.push(words.map(String).join(' ')) },
      wx: { request },
    })
    app.storage.device = people.device
    if (as === 'member') app.storage['session.member'] = people.member
    if (as === 'staff') {
      app.storage['session.member'] = people.staff.member
      app.storage['session.staff'] = people.staff.operator
      app.storage['staff.store'] = people.guides.storeId
    }
    app.boot()
    return { app, errors }
  }
  /** Leaving a page stops its timers, which would keep this process alive. */
  const leave = async (app: MiniProgram): Promise<void> => {
    app.wx.reLaunch?.({ url: '/packages/login/document?name=terms' })
    await app.settle(30)
    app.hide()
  }
  const addressOf = async (stop: Stop): Promise<string> => {
    const query = stop.query ? await stop.query(people.guides) : ''
    if (query === null) throw new Error(`${stop.name} has nothing to show in this shop`)
    return `${stop.page}${query ? `?${query}` : ''}`
  }
  const failing = (asked: unknown): void => {
    const { fail } = asked as { fail?: (why: object) => void }
    queueMicrotask(() => fail?.({ errMsg: 'request:fail timeout' }))
  }

  test('there is one stop at least for each page of app.json', () => {
    const { pages, subPackages = [] } = start(null, failing).app.config
    const listed = [...pages, ...subPackages.flatMap((sub) => sub.pages.map((page) => `${sub.root}/${page}`))]
    expect([...new Set(stops.map((stop) => stop.page))].sort()).toEqual(listed.sort())
    expect(new Set(stops.map((stop) => stop.name)).size).toBe(stops.length)
  })

  test.each(stops.map((stop) => [stop.name, stop] as const))(
    '%s opens, says something, stays small and complains of nothing',
    async (_, stop) => {
      const { app, errors } = start(stop.as, requestsTo(`${shop.server.url}/api`))
      const page = app.open(await addressOf(stop))
      await app.settle(60)
      // A busy machine answers later: the grey shapes say next to nothing.
      for (let waitedMs = 0; waitedMs < 8000 && app.text().length <= enough; waitedMs += 100) await app.settle(100)
      const text = app.text()
      await leave(app)
      expect(errors).toEqual([])
      expect(text.length).toBeGreaterThan(enough)
      expect(text).not.toMatch(/undefined|NaN|\[object|没能打开|网络不给力，以下/)
      expect(page.sizes.length).toBeGreaterThan(0)
      expect(Math.max(...page.sizes)).toBeLessThanOrEqual(64 * kB)
    },
  )

  test("a member's pages say so when there is no network, and offer to try again", async () => {
    const mine = stops.filter((stop) => stop.as === 'member' && !needsNoAnswer.has(stop.name))
    const addresses = await Promise.all(mine.map(addressOf))
    const silent = await Promise.all(
      mine.map(async (stop, i) => {
        const { app, errors } = start(stop.as, failing)
        app.open(addresses[i])
        // Three attempts are made before the network is given up.
        for (let waitedMs = 0; waitedMs < 5000 && !/网络不给力/.test(app.text()); waitedMs += 100)
          await new Promise((done) => setTimeout(done, 100))
        const text = app.text()
        await leave(app)
        return /网络不给力/.test(text) && errors.length === 0 ? [] : [`${stop.name}: ${text} ${errors.join(' ')}`]
      }),
    )
    expect(silent.flat()).toEqual([])
  })
})

/** Pages that need no answer to be what they are. */
const needsNoAnswer: ReadonlySet<string> = new Set(['profile-settings', 'about-lost', 'feedback-complaint'])
