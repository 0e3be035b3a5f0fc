import type { Input } from '@shared/contract'
import type { Reward } from './words'

/** What is sent to save or preview a reward. */
export type Draft = Input<'POST /admin/rewards'>

/** The form's own shape: yuan as a person types them, ways and window in one field each. */
export interface Fields {
  name: string
  subtitle: string
  description: string
  kind: Draft['kind']
  category: string
  pictures: string[]
  points?: number | null
  cash?: number | null
  worth?: number | null
  couponTemplateId?: string | null
  stock?: number | null
  perMember?: number | null
  minTierLevel: number
  sale?: [number | null, number | null] | null
  ways: ('pickup' | 'delivery')[]
  storeIds: string[]
  pickupDays?: number | null
  sort?: number | null
}

export const blankFields: Fields = {
  name: '',
  subtitle: '',
  description: '',
  kind: 'goods',
  category: '好物',
  pictures: ['art:gift'],
  points: 300,
  cash: null,
  worth: null,
  couponTemplateId: null,
  stock: 100,
  perMember: 1,
  minTierLevel: 0,
  sale: null,
  ways: ['pickup'],
  storeIds: [],
  pickupDays: 30,
  sort: 100,
}

const fen = (yuan: number | null | undefined): number => Math.round((yuan ?? 0) * 100)

/** The form as the server takes it. */
export const draftOf = (f: Fields): Draft => ({
  name: f.name.trim(),
  subtitle: f.subtitle.trim(),
  description: f.description.trim(),
  kind: f.kind,
  category: f.category.trim() || '好物',
  pictures: f.pictures.length ? f.pictures : ['art:gift'],
  points: f.points ?? 1,
  cashFen: f.kind === 'coupon' ? 0 : fen(f.cash),
  worthFen: fen(f.worth),
  couponTemplateId: f.kind === 'coupon' ? (f.couponTemplateId ?? null) : null,
  stock: f.stock ?? 1,
  perMember: f.perMember ?? 1,
  minTierLevel: f.minTierLevel,
  saleFrom: f.sale?.[0] ?? null,
  saleUntil: f.sale?.[1] ?? null,
  pickup: f.kind === 'goods' && f.ways.includes('pickup'),
  delivery: f.kind === 'goods' && f.ways.includes('delivery'),
  storeIds: f.storeIds,
  pickupDays: f.pickupDays ?? 30,
  sort: f.sort ?? 100,
})

/** A reward as the form shows it. */
export const fieldsOf = (r: Reward): Fields => ({
  name: r.name,
  subtitle: r.subtitle,
  description: r.description,
  kind: r.kind,
  category: r.category,
  pictures: r.pictures,
  points: r.points,
  cash: r.cashFen ? r.cashFen / 100 : null,
  worth: r.worthFen ? r.worthFen / 100 : null,
  couponTemplateId: r.couponTemplateId,
  stock: r.stock,
  perMember: r.perMember,
  minTierLevel: r.minTierLevel,
  sale: r.saleFrom || r.saleUntil ? [r.saleFrom, r.saleUntil] : null,
  ways: [...(r.pickup ? (['pickup'] as const) : []), ...(r.delivery ? (['delivery'] as const) : [])],
  storeIds: r.storeIds,
  pickupDays: r.pickupDays,
  sort: r.sort,
})

/** The field at which a complaint of the server is shown. */
const places: Record<string, keyof Fields> = {
  cashFen: 'cash',
  worthFen: 'worth',
  saleFrom: 'sale',
  saleUntil: 'sale',
  pickup: 'ways',
  delivery: 'ways',
}
export const fieldFor = (field: string): keyof Fields => places[field] ?? (field as keyof Fields)
