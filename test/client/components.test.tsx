import Taro from '@tarojs/taro'
import { act, fireEvent, render, screen } from '@testing-library/react'
import { CheckinLadder } from '@/components/CheckinLadder'
import { CodePass } from '@/components/CodePass'
import { pictureOf } from '@/components/GoodsGrid'
import { artOf, MemberCard } from '@/components/MemberCard'
import { PhotoWall } from '@/components/PhotoWall'
import { RewardGrid } from '@/components/RewardGrid'
import { Ring } from '@/components/Ring'
import { Tap } from '@/components/Tap'
import { HeldTicket, Ticket } from '@/components/Ticket'
import { face, held, now, tier } from './story'

const read = (): string => (document.body.textContent ?? '').replace(/\s+/g, ' ')
const tap = async (target: HTMLElement): Promise<void> => {
  await act(async () => {
    fireEvent.click(target)
  })
}
beforeEach(() => jest.clearAllMocks())

describe('the ticket', () => {
  test.each([
    ['an amount', face({ kind: 'amount', value: '30' }), '¥30'],
    ['a discount', face({ kind: 'percent', value: '8.8 折' }), /8\.8 ?折/],
    ['an exchange', face({ kind: 'exchange', value: '手冲咖啡 1 杯' }), '兑换'],
  ])('says %s on its stub', (_, shown, words) => {
    render(<Ticket face={shown} lines={null} />)
    expect(document.querySelector('.ticket__stub')?.textContent).toMatch(words)
  })

  test('a figure too long for the stub steps down in size', () => {
    const sizeOf = (value: string): string => {
      const { container, unmount } = render(<Ticket face={face({ value })} lines={null} />)
      const name = container.querySelector('.ticket__value')?.className ?? ''
      unmount()
      return name
    }
    expect(sizeOf('30')).not.toMatch(/long/)
    expect(sizeOf('1000')).toMatch(/long/)
    expect(sizeOf('12888')).toMatch(/longer/)
  })

  test('opening and using are two targets: using does not open', async () => {
    const [open, use] = [jest.fn(), jest.fn()]
    render(
      <HeldTicket
        coupon={held('a')}
        onTap={open}
        action={
          <Tap onTap={use}>
            <span>去使用</span>
          </Tap>
        }
      />,
    )
    await tap(screen.getByText('去使用'))
    expect([use.mock.calls.length, open.mock.calls.length]).toEqual([1, 0])
    await tap(screen.getByLabelText('看「家居香氛满减券」'))
    expect(open).toHaveBeenCalledTimes(1)
  })

  test('what ends today is red, what cannot be used is grey with its reason and no button', () => {
    const { container, rerender } = render(
      <HeldTicket coupon={held('a', { timeLeft: '今天 22:00 到期' })} action={<span>去使用</span>} />,
    )
    expect(container.querySelector('.ticket.today')).not.toBeNull()
    expect(read()).toContain('今天 22:00 到期')
    rerender(<HeldTicket coupon={held('a', { blocked: '只限陆家嘴店' })} action={<span>去使用</span>} />)
    expect(container.querySelector('.ticket.off')).not.toBeNull()
    expect(read()).toContain('只限陆家嘴店')
    expect(read()).not.toContain('去使用')
  })

  test('a used one carries its stamp, where it was used and what it saved', () => {
    const used = { at: now, storeName: '静安寺店', savedFen: 2000, purchaseId: 'p1' }
    render(<HeldTicket coupon={held('a', { status: 'used', used: used as never })} />)
    expect(read()).toMatch(/静安寺店.*省了 ¥20\.00.*已使用/)
  })
})

describe('the member card and its ring', () => {
  test('the arc covers the share and never more than the circle', () => {
    const arc = (share: number): string => {
      const { container, unmount } = render(
        <Ring share={share} label='成长值'>
          <span />
        </Ring>,
      )
      const style = container.querySelector('.ring__arc')?.outerHTML ?? ''
      const caps = container.querySelectorAll('.ring__cap').length
      unmount()
      return `${style} ${caps}`
    }
    expect(arc(0.5)).toMatch(/ 2$/)
    // A full circle has no ends, an empty one no arc.
    expect(arc(1.7)).toMatch(/ 0$/)
    expect(arc(-1)).toMatch(/ 0$/)
  })

  test('says the gap to the next tier exactly; at the top it says so', () => {
    const { rerender } = render(<MemberCard tier={tier} cardNo='88620174' />)
    expect(read()).toMatch(/再得 1,320 成长值.*升级黑金会员.*3,680.*\/ 5,000/)
    expect(screen.getByLabelText('成长值 3680，下一级 5000')).toBeTruthy()
    rerender(<MemberCard tier={{ ...tier, nextThreshold: null, nextName: null }} cardNo='88620174' />)
    expect(read()).toContain('已是最高等级')
    expect(read()).not.toContain('再得')
  })

  test('code and card are two targets', async () => {
    const [code, card] = [jest.fn(), jest.fn()]
    render(<MemberCard tier={tier} cardNo='88620174' onCode={code} onTap={card} />)
    await tap(screen.getByLabelText('出示会员码'))
    expect([code.mock.calls.length, card.mock.calls.length]).toEqual([1, 0])
    await tap(screen.getByLabelText('金叶会员，看等级与权益'))
    expect(card).toHaveBeenCalledTimes(1)
  })

  test('every tier has art; those above the fourth share its picture', () => {
    expect([0, 1, 2, 3, 4, 9, -1].map(artOf)).toEqual(['leaf', 'silver', 'gold', 'black', 'black', 'black', 'leaf'])
  })
})

describe('the code pass', () => {
  const pass = (more: Partial<Parameters<typeof CodePass>[0]> = {}) => (
    <CodePass
      head={null}
      code='880417296350827146'
      until={Date.now() + 42_000}
      stepSeconds={60}
      offlineUntil={null}
      earnOnly={false}
      bright
      onRefresh={() => undefined}
      onOver={() => undefined}
      {...more}
    />
  )
  beforeEach(() => jest.useFakeTimers({ doNotFake: ['queueMicrotask'] }))
  afterEach(() => jest.useRealTimers())

  test('counts down and asks for the next code when the time is over', () => {
    const over = jest.fn()
    render(pass({ onOver: over }))
    expect(read()).toContain('42秒后自动刷新')
    act(() => void jest.advanceTimersByTime(10_000))
    expect(read()).toContain('32秒后自动刷新')
    expect(over).not.toHaveBeenCalled()
    act(() => void jest.advanceTimersByTime(33_000))
    expect(over).toHaveBeenCalled()
  })

  test('shows the digits in groups and both pictures with words for who cannot see them', () => {
    render(pass())
    expect(read()).toContain('8804 1729 6350 8271 46')
    for (const label of ['会员码条形码', '会员码二维码']) expect(screen.getByLabelText(label)).toBeTruthy()
  })

  test('without a network it says until when the codes at hand are good, and what an offline code can do', () => {
    const { rerender } = render(pass({ offlineUntil: now }))
    expect(read()).toMatch(/网络不给力，已取的码 \d\d:\d\d 前可用/)
    expect(read()).not.toContain('每码只用一次')
    rerender(pass({ earnOnly: true, until: Date.now() + 1_800_000 }))
    expect(read()).toMatch(/离线码，\d\d:\d\d 前可积分，不能用券/)
    expect(read()).toMatch(/30分钟后换码/)
  })
})

describe('shelves', () => {
  test('a reward says its price, why not, or how few are left', () => {
    const tile = { id: 'r1', name: '亚麻隔热垫', picture: 'art:decor', points: 1200, cashFen: 990 }
    render(
      <RewardGrid
        rewards={[
          { ...tile, subtitle: '一面亚麻一面软木', stockLeft: 50, blocked: null },
          { ...tile, id: 'r2', blocked: '还差 300 积分', stockLeft: 50 },
          { ...tile, id: 'r3', stockLeft: 3, blocked: null },
          { ...tile, id: 'r4', stockLeft: 0, blocked: '已兑完', cashFen: 0 },
        ]}
      />,
    )
    const tiles = [...document.querySelectorAll('.rewardtile')].map((one) => one.textContent ?? '')
    expect(tiles[0]).toMatch(/一面亚麻一面软木1,200积分\+¥9\.9/)
    expect(tiles[1]).toContain('还差 300 积分')
    expect(tiles[2]).toContain('仅剩 3 件')
    expect(tiles[3]).toContain('已兑完')
    expect(tiles[3]).not.toContain('+¥')
  })

  test('a photo that cannot be had leaves a camera; several open at the one that was tapped', async () => {
    const photo = (name: string) => ({ name, url: `/api/uploads/${name}`, width: 400, height: 300 })
    const { container } = render(<PhotoWall photos={[photo('a.jpg'), photo('b.jpg')]} of='林**' />)
    await tap(screen.getByLabelText('林**的照片，第 2 张，共 2 张'))
    const [{ current, urls }] = (Taro.previewImage as jest.Mock).mock.calls[0] as [{ current: string; urls: string[] }]
    expect(urls).toHaveLength(2)
    expect(current).toBe(urls[1])
    expect(container.querySelectorAll('img')).toHaveLength(2)
    fireEvent.error(container.querySelector('img') as HTMLElement)
    expect(container.querySelectorAll('img')).toHaveLength(1)
    expect(container.querySelector('.wall__lost')).not.toBeNull()
  })

  test('goods find their drawing by name, then by kind, then the common one', () => {
    expect(pictureOf({ name: '山茶香薰蜡烛', category: '香氛' })).toBe('candle')
    expect(pictureOf({ name: '无名', category: '收纳' })).toBe('jar')
    expect(pictureOf({ name: 'X', category: 'Y' })).toBe('decor')
  })

  test('the ladder marks what is done, today and what comes', () => {
    const step = (days: number, state: 'done' | 'today' | 'ahead', card = false) => ({
      days,
      points: 2 * days,
      card,
      state,
    })
    const { container } = render(
      <CheckinLadder steps={[step(1, 'done'), step(2, 'today'), step(3, 'ahead'), step(7, 'ahead', true)]} />,
    )
    expect(read()).toBe('1 天+4今天+63 天7 天')
    expect(container.querySelectorAll('.is-done, .is-today, .is-ahead')).toHaveLength(4)
    // A week stands whole; a longer round scrolls.
    expect(container.querySelector('.ladder.whole')).not.toBeNull()
    expect(container.querySelector('.icon--gift')).not.toBeNull()
  })
})
