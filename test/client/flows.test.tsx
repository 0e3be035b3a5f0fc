import Taro from '@tarojs/taro'
import { act, fireEvent, render, screen, waitFor } from '@testing-library/react'
import LoginPage from '@/packages/login/index'
import ProfilePage from '@/packages/profile/index'
import { bestCoupon, handOver, ticked } from '@/packages/staff/counter'
import StaffPage from '@/packages/staff/index'
import StaffResultPage from '@/packages/staff/result'
import { sessionOf } from '@/session'
import { flushTracked, track } from '@/track'
import { refuse, type Sent, SILENCE, serve, signIn, tokens } from './server'
import { face, held, home, member, now, profile } from './story'

const tap = async (target: HTMLElement): Promise<void> => {
  await act(async () => {
    fireEvent.click(target)
  })
}
const type = (label: string, value: string): void => {
  fireEvent.change(screen.getByLabelText(label), { target: { value } })
}
const session = (name: string) => ({ ...tokens(name), kind: 'member' as const, joined: true })
const toasted = (): unknown[] =>
  (Taro.showToast as jest.Mock).mock.calls.map(([shown]) => (shown as { title: string }).title)

beforeEach(() => {
  jest.clearAllMocks()
  signIn()
})

describe('signing in by telephone', () => {
  const answers = {
    'POST /auth/sms/codes': () => ({ sentTo: '138****8000', resendAfterSeconds: 60, standInCode: '123456' }),
    'POST /auth/sms': () => session('new'),
    'GET /me': () => member,
  } as const

  test('needs consent, which is never preset; then keeps the session', async () => {
    const calls = serve(answers)
    render(<LoginPage />)
    type('手机号', '13800138000')
    await tap(screen.getByText('获取验证码'))
    await screen.findByText('演示环境不发短信，验证码是 123456')
    expect(screen.getByText('60 秒后重发')).toBeTruthy()
    type('验证码', '123456')
    const submit = (): HTMLElement => screen.getAllByText('登录 / 入会').at(-1) as HTMLElement
    await tap(submit())
    expect(toasted()).toContain('请先阅读并同意会员章程与隐私政策')
    expect(calls.some((sent) => sent.key === 'POST /auth/sms')).toBe(false)
    await tap(screen.getByLabelText('同意会员章程与隐私政策'))
    await tap(submit())
    await waitFor(() => expect(sessionOf('member')?.accessToken).toBe('access-new'))
    expect(calls.find((sent) => sent.key === 'POST /auth/sms')?.body).toMatchObject({
      phone: '13800138000',
      code: '123456',
      device: { platform: 'h5' },
    })
  })

  test('a wrong number asks nothing of the server; a refusal for haste starts the wait it names', async () => {
    const calls = serve({
      'POST /auth/sms/codes': () =>
        refuse(429, 'sms_code_too_often', '验证码发送太频繁，请 42 秒后再试', { retryAfterSeconds: 42 }),
    })
    render(<LoginPage />)
    type('手机号', '1380013')
    await tap(screen.getByText('获取验证码'))
    expect(calls).toHaveLength(0)
    type('手机号', '13800138000')
    await tap(screen.getByText('获取验证码'))
    await screen.findByText(/4[12] 秒后重发/)
  })
})

test('the profile sends only what changed, and asks before a birthday that then stays for a year', async () => {
  signIn('member')
  const calls = serve({
    'GET /me': () => member,
    'GET /me/profile': () => profile,
    'PATCH /me': () => ({ ...member, name: '知夏', earned: [] }),
  })
  render(<ProfilePage />)
  await screen.findByText('农历十月十四')
  type('称呼', ' 知夏 ')
  await tap(screen.getByText('保存'))
  await waitFor(() => expect(calls.find((sent) => sent.key === 'PATCH /me')?.body).toEqual({ name: '知夏' }))
  expect(Taro.showModal).not.toHaveBeenCalled()
})

describe('staff', () => {
  test('a member who is not staff gets the staff sign-in, and a wrong password its sentence', async () => {
    signIn('member')
    serve({
      'POST /auth/staff': () => refuse(403, 'not_staff', '这个会员账号没有绑定店员身份'),
      'POST /auth/operator': () => refuse(401, 'wrong_credentials', '账号或密码不对'),
    })
    render(<StaffPage />)
    await screen.findByText('店员登录')
    type('登录名', 'zhoumin')
    type('密码', 'not-the-password')
    await tap(screen.getByText('登录'))
    await screen.findByText('账号或密码不对')
    expect(sessionOf('staff')).toBeNull()
  })

  test('a purchase is taken back within its minute, under one key however often it must be sent', async () => {
    signIn('member', 'staff')
    handOver(
      {
        purchaseId: 'p1',
        no: '20261122',
        at: now,
        amountFen: 26_800,
        discountFen: 3000,
        paidFen: 23_800,
        pointsEarned: 238,
        pointsBalance: 3084,
        growthEarned: 238,
        tier: { level: 3, name: '黑金会员', upgraded: true, gap: 0, nextName: null },
        coupons: [{ couponId: 'a', name: '家居香氛满减券', savedFen: 3000 }],
        undoUntil: Date.now() + 60_000,
      },
      '林**',
    )
    let silent = 1
    const calls = serve({
      'POST /staff/purchases/:purchaseId/refunds': () => {
        if (silent-- > 0) throw SILENCE
        return {
          refundId: 'r1',
          refundFen: 23_800,
          pointsTakenBack: 238,
          pointsOwed: 0,
          growthTakenBack: 238,
          couponsReturned: ['a'],
          purchase: {
            id: 'p1',
            no: '20261122',
            at: now,
            storeName: '静安寺店',
            memberId: 'm1',
            memberNameMasked: '林**',
            amountFen: 26_800,
            paidFen: 23_800,
            refundedFen: 23_800,
            pointsEarned: 238,
            status: 'refunded',
            source: 'staff',
            lines: [],
          },
        }
      },
    })
    render(<StaffResultPage />)
    expect(document.body.textContent).toMatch(/收款成功.*¥238\.00.*恭喜，林\*\*升级为黑金会员.*\u2212¥30\.00.*\+238/)
    await tap(screen.getByText(/撤销这一笔/))
    await screen.findByText('已撤销', {}, { timeout: 3000 })
    const sent = calls.filter((one) => one.key === 'POST /staff/purchases/:purchaseId/refunds')
    expect(sent).toHaveLength(2)
    expect(sent[0]?.body).toEqual({ reason: '收银撤销', undo: true })
    expect(sent[0]?.header['Idempotency-Key']).toBe(sent[1]?.header['Idempotency-Key'])
  })

  test('the best coupon is the one that saves most; ticking by hand adds what goes together and changes over to what does not', () => {
    const quote = (id: string, savesFen: number, usable: boolean) => ({
      coupon: held(id, { face: face() }),
      savesFen,
      usable,
      refusal: null,
    })
    expect(bestCoupon([quote('a', 3000, true), quote('b', 5000, true), quote('c', 9000, false)])).toEqual(['b'])
    expect(bestCoupon([quote('a', 0, true)])).toEqual([])
    expect(ticked(['b'], quote('a', 3000, true), false)).toEqual(['a'])
    expect(ticked(['b'], quote('a', 3000, true), true)).toEqual(['b', 'a'])
    expect(ticked(['b'], quote('a', 3000, false), true)).toEqual(['a'])
    expect(ticked(['b', 'a'], quote('b', 3000, true), true)).toEqual(['a'])
  })
})

test('what a member does is sent in one batch, kept through silence, and dropped once the server refuses it', async () => {
  signIn('member')
  const silent = serve({
    'POST /interactions': () => {
      throw SILENCE
    },
    'GET /me/home': () => home(),
  })
  track({ type: 'tap', page: 'pages/home/index', target: 'card' })
  track({ type: 'page_view', page: 'pages/code/index' })
  await flushTracked()
  expect(silent.length).toBeGreaterThan(0)
  const heard = serve({ 'POST /interactions': () => refuse(400, 'invalid_input', '填写的内容有误') })
  await flushTracked()
  const { events } = (heard[0] as Sent).body as { events: Array<{ id: string; type: string }> }
  expect(events.map((event) => event.type)).toEqual(['tap', 'page_view'])
  expect(new Set(events.map((event) => event.id)).size).toBe(2)
  await flushTracked()
  expect(heard).toHaveLength(1)
})

test('what one member did is never sent in the name of the next', async () => {
  signIn('member')
  const calls = serve({
    'POST /interactions': ({ body }) => ({
      accepted: (body as { events: unknown[] }).events.length,
      repeated: 0,
      dropped: 0,
    }),
  })
  track({ type: 'tap', page: 'pages/home/index', target: 'card' })
  signIn()
  signIn('member')
  await flushTracked()
  expect(calls).toHaveLength(0)
})
