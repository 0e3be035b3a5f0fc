import { z } from 'zod'
import { day, define, done, id, nothing, page, paging, text, time } from './define'

const channel = z.enum(['weapp', 'h5'])
export const consentSubject = z.enum(['terms', 'privacy', 'personalisation'])
const documentName = z.enum(['terms', 'privacy'])
const exportState = z.enum(['pending', 'ready', 'downloaded', 'expired', 'failed'])
const cancellationState = z.enum(['requested', 'withdrawn', 'done'])

const exportView = z.object({
  id,
  state: exportState,
  requestedAt: time,
  readyAt: time.nullable(),
  expiresAt: time.nullable(),
  downloadedAt: time.nullable(),
  bytes: z.int(),
  /** What is in it, readable at a glance; empty until it is ready. */
  summary: z.array(z.object({ title: z.string(), rows: z.int(), detail: z.string() })),
})
const cancellationView = z.object({
  id,
  state: cancellationState,
  requestedAt: time,
  /** The civil day on which the account is erased, and the moment before which the request can be taken back. */
  dueOn: day,
  dueAt: time,
})

export const privacy = define({
  'GET /me/privacy': {
    summary: '隐私中心：同意记录、个性化、导出与注销的现状',
    allow: 'member',
    input: nothing,
    output: z.object({
      documents: z.array(
        z.object({
          name: documentName,
          title: z.string(),
          version: z.int(),
          agreedVersion: z.int().nullable(),
          agreedAt: time.nullable(),
          /** The wording in force has been agreed to. */
          current: z.boolean(),
        }),
      ),
      personalised: z.boolean(),
      export: exportView.nullable(),
      /** From when another export may be asked for; null: now. */
      exportFrom: time.nullable(),
      cancellation: cancellationView.nullable(),
      coolingDays: z.int(),
    }),
    errors: [],
  },
  'GET /me/consents': {
    summary: '同意台账：每次同意与撤回的文件、版本、时间、渠道',
    allow: 'member',
    input: z.strictObject({ ...paging }),
    output: page(
      z.object({
        id,
        subject: consentSubject,
        title: z.string(),
        version: z.int(),
        given: z.boolean(),
        at: time,
        channel: z.string(),
      }),
    ),
    errors: [],
  },
  'POST /me/consents': {
    summary: '同意现行版本的章程与隐私政策（重复同意不重复记）',
    allow: 'member',
    input: z.strictObject({
      documents: z
        .array(z.strictObject({ name: documentName, version: z.int().min(1) }))
        .min(1)
        .max(2),
      channel,
    }),
    output: done,
    errors: ['consent_outdated'],
    idempotency: 'natural',
  },
  'PUT /me/personalisation': {
    summary: '打开或关闭个性化推荐，并记入台账',
    allow: 'member',
    input: z.strictObject({ on: z.boolean(), channel }),
    output: z.object({ personalised: z.boolean() }),
    errors: [],
    idempotency: 'natural',
  },
  'POST /me/exports': {
    summary: '申请导出我的全部数据；每 24 小时一次',
    allow: 'member',
    input: nothing,
    output: exportView,
    errors: ['export_too_soon'],
  },
  'POST /me/exports/:exportId/links': {
    summary: '取一条限时、只能用一次的下载链接',
    allow: 'member',
    input: z.strictObject({ exportId: id }),
    output: z.object({ url: z.string(), until: time }),
    errors: ['export_not_ready'],
    idempotency: 'sealed',
  },
  'GET /me/cancellation': {
    summary: '注销前的清单：会失去什么，还有什么没了结',
    allow: 'member',
    input: nothing,
    output: z.object({
      cancellation: cancellationView.nullable(),
      coolingDays: z.int(),
      losses: z.object({ points: z.int(), coupons: z.int(), tierName: z.string(), growth: z.int() }),
      openComplaints: z.int(),
    }),
    errors: [],
  },
  'POST /me/cancellation': {
    summary: '申请注销；冷静期内随时可以撤回',
    allow: 'member',
    input: z.strictObject({ reason: text(200).optional(), understood: z.literal(true, '请先确认已了解注销的后果') }),
    output: cancellationView,
    errors: ['cancellation_open'],
  },
  'POST /me/cancellation/withdraw': {
    summary: '撤回注销申请',
    allow: 'member',
    input: nothing,
    output: done,
    errors: ['cancellation_none'],
  },
  'GET /admin/privacy/summary': {
    summary: '隐私台：同意覆盖、个性化关闭、待办数',
    allow: 'privacy:read',
    input: nothing,
    output: z.object({
      members: z.int(),
      personalisationOff: z.int(),
      documents: z.array(z.object({ title: z.string(), version: z.int(), agreed: z.int() })),
      cancellations: z.object({ requested: z.int(), done: z.int(), withdrawn: z.int() }),
      exports: z.object({ pending: z.int(), ready: z.int() }),
    }),
    errors: [],
  },
  'GET /admin/privacy/cancellations': {
    summary: '注销申请',
    allow: 'privacy:read',
    input: z.strictObject({ ...paging, state: cancellationState.optional() }),
    output: page(
      cancellationView.extend({
        memberId: id,
        memberNameMasked: z.string(),
        reason: z.string().nullable(),
        doneAt: time.nullable(),
        /** What was erased, in numbers; null before. */
        outcome: z.object({ points: z.int(), coupons: z.int(), posts: z.int() }).nullable(),
      }),
    ),
    errors: [],
  },
  'GET /admin/privacy/exports': {
    summary: '数据导出申请（看不到内容）',
    allow: 'privacy:read',
    input: z.strictObject({ ...paging, state: exportState.optional() }),
    output: page(
      z.object({
        id,
        memberId: id,
        memberNameMasked: z.string(),
        state: exportState,
        requestedAt: time,
        readyAt: time.nullable(),
        downloadedAt: time.nullable(),
        bytes: z.int(),
      }),
    ),
    errors: [],
  },
})
