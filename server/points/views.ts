import type { Output } from '../../shared/contract'
import type { PointsEntry } from './entity'
import { pointsPolicy } from './rules'

const titles: Record<string, string> = {
  'earn/purchase': '消费得积分',
  'earn/pos': '收银系统发放',
  'earn/community': '评价与晒单奖励',
  'gift/birthday': '生日礼',
  'gift/anniversary': '入会周年礼',
  'gift/welcome': '入会礼',
  'clawback/refund': '退款收回积分',
  'expire/expiry': '积分到期',
  'spend/pos': '积分抵扣',
  'spend/reward': '积分兑换',
  'spend/transfer': '送给好友',
  'gift/transfer': '好友转赠',
  'reverse/transfer': '转赠退回',
  'earn/checkin': '签到',
  'earn/referral': '邀请奖励',
  'earn/profile': '完善资料',
  'spend/checkin': '买补签卡',
  'reverse/reward': '兑换退回',
}
const kinds: Record<string, string> = {
  earn: '得积分',
  spend: '用积分',
  reverse: '积分冲正',
  expire: '积分到期',
  clawback: '积分收回',
  adjust: '客服调整',
  gift: '礼物',
}

/** A ledger row as people read it. */
export const entryView = (
  e: PointsEntry & { expiresOn?: string | null },
): Output<'GET /me/points/entries'>['items'][number] => ({
  id: String(e.seq),
  at: e.at,
  amount: e.amount,
  balanceAfter: e.balanceAfter,
  kind: e.kind as Output<'GET /me/points/entries'>['items'][number]['kind'],
  title: titles[`${e.kind}/${e.sourceType}`] ?? kinds[e.kind] ?? '积分变动',
  detail: e.note,
  expiresOn: e.expiresOn ?? null,
})

/** How points are earned, for the points page. */
export const earningRules = [
  { title: '消费得积分', detail: `实付每 1 元得 ${pointsPolicy.pointsPerYuan} 分，再乘以等级倍数` },
  { title: '生日当天双倍', detail: `生日当天消费，积分 ${pointsPolicy.birthdayMultiplierBp / 10_000} 倍` },
  { title: '生日礼与周年礼', detail: '生日当天和入会周年当天自动到账' },
  { title: '有效期', detail: `每笔积分 ${pointsPolicy.lotTtlMonths} 个月后的月底到期，先用最早到期的` },
]
