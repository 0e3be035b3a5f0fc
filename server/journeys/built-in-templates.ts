import type { z } from 'zod'
import type { templateContent } from '../../shared/contract/message-shapes'
import type { Topic } from '../../shared/message'

type Content = z.output<typeof templateContent>

const page = {
  home: 'pages/home/index',
  rewards: 'pages/rewards/index',
  coupons: 'pages/coupons/index',
  points: 'packages/points/index',
  tier: 'packages/tier/index',
  purchases: 'packages/profile/purchases',
}
const inbox = (title: string, text: string, to: string): Content['inbox'] => ({ title, text, page: to })
/** Care texts have one template at the carrier's, with the greeting and what it is about. */
const sms = (text: string, params: string[]): Content['sms'] => ({ template: 'care', text, params })
const expiring = (what: string, tip: string, to: string): Content['subscribe'] => ({
  template: 'expiring',
  fields: { thing1: what, date2: '{on}', thing3: tip },
  page: to,
})

/** What the journeys that come with the system say; each can be edited, and a shop's edit is never overwritten. */
export const builtInTemplates: { key: string; name: string; topic: Topic; content: Content }[] = [
  {
    key: 'welcome',
    name: '入会欢迎',
    topic: 'service',
    content: { inbox: inbox('欢迎加入{shop}', '{name}，你好！新人好礼已经放进卡券，首次消费就能用。', page.coupons) },
  },
  {
    key: 'first_purchase',
    name: '首单引导',
    topic: 'offer',
    content: {
      inbox: inbox('新人券还在等你', '{name}，第一次来店出示会员码，消费即可积分，新人券别忘了用。', page.coupons),
      subscribe: {
        template: 'coupon',
        fields: { thing1: '新人专享券', amount2: '{value}', date3: '{until}', thing4: '首次消费即可使用' },
        page: page.coupons,
      },
      sms: sms('{name}，你的新人券还没有用，首次消费即可抵扣，到店出示会员码。', ['name']),
    },
  },
  {
    key: 'tier_up',
    name: '升级祝贺',
    topic: 'care',
    content: {
      inbox: inbox('{tier}权益已生效', '{name}，恭喜成为{tier}，新的积分倍率和专属礼遇从今天起可用。', page.tier),
    },
  },
  {
    key: 'tier_risk',
    name: '保级提醒',
    topic: 'reminder',
    content: {
      inbox: inbox(
        '再得 {gap} 成长值即可保级',
        '你的{tier}将于 {on} 到期，再得 {gap} 成长值即可保留全部权益。',
        page.tier,
      ),
      subscribe: expiring('{tier}等级', '再得 {gap} 成长值可保级', page.tier),
    },
  },
  {
    key: 'points_expiring',
    name: '积分到期提醒',
    topic: 'reminder',
    content: {
      inbox: inbox('积分即将到期', '你有 {what}将在 {day}到期，记得用掉。', page.points),
      subscribe: expiring('{what}', '过期后不能恢复，记得用掉', page.points),
    },
  },
  {
    key: 'coupon_expiring',
    name: '券到期提醒',
    topic: 'reminder',
    content: {
      inbox: inbox('卡券即将到期', '{what}{day}到期，别忘了使用。', page.coupons),
      subscribe: expiring('{what}', '到期后不能使用', page.coupons),
    },
  },
  {
    key: 'dormant',
    name: '沉睡唤醒',
    topic: 'offer',
    content: {
      inbox: inbox('好久不见，{name}', '有一段时间没见到你了，店里上了新，来看看吧，积分一直为你留着。', page.rewards),
      sms: sms('{name}，好久不见，店里上了新，你的 {points} 积分一直留着，欢迎回来看看。', ['name', 'points']),
      email: {
        subject: '好久不见，{name}',
        text: '{name}，有一段时间没见到你了。店里上了新，你的 {points} 积分一直留着，欢迎回来看看。\n\n{shop}',
      },
    },
  },
  {
    key: 'churn',
    name: '流失挽回',
    topic: 'offer',
    content: {
      inbox: inbox(
        '想听听你的想法',
        '{name}，最近来得少了，是我们哪里没做好吗？店员会联系你，也欢迎随时回来。',
        page.home,
      ),
      sms: sms('{name}，最近来得少了，是我们哪里没做好吗？欢迎回来看看。', ['name']),
    },
  },
  {
    key: 'repurchase',
    name: '复购提醒',
    topic: 'offer',
    content: {
      inbox: inbox('该补货了吗', '{name}，距你上次光临已经 {days} 天，常买的都有货，来看看吧。', page.purchases),
    },
  },
  {
    key: 'review',
    name: '消费后评价',
    topic: 'care',
    content: { inbox: inbox('这次买得满意吗', '{name}，说说你对这次购物的感受，晒单还有积分。', page.purchases) },
  },
  {
    key: 'nps',
    name: '推荐意愿调查',
    topic: 'care',
    content: {
      inbox: inbox(
        '一个问题，一分钟',
        '{name}，你有多愿意把{shop}推荐给朋友？0 到 10 打个分吧。',
        'packages/feedback/nps',
      ),
    },
  },
]
