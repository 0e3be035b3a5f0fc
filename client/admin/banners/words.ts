import type { Output } from '@shared/contract'
import lanterns from '../../miniapp/assets/banner-lanterns.svg'
import leaves from '../../miniapp/assets/banner-leaves.svg'

export type Banner = Output<'POST /admin/banners'>

/** What holds of a banner now, in words. */
export const bannerNow: Record<Banner['now'], { name: string; look: string }> = {
  draft: { name: '草稿', look: '' },
  waiting: { name: '待开始', look: 'info' },
  live: { name: '展示中', look: 'brand' },
  over: { name: '已过期', look: 'warn' },
  ended: { name: '已结束', look: '' },
}

/** The drawings that come with the app, under the names the server keeps them by. */
export const bannerArt: Record<string, string> = { lanterns, leaves }
export const pictureOf = (picture: string): string =>
  picture.startsWith('art:') ? (bannerArt[picture.slice(4)] ?? lanterns) : picture

/** Pages a banner may lead to. */
export const bannerLinks = [
  { value: '', label: '不跳转' },
  { value: 'packages/mall/index', label: '积分商城' },
  { value: 'pages/rewards/index', label: '礼遇与领券' },
  { value: 'pages/coupons/index', label: '我的卡券' },
  { value: 'packages/checkin/index', label: '每天签到' },
  { value: 'packages/referral/index', label: '邀请有礼' },
  { value: 'packages/community/index', label: '晒单与评价' },
  { value: 'packages/profile/index', label: '完善资料' },
  { value: 'packages/tier/index', label: '等级与权益' },
] as const
export const linkName = (link: string): string => bannerLinks.find((one) => one.value === link)?.label ?? link
