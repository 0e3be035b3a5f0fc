import { civilDay, DAY_MS, SHANGHAI } from '@shared/time'
import Taro, { useRouter } from '@tarojs/taro'
import { act, fireEvent, render, screen, waitFor } from '@testing-library/react'
import BirthdayPage from '@/packages/birthday/index'
import InboxPage from '@/packages/inbox/index'
import PointsPage from '@/packages/points/index'
import StaffMemberPage from '@/packages/staff/member'
import CodePage from '@/pages/code/index'
import CouponsPage from '@/pages/coupons/index'
import HomePage from '@/pages/home/index'
import RewardsPage from '@/pages/rewards/index'
import { refuse, SILENCE, serve, signIn } from './server'
import { counter, face, held, home, member, now } from './story'

/** What a person reads on the page, white space aside. */
const read = (): string => (document.body.textContent ?? '').replace(/\s+/g, ' ')
const tap = async (text: string | RegExp): Promise<void> => {
  const found = await screen.findByText(text)
  await act(async () => {
    fireEvent.click(found)
  })
}
const toasted = (): unknown[] =>
  (Taro.showToast as jest.Mock).mock.calls.map(([shown]) => (shown as { title: string }).title)

beforeEach(() => {
  jest.clearAllMocks()
  signIn('member')
})

describe('home', () => {
  test('stands on one request: card with the exact gap, points, coupons, goods with their reason', async () => {
    const calls = serve({
      'GET /me/home': () => home(),
      'POST /interactions': () => ({ accepted: 1, repeated: 0, dropped: 0 }),
    })
    render(<HomePage />)
    await screen.findByText('金叶会员')
    expect(read()).toMatch(/再得 1,320 成长值.*升级黑金会员.*3,680.*\/ 5,000.*约再消费 ¥1,320/)
    expect(read()).toMatch(/积分.*2,846.*长期有效.*优惠券.*5张.*家居香氛满减券.*12|还有 14 天/)
    expect(read()).toContain('你买过 3 次')
    expect(calls.filter((sent) => sent.key !== 'POST /interactions').map((sent) => sent.key)).toEqual(['GET /me/home'])
  })

  test('says what expires when, owes and at the top tier', async () => {
    const top = { ...home().tier, nextThreshold: null, nextName: null, gap: 0, gapFen: 0 }
    serve({ 'GET /me/home': () => home({ tier: top, points: { balance: 0, debt: 87, expiring: [] } }) })
    const { unmount } = render(<HomePage />)
    await screen.findByText('已是最高等级')
    expect(read()).toContain('待补 87 分')
    unmount()
    signIn('member')
    serve({
      'GET /me/home': () =>
        home({
          points: { balance: 300, debt: 0, expiring: [{ on: civilDay(now + 8 * DAY_MS, SHANGHAI), points: 300 }] },
        }),
    })
    render(<HomePage />)
    await screen.findByText('300 分 8 天后过期')
  })

  test('a visitor reads the shop without signing in and is offered to join', async () => {
    signIn()
    const calls = serve({
      'GET /home': () => ({
        now,
        shop: '拾光生活馆',
        joinGift: '入会即得新人券',
        goods: [],
        stores: [],
        claimableCount: 2,
        banners: [],
      }),
    })
    render(<HomePage />)
    await screen.findByText('入会即得新人券')
    expect(calls.map((sent) => sent.key)).toEqual(['GET /home'])
    await tap('立即入会')
    expect(Taro.navigateTo).toHaveBeenCalledWith({ url: '/packages/login/index' })
  })

  test('without a network the last home stands with its age; without anything known it offers a retry', async () => {
    serve({ 'GET /me/home': () => home() })
    const { unmount } = render(<HomePage />)
    await screen.findByText('金叶会员')
    unmount()
    const silent = {
      'GET /me/home': () => {
        throw SILENCE
      },
    }
    serve(silent)
    const again = render(<HomePage />)
    await screen.findByText(/网络不给力，以下是 今天 \d\d:\d\d 的内容/, {}, { timeout: 4000 })
    expect(read()).toContain('再得 1,320 成长值')
    again.unmount()
    signIn('member')
    serve(silent)
    render(<HomePage />)
    await screen.findByText('检查网络后再试一次', {}, { timeout: 4000 })
    serve({ 'GET /me/home': () => home() })
    await tap('再试一次')
    await screen.findByText('金叶会员')
  })
})

describe('member code', () => {
  const codes = (from: number) => ({
    serverTime: Date.now(),
    stepSeconds: 60,
    offline: { stepSeconds: 1800, from: now, codes: [] },
    codes: [0, 1].map((step) => ({
      code: `88041729635082714${step}`,
      from: from + step * 60_000,
      until: from + (step + 1) * 60_000,
    })),
  })

  test('shows the code of this minute in groups, with its seconds, and fetches a new one on request', async () => {
    const calls = serve({ 'GET /me/home': () => home(), 'GET /me/code': () => codes(Date.now() - 18_000) })
    render(<CodePage />)
    await screen.findByText('8804 1729 6350 8271 40')
    expect(read()).toMatch(/4[12]秒后自动刷新/)
    expect(screen.getByLabelText('会员码二维码').getAttribute('src')).toMatch(/^data:image\/svg/)
    await tap('立即刷新')
    await waitFor(() =>
      expect(calls.filter((sent) => sent.key === 'GET /me/code').at(-1)?.query).toEqual({ refresh: '1' }),
    )
  })

  test('goes on to the next step by itself when this one ends', async () => {
    serve({ 'GET /me/home': () => home(), 'GET /me/code': () => codes(Date.now() - 59_000) })
    render(<CodePage />)
    await screen.findByText('8804 1729 6350 8271 40')
    serve({
      'GET /me/code': () => {
        throw SILENCE
      },
    })
    await screen.findByText('8804 1729 6350 8271 41', {}, { timeout: 4000 })
  })

  test('a visitor sees what it is for instead of an error', async () => {
    signIn()
    const calls = serve({})
    render(<CodePage />)
    await screen.findByText('还没有会员码')
    expect(calls).toHaveLength(0)
  })
})

describe('coupons', () => {
  const counts = { usable: 3, coming: 1, used: 0, expired: 0 }

  test('what ends today stands first, what cannot be used last with its reason', async () => {
    serve({
      'GET /me/coupons': () => ({
        items: [
          held('a', { face: face({ name: '普通券' }) }),
          held('b', { face: face({ name: '周末券' }), blocked: '仅周六、周日可用，今天是周三' }),
          held('c', { face: face({ name: '今天的券' }), timeLeft: '今天 22:00 到期' }),
        ],
        nextCursor: null,
        counts,
      }),
    })
    render(<CouponsPage />)
    await screen.findByText('今天的券')
    expect(read()).toMatch(/今天到期.*今天的券.*现在可用.*普通券.*现在暂不可用.*周末券.*仅周六、周日可用，今天是周三/)
    expect(read()).toContain('可用 3')
    await tap('折扣')
    await screen.findByText('没有这一类的券')
  })

  test('an empty list offers the claim centre; a failed one says why and retries', async () => {
    serve({ 'GET /me/coupons': () => refuse(503, 'overloaded', '现在访问的人太多，请稍后再试') })
    render(<CouponsPage />)
    await screen.findByText('现在访问的人太多，请稍后再试')
    serve({
      'GET /me/coupons': () => ({ items: [], nextCursor: null, counts: { usable: 0, coming: 0, used: 0, expired: 0 } }),
    })
    await tap('再试一次')
    await screen.findByText('现在没有可用的券')
    await tap('去领券')
    expect(Taro.switchTab).toHaveBeenCalledWith({ url: '/pages/rewards/index' })
  })

  test('following pages are added below the first', async () => {
    serve({
      'GET /me/coupons': ({ query }) =>
        query.cursor === 'next'
          ? { items: [held('b', { face: face({ name: '第二页的券' }) })], nextCursor: null, counts }
          : { items: [held('a', { face: face({ name: '第一页的券' }) })], nextCursor: 'next', counts },
    })
    render(<CouponsPage />)
    await screen.findByText('第一页的券')
    await tap('查看更多')
    await screen.findByText('第二页的券')
    expect(read()).toContain('第一页的券')
  })
})

test('claiming sends one request with a key, says so, and the ticket turns into “去使用”; a refusal shows its sentence', async () => {
  const item = {
    templateId: 't1',
    face: face({ name: '秋日券' }),
    stockLeft: 3,
    stock: 100,
    claimed: 0,
    perMember: 1,
    claimUntil: null,
    validity: '领取后 14 天内有效',
    blocked: null,
  }
  let claimed = 0
  const calls = serve({
    'GET /me/coupons/claimable': () => ({
      items: [
        { ...item, claimed },
        { ...item, templateId: 't2', face: face({ name: '抢手券' }) },
      ],
    }),
    'GET /me/tier': () => ({ progress: home().tier, tiers: [], history: [], growthRules: [] }),
    'POST /me/coupons': ({ body }) => {
      if ((body as { templateId: string }).templateId === 't2')
        return refuse(409, 'coupon_out_of_stock', '来晚一步，已领完（共 100 张）')
      claimed = 1
      return { couponId: 'c1', validFrom: now, validTo: now + DAY_MS, stockLeft: 2 }
    },
  })
  render(<RewardsPage />)
  await screen.findByText('秋日券')
  expect(read()).toContain('仅剩 3 张')
  const claim = async (index: number): Promise<void> => {
    await act(async () => {
      fireEvent.click(screen.getAllByText('领取')[index] as HTMLElement)
    })
  }
  await claim(0)
  await screen.findByText('去使用')
  const sent = calls.filter((one) => one.key === 'POST /me/coupons')
  expect(sent).toHaveLength(1)
  expect(sent[0]?.header['Idempotency-Key']).toBeTruthy()
  expect(toasted()).toContain('领到了，已放进卡券')
  await claim(0)
  await waitFor(() => expect(toasted()).toContain('来晚一步，已领完（共 100 张）'))
})

test('points: the ledger is cut by month with signed amounts and running balances', async () => {
  const entry = (id: string, at: number, amount: number, balanceAfter: number, title: string) => ({
    id,
    at,
    amount,
    balanceAfter,
    kind: amount > 0 ? ('earn' as const) : ('spend' as const),
    title,
    detail: '静安寺店',
    expiresOn: null,
  })
  serve({
    'GET /me/points': () => ({
      account: { balance: 2846, debt: 0, expiring: [] },
      rules: [],
      earnedThisMonth: 279,
      spentThisMonth: 600,
    }),
    'GET /me/points/entries': () => ({
      items: [
        entry('3', Date.UTC(2026, 10, 20), 279, 2846, '消费 ¥186.00'),
        entry('2', Date.UTC(2026, 10, 18), -600, 2567, '兑换隔热垫'),
        entry('1', Date.UTC(2026, 9, 28), 468, 3167, '消费 ¥312.00'),
      ],
      nextCursor: null,
    }),
  })
  render(<PointsPage />)
  await screen.findByText('兑换隔热垫')
  expect(read()).toMatch(
    /2026年11月获得 279，减少 600.*\+279余额 2,846.*\u2212600余额 2,567.*2026年10月获得 468，减少 0.*\+468余额 3,167/,
  )
})

test('a gift opens at once, tells the server once, and leads to the coupons', async () => {
  const gift = {
    id: 'g1',
    kind: 'birthday' as const,
    title: '生日快乐',
    until: '2099-11-29',
    gifts: [{ kind: 'coupon' as const, title: '¥50 生日券', detail: '满 200 可用' }],
    opened: false,
    years: null,
  }
  const calls = serve({
    'GET /me/gifts': () => ({ items: [gift] }),
    'GET /me': () => member,
    'POST /me/gifts/:giftId/open': () => ({ ...gift, opened: true }),
  })
  render(<BirthdayPage />)
  await screen.findByText('知夏，生日快乐')
  expect(read()).not.toContain('满 200 可用')
  await tap('拆开礼物')
  await screen.findByText('满 200 可用')
  await tap('收下生日礼')
  expect(Taro.switchTab).toHaveBeenCalledWith({ url: '/pages/coupons/index' })
  expect(calls.filter((sent) => sent.key === 'POST /me/gifts/:giftId/open').map((sent) => sent.path)).toEqual([
    '/me/gifts/g1/open',
  ])
})

test('opening a message marks it read and goes where it points', async () => {
  const message = {
    id: 'x1',
    at: now,
    kind: 'coupon_expiring',
    title: '优惠券今天到期',
    body: '别忘了用',
    page: 'pages/coupons/index',
    read: false,
  }
  const calls = serve({
    'GET /me/messages': () => ({ items: [message], nextCursor: null, unread: 1 }),
    'POST /me/messages/read': () => ({ unread: 0 }),
  })
  render(<InboxPage />)
  await tap('优惠券今天到期')
  expect(Taro.switchTab).toHaveBeenCalledWith({ url: '/pages/coupons/index' })
  expect(calls.find((sent) => sent.key === 'POST /me/messages/read')?.body).toEqual({ ids: ['x1'] })
})

describe('the counter', () => {
  const quote = (id: string, savesFen: number, usable = true, refusal: string | null = null) => ({
    coupon: held(id, { face: face({ name: `券${id}` }) }),
    usable,
    savesFen,
    refusal,
  })
  const type = async (keys: string): Promise<void> => {
    for (const key of keys) {
      await act(async () => {
        fireEvent.click(screen.getByLabelText(key))
      })
    }
  }
  beforeEach(() => {
    signIn('member', 'staff')
    ;(useRouter as jest.Mock).mockReturnValue({ params: { scanId: 's1' }, path: '' })
  })

  test('takes the best coupon by itself, and the confirm key repeats what is charged', async () => {
    const calls = serve({
      'GET /staff/scans/:scanId': ({ query }) => {
        const amount = Number(query.amountFen)
        const saves = amount >= 20_000 ? 3000 : 0
        return counter(amount, {
          coupons: [
            quote('a', saves, saves > 0, saves > 0 ? null : '适用商品满 ¥200.00 可用'),
            quote('b', saves / 2, saves > 0),
          ],
          quote: {
            amountFen: amount,
            payFen: amount - saves,
            points: Math.floor((amount - saves) / 100),
            pointsNote: '',
          },
        })
      },
      'POST /staff/purchases': () => refuse(409, 'scan_expired', '本次扫码已超时，请重新扫会员码'),
    })
    render(<StaffMemberPage />)
    await screen.findByText('林**')
    expect(read()).toContain('今天生日，先说一句生日快乐吧')
    await type('268')
    await screen.findByText('已选最省的')
    const confirm = await screen.findByLabelText('确认¥238.00')
    await act(async () => {
      fireEvent.click(confirm)
    })
    const sent = calls.find((one) => one.key === 'POST /staff/purchases')
    expect(sent?.body).toEqual({ scanId: 's1', amountFen: 26_800, lines: [], couponIds: ['a'], payKind: 'wechat' })
    expect(toasted()).toContain('本次扫码已超时，请重新扫会员码')
  })

  test('nothing is charged while the price of what is on the pad is not known, and an ended scan leads back', async () => {
    serve({ 'GET /staff/scans/:scanId': () => counter(0) })
    render(<StaffMemberPage />)
    await screen.findByText('林**')
    expect(screen.getByLabelText('确认¥0.00').className).toContain('wait')
    serve({ 'GET /staff/scans/:scanId': () => refuse(409, 'scan_expired', '本次扫码已超时，请重新扫会员码') })
    await type('5')
    await screen.findByText('这次扫码已结束')
  })
})
