import type { Output } from '@shared/contract'
import { formatYuanShort } from '@shared/money'
import type { Row } from '../queries'

/** A reward as operators see it. */
export type Reward = Output<'POST /admin/rewards'>
/** A redemption on the desk. */
export type Order = Row<'GET /admin/reward-orders'>

export const rewardStates: Record<Reward['state'], { word: string; tone: '' | 'brand' | 'gold' }> = {
  draft: { word: '草稿', tone: 'gold' },
  published: { word: '兑换中', tone: 'brand' },
  ended: { word: '已下架', tone: '' },
}
export const orderTones: Record<Order['state'], '' | 'brand' | 'warn' | 'info' | 'danger'> = {
  unpaid: 'warn',
  ready: 'brand',
  pending: 'warn',
  shipped: 'info',
  handed: '',
  received: '',
  done: '',
  cancelled: 'danger',
  expired: 'danger',
  refunded: 'danger',
}
export const methods: Record<Order['method'], string> = { pickup: '到店自取', delivery: '快递', coupon: '券' }

/** 480 分, 600 分 + ¥19.9. */
export const priceOf = (reward: { points: number; cashFen: number }): string =>
  `${reward.points.toLocaleString('zh-CN')} 分${reward.cashFen ? ` + ${formatYuanShort(reward.cashFen)}` : ''}`
