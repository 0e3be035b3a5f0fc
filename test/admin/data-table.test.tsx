import { fireEvent, render, screen } from '@testing-library/react'
import { DataTable, type ListQuery } from '../../client/admin/components/DataTable'
import { Notice } from '../../client/admin/components/Fallbacks'

interface Row {
  id: string
  name: string
}

// jsdom has neither; the table asks for both when it mounts.
beforeAll(() => {
  window.matchMedia = jest.fn(() => ({ matches: false, addListener: jest.fn(), removeListener: jest.fn() })) as never
  globalThis.IntersectionObserver = jest.fn(() => ({ observe: jest.fn(), disconnect: jest.fn() })) as never
  globalThis.ResizeObserver = jest.fn(() => ({
    observe: jest.fn(),
    unobserve: jest.fn(),
    disconnect: jest.fn(),
  })) as never
})

const idle: ListQuery = { isError: false, error: null, isFetching: false, dataUpdatedAt: 0, refetch: jest.fn() }
const draw = (
  rows: Row[] | undefined,
  query: Partial<ListQuery> = {},
  extra: { open?: (row: Row) => void; clearFilters?: () => void } = {},
) =>
  render(
    <DataTable
      label='会员'
      rows={rows}
      query={{ ...idle, ...query }}
      rowKey={(row) => row.id}
      columns={[{ key: 'name', title: '姓名', render: (_, row) => row.name }]}
      empty={<Notice art='shelf' title='还没有会员' />}
      {...extra}
    />,
  )
const two = [
  { id: 'a', name: '林知夏' },
  { id: 'b', name: '顾明远' },
]

test('on its way: the head stands, the rows are bones', () => {
  draw(undefined)
  expect(screen.getByRole('status', { name: '正在读取会员' })).toBeTruthy()
  expect(screen.getByText('姓名')).toBeTruthy()
})

test('failed: what happened, and a way to try again', () => {
  const refetch = jest.fn()
  const error = Object.assign(new Error('现在访问的人太多，请稍后再试'), {
    code: 'overloaded',
    status: 503,
    details: {},
  })
  draw(undefined, { isError: true, error, refetch })
  expect(screen.getByText('现在访问的人太多，请稍后再试')).toBeTruthy()
  fireEvent.click(screen.getByRole('button', { name: /重\s?试/ }))
  expect(refetch).toHaveBeenCalledTimes(1)
})

test('empty teaches; empty because of filters offers to clear them', () => {
  const clearFilters = jest.fn()
  const { unmount } = draw([])
  expect(screen.getByText('还没有会员')).toBeTruthy()
  unmount()
  draw([], {}, { clearFilters })
  expect(screen.queryByText('还没有会员')).toBeNull()
  fireEvent.click(screen.getByRole('button', { name: '清除条件' }))
  expect(clearFilters).toHaveBeenCalledTimes(1)
})

test('rows that could not be renewed stay, with their age', () => {
  draw(two, { isError: true, error: new Error('offline'), dataUpdatedAt: Date.now() })
  expect(screen.getByText('林知夏')).toBeTruthy()
  expect(screen.getByText(/没能更新，显示的是 今天 \d\d:\d\d 的内容/)).toBeTruthy()
})

test('arrow keys walk the rows and Enter opens one', () => {
  const open = jest.fn()
  draw(two, {}, { open })
  const [first, second] = ['林知夏', '顾明远'].map((name) => screen.getByText(name).closest('tr') as HTMLElement)
  first?.focus()
  fireEvent.keyDown(first as HTMLElement, { key: 'ArrowDown' })
  expect(document.activeElement).toBe(second)
  fireEvent.keyDown(second as HTMLElement, { key: 'ArrowDown' })
  expect(document.activeElement).toBe(second)
  fireEvent.keyDown(second as HTMLElement, { key: 'Enter' })
  expect(open).toHaveBeenCalledWith(two[1])
})
