import { z } from 'zod'
import { define, fen, id, page, paging, phone, text, time } from './define'
import { payKind, purchaseLine } from './purchases'

/** One purchase as a till recorded it without network: earning only, no coupons. */
const item = z.strictObject({
  /** Made by the device and never reused: the purchase's name for good. */
  clientId: z.string().regex(/^[\w-]{8,40}$/, '记录编号格式不对'),
  /** When it was recorded, by the device's clock. */
  at: time,
  /** The member: the scanned code, or the phone number. */
  code: z
    .string()
    .regex(/^88\d{16}$/, '会员码应为 88 开头的 18 位数字')
    .optional(),
  phone: phone.optional(),
  amountFen: fen.min(1),
  lines: z.array(purchaseLine).max(100).default([]),
  payKind: payKind.default('other'),
  externalNo: text(40).optional(),
  /** Yes, it is another purchase: after offline_looks_repeated. */
  confirmed: z.boolean().default(false),
})
const conflict = z.object({
  id,
  clientId: z.string(),
  at: time,
  recordedAt: time,
  amountFen: z.int(),
  code: z.string(),
  reason: z.string(),
  operatorName: z.string(),
  resolvedAt: time.nullable(),
  note: z.string(),
})

export const offline = define({
  'POST /staff/offline-syncs': {
    summary: '断网时记下的消费成批上传，逐笔回答：记上了、早就有了、有冲突',
    allow: 'staff:purchase',
    input: z.strictObject({ storeId: id, items: z.array(item).min(1).max(50) }),
    output: z.object({
      items: z.array(
        z.object({
          clientId: z.string(),
          result: z.enum(['done', 'repeated', 'conflict']),
          purchaseId: id.nullable(),
          no: z.string().nullable(),
          pointsEarned: z.int(),
          memberNameMasked: z.string().nullable(),
          /** The refusal of a conflict, and its sentence. */
          code: z.string().nullable(),
          reason: z.string().nullable(),
        }),
      ),
      done: z.int(),
      repeated: z.int(),
      conflicts: z.int(),
    }),
    errors: ['store_out_of_scope', 'store_not_found'],
  },
  'GET /staff/offline-conflicts': {
    summary: '离线上传的冲突：还没处理的和处理过的',
    allow: 'staff:purchase',
    input: z.strictObject({ ...paging, storeId: id, state: z.enum(['open', 'resolved']).default('open') }),
    output: page(conflict),
    errors: ['store_out_of_scope'],
  },
  'POST /staff/offline-conflicts/:conflictId/resolutions': {
    summary: '处理完一条冲突，写明怎么处理的',
    allow: 'staff:purchase',
    input: z.strictObject({ conflictId: id, note: text(100, 2) }),
    output: conflict,
    errors: ['offline_conflict_not_found', 'store_out_of_scope'],
  },
})
