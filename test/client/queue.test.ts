import { dropWaiting, enqueue, sendAnyway, syncQueue } from '@/packages/staff/queue'
import { readStored, writeStored } from '@/platform'
import { refuse, SILENCE, serve, signIn } from './server'

interface Item {
  clientId: string
  amountFen: number
  code?: string
  confirmed: boolean
}
const waiting = (): Item[] => readStored<Item[]>('staff.queue') ?? []
const reports = (): { item: Item; answer: { code: string | null } }[] => readStored('staff.reports') ?? []
const code = '880417296350827146'

beforeEach(() => {
  writeStored('staff.queue', null)
  writeStored('staff.reports', null)
  signIn('staff')
})

const answer = (clientId: string, result: 'done' | 'repeated' | 'conflict', refused: string | null = null) => ({
  clientId,
  result,
  purchaseId: result === 'conflict' ? null : 'p1',
  no: result === 'conflict' ? null : 'N1',
  pointsEarned: 0,
  memberNameMasked: '林**',
  code: refused,
  reason: refused && '像是重复的一笔',
})

test('what was noted without a network goes up once and leaves the queue', async () => {
  enqueue({ storeId: 'st1', code, amountFen: 26_800, payKind: 'cash' })
  enqueue({ storeId: 'st1', phone: '13800138000', amountFen: 1_000, payKind: 'wechat' })
  const ids = waiting().map((item) => item.clientId)
  expect(new Set(ids).size).toBe(2)
  const calls = serve({
    'POST /staff/offline-syncs': () => ({
      items: ids.map((id) => answer(id, 'done')),
      done: 2,
      repeated: 0,
      conflicts: 0,
    }),
  })
  // Asked for by two at once, as when the network returns while the desk is opened.
  await expect(Promise.all([syncQueue(), syncQueue()])).resolves.toEqual([
    { done: 2, conflicts: 0 },
    { done: 2, conflicts: 0 },
  ])
  expect(calls).toHaveLength(1)
  expect(calls[0]?.body).toMatchObject({ storeId: 'st1', items: [{ clientId: ids[0], code }, { clientId: ids[1] }] })
  expect(waiting()).toEqual([])
})

test('without an answer everything stays, under the same ids', async () => {
  enqueue({ storeId: 'st1', code, amountFen: 26_800, payKind: 'cash' })
  const before = waiting()
  serve({
    'POST /staff/offline-syncs': () => {
      throw SILENCE
    },
  })
  await expect(syncQueue()).rejects.toMatchObject({ code: 'network' })
  expect(waiting()).toEqual(before)
})

test('a refusal of the whole call keeps the queue too', async () => {
  enqueue({ storeId: 'st1', code, amountFen: 26_800, payKind: 'cash' })
  serve({ 'POST /staff/offline-syncs': () => refuse(403, 'store_out_of_scope', '不是你的门店') })
  await expect(syncQueue()).rejects.toMatchObject({ code: 'store_out_of_scope' })
  expect(waiting()).toHaveLength(1)
})

test('a conflict becomes a report; sent again it says that it is another purchase', async () => {
  enqueue({ storeId: 'st1', code, amountFen: 26_800, payKind: 'cash' })
  const id = waiting()[0]?.clientId ?? ''
  serve({
    'POST /staff/offline-syncs': () => ({
      items: [answer(id, 'conflict', 'offline_looks_repeated')],
      done: 0,
      repeated: 0,
      conflicts: 1,
    }),
  })
  await expect(syncQueue()).resolves.toEqual({ done: 0, conflicts: 1 })
  expect(waiting()).toEqual([])
  expect(reports()).toMatchObject([{ item: { clientId: id }, answer: { code: 'offline_looks_repeated' } }])
  sendAnyway(id)
  expect(reports()).toEqual([])
  expect(waiting()).toMatchObject([{ clientId: id, confirmed: true }])
  dropWaiting(id)
  expect(waiting()).toEqual([])
})

test('each store is sent by itself', async () => {
  enqueue({ storeId: 'st1', code, amountFen: 100, payKind: 'cash' })
  enqueue({ storeId: 'st2', code, amountFen: 200, payKind: 'cash' })
  const calls = serve({
    'POST /staff/offline-syncs': ({ body }) => {
      const { items } = body as { items: Item[] }
      return {
        items: items.map((item) => answer(item.clientId, 'done')),
        done: items.length,
        repeated: 0,
        conflicts: 0,
      }
    },
  })
  await expect(syncQueue()).resolves.toEqual({ done: 2, conflicts: 0 })
  expect(calls.map((sent) => (sent.body as { storeId: string }).storeId)).toEqual(['st1', 'st2'])
})
