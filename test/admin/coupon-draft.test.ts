import { blankFields, draftOf, type Fields, fieldFor, fieldsOf } from '../../client/admin/coupons/draft'
import { mostInAll, mostPerCoupon } from '../../client/admin/coupons/states'
import { contract } from '../../shared/contract'

const input = contract['POST /admin/coupon-templates'].input
const amount: Fields = { ...blankFields, name: ' 家居香氛满减券 ', amount: 30, minSpend: 200.5 }

describe('the coupon form', () => {
  test('sends whole fen for yuan that floats cannot hold', () => {
    for (const [yuan, fen] of [
      [0.07, 7],
      [1.1, 110],
      [19.99, 1999],
      [1_234_567.89, 123_456_789],
    ] as const)
      expect(draftOf({ ...amount, amount: yuan }).rule.amountFen).toBe(fen)
  })

  test('sends what the contract accepts, for every kind', () => {
    const kinds: Fields[] = [
      amount,
      { ...blankFields, name: '新客 8.8 折', kind: 'percent', fold: 8.8, cap: 60 },
      { ...blankFields, name: '隔热垫兑换券', kind: 'exchange', item: '亚麻隔热垫' },
      {
        ...amount,
        validityKind: 'fixed',
        fixed: ['2026-12-01', '2026-12-31'],
        hours: ['10:00', '22:00'],
        weekdays: [5, 1],
      },
      { ...amount, claim: [1_800_000_000_000, null], perDay: 200, budget: 60_000 },
    ]
    for (const fields of kinds) expect(input.safeParse(draftOf(fields))).toMatchObject({ success: true })
  })

  test('comes back as it was sent', () => {
    const sent = input.parse(
      draftOf({
        ...amount,
        weekdays: [5, 1],
        blackoutDays: ['2027-01-01', '2026-12-31'],
        hours: ['10:00', '22:00'],
        startAfterDays: 2,
      }),
    )
    expect(sent.rule).toMatchObject({
      weekdays: [1, 5],
      blackoutDays: ['2026-12-31', '2027-01-01'],
      minSpendFen: 20_050,
    })
    expect(input.parse(draftOf(fieldsOf(sent)))).toEqual(sent)
  })

  test('leaves out what belongs to another kind', () => {
    const { rule } = draftOf({ ...amount, kind: 'exchange', item: '茶巾', fold: 8.8, cap: 10 })
    expect(rule).toMatchObject({
      kind: 'exchange',
      item: '茶巾',
      amountFen: undefined,
      percent: undefined,
      capFen: undefined,
    })
  })

  test('finds the field a complaint of the server is about', () => {
    expect(fieldFor('rule.amountFen', amount)).toBe('amount')
    expect(fieldFor('issue.stock', amount)).toBe('stock')
    expect(fieldFor('rule.validity.days', amount)).toBe('days')
    expect(fieldFor('rule.validity', { ...amount, validityKind: 'fixed' })).toBe('fixed')
    expect(fieldFor('name', amount)).toBe('name')
    expect(fieldFor('nowhere.at.all', amount)).toBeNull()
  })

  test('says the most a whole issue can cost', () => {
    expect(mostInAll({ kind: 'amount', amountFen: 3000 }, { stock: 2000, budgetFen: null })).toBe(6_000_000)
    expect(mostInAll({ kind: 'amount', amountFen: 3000 }, { stock: 2000, budgetFen: 1_000_000 })).toBe(1_000_000)
    expect(mostInAll({ kind: 'percent' }, { stock: 2000, budgetFen: null })).toBeNull()
    expect(mostInAll({ kind: 'exchange' }, { stock: 2000, budgetFen: 100 })).toBeNull()
    expect(mostPerCoupon({ kind: 'percent', capFen: 6000 })).toBe(6000)
  })
})
