import type { Input } from '@shared/contract'
import { readStored, writeStored } from '../../platform'

export type PayKind = NonNullable<Input<'POST /staff/purchases'>['payKind']>
export const PAY_KINDS: ReadonlyArray<{ value: PayKind; text: string }> = [
  { value: 'wechat', text: '微信' },
  { value: 'alipay', text: '支付宝' },
  { value: 'cash', text: '现金' },
  { value: 'card', text: '银行卡' },
  { value: 'other', text: '其他' },
]
export const payWord = (kind: PayKind): string => PAY_KINDS.find((one) => one.value === kind)?.text ?? '其他'

/** How the last customer paid is how the next one probably does. */
export const lastPayKind = (): PayKind => readStored<PayKind>('staff.pay') ?? 'wechat'
export const rememberPayKind = (kind: PayKind): void => writeStored('staff.pay', kind)
