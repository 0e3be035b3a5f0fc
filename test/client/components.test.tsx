import Taro from '@tarojs/taro'
import { act, fireEvent, render, screen } from '@testing-library/react'
import type { Failure } from '@/api'
import { CheckinLadder } from '@/components/CheckinLadder'
import { Chips } from '@/components/Chips'
import { CodePass } from '@/components/CodePass'
import { pictureOf } from '@/components/GoodsGrid'
import { artOf, MemberCard } from '@/components/MemberCard'
import { Picks } from '@/components/Picks'
import { RewardGrid } from '@/components/RewardGrid'
import { Ring } from '@/components/Ring'
import { Sheet } from '@/components/Sheet'
import { padFen, pressKey, StaffPad } from '@/components/StaffPad'
import { StarPicker, Stars } from '@/components/Stars'
import { Empty, ErrorState, ListEnd, OfflineBar, Skeleton } from '@/components/States'
import { SwitchRow } from '@/components/SwitchRow'
import { TabBar } from '@/components/TabBar'
import { Tabs } from '@/components/Tabs'
import { Tap } from '@/components/Tap'
import { HeldTicket, Ticket } from '@/components/Ticket'
import { face, held, now, tier } from './story'

const read = (): string => (document.body.textContent ?? '').replace(/\s+/g, ' ')
const tap = async (target: HTMLElement): Promise<void> => {
  await act(async () => {
    fireEvent.click(target)
  })
}
const failure = (code: Failure['code'], message: string): Failure =>
  Object.assign(new Error(message), { code, status: code === 'network' ? 0 : 500, details: {} })

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

describe('the amount pad', () => {
  const type = (keys: string[]): string => keys.reduce(pressKey, '')
  test.each([
    [['2', '6', '8'], '268', 26_800],
    [['0', '0', '5'], '5', 500],
    [['.', '5'], '0.5', 50],
    [['1', '.', '5', '00'], '1.50', 150],
    [['1', '.', '2', '3', '4'], '1.23', 123],
    [['1', '.', '.', '5'], '1.5', 150],
    [['00', '7'], '7', 700],
    [['1', '2', '3', '4', '5', '6', '7'], '123456', 12_345_600],
    [['9', 'back', 'back', '4'], '4', 400],
  ])('%j reads %s', (keys, text, fen) => {
    expect(type(keys)).toBe(text)
    expect(padFen(text)).toBe(fen)
  })

  test('the confirm key repeats what is charged and is dead while it must wait', async () => {
    const [confirm, text] = [jest.fn(), jest.fn()]
    const pad = (more: object) => (
      <StaffPad
        text='268'
        onText={text}
        payFen={23_800}
        aside={null}
        busy={false}
        disabled={false}
        onConfirm={confirm}
        {...more}
      />
    )
    const { rerender } = render(pad({}))
    await tap(screen.getByLabelText('确认¥238.00'))
    expect(confirm).toHaveBeenCalledTimes(1)
    await tap(screen.getByLabelText('删除'))
    expect(text).toHaveBeenLastCalledWith('26')
    rerender(pad({ busy: true }))
    await tap(screen.getByLabelText('正在记录¥238.00'))
    rerender(pad({ disabled: true }))
    await tap(screen.getByLabelText('确认¥238.00'))
    expect(confirm).toHaveBeenCalledTimes(1)
  })
})

describe('states', () => {
  test('an empty list has a picture, a sentence and one thing to do', async () => {
    const go = jest.fn()
    const { container } = render(
      <Empty picture='coupons' title='现在没有可用的券' action={<Tap onTap={go}>去领券</Tap>} />,
    )
    expect(container.querySelector('.empty__pic--coupons')).not.toBeNull()
    await tap(screen.getByText('去领券'))
    expect(go).toHaveBeenCalledTimes(1)
  })

  test('an error says what happened and tries again; silence is told apart from a refusal', async () => {
    const retry = jest.fn()
    const { rerender } = render(<ErrorState error={failure('internal', '服务暂时不可用')} onRetry={retry} />)
    expect(read()).toContain('服务暂时不可用')
    await tap(screen.getByText('再试一次'))
    expect(retry).toHaveBeenCalledTimes(1)
    rerender(<ErrorState error={failure('network', '网络不给力，请检查后重试')} onRetry={retry} />)
    expect(read()).toContain('检查网络后再试一次')
  })

  test('old content carries its age; what loads says so to a screen reader', () => {
    render(<OfflineBar since={Date.now() - 3_600_000} />)
    expect(read()).toMatch(/网络不给力，以下是 (今天|昨天) \d\d:\d\d 的内容/)
    render(<Skeleton rows={3} />)
    expect(screen.getByLabelText('正在加载').getAttribute('role')).toBe('status')
  })

  test('the end of a list: more, on its way, failed, over, and nothing where there is nothing', async () => {
    const loadMore = jest.fn()
    const list = { items: [1], more: true, loadingMore: false, moreError: null, loadMore }
    const { rerender, container } = render(<ListEnd list={list} />)
    await tap(screen.getByText('查看更多'))
    rerender(<ListEnd list={{ ...list, loadingMore: true }} />)
    expect(read()).toContain('正在加载')
    rerender(<ListEnd list={{ ...list, moreError: failure('network', '网络不给力，请检查后重试') }} />)
    await tap(screen.getByText('再试一次'))
    expect(loadMore).toHaveBeenCalledTimes(2)
    rerender(<ListEnd list={{ ...list, more: false }} />)
    expect(read()).toContain('没有更多了')
    rerender(<ListEnd list={{ ...list, items: [] }} />)
    expect(container.textContent).toBe('')
  })
})

describe('pickers', () => {
  const options = { a: '店员服务', b: '商品品质' }
  test('words to pick: several go on and off, a single one is exchanged', async () => {
    const change = jest.fn()
    const { rerender } = render(<Picks options={options} value={['a']} onChange={change} />)
    expect(screen.getByRole('checkbox', { checked: true }).textContent).toBe('店员服务')
    await tap(screen.getByText('商品品质'))
    expect(change).toHaveBeenLastCalledWith(['a', 'b'])
    await tap(screen.getByText('店员服务'))
    expect(change).toHaveBeenLastCalledWith([])
    rerender(<Picks options={options} value={['a']} onChange={change} single />)
    await tap(screen.getByText('商品品质'))
    expect(change).toHaveBeenLastCalledWith(['b'])
    expect(screen.getAllByRole('radio')).toHaveLength(2)
  })

  test('stars: five targets, one chosen, said in a word', async () => {
    const change = jest.fn()
    const { rerender } = render(<StarPicker value={0} onChange={change} />)
    expect(read()).toContain('点星星评分')
    await tap(screen.getByLabelText('4 星，满意'))
    expect(change).toHaveBeenCalledWith(4)
    rerender(<StarPicker value={4} onChange={change} />)
    expect(screen.getByRole('radio', { checked: true }).getAttribute('aria-label')).toBe('4 星，满意')
    const { container } = render(<Stars value={3.6} />)
    expect(container.querySelectorAll('.on')).toHaveLength(4)
  })

  test('filters and tabs: one is on and says so, a tap asks for another', async () => {
    const change = jest.fn()
    const words = [
      { value: 'all', text: '全部' },
      { value: 'earn', text: '获得' },
    ] as const
    const { unmount } = render(<Chips options={words} value='all' onChange={change} />)
    expect(screen.getByRole('tab', { selected: true }).textContent).toBe('全部')
    await tap(screen.getByText('获得'))
    expect(change).toHaveBeenLastCalledWith('earn')
    unmount()
    render(<Tabs options={words} value='earn' onChange={change} />)
    expect(screen.getByRole('tab', { selected: true }).textContent).toBe('获得')
    await tap(screen.getByText('全部'))
    expect(change).toHaveBeenLastCalledWith('all')
  })

  test('a switch: the whole line turns it; a locked one stays', async () => {
    const change = jest.fn()
    const { rerender } = render(<SwitchRow title='大字模式' detail='文字放大' checked={false} onChange={change} />)
    await tap(screen.getByText('文字放大'))
    expect(change).toHaveBeenCalledWith(true)
    rerender(<SwitchRow title='大字模式' detail='文字放大' checked locked onChange={change} />)
    await tap(screen.getByText('文字放大'))
    expect(change).toHaveBeenCalledTimes(1)
    expect(screen.getByRole('switch').getAttribute('aria-disabled')).toBe('true')
  })
})

describe('what can be tapped', () => {
  test('answers the keyboard, does nothing while disabled, and does not tap what it stands in', async () => {
    const [inner, outer] = [jest.fn(), jest.fn()]
    const { rerender } = render(
      <Tap onTap={outer} label='外'>
        <Tap onTap={inner} label='里'>
          里
        </Tap>
      </Tap>,
    )
    fireEvent.keyDown(screen.getByLabelText('里'), { key: 'Enter' })
    fireEvent.keyDown(screen.getByLabelText('里'), { key: 'a' })
    expect([inner.mock.calls.length, outer.mock.calls.length]).toEqual([1, 0])
    rerender(
      <Tap onTap={outer} label='外' disabled>
        外
      </Tap>,
    )
    await tap(screen.getByLabelText('外'))
    expect(outer).not.toHaveBeenCalled()
  })

  test('the tab bar opens the others and leaves the one in front alone', async () => {
    render(<TabBar active='home' />)
    expect(screen.getByRole('tab', { selected: true }).getAttribute('aria-label')).toBe('首页')
    await tap(screen.getByLabelText('首页'))
    expect(Taro.switchTab).not.toHaveBeenCalled()
    await tap(screen.getByLabelText('会员码'))
    expect(Taro.switchTab).toHaveBeenCalledWith({ url: '/pages/code/index' })
  })

  test('a sheet closes by its cross and by a tap beside it, and holds nothing while closed', async () => {
    const close = jest.fn()
    const { container, rerender } = render(
      <Sheet title='确认兑换' open onClose={close}>
        <span>内容</span>
      </Sheet>,
    )
    expect(screen.getByRole('dialog').getAttribute('aria-label')).toBe('确认兑换')
    await tap(screen.getByLabelText('关闭'))
    await tap(container.querySelector('.sheetover__shade') as HTMLElement)
    expect(close).toHaveBeenCalledTimes(2)
    rerender(
      <Sheet title='确认兑换' open={false} onClose={close}>
        <span>内容</span>
      </Sheet>,
    )
    expect(container.textContent).toBe('')
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
    expect(read()).toBe('第 1 天+4今天+6第 3 天第 7 天')
    expect(container.querySelectorAll('.is-done, .is-today, .is-ahead')).toHaveLength(4)
    expect(container.querySelector('.icon--gift')).not.toBeNull()
  })
})
