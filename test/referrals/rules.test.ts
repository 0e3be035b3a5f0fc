import { type Bought, defaultPlan, firstKept, flagsOf } from '../../server/referrals/rules'

const bought = (id: string, at: number, paidFen: number, refundedFen = 0): Bought => ({
  id,
  at,
  paidFen,
  refundedFen,
  status: refundedFen === paidFen ? 'refunded' : refundedFen ? 'part_refunded' : 'settled',
})

test('the first purchase that keeps enough counts, from the code on', () => {
  const purchases = [
    bought('before', 5, 9000),
    bought('back', 10, 9000, 9000),
    bought('part', 20, 3000, 1500),
    bought('kept', 30, 3000, 1000),
    bought('later', 40, 9000),
  ]
  expect(firstKept(defaultPlan, 10, purchases)).toMatchObject({ kept: { id: 'kept' }, refundedBefore: true })
  expect(firstKept(defaultPlan, 35, purchases)).toMatchObject({ kept: { id: 'later' }, refundedBefore: false })
  expect(firstKept(defaultPlan, 50, purchases).kept).toBeNull()
})

test('what looks odd is named', () => {
  expect(flagsOf({ boundWithin: 4, refundedBefore: false, hasPhone: true })).toEqual([])
  expect(flagsOf({ boundWithin: 5, refundedBefore: true, hasPhone: false })).toEqual(['burst', 'refunded', 'no_phone'])
})
