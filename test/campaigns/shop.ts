import { createTemplate, moveTemplate, type TemplateDraft } from '../../server/coupons/templates'
import type { TestServer } from '../support/server'

const names = { birthday: '生日礼券', anniversary: '周年礼券', none: '旅程券' }

/** Publishes a coupon that care hands out on an occasion, or one for no occasion at all (null), and answers its id. */
export const publishGiftCoupon = (
  { deps, clock }: TestServer,
  purpose: 'birthday' | 'anniversary' | null,
  stock = 1000,
): Promise<string> =>
  deps.db.tx(async (tx) => {
    const draft: TemplateDraft = {
      name: names[purpose ?? 'none'],
      description: '',
      rule: {
        kind: 'amount',
        amountFen: 3000,
        minSpendFen: 10_000,
        storeIds: [],
        categories: [],
        excludedCategories: [],
        productIds: [],
        minTierLevel: 0,
        channels: [],
        validity: { kind: 'relative', days: 14, startAfterDays: 0 },
        weekdays: [],
        hours: null,
        blackoutDays: [],
        stackable: false,
      },
      issue: {
        stock,
        perMember: 1,
        perDay: null,
        budgetFen: null,
        claimable: false,
        claimFrom: null,
        claimUntil: null,
      },
    }
    const { id, version } = await createTemplate(tx, draft, null, clock.now(), purpose)
    await moveTemplate(tx, { templateId: id, version, to: 'published' }, clock.now())
    return id
  })
