/** Pages of the member app as its tabs and titles call them; a page that is not here stands by its own address. */
const pages: Readonly<Record<string, string>> = {
  'pages/home/index': '首页',
  'pages/rewards/index': '礼遇',
  'pages/code/index': '会员码',
  'pages/coupons/index': '卡券',
  'pages/me/index': '我的',
  'packages/points/index': '积分',
  'packages/points/transfer': '积分转赠',
  'packages/coupon/index': '券详情',
  'packages/tier/index': '等级',
  'packages/profile/index': '个人资料',
  'packages/profile/purchases': '消费记录',
  'packages/profile/purchase': '消费详情',
  'packages/profile/settings': '设置',
  'packages/inbox/index': '消息',
  'packages/inbox/preferences': '消息偏好',
  'packages/birthday/index': '生日礼',
  'packages/login/index': '登录入会',
  'packages/mall/index': '积分商城',
  'packages/mall/reward': '礼品详情',
  'packages/mall/orders': '兑换记录',
  'packages/mall/order': '兑换详情',
  'packages/checkin/index': '签到',
  'packages/referral/index': '邀请好友',
  'packages/referral/invite': '好友邀请页',
  'packages/community/index': '晒单',
  'packages/community/detail': '晒单详情',
  'packages/community/write': '写晒单',
  'packages/feedback/index': '意见反馈',
  'packages/assistant/index': '智能客服',
  'packages/privacy/index': '隐私中心',
}
/** What a place on a page is, by the first part of its name. */
const places: Readonly<Record<string, string>> = {
  code: '会员码',
  assets: '资产',
  goods: '好物推荐',
  coupon: '券',
  claim: '领券',
  me: '我的',
  tab: '切换',
  chip: '筛选',
  more: '更多',
  reward: '礼品',
  gift: '礼物',
  banner: '横幅',
  tier: '等级',
  points: '积分',
  entry: '入口',
  checkin: '签到',
  share: '分享',
  join: '入会',
}
/** An id says nothing to a reader; its end is enough to tell two apart. */
const short = (part: string): string => (/^[a-z0-9]{16,}$/.test(part) ? part.slice(-4) : part)

/** 'pages/home/index' -> '首页'. */
export const pageName = (page: string): string => pages[page] ?? page

/** 'assets:优惠券' -> '资产 · 优惠券'. */
export const placeName = (target: string): string => {
  const [first = '', ...rest] = target.split(':')
  return [places[first] ?? first, ...rest.map(short)].join(' · ')
}
