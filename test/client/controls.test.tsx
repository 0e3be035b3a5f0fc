import Taro from '@tarojs/taro'
import { act, fireEvent, render, screen } from '@testing-library/react'
import type { Failure } from '@/api'
import { Chips } from '@/components/Chips'
import { Picks } from '@/components/Picks'
import { Sheet } from '@/components/Sheet'
import { padFen, pressKey, StaffPad } from '@/components/StaffPad'
import { StarPicker, Stars } from '@/components/Stars'
import { Empty, ErrorState, ListEnd, OfflineBar, Skeleton } from '@/components/States'
import { SwitchRow } from '@/components/SwitchRow'
import { TabBar } from '@/components/TabBar'
import { Tabs } from '@/components/Tabs'
import { Tap } from '@/components/Tap'
import { useList } from '@/hooks/useList'
import { refuse, serve, signIn } from './server'
import { now } from './story'

const read = (): string => (document.body.textContent ?? '').replace(/\s+/g, ' ')
const tap = async (target: HTMLElement): Promise<void> => {
  await act(async () => {
    fireEvent.click(target)
  })
}
const failure = (code: Failure['code'], message: string): Failure =>
  Object.assign(new Error(message), { code, status: code === 'network' ? 0 : 500, details: {} })

beforeEach(() => jest.clearAllMocks())

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

describe('a paged list', () => {
  const FIRST = { limit: 2 }
  function Letters() {
    const list = useList('GET /me/messages', FIRST)
    if (list.error && !list.data) return <ErrorState error={list.error} onRetry={list.reload} />
    return (
      <>
        {list.items.map((one) => (
          <p key={one.id}>{one.title}</p>
        ))}
        <ListEnd list={list} />
      </>
    )
  }
  const letter = (id: string) => ({ id, at: now, kind: 'x', title: `信${id}`, body: '', page: null, read: true })
  const page = (ids: string[], nextCursor: string | null) => ({ items: ids.map(letter), nextCursor, unread: 0 })

  test('a page that fails keeps what is there and is tried again; nothing is shown twice', async () => {
    signIn('member')
    let refused = 1
    const calls = serve({
      'GET /me/messages': ({ query }) => {
        if (!query.cursor) return page(['1', '2'], 'more')
        return refused-- > 0 ? refuse(503, 'overloaded', '现在访问的人太多，请稍后再试') : page(['3'], null)
      },
    })
    render(<Letters />)
    await tap(await screen.findByText('查看更多'))
    await screen.findByText('现在访问的人太多，请稍后再试')
    expect(read()).toContain('信1信2')
    await tap(screen.getByText('再试一次'))
    await screen.findByText('没有更多了')
    expect(read()).toMatch(/^信1信2信3/)
    expect(calls.map((sent) => sent.query.cursor)).toEqual([undefined, 'more', 'more'])
  })

  test('a first page that fails is an error with a retry, not an empty list', async () => {
    signIn('member')
    serve({ 'GET /me/messages': () => refuse(500, 'internal', '服务出了点问题，请稍后再试') })
    render(<Letters />)
    await screen.findByText('服务出了点问题，请稍后再试')
    serve({ 'GET /me/messages': () => page([], null) })
    await tap(screen.getByText('再试一次'))
    expect(read()).toBe('')
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
