import { QueryClientProvider } from '@tanstack/react-query'
import { act, renderHook } from '@testing-library/react'
import type { ReactNode } from 'react'
import { queryClient, useWrite } from '../../client/admin/queries'

const keys: string[] = []
let answer: () => { status: number; body: unknown }
beforeEach(() => {
  keys.length = 0
  globalThis.fetch = jest.fn(async (_url: string, init: { headers: Record<string, string> }) => {
    keys.push(init.headers['Idempotency-Key'] ?? '')
    const { status, body } = answer()
    return { ok: status < 400, status, json: async () => body }
  }) as unknown as typeof fetch
})

const wrapper = ({ children }: { children: ReactNode }) => (
  <QueryClientProvider client={queryClient}>{children}</QueryClientProvider>
)
const grant = { memberId: 'm1', templateId: 't1', reason: '补偿' }
const press = async (write: { mutateAsync: (input: typeof grant) => Promise<unknown> }, input = grant) =>
  act(async () => void (await write.mutateAsync(input).catch(() => null)))

test('pressing again after a broken answer is the same request; after a refusal or an answer it is a new one', async () => {
  const { result } = renderHook(() => useWrite('POST /admin/members/:memberId/coupon-grants'), { wrapper })
  answer = () => ({ status: 503, body: {} })
  await press(result.current)
  await press(result.current)
  answer = () => ({ status: 409, body: { error: { code: 'coupon_out_of_stock', message: '来晚一步' } } })
  await press(result.current)
  answer = () => ({ status: 200, body: { couponId: 'c1' } })
  await press(result.current)
  await press(result.current)
  const [first, second, third, fourth, fifth] = keys
  expect([second, third]).toEqual([first, first])
  expect(new Set([first, fourth, fifth]).size).toBe(3)
})

test('another input after a broken answer has a key of its own', async () => {
  const { result } = renderHook(() => useWrite('POST /admin/members/:memberId/coupon-grants'), { wrapper })
  answer = () => ({ status: 503, body: {} })
  await press(result.current)
  await press(result.current, { ...grant, reason: '另一件事' })
  expect(new Set(keys).size).toBe(2)
})
