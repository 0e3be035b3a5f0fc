import { z } from 'zod'
import { day, define, done, id, nothing, page, paging, queryInt, text, time } from './define'

/** A photo as the clients show it; width and height in pixels, so that nothing jumps when it arrives. */
export const photo = z.object({ name: z.string(), url: z.string(), width: z.int(), height: z.int() })
/** The name an upload answered, `<32 hex digits>.<type>`. */
export const photoName = z.string().regex(/^[0-9a-f]{32}\.(jpg|png|webp)$/, '照片编号格式不对')

export const npsReason = z.enum(['service', 'goods', 'price', 'points', 'store', 'app', 'other'])
export const satisfactionTag = z.enum(['friendly', 'quick', 'knowing', 'tidy', 'queue', 'cold', 'stock', 'mess'])
export const complaintCategory = z.enum(['service', 'goods', 'points', 'coupon', 'privacy', 'other'])
export const complaintState = z.enum(['open', 'handling', 'resolved'])

const reply = z.object({
  id,
  at: time,
  from: z.enum(['member', 'staff']),
  name: z.string(),
  text: z.string(),
  photos: z.array(photo),
})
const complaintRow = z.object({
  id,
  /** What the member quotes when they call. */
  no: z.string(),
  at: time,
  category: complaintCategory,
  state: complaintState,
  summary: z.string(),
  storeName: z.string().nullable(),
  /** By when the shop has promised the next answer. */
  dueAt: time.nullable(),
  lastAt: time,
  replies: z.int(),
})
const complaint = complaintRow.extend({
  text: z.string(),
  photos: z.array(photo),
  contactMasked: z.string().nullable(),
  resolution: z.string().nullable(),
  thread: z.array(reply),
})
const complaintForStaff = complaint.extend({
  memberId: id,
  memberNameMasked: z.string(),
  phoneMasked: z.string().nullable(),
  tierName: z.string(),
  handledBy: z.string().nullable(),
  overdue: z.boolean(),
})
const npsFigures = z.object({
  answers: z.int(),
  promoters: z.int(),
  passives: z.int(),
  detractors: z.int(),
  /** Share of promoters minus share of detractors, -100 to 100; null without answers. */
  score: z.int().nullable(),
})

export const feedback = define({
  'GET /me/feedback': {
    summary: '我的反馈：能不能评 NPS、哪笔消费还没评价、未办结的投诉',
    allow: 'member',
    input: nothing,
    output: z.object({
      nps: z.object({ open: z.boolean(), nextOn: day.nullable(), last: z.int().nullable() }),
      /** The last purchase without an answer, while it is fresh. */
      unrated: z
        .object({ purchaseId: id, no: z.string(), at: time, storeName: z.string(), paidFen: z.int() })
        .nullable(),
      openComplaints: z.int(),
    }),
    errors: [],
  },
  'POST /me/nps': {
    summary: '推荐意愿 0–10 分；每 90 天一次',
    allow: 'member',
    input: z.strictObject({ score: z.int().min(0).max(10), channel: z.enum(['weapp', 'h5']).default('h5') }),
    output: z.object({ npsId: id, kind: z.enum(['promoter', 'passive', 'detractor']), nextOn: day }),
    errors: ['nps_too_soon'],
  },
  'PUT /me/nps/:npsId': {
    summary: '给刚才的评分补上原因',
    allow: 'member',
    input: z.strictObject({ npsId: id, reasons: z.array(npsReason).max(7), comment: text(300).optional() }),
    output: done,
    errors: ['not_found'],
  },
  'POST /me/satisfactions': {
    summary: '消费后的满意度；一笔消费一次',
    allow: 'member',
    input: z.strictObject({
      purchaseId: id,
      stars: z.int().min(1).max(5),
      tags: z.array(satisfactionTag).max(8).default([]),
      comment: text(300).optional(),
    }),
    output: done,
    errors: ['purchase_not_found', 'satisfaction_given', 'satisfaction_too_late'],
  },
  'GET /me/complaints': {
    summary: '我的投诉',
    allow: 'member',
    input: z.strictObject({ ...paging }),
    output: page(complaintRow),
    errors: [],
  },
  'GET /me/complaints/:complaintId': {
    summary: '一件投诉与全部回复',
    allow: 'member',
    input: z.strictObject({ complaintId: id }),
    output: complaint,
    errors: ['complaint_not_found'],
  },
  'POST /me/complaints': {
    summary: '投诉：分类、说明、照片、联系方式',
    allow: 'member',
    input: z.strictObject({
      category: complaintCategory,
      text: text(1000, 5),
      photos: z.array(photoName).max(9).default([]),
      contact: text(60).optional(),
      purchaseId: id.optional(),
    }),
    output: complaint,
    errors: ['purchase_not_found', 'upload_not_found', 'complaint_too_many'],
    idempotency: 'sealed',
  },
  'POST /me/complaints/:complaintId/replies': {
    summary: '补充说明；已办结的会重新打开',
    allow: 'member',
    input: z.strictObject({ complaintId: id, text: text(1000), photos: z.array(photoName).max(9).default([]) }),
    output: complaint,
    errors: ['complaint_not_found', 'upload_not_found', 'complaint_closed', 'complaint_too_many'],
    idempotency: 'sealed',
  },
  'GET /admin/complaints': {
    summary: '投诉台；门店账号只看自己的店',
    allow: 'feedback:read',
    input: z.strictObject({
      ...paging,
      state: complaintState.optional(),
      category: complaintCategory.optional(),
      overdue: z.enum(['1']).optional(),
    }),
    output: page(complaintRow.extend({ memberId: id, memberNameMasked: z.string(), overdue: z.boolean() })).extend({
      counts: z.object({ open: z.int(), handling: z.int(), overdue: z.int() }),
    }),
    errors: [],
  },
  'GET /admin/complaints/:complaintId': {
    summary: '一件投诉',
    allow: 'feedback:read',
    input: z.strictObject({ complaintId: id }),
    output: complaintForStaff,
    errors: ['complaint_not_found'],
  },
  'POST /admin/complaints/:complaintId/replies': {
    summary: '回复会员（站内信同时送达）；未受理的转为处理中',
    allow: 'feedback:write',
    input: z.strictObject({ complaintId: id, text: text(1000) }),
    output: complaintForStaff,
    errors: ['complaint_not_found'],
  },
  'POST /admin/complaints/:complaintId/state': {
    summary: '受理、办结或重新打开',
    allow: 'feedback:write',
    input: z.strictObject({ complaintId: id, state: complaintState, note: text(300, 2) }),
    output: complaintForStaff,
    errors: ['complaint_not_found', 'complaint_bad_state'],
  },
  'GET /admin/nps': {
    summary: '推荐意愿：得分、趋势、原因',
    allow: 'feedback:read',
    input: z.strictObject({ days: queryInt(1, 730).default(90) }),
    output: npsFigures.extend({
      months: z.array(npsFigures.extend({ month: z.string() })),
      scores: z.array(z.int()).length(11),
      reasons: z.array(z.object({ reason: npsReason, promoters: z.int(), others: z.int() })),
      satisfaction: z.object({ answers: z.int(), average: z.number().nullable(), stars: z.array(z.int()).length(5) }),
    }),
    errors: [],
  },
  'GET /admin/nps/answers': {
    summary: '推荐意愿的每一条回答',
    allow: 'feedback:read',
    input: z.strictObject({
      ...paging,
      kind: z.enum(['promoter', 'passive', 'detractor']).optional(),
      commented: z.enum(['1']).optional(),
    }),
    output: page(
      z.object({
        id,
        at: time,
        memberId: id,
        memberNameMasked: z.string(),
        tierName: z.string(),
        score: z.int(),
        kind: z.enum(['promoter', 'passive', 'detractor']),
        reasons: z.array(npsReason),
        comment: z.string().nullable(),
      }),
    ),
    errors: [],
  },
})
