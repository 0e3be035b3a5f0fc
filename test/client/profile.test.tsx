import { leapMonths } from '@shared/leap-months'
import Taro, { useRouter } from '@tarojs/taro'
import { act, fireEvent, render, screen, waitFor } from '@testing-library/react'
import LoginPage from '@/packages/login/index'
import ProfilePage from '@/packages/profile/index'
import HomePage from '@/pages/home/index'
import { birthdayWords, monthsOf } from '@/words'
import { serve, signIn } from './server'
import { home, member, profile } from './story'

const read = (): string => (document.body.textContent ?? '').replace(/\s+/g, ' ')
const tap = async (found: HTMLElement): Promise<void> => {
  await act(async () => {
    fireEvent.click(found)
  })
}
const toasted = (): unknown[] =>
  (Taro.showToast as jest.Mock).mock.calls.map(([shown]) => (shown as { title: string }).title)
const heard = { 'POST /interactions': () => ({ accepted: 1, repeated: 0, dropped: 0 }) } as const

beforeEach(() => {
  jest.clearAllMocks()
  signIn('member')
})

describe('a profile completed for points', () => {
  test('shows how far it is and what each field brings; interests are chosen, sent, and paid in words', async () => {
    const calls = serve({
      ...heard,
      'GET /me': () => member,
      'GET /me/profile': () => profile,
      'PATCH /me': () => ({ ...member, earned: [{ field: 'interests', title: '兴趣', points: 15 }] }),
    })
    render(<ProfilePage />)
    await screen.findByText('完善资料，得 25 积分')
    expect(screen.getByLabelText('资料完成 3 项，共 5 项')).toBeTruthy()
    expect(read()).toMatch(/60%.*3\/5.*头像\+10.*兴趣\+15/)
    await tap(screen.getByLabelText('茶'))
    await tap(screen.getByLabelText('香氛'))
    await tap(screen.getByLabelText('茶'))
    await tap(screen.getByText('保存'))
    await waitFor(() => expect(calls.find((sent) => sent.key === 'PATCH /me')?.body).toEqual({ interests: ['香氛'] }))
    await waitFor(() => expect(toasted()).toContain('已保存，+15 积分'))
  })

  test('a number that is not bound yet leads to binding; more than the most is not taken', async () => {
    serve({
      ...heard,
      'GET /me': () => ({ ...member, phoneMasked: null }),
      'GET /me/profile': () => ({ ...profile, maxChosen: 1 }),
    })
    render(<ProfilePage />)
    await tap(await screen.findByText('去绑定'))
    expect(Taro.navigateTo).toHaveBeenCalledWith({ url: '/packages/login/index?bind=1' })
    await tap(screen.getByLabelText('茶'))
    await tap(screen.getByLabelText('香氛'))
    expect(toasted()).toContain('最多选 1 个')
  })

  test('binding in a browser goes by SMS, where WeChat has no button', async () => {
    ;(useRouter as jest.Mock).mockReturnValueOnce({ params: { bind: '1' } })
    serve({ ...heard })
    render(<LoginPage />)
    await screen.findByText('绑定')
    expect(screen.queryByText('使用微信手机号')).toBeNull()
    expect(screen.getByLabelText('手机号')).toBeTruthy()
  })

  test('leap months stand behind the month they repeat and keep their name', () => {
    const lunar = monthsOf('lunar')
    expect(lunar).toHaveLength(12 + leapMonths.length)
    expect(lunar.slice(3, 6).map((one) => one.name)).toEqual(['三月', '闰三月', '四月'])
    expect(monthsOf('solar').some((one) => one.leap)).toBe(false)
    expect(birthdayWords({ calendar: 'lunar', month: 4, leap: true, day: 3 })).toBe('农历闰四月初三')
  })
})

describe('home', () => {
  const banner = { id: 'b1', title: '冬日茶会', text: '热茶一杯', picture: 'art:lanterns', link: 'packages/mall/index' }

  test('a banner opens its page and the tap is told; the profile is a row while something is missing', async () => {
    const calls = serve({
      ...heard,
      'GET /me/home': () => home({ banners: [banner] }),
      'POST /me/banners/events': () => ({ accepted: 1 }),
    })
    render(<HomePage />)
    await tap(await screen.findByLabelText('冬日茶会，热茶一杯'))
    expect(Taro.navigateTo).toHaveBeenCalledWith({ url: '/packages/mall/index' })
    await waitFor(() =>
      expect(calls.filter((sent) => sent.key === 'POST /me/banners/events').at(-1)?.body).toEqual({
        events: [{ bannerId: 'b1', kind: 'tap' }],
      }),
    )
    await tap(screen.getByText('完善资料，得 25 积分'))
    expect(Taro.navigateTo).toHaveBeenCalledWith({ url: '/packages/profile/index' })
  })

  test('a whole profile asks for nothing, and so does a shop that pays nothing', async () => {
    for (const state of [
      { active: true, done: 5, total: 5, pointsLeft: 0 },
      { active: false, done: 0, total: 0, pointsLeft: 0 },
    ]) {
      signIn('member')
      serve({ ...heard, 'GET /me/home': () => home({ profile: state }) })
      const { unmount } = render(<HomePage />)
      await screen.findByText('金叶会员')
      expect(read()).not.toContain('完善资料')
      unmount()
    }
  })
})
