import type { Output } from '@shared/contract'
import { formatYuanShort } from '@shared/money'

/** A coupon template as operators see it. */
export type Template = Output<'GET /admin/coupon-templates/:templateId'>
/** A row of the list: the template without its daily figures. */
export type TemplateRow = Output<'POST /admin/coupon-templates'>
type State = TemplateRow['state']

/** How a state reads and looks. */
export const states: Record<State, { word: string; tone: '' | 'brand' | 'warn' | 'gold' }> = {
  draft: { word: '草稿', tone: 'gold' },
  published: { word: '发放中', tone: 'brand' },
  paused: { word: '已暂停', tone: 'warn' },
  ended: { word: '已结束', tone: '' },
}

/** Coupons in members' hands that may still be used. */
export const heldCount = (template: Pick<TemplateRow, 'issued' | 'redeemed' | 'expired'>): number =>
  Math.max(0, template.issued - template.redeemed - template.expired)

/** Share of the issued coupons that were used, in per cent with one decimal; null before the first is issued. */
export const redeemRate = (template: Pick<TemplateRow, 'issued' | 'redeemed'>): number | null =>
  template.issued === 0 ? null : Math.round((template.redeemed / template.issued) * 1000) / 10

/** What one coupon is worth, in a few characters: '¥30', '8.8 折', '亚麻隔热垫'. */
export function worthOf(rule: TemplateRow['rule']): string {
  if (rule.kind === 'amount') return rule.amountFen === undefined ? '未填' : formatYuanShort(rule.amountFen)
  if (rule.kind === 'percent') return rule.percent === undefined ? '未填' : `${rule.percent / 10} 折`
  return rule.item || '未填'
}

/** The most one coupon can save, in fen; null where it depends on the purchase or is a thing. */
export const mostPerCoupon = (rule: Pick<TemplateRow['rule'], 'kind' | 'amountFen' | 'capFen'>): number | null =>
  rule.kind === 'amount' ? (rule.amountFen ?? null) : rule.kind === 'percent' ? (rule.capFen ?? null) : null

/** The most the whole issue can save, in fen: stock times the most per coupon, or the budget where that is lower; null where things are given. */
export function mostInAll(
  rule: Pick<TemplateRow['rule'], 'kind' | 'amountFen' | 'capFen'>,
  issue: { stock: number; budgetFen?: number | null },
): number | null {
  if (rule.kind === 'exchange') return null
  const each = mostPerCoupon(rule)
  const all = each === null ? null : each * issue.stock
  const budget = issue.budgetFen ?? null
  if (all === null || budget === null) return all ?? budget
  return Math.min(all, budget)
}

/** How long a coupon lasts, as its ticket says before anybody took it. */
export const validityText = (validity: TemplateRow['rule']['validity']): string =>
  validity.kind === 'fixed'
    ? `${validity.from} 至 ${validity.to} 有效`
    : `${validity.startAfterDays > 0 ? `领取 ${validity.startAfterDays} 天后生效，` : '领取后 '}${validity.days} 天内有效`
