import type { Output } from '../../shared/contract'

/** What a field of a segment is: how it compares, where its answer comes from. The fields themselves stand in *-field-rules.ts. */

type CatalogueField = Output<'GET /admin/segment-fields'>['fields'][number]
export type Op = CatalogueField['ops'][number]['op']
type Need = CatalogueField['ops'][number]['needs'][number]

/** How a field is answered. `absent` is the value of a column that says "there is none". */
export type Answer =
  | { by: 'number'; column: string; absent?: number }
  | { by: 'time'; column: string; absent?: number }
  | { by: 'day'; column: string }
  | { by: 'choice'; column: string }
  | { by: 'flag'; column: string }
  | { by: 'birthday' }
  | { by: 'tags' }
  | { by: 'interests' }
  | { by: 'segments' }
  | { by: 'coupons'; status: 'held' | 'used' }
  | { by: 'products' }
  | { by: 'categories' }
  | { by: 'interactions' }

/** Which list fills a field's choices. */
export type Choices =
  | 'tiers'
  | 'interests'
  | 'stores'
  | 'tags'
  | 'segments'
  | 'templates'
  | 'categories'
  | 'products'
  | 'groups'

export interface Field extends Omit<CatalogueField, 'ops' | 'options' | 'unit'> {
  answer: Answer
  ops: readonly Op[]
  unit?: string
  options?: readonly { value: string; label: string }[]
  choices?: Choices
}

/** What an operator is called and what it needs beside the field. */
export const opWords: Record<Op, { label: string; needs: readonly Need[] }> = {
  eq: { label: '等于', needs: ['value'] },
  gte: { label: '不少于', needs: ['value'] },
  lte: { label: '不超过', needs: ['value'] },
  between: { label: '介于', needs: ['range'] },
  on_or_after: { label: '不早于', needs: ['day'] },
  on_or_before: { label: '不晚于', needs: ['day'] },
  within: { label: '在最近', needs: ['days'] },
  not_within: { label: '早于最近', needs: ['days'] },
  next: { label: '在今后', needs: ['days'] },
  none: { label: '从来没有', needs: [] },
  in: { label: '是', needs: ['values'] },
  not_in: { label: '不是', needs: ['values'] },
  is: { label: '为', needs: ['value'] },
  has_any: { label: '含任意一个', needs: ['values'] },
  has_all: { label: '全部都有', needs: ['values'] },
  has_none: { label: '一个也没有', needs: ['values'] },
  did: { label: '有过', needs: ['values', 'days', 'times'] },
  did_not: { label: '没有过', needs: ['values', 'days', 'times'] },
}

export const amounts = ['gte', 'lte', 'between', 'eq'] as const
export const pastDays = ['within', 'not_within', 'on_or_after', 'on_or_before', 'none'] as const
export const choice = ['in', 'not_in'] as const
export const sets = ['has_any', 'has_all', 'has_none'] as const
export const events = ['did', 'did_not'] as const

export const live = '消费、退款、积分和券变动后一分钟内更新'
export const nightly = '每天清晨更新'
export const scored = '每晚评分后更新'

/** A field that compares a number of segment_fact. */
export const number = (
  field: string,
  group: string,
  label: string,
  explain: string,
  column: string,
  more: Partial<Field> & { absent?: number } = {},
): Field => {
  const { absent, ...rest } = more
  return {
    field,
    group,
    label,
    explain,
    type: 'number',
    ops: amounts,
    source: live,
    profiling: true,
    answer: { by: 'number', column, absent },
    ...rest,
  }
}
export const money = { type: 'money', unit: '分' } as const
