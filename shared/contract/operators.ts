import { z } from 'zod'
import { day, define, id, nothing, page, paging, phone, text, time } from './define'

const roleKey = z.enum(['owner', 'operator', 'manager', 'cashier', 'pos', 'auditor'])
const storeRow = z.object({
  id,
  code: z.string(),
  name: z.string(),
  address: z.string(),
  hours: z.string(),
  phone: z.string(),
  brandName: z.string(),
  active: z.boolean(),
  staff: z.int(),
  purchases30d: z.int(),
  amount30dFen: z.int(),
})
const storeInput = {
  code: z.string().regex(/^[a-z0-9-]{2,20}$/, '编号用小写字母、数字和短横线，2–20 位'),
  name: text(20),
  address: text(60, 0),
  hours: text(30, 0),
  phone: text(20, 0),
}
const operatorRow = z.object({
  id,
  username: z.string(),
  name: z.string(),
  role: roleKey,
  phoneMasked: z.string().nullable(),
  stores: z.array(z.object({ id, name: z.string() })),
  active: z.boolean(),
  lastSeenAt: time.nullable(),
  createdAt: time,
})
const password = z.string().min(10, '密码至少 10 位').max(128)

export const operators = define({
  'GET /admin/me': {
    summary: '我的账号与权限',
    allow: 'overview:read',
    input: nothing,
    output: z.object({
      id,
      name: z.string(),
      username: z.string(),
      role: roleKey,
      roleName: z.string(),
      permissions: z.array(z.string()),
      shop: z.string(),
      demo: z.boolean(),
    }),
    errors: [],
  },
  'GET /admin/stores': {
    summary: '门店列表',
    allow: 'store:read',
    input: z.strictObject({ ...paging, q: z.string().trim().max(20).optional() }),
    output: page(storeRow),
    errors: [],
  },
  'POST /admin/stores': {
    summary: '新建门店',
    allow: 'store:write',
    input: z.strictObject(storeInput),
    output: storeRow,
    errors: ['store_code_taken'],
  },
  'PATCH /admin/stores/:storeId': {
    summary: '修改门店',
    allow: 'store:write',
    input: z.strictObject({
      storeId: id,
      name: text(20).optional(),
      address: text(60, 0).optional(),
      hours: text(30, 0).optional(),
      phone: text(20, 0).optional(),
      active: z.boolean().optional(),
    }),
    output: storeRow,
    errors: ['store_not_found'],
  },
  'GET /admin/operators': {
    summary: '店员与账号',
    allow: 'operator:read',
    input: z.strictObject({ ...paging, q: z.string().trim().max(20).optional(), storeId: id.optional() }),
    output: page(operatorRow),
    errors: [],
  },
  'POST /admin/operators': {
    summary: '新建账号',
    allow: 'operator:write',
    input: z.strictObject({
      username: z.string().regex(/^[a-z][a-z0-9._-]{2,29}$/, '登录名用小写字母开头，3–30 位'),
      name: text(20),
      role: roleKey,
      storeIds: z.array(id).max(100),
      phone: phone.optional(),
      password,
    }),
    output: operatorRow,
    errors: ['username_taken', 'phone_taken', 'store_not_found'],
    idempotency: 'sealed',
  },
  'PATCH /admin/operators/:operatorId': {
    summary: '修改账号：角色、门店、停用、重设密码（停用和改密会退出他的所有设备）',
    allow: 'operator:write',
    input: z.strictObject({
      operatorId: id,
      name: text(20).optional(),
      role: roleKey.optional(),
      storeIds: z.array(id).max(100).optional(),
      phone: phone.nullable().optional(),
      active: z.boolean().optional(),
      password: password.optional(),
    }),
    output: operatorRow,
    errors: ['operator_not_found', 'phone_taken', 'store_not_found', 'last_owner'],
    idempotency: 'sealed',
  },
  'GET /admin/audits': {
    summary: '审计：谁在何时对什么做了什么',
    allow: 'audit:read',
    input: z.strictObject({
      ...paging,
      action: z.string().trim().max(80).optional(),
      operatorId: id.optional(),
      subjectId: id.optional(),
      from: day.optional(),
      to: day.optional(),
    }),
    output: page(
      z.object({
        id,
        at: time,
        operatorId: id.nullable(),
        operatorName: z.string(),
        action: z.string(),
        title: z.string(),
        subject: z.string().nullable(),
        detail: z.string(),
        requestId: z.string(),
        ip: z.string(),
      }),
    ),
    errors: [],
  },
  'GET /admin/overview': {
    summary: '工作台：今天对比上周同一天同一时刻、近 30 天走势、等级分布、最近动态',
    allow: 'overview:read',
    input: z.strictObject({ storeId: id.optional() }),
    output: z.object({
      now: time,
      /** The last civil day with purchases: what “today” means when the till has been quiet. */
      today: day,
      tiles: z.array(
        z.object({
          key: z.enum(['sales', 'orders', 'average', 'joined', 'points', 'redeemed']),
          label: z.string(),
          unit: z.enum(['fen', 'count', 'points']),
          value: z.int(),
          /** The same figure last week, same weekday, same clock time. */
          before: z.int(),
          definition: z.string(),
          spark: z.array(z.int()),
        }),
      ),
      trend: z.array(
        z.object({
          on: day,
          salesFen: z.int(),
          orders: z.int(),
          /** Mean of the four same weekdays before. */ usualFen: z.int().nullable(),
          note: z.string().nullable(),
        }),
      ),
      tiers: z.array(z.object({ level: z.int(), name: z.string(), members: z.int() })),
      members: z.object({ total: z.int(), active30d: z.int() }),
      coupons: z.object({ published: z.int(), issued30d: z.int(), redeemed30d: z.int(), savedFen30d: z.int() }),
      points: z.object({ outstanding: z.int(), expiring30d: z.int() }),
      activity: z.array(z.object({ at: time, kind: z.string(), title: z.string(), detail: z.string() })).max(20),
      stores: z.array(z.object({ id, name: z.string(), salesFen: z.int(), orders: z.int() })),
    }),
    errors: ['store_not_found', 'store_out_of_scope'],
  },
})

const jobRow = z.object({
  name: z.string(),
  title: z.string(),
  why: z.string(),
  schedule: z.string(),
  nextAt: time.nullable(),
  running: z.boolean(),
  last: z
    .object({
      slot: z.string(),
      state: z.enum(['running', 'done', 'failed']),
      startedAt: time,
      finishedAt: time.nullable(),
      lagMs: z.int(),
      processed: z.int(),
      failed: z.int(),
      errorSample: z.string().nullable(),
    })
    .nullable(),
})
export const jobs = define({
  'GET /admin/jobs': {
    summary: '任务一览：上次运行、延迟、数量、错误',
    allow: 'job:read',
    input: nothing,
    output: z.object({ items: z.array(jobRow) }),
    errors: [],
  },
  'GET /admin/jobs/:name/runs': {
    summary: '任务的运行记录',
    allow: 'job:read',
    input: z.strictObject({ name: text(40), ...paging }),
    output: page(
      z.object({
        slot: z.string(),
        state: z.enum(['running', 'done', 'failed']),
        startedAt: time,
        finishedAt: time.nullable(),
        lagMs: z.int(),
        attempts: z.int(),
        processed: z.int(),
        failed: z.int(),
        errorSample: z.string().nullable(),
        owner: z.string(),
      }),
    ),
    errors: ['job_not_found'],
  },
  'POST /admin/jobs/:name/runs': {
    summary: '现在重跑一次（同一时段只会生效一次）',
    allow: 'job:run',
    input: z.strictObject({ name: text(40) }),
    output: z.object({ slot: z.string(), state: z.string(), processed: z.int(), failed: z.int() }),
    errors: ['job_not_found', 'job_running'],
  },
})
