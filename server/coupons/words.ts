import { formatYuanShort } from '../../shared/money'
import { addDays, civilDay, dateTime } from '../../shared/time'
import type { CouponIssue, CouponRule } from './rules'

const names = ['一', '二', '三', '四', '五', '六', '日']

/** 周一至周五, 周六、周日. */
export const weekdaysText = (days: readonly number[]): string => {
  const sorted = [...days].sort((a, b) => a - b)
  const run = sorted.length > 2 && sorted.every((d, i) => !i || d === sorted[i - 1] + 1)
  return run
    ? `周${names[sorted[0] - 1]}至周${names[sorted.length - 1 + sorted[0] - 1]}`
    : sorted.map((d) => `周${names[d - 1]}`).join('、')
}

/** 88 -> 8.8 折, 80 -> 8 折. */
export const percentText = (percent: number): string => `${String(percent / 10)}折`

/** Names of the places, levels and categories a rule mentions. */
export interface Naming {
  store(id: string): string
  tier(level: number): string
}

/** What stands large on the ticket's stub. */
export const stubValue = (rule: CouponRule): string =>
  rule.kind === 'amount'
    ? formatYuanShort(rule.amountFen ?? 0).replace('¥', '')
    : rule.kind === 'percent'
      ? percentText(rule.percent ?? 100)
      : (rule.item ?? '')

/** The line under it. */
export const stubCondition = (rule: CouponRule): string => {
  if (rule.kind === 'exchange') return '凭券兑换'
  if (rule.kind === 'percent' && rule.capFen) return `最多减 ${formatYuanShort(rule.capFen)}`
  return rule.minSpendFen ? `满 ${formatYuanShort(rule.minSpendFen).replace('¥', '')} 可用` : '无门槛'
}

/** 领取后 7 天内有效, 2026-12-01 至 2026-12-31 有效. */
export const validityText = (rule: CouponRule): string => {
  const v = rule.validity
  if (v.kind === 'fixed') return `${v.from} 至 ${v.to} 有效`
  return v.startAfterDays ? `领取 ${v.startAfterDays} 天后生效，${v.days} 天内有效` : `领取后 ${v.days} 天内有效`
}

const channels = { store: '到店', miniapp: '小程序', delivery: '外卖' } as const

/** The rules a member reads on the back of the ticket. */
export const ruleLines = (rule: CouponRule, naming: Naming): { title: string; detail: string }[] => {
  const lines: { title: string; detail: string }[] = []
  const add = (title: string, detail: string): void => {
    lines.push({ title, detail })
  }
  add('门店', rule.storeIds.length ? rule.storeIds.map(naming.store).join('、') : '所有门店')
  const goods = [
    ...(rule.categories.length ? [`限 ${rule.categories.join('、')}`] : []),
    ...(rule.productIds.length ? ['限指定商品'] : []),
    ...(rule.excludedCategories.length ? [`${rule.excludedCategories.join('、')}除外`] : []),
  ]
  if (rule.kind !== 'exchange') add('商品', goods.length ? goods.join('，') : '全场通用')
  add(
    '时间',
    [
      rule.weekdays.length && rule.weekdays.length < 7 ? weekdaysText(rule.weekdays) : '每天',
      rule.hours ? `${rule.hours.from}–${rule.hours.to}` : '',
    ]
      .filter(Boolean)
      .join(' '),
  )
  if (rule.blackoutDays.length) add('不可用日期', rule.blackoutDays.join('、'))
  if (rule.channels.length) add('渠道', rule.channels.map((c) => channels[c]).join('、'))
  if (rule.minTierLevel) add('会员等级', `${naming.tier(rule.minTierLevel)}及以上`)
  add('叠加', rule.stackable ? '可与其他可叠加的券同用' : '不与其他券同用')
  return lines
}

/** What the coupon gives, as a phrase. */
const benefitText = (rule: CouponRule): string => {
  const condition = rule.minSpendFen ? `满 ${formatYuanShort(rule.minSpendFen).replace('¥', '')} 元` : ''
  if (rule.kind === 'amount') return `${condition}减 ${formatYuanShort(rule.amountFen ?? 0).replace('¥', '')} 元`
  if (rule.kind === 'percent')
    return `${condition}打 ${percentText(rule.percent ?? 100)}${rule.capFen ? `，最多减 ${formatYuanShort(rule.capFen).replace('¥', '')} 元` : ''}`
  return `兑换 ${rule.item ?? ''}`
}

/**
 * The whole rule in one Chinese sentence.
 * @returns the sentence, and the fragments of it that a field decided, for highlighting
 */
export const ruleSentence = (
  rule: CouponRule,
  issue: CouponIssue,
  naming: Naming,
): { sentence: string; marks: string[] } => {
  const marks: string[] = []
  const mark = (text: string): string => {
    marks.push(text)
    return text
  }
  const who = rule.minTierLevel ? `${mark(`${naming.tier(rule.minTierLevel)}及以上`)}会员` : mark('所有会员')
  const where = rule.storeIds.length
    ? `在 ${mark(rule.storeIds.map(naming.store).join('、'))}`
    : `在${mark('所有门店')}`
  const by = rule.channels.length ? `（${mark(rule.channels.map((c) => channels[c]).join('、'))}）` : ''
  const goods =
    rule.kind === 'exchange'
      ? ''
      : rule.categories.length
        ? `购买 ${mark(rule.categories.join('、'))}`
        : rule.productIds.length
          ? `购买 ${mark(`指定的 ${rule.productIds.length} 种商品`)}`
          : `购买 ${mark('任意商品')}`
  const except = rule.excludedCategories.length ? `（${mark(`${rule.excludedCategories.join('、')}除外`)}）` : ''
  const when = [
    rule.weekdays.length && rule.weekdays.length < 7 ? mark(weekdaysText(rule.weekdays)) : '',
    rule.hours ? mark(`${rule.hours.from}–${rule.hours.to}`) : '',
  ].filter(Boolean)
  const blackout = rule.blackoutDays.length ? `，${mark(rule.blackoutDays.join('、'))} 除外` : ''
  const claim = issue.claimable
    ? `会员自己领取${issue.claimFrom ? `，${mark(dateTime(issue.claimFrom))} 开始` : ''}${issue.claimUntil ? `，${mark(dateTime(issue.claimUntil))} 截止` : ''}`
    : mark('只由店里发放')
  const sentence =
    `${who}${where}${by}${goods}${except}，${mark(benefitText(rule))}。${mark(validityText(rule))}${when.length ? `，${when.join(' ')} 可用` : ''}${blackout}。` +
    `共 ${mark(`${issue.stock.toLocaleString('en-US')} 张`)}，每人限 ${mark(`${issue.perMember} 张`)}${issue.perDay === null ? '' : `，每天最多发 ${mark(`${issue.perDay.toLocaleString('en-US')} 张`)}`}` +
    `${issue.budgetFen === null ? '' : `，预算 ${mark(formatYuanShort(issue.budgetFen))}`}，${claim}。${mark(rule.stackable ? '可与其他可叠加的券同用' : '不与其他券同用')}。`
  return { sentence, marks }
}

/** 今天 22:00 到期, 还有 14 天, 8 天后可用. */
export const timeLeft = (
  coupon: { validFrom: number; validTo: number; status: string },
  now: number,
  hours: CouponRule['hours'],
): string => {
  if (coupon.status === 'used') return '已使用'
  if (coupon.status === 'void') return '已作废'
  if (now > coupon.validTo) return `${civilDay(coupon.validTo)} 已过期`
  if (now < coupon.validFrom) return `${dateTime(coupon.validFrom)} 起可用`
  const last = civilDay(coupon.validTo)
  const today = civilDay(now)
  if (last === today) return `今天 ${hours && hours.to !== '24:00' ? hours.to : '24:00'} 到期`
  if (last === addDays(today, 1)) return '明天到期'
  return `还有 ${Math.round((Date.parse(last) - Date.parse(today)) / 86_400_000)} 天`
}
