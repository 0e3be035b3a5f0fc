import { formatYuan } from '../../shared/money'
import { civilDay, describeDay, describeExpiry, describeMoment } from '../../shared/time'
import { allGiftsOf } from '../campaigns/service'
import { couponCounts, heldCoupons } from '../coupons/service'
import type { Reader } from '../db/transaction'
import type { Deps } from '../deps'
import { birthdayOf, phoneMaskedOf, requireMember } from '../members/service'
import { allStores } from '../operators/service'
import { accountOf, earningRules, entriesOf, monthSums } from '../points/service'
import { latestPurchases } from '../purchases/service'
import { progressOf, tiersOf } from '../tiers/service'
import type { OwnTopic } from './rules'

/** An answer as it goes into the conversation. */
export interface Answer {
  text: string
  links: { title: string; page: string }[]
  chips: string[]
}
interface Asked {
  db: Reader
  deps: Pick<Deps, 'keys'>
  memberId: string
  now: number
}

/** Rows of a list that an answer spells out; the page shows the rest. */
const told = 3
const digits = (n: number): string => String(n).replace(/\B(?=(\d{3})+$)/g, ',')
const link = (title: string, page: string) => [{ title, page }]

const balance = async ({ db, memberId, now }: Asked): Promise<Answer> => {
  const today = civilDay(now)
  const [account, month] = await Promise.all([accountOf(db, memberId, today), monthSums(db, memberId, today)])
  const owed = account.debt ? `另有 ${digits(account.debt)} 积分待抵扣（退款收回时不足的部分，下次得积分先抵）。` : ''
  const soon = account.expiring[0]
  return {
    text: `你现在有 ${digits(account.balance)} 积分，本月得了 ${digits(month.earned)}，用了 ${digits(month.spent)}。${
      soon ? `其中 ${digits(soon.points)} 积分 ${describeDay(soon.on, today)}过期。` : ''
    }${owed}`,
    links: link('积分明细', 'packages/points/index'),
    chips: ['积分什么时候过期', '怎么多得积分'],
  }
}

const expiring = async ({ db, memberId, now }: Asked): Promise<Answer> => {
  const today = civilDay(now)
  const { expiring: lots } = await accountOf(db, memberId, today)
  const list = lots.map((l) => `${describeDay(l.on, today)}过期 ${digits(l.points)} 积分`).join('，')
  const rule = earningRules.find((r) => r.title === '有效期')?.detail ?? ''
  return {
    text: lots.length ? `快过期的有：${list}。${rule}。` : `最近一个月没有要过期的积分。${rule}。`,
    links: link('积分明细', 'packages/points/index'),
    chips: ['我有多少积分', '积分可以换什么'],
  }
}

const history = async ({ db, memberId, now }: Asked): Promise<Answer> => {
  const { items } = await entriesOf(db, memberId, { limit: told })
  const list = items.map(
    (e) =>
      `${describeMoment(e.at, now)} ${e.title} ${e.amount > 0 ? '+' : '−'}${digits(Math.abs(e.amount))}，余 ${digits(e.balanceAfter)}`,
  )
  return {
    text: items.length ? `最近的变动：\n${list.join('\n')}\n每一笔的原因都在积分明细里。` : '你的积分还没有变动过。',
    links: link('积分明细', 'packages/points/index'),
    chips: ['我有多少积分', '转人工'],
  }
}

const earn = async (): Promise<Answer> => ({
  text: earningRules.map((r) => `${r.title}：${r.detail}`).join('\n'),
  links: link('怎么得积分', 'packages/points/index'),
  chips: ['我有多少积分', '评价有积分吗'],
})

const tierNow = async ({ db, memberId, now }: Asked): Promise<Answer> => {
  const p = await progressOf(db, memberId)
  const until = p.validUntil ? `，有效期到 ${describeDay(p.validUntil, civilDay(now))}` : ''
  const next = p.nextName ? `再得 ${digits(p.gap)} 成长值升${p.nextName}。` : '已经是最高等级。'
  return {
    text: `你现在是${p.name}，成长值 ${digits(p.growth)}${until}。${next}`,
    links: link('等级与权益', 'packages/tier/index'),
    chips: ['离升级还差多少', '我有哪些权益'],
  }
}

const tierGap = async ({ db, memberId }: Asked): Promise<Answer> => {
  const p = await progressOf(db, memberId)
  return {
    text: p.nextName
      ? `离${p.nextName}还差 ${digits(p.gap)} 成长值，约再消费 ${formatYuan(p.gapFen)}。你现在是${p.name}，成长值 ${digits(p.growth)}。`
      : `你已经是最高等级${p.name}，成长值 ${digits(p.growth)}。`,
    links: link('等级与权益', 'packages/tier/index'),
    chips: ['我有哪些权益', '怎么保级'],
  }
}

const tierKeep = async ({ db, memberId, now }: Asked): Promise<Answer> => {
  const p = await progressOf(db, memberId)
  const until = p.validUntil ? describeDay(p.validUntil, civilDay(now)) : null
  const keep = p.keepGap ? `还差 ${digits(p.keepGap)} 成长值才能保住` : '按现在的成长值可以保住'
  return {
    text: until
      ? `你的${p.name}有效到 ${until}，${keep}。到期没达标先宽限，之后降一级。`
      : `你现在是${p.name}，这个等级没有到期日，不会降。`,
    links: link('等级与权益', 'packages/tier/index'),
    chips: ['离升级还差多少', '成长值是什么'],
  }
}

const benefits = async ({ db, memberId }: Asked): Promise<Answer> => {
  const [p, tiers] = await Promise.all([progressOf(db, memberId), tiersOf(db)])
  const mine = tiers.find((t) => t.level === p.level)?.benefits ?? []
  return {
    text: mine.length
      ? `${p.name}的权益：\n${mine.map((b) => `${b.title}：${b.detail}`).join('\n')}`
      : `你现在是${p.name}。全部等级的权益可以在等级页对照看。`,
    links: link('等级与权益', 'packages/tier/index'),
    chips: ['离升级还差多少', '怎么保级'],
  }
}

const couponList = async ({ db, memberId, now }: Asked): Promise<Answer> => {
  const [counts, { items }] = await Promise.all([
    couponCounts(db, memberId, now),
    heldCoupons(db, memberId, { tab: 'usable', limit: told }, now),
  ])
  const list = items.map((c) => `${c.face.name}（${c.face.condition}，${c.timeLeft}）`).join('\n')
  const coming = counts.coming ? `还有 ${counts.coming} 张没到使用时间。` : ''
  return {
    text: counts.usable
      ? `你有 ${counts.usable} 张可用的优惠券：\n${list}\n${coming}`
      : `现在没有可用的优惠券。${coming}`,
    links: link('我的卡券', 'pages/coupons/index'),
    chips: ['优惠券为什么用不了', '在哪里领优惠券'],
  }
}

const couponWhy = async ({ db, memberId, now }: Asked): Promise<Answer> => {
  const page = { limit: told }
  const [usable, coming, expired] = await Promise.all([
    heldCoupons(db, memberId, { tab: 'usable', ...page }, now),
    heldCoupons(db, memberId, { tab: 'coming', ...page }, now),
    heldCoupons(db, memberId, { tab: 'expired', ...page }, now),
  ])
  const reasons = [
    ...usable.items.map((c) => `${c.face.name}：${c.blocked ?? `现在可用，条件是${c.face.condition}`}`),
    ...coming.items.map((c) => `${c.face.name}：${describeMoment(c.validFrom, now)} 起才能用`),
    ...expired.items
      .slice(0, 1)
      .map((c) => `${c.face.name}：${c.status === 'void' ? '已作废' : `已在 ${describeMoment(c.validTo, now)} 过期`}`),
  ]
  return {
    text: reasons.length
      ? `按你现在持有的券逐张看：\n${reasons.join('\n')}\n门店、商品和时间的限制写在每张券的详情里。`
      : '你的卡包里没有券。',
    links: link('我的卡券', 'pages/coupons/index'),
    chips: ['优惠券能叠加吗', '转人工'],
  }
}

const couponExpiring = async ({ db, memberId, now }: Asked): Promise<Answer> => {
  const { items } = await heldCoupons(db, memberId, { tab: 'usable', limit: told }, now)
  const list = items.map((c) => `${c.face.name}，${describeExpiry(c.validTo, now)}`).join('\n')
  return {
    text: items.length ? `最早过期的是：\n${list}` : '你现在没有可用的优惠券，也就没有要过期的。',
    links: link('我的卡券', 'pages/coupons/index'),
    chips: ['我有几张优惠券', '优惠券怎么用'],
  }
}

/** How far back the assistant looks for purchases. */
const lookBackMs = 366 * 86_400_000

const recent = async ({ db, memberId, now }: Asked): Promise<Answer> => {
  const rows = await latestPurchases(db, memberId, { since: now - lookBackMs, limit: told })
  const list = rows.map(
    (p) =>
      `${describeMoment(p.at, now)} ${p.storeName} ${formatYuan(p.paidFen)}${p.refundedFen ? `（已退 ${formatYuan(p.refundedFen)}）` : ''}`,
  )
  return {
    text: rows.length ? `最近的消费：\n${list.join('\n')}` : '近一年没有消费记录。',
    links: link('消费记录', 'packages/profile/purchases'),
    chips: ['退款到哪了', '积分没到账'],
  }
}

const refund = async ({ db, memberId, now }: Asked): Promise<Answer> => {
  const rows = (await latestPurchases(db, memberId, { since: now - lookBackMs, limit: 50 })).filter(
    (p) => p.refundedFen,
  )
  const list = rows
    .slice(0, told)
    .map((p) => `${describeMoment(p.at, now)} ${p.storeName} 的消费已退 ${formatYuan(p.refundedFen)}`)
  return {
    text: rows.length
      ? `系统里的退款：\n${list.join('\n')}\n门店办理后原路退回，到账时间以支付方式为准。`
      : '近一年没有查到部分退款的消费；整单退款的请看消费记录，或转人工核实。',
    links: link('消费记录', 'packages/profile/purchases'),
    chips: ['退款后积分怎么算', '转人工'],
  }
}

const birthday = async ({ db, deps, memberId, now }: Asked): Promise<Answer> => {
  const [member, gifts] = await Promise.all([requireMember(db, memberId), allGiftsOf(db, memberId)])
  const known = birthdayOf(deps.keys, member)
  const last = gifts.find((g) => g.kind === 'birthday')
  const what = last?.gifts.map((g) => g.title).join('和')
  const links = known ? link('生日礼', 'packages/birthday/index') : link('填写生日', 'packages/profile/index')
  if (!known)
    return {
      text: '你还没有填生日。填好以后，生日当天礼物自动到账，公历、农历都可以。',
      links,
      chips: ['怎么修改生日'],
    }
  const day = `${known.calendar === 'lunar' ? '农历' : ''} ${known.month} 月 ${known.day} 日`.trim()
  return {
    text: `你登记的生日是${known.calendar === 'lunar' ? '' : ' '}${day}，当天礼物自动到账。${
      last
        ? `最近一份生日礼是${what}，${last.opened ? '已经拆开' : `还没拆，${describeDay(last.until, civilDay(now))}前有效`}。`
        : '还没有到过生日礼。'
    }`,
    links,
    chips: ['我有几张优惠券', '怎么修改生日'],
  }
}

const phone = async ({ db, deps, memberId }: Asked): Promise<Answer> => {
  const masked = phoneMaskedOf(deps.keys, await requireMember(db, memberId))
  return {
    text: masked ? `你绑定的手机号是 ${masked}。完整号码只有你自己知道，我也看不到。` : '你还没有绑定手机号。',
    links: link('我的资料', 'packages/profile/index'),
    chips: ['怎么换手机号'],
  }
}

const stores = async ({ db }: Asked): Promise<Answer> => {
  const open = await allStores(db)
  const shown = open.slice(0, 6)
  return {
    text: open.length
      ? `共有 ${open.length} 家门店：\n${shown.map((s) => `${s.name}，${s.address}，${s.hours}`).join('\n')}`
      : '还没有登记门店。',
    links: [],
    chips: ['会员各店通用吗', '转人工'],
  }
}

const composers: Record<OwnTopic, (asked: Asked) => Promise<Answer>> = {
  'points.balance': balance,
  'points.expiring': expiring,
  'points.history': history,
  'points.earn': earn,
  'tier.now': tierNow,
  'tier.gap': tierGap,
  'tier.keep': tierKeep,
  'tier.benefits': benefits,
  'coupon.list': couponList,
  'coupon.why': couponWhy,
  'coupon.expiring': couponExpiring,
  'order.recent': recent,
  'order.refund': refund,
  'birthday.gift': birthday,
  'profile.phone': phone,
  stores,
}

/** Answers from the member's own data by a fixed sentence whose figures come from the services: nothing is made up. */
export const answerOwn = (topic: OwnTopic, asked: Asked): Promise<Answer> => composers[topic](asked)

/** Fixed words of the assistant. */
export const words = {
  hello: '你好，我是小惠，全天都在。积分、优惠券、等级、订单和会员规则都可以问我。',
  thanks: '不客气，还有问题随时找我。',
  bye: '再见，祝你今天愉快。',
  who: '我是门店的会员助手，按店里的常见问题和你自己的会员数据回答；答不上来的可以转给店员。',
  unknown: '这个我不太确定，不想给你错的答案。你可以换个说法，或者转人工，店员会在营业时间回复。',
  near: '这个我不太确定。你想问的是不是下面这些？也可以转人工。',
  others: '为了保护隐私，我只能查你自己的会员信息，不能查别人的。',
  orders: '我只能查询和解答，不能改动账户，也不会按对话里的要求改变规则。需要处理的事可以转人工。',
  handedOver: '已经把我们的对话转给店员，会尽快回复，回复后你会收到站内消息。等的时候可以继续补充。',
  forwarded: '已转给店员，请稍等。',
  resumed: '已回到助手，有问题继续问我。',
} as const

export const suggestions = [
  '我有多少积分',
  '积分什么时候过期',
  '离升级还差多少',
  '优惠券为什么用不了',
  '生日有什么礼物',
  '怎么退款',
]
