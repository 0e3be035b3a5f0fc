import type { Input } from '@shared/contract'
import { formatYuanShort } from '@shared/money'
import { addDays } from '@shared/time'

/** The filters of the member list as the address carries them. */
export const filterNames = [
  'q',
  'tierLevel',
  'storeId',
  'joinedFrom',
  'joinedTo',
  'minSpend',
  'lastPurchaseBefore',
  'sort',
] as const
/** The state of those filters. */
export type Filters = Partial<Record<(typeof filterNames)[number], string>>

type Query = Omit<Input<'GET /admin/members'>, 'cursor' | 'limit'>
const sorts = ['joined', 'spend', 'lastPurchase', 'points'] as const

/** What the server is asked. A broken number in a hand-written address is left out rather than sent. */
export function inputOf(url: Filters): Query {
  const sort = sorts.find((known) => known === url.sort)
  const minSpendFen = url.minSpend && /^\d{1,9}$/.test(url.minSpend) ? Number(url.minSpend) * 100 : undefined
  const tierLevel = url.tierLevel && /^\d{1,2}$/.test(url.tierLevel) ? Number(url.tierLevel) : undefined
  return {
    q: url.q,
    tierLevel,
    storeId: url.storeId,
    joinedFrom: url.joinedFrom,
    joinedTo: url.joinedTo,
    minSpendFen,
    lastPurchaseBefore: url.lastPurchaseBefore,
    sort,
  }
}

interface Chosen {
  name: string
  text: string
  /** The parts of the address that taking the chip away clears. */
  clears: Record<string, undefined>
}

/** The filters that are on, in words. */
export function chosenFilters(
  url: Filters,
  tiers: readonly { level: number; name: string }[],
  stores: readonly { id: string; name: string }[],
): Chosen[] {
  const chosen: Chosen[] = []
  if (url.q) chosen.push({ name: 'q', text: `搜“${url.q}”`, clears: { q: undefined } })
  if (url.tierLevel)
    chosen.push({
      name: 'tierLevel',
      text: `等级：${tiers.find(({ level }) => String(level) === url.tierLevel)?.name ?? url.tierLevel}`,
      clears: { tierLevel: undefined },
    })
  if (url.minSpend)
    chosen.push({
      name: 'minSpend',
      text: `累计消费满 ${formatYuanShort(Number(url.minSpend) * 100 || 0)}`,
      clears: { minSpend: undefined },
    })
  if (url.lastPurchaseBefore)
    chosen.push({
      name: 'lastPurchaseBefore',
      text: `${url.lastPurchaseBefore} 之后没来`,
      clears: { lastPurchaseBefore: undefined },
    })
  if (url.joinedFrom || url.joinedTo)
    chosen.push({
      name: 'joined',
      text: `入会：${url.joinedFrom ?? '最早'} 到 ${url.joinedTo ?? '今天'}`,
      clears: { joinedFrom: undefined, joinedTo: undefined },
    })
  if (url.storeId)
    chosen.push({
      name: 'storeId',
      text: `入会门店：${stores.find(({ id }) => id === url.storeId)?.name ?? '未知'}`,
      clears: { storeId: undefined },
    })
  return chosen
}

/** The views every shop starts with; days are counted from today. */
export const presetViews = (today: string) => [
  { name: '全部', query: '' },
  { name: '近 30 天入会', query: `joinedFrom=${addDays(today, -30)}` },
  { name: '消费最多', query: 'sort=spend' },
  { name: '90 天没来', query: `lastPurchaseBefore=${addDays(today, -90)}&sort=spend` },
]

/** The choices of “没来多久”, as civil days. */
export const absences = (today: string) => [30, 60, 90, 180].map((days) => ({ days, day: addDays(today, -days) }))
