import { z } from 'zod'
import { define, fen, id, page, paging, text, time } from './define'
import { payKind } from './purchases'

const totals = z.object({
  purchases: z.int(),
  amountFen: z.int(),
  discountFen: z.int(),
  paidFen: z.int(),
  /** What was paid and given back, by kind of payment. */
  kinds: z.array(z.object({ kind: payKind, purchases: z.int(), paidFen: z.int(), refundFen: z.int() })),
  refunds: z.int(),
  refundFen: z.int(),
  couponsRedeemed: z.int(),
  couponSavedFen: z.int(),
  rewardsHanded: z.int(),
  pointsGiven: z.int(),
  pointsTakenBack: z.int(),
  joined: z.int(),
  /** Purchases that came in from the offline queue. */
  offline: z.int(),
})
const shift = z.object({
  id,
  storeId: id,
  storeName: z.string(),
  operatorId: id,
  operatorName: z.string(),
  openedAt: time,
  closedAt: time.nullable(),
  openingCashFen: z.int(),
  /** Opening cash, plus cash taken, minus cash given back. */
  expectedCashFen: z.int(),
  countedCashFen: z.int().nullable(),
  differenceFen: z.int().nullable(),
  note: z.string(),
  totals,
})

export const shifts = define({
  'GET /staff/shifts/current': {
    summary: '我现在的班：到此刻的合计；没有开班时为空，附上一班的交接话',
    allow: 'staff:purchase',
    input: z.strictObject({ storeId: id }),
    output: z.object({
      shift: shift.nullable(),
      last: z
        .object({ operatorName: z.string(), closedAt: time, note: z.string(), countedCashFen: z.int().nullable() })
        .nullable(),
    }),
    errors: ['store_out_of_scope', 'store_not_found'],
  },
  'POST /staff/shifts': {
    summary: '开班：备用金',
    allow: 'staff:purchase',
    input: z.strictObject({ storeId: id, openingCashFen: fen.default(0) }),
    output: shift,
    errors: ['store_out_of_scope', 'store_not_found', 'shift_open'],
  },
  'POST /staff/shifts/:shiftId/close': {
    summary: '交班：点钱、差额、交接话；合计从此不变',
    allow: 'staff:purchase',
    input: z.strictObject({ shiftId: id, countedCashFen: fen, note: text(300, 0).default('') }),
    output: shift,
    errors: ['shift_not_found', 'shift_closed'],
  },
  'GET /staff/shifts': {
    summary: '我的班次',
    allow: 'staff:purchase',
    input: z.strictObject({ ...paging }),
    output: page(shift),
    errors: [],
  },
  'GET /admin/shifts': {
    summary: '交班记录（店长看自己门店的）',
    allow: 'shift:read',
    input: z.strictObject({ ...paging, storeId: id.optional(), state: z.enum(['open', 'closed']).optional() }),
    output: page(shift),
    errors: ['store_out_of_scope'],
  },
})
