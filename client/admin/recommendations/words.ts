import type { Input, Output } from '@shared/contract'

export type Rule = Output<'GET /admin/recommendation-rules'>['items'][number]
export type Slot = NonNullable<Input<'GET /admin/recommendation-effect'>['slot']>
export type Arm = Output<'GET /admin/recommendation-effect'>['personal']

export const slots: Record<Slot, string> = {
  home: '首页',
  discover: '没买过的',
  again: '再来一份',
  coupons: '券',
  rewards: '礼品',
}
export const slotOptions = (Object.keys(slots) as Slot[]).map((value) => ({ value, label: slots[value] }))
export const kinds: Record<Rule['kind'], string> = { exclude: '不推', pin: '置顶', weight: '加权' }
export const arms = { personal: '个性化', control: '对照组', newcomer: '新客', off: '关闭个性化' } as const
