import type { Output } from '../../shared/contract'
import type { Coupon } from './entity'
import { giftRefusal, wrongMoment } from './rules'
import type { Template, TemplateFigures } from './templates'
import { type Naming, ruleLines, ruleSentence, stubCondition, stubValue, timeLeft } from './words'

type Face = Output<'GET /me/coupons/:couponId'>['face']
type Held = Output<'GET /me/coupons/:couponId'>

/** What a ticket shows. */
export const ticketFace = (t: Pick<Template, 'name' | 'description' | 'rule'>, naming: Naming): Face => ({
  name: t.name,
  description: t.description,
  kind: t.rule.kind,
  value: stubValue(t.rule),
  condition: stubCondition(t.rule),
  rules: ruleLines(t.rule, naming),
  tierOnly: t.rule.minTierLevel > 0,
})

/** A template for the admin page. */
export const templateView = (
  t: Template,
  naming: Naming,
  figures: TemplateFigures = { redeemed: 0, expired: 0, savedFen: 0 },
): Output<'POST /admin/coupon-templates'> => ({
  id: t.id,
  name: t.name,
  description: t.description,
  rule: t.rule,
  issue: t.issue,
  state: t.state as 'draft' | 'published' | 'paused' | 'ended',
  version: t.version,
  sentence: ruleSentence(t.rule, t.issue, naming).sentence,
  stockLeft: t.stock - t.issued,
  issued: t.issued,
  ...figures,
  createdAt: t.createdAt,
  publishedAt: t.publishedAt,
  endedAt: t.endedAt,
})

/** The status a member sees: a held coupon is usable, coming or expired by its times. */
export const shownStatus = (c: Pick<Coupon, 'status' | 'validFrom' | 'validTo'>, now: number): Held['status'] => {
  if (c.status === 'held') return now < c.validFrom ? 'coming' : now > c.validTo ? 'expired' : 'usable'
  return c.status === 'expired' ? 'expired' : (c.status as Held['status'])
}

/** A coupon in its owner's hands. */
export const heldView = (c: Coupon, t: Template, naming: Naming, now: number): Held => {
  const status = shownStatus(c, now)
  const blocked = status === 'usable' ? wrongMoment({ ...c, name: t.name, rule: t.rule }, now) : null
  return {
    id: c.id,
    templateId: c.templateId,
    face: ticketFace(t, naming),
    status,
    validFrom: c.validFrom,
    validTo: c.validTo,
    timeLeft: timeLeft(c, now, t.rule.hours),
    blocked: blocked?.message ?? null,
    used:
      c.status === 'used' && c.redeemedAt
        ? { at: c.redeemedAt, storeName: c.storeId ? naming.store(c.storeId) : '', savedFen: c.savedFen }
        : null,
    giftable: giftRefusal(c, now) === null,
    source: c.source as Held['source'],
  }
}
