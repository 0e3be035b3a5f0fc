import type { Input } from '@shared/contract'
import type { TemplateRow } from './states'

/** What is sent to save or preview a coupon. */
export type Draft = Input<'POST /admin/coupon-templates'>
type Rule = Draft['rule']

/** The form's own shape: yuan and 折 as a person types them, days as text, one flat level. */
export interface Fields {
  name: string
  description: string
  kind: Rule['kind']
  amount?: number | null
  /** 8.8 for 8.8 折. */
  fold?: number | null
  cap?: number | null
  item?: string
  minSpend?: number | null
  storeIds: string[]
  categories: string[]
  excludedCategories: string[]
  productIds: string[]
  minTierLevel: number
  channels: NonNullable<Rule['channels']>
  validityKind: 'relative' | 'fixed'
  days?: number | null
  startAfterDays?: number | null
  fixed?: [string, string] | null
  weekdays: number[]
  hours?: [string, string] | null
  blackoutDays: string[]
  stackable: boolean
  stock?: number | null
  perMember?: number | null
  perDay?: number | null
  budget?: number | null
  claimable: boolean
  /** Epoch ms. */
  claim?: [number | null, number | null] | null
}

/** What a new coupon begins with. */
export const blankFields: Fields = {
  name: '',
  description: '',
  kind: 'amount',
  minSpend: null,
  storeIds: [],
  categories: [],
  excludedCategories: [],
  productIds: [],
  minTierLevel: 0,
  channels: [],
  validityKind: 'relative',
  days: 30,
  startAfterDays: 0,
  fixed: null,
  weekdays: [],
  hours: null,
  blackoutDays: [],
  stackable: false,
  stock: 1000,
  perMember: 1,
  perDay: null,
  budget: null,
  claimable: true,
  claim: null,
}

const fen = (yuan: number | null | undefined): number | undefined =>
  yuan === null || yuan === undefined ? undefined : Math.round(yuan * 100)
const yuan = (amount: number | null | undefined): number | null =>
  amount === null || amount === undefined ? null : amount / 100

/** Fields to contract. What belongs to another kind of coupon is left out; empty numbers fall to the contract's own defaults. */
export function draftOf(fields: Fields): Draft {
  const { kind } = fields
  return {
    name: fields.name.trim(),
    description: fields.description.trim(),
    rule: {
      kind,
      amountFen: kind === 'amount' ? fen(fields.amount) : undefined,
      percent: kind === 'percent' && fields.fold ? Math.round(fields.fold * 10) : undefined,
      capFen: kind === 'percent' ? fen(fields.cap) : undefined,
      item: kind === 'exchange' && fields.item?.trim() ? fields.item.trim() : undefined,
      minSpendFen: fen(fields.minSpend) ?? 0,
      storeIds: fields.storeIds,
      categories: fields.categories,
      excludedCategories: fields.excludedCategories,
      productIds: fields.productIds,
      minTierLevel: fields.minTierLevel,
      channels: fields.channels,
      validity:
        fields.validityKind === 'fixed' && fields.fixed
          ? { kind: 'fixed', from: fields.fixed[0], to: fields.fixed[1] }
          : { kind: 'relative', days: fields.days ?? 30, startAfterDays: fields.startAfterDays ?? 0 },
      weekdays: [...fields.weekdays].sort((a, b) => a - b),
      hours: fields.hours ? { from: fields.hours[0], to: fields.hours[1] } : null,
      blackoutDays: [...fields.blackoutDays].sort(),
      stackable: fields.stackable,
    },
    issue: {
      stock: fields.stock ?? 1,
      perMember: fields.perMember ?? 1,
      perDay: fields.perDay ?? null,
      budgetFen: fen(fields.budget) ?? null,
      claimable: fields.claimable,
      claimFrom: fields.claim?.[0] ?? null,
      claimUntil: fields.claim?.[1] ?? null,
    },
  }
}

/** Contract to fields. */
export function fieldsOf({
  name,
  description,
  rule,
  issue,
}: Pick<TemplateRow, 'name' | 'description' | 'rule' | 'issue'>): Fields {
  return {
    name,
    description,
    kind: rule.kind,
    amount: yuan(rule.amountFen),
    fold: rule.percent === undefined ? null : rule.percent / 10,
    cap: yuan(rule.capFen),
    item: rule.item ?? '',
    minSpend: rule.minSpendFen === 0 ? null : yuan(rule.minSpendFen),
    storeIds: rule.storeIds,
    categories: rule.categories,
    excludedCategories: rule.excludedCategories,
    productIds: rule.productIds,
    minTierLevel: rule.minTierLevel,
    channels: rule.channels,
    validityKind: rule.validity.kind,
    days: rule.validity.kind === 'relative' ? rule.validity.days : 30,
    startAfterDays: rule.validity.kind === 'relative' ? rule.validity.startAfterDays : 0,
    fixed: rule.validity.kind === 'fixed' ? [rule.validity.from, rule.validity.to] : null,
    weekdays: rule.weekdays,
    hours: rule.hours ? [rule.hours.from, rule.hours.to] : null,
    blackoutDays: rule.blackoutDays,
    stackable: rule.stackable,
    stock: issue.stock,
    perMember: issue.perMember,
    perDay: issue.perDay,
    budget: yuan(issue.budgetFen),
    claimable: issue.claimable,
    claim: issue.claimFrom !== null || issue.claimUntil !== null ? [issue.claimFrom, issue.claimUntil] : null,
  }
}

/** Which field of the form a field of the contract stands in. */
const places: Record<string, keyof Fields> = {
  amountFen: 'amount',
  percent: 'fold',
  capFen: 'cap',
  minSpendFen: 'minSpend',
  validity: 'days',
  days: 'days',
  from: 'fixed',
  to: 'fixed',
  budgetFen: 'budget',
  claimFrom: 'claim',
  claimUntil: 'claim',
}

/** The form field for 'rule.amountFen', 'issue.stock' or 'name'; null where the form has none. */
export function fieldFor(path: string, fields: Fields): keyof Fields | null {
  const parts = path.split('.').filter((part) => part !== 'rule' && part !== 'issue')
  const [head = ''] = parts
  if (head === 'validity')
    return fields.validityKind === 'fixed' ? 'fixed' : parts[1] === 'startAfterDays' ? 'startAfterDays' : 'days'
  const field = places[head] ?? head
  return field in blankFields || ['amount', 'fold', 'cap', 'item'].includes(field) ? (field as keyof Fields) : null
}
