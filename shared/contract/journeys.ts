import { z } from 'zod'
import { day, define, done, id, nothing, page, paging, queryInt, text, time } from './define'
import { journeyDefinition, nodeId } from './journey-shapes'

/** Where something is wrong: `nodes.<node id>.<field>`, `trigger.…`, `goal.…`; `nodeId` marks the node on the canvas. */
export const journeyProblem = z.object({ path: z.string(), nodeId: z.string().nullable(), message: z.string() })

const state = z.enum(['draft', 'published', 'paused', 'ended'])
const runState = z.enum(['active', 'done', 'exited', 'held', 'failed'])
const journeyRow = z.object({
  id,
  name: z.string(),
  description: z.string(),
  state,
  version: z.int(),
  /** Key of a built-in journey, null for one made here. */
  builtIn: z.string().nullable(),
  triggerText: z.string(),
  updatedAt: time,
  publishedAt: time.nullable(),
  active: z.int(),
  entered30: z.int(),
  goals30: z.int(),
})
const journeyShow = journeyRow.extend({
  revision: z.int(),
  definition: journeyDefinition,
  /** The definition of the version that new members enter; null while never published. */
  published: journeyDefinition.nullable(),
  problems: z.array(journeyProblem),
})
const body = { name: text(40), description: text(200, 0).default(''), definition: journeyDefinition }

/** Reach before launch. Counts are members. `now` is of those who would enter this moment, everybody for a journey by event. */
export const reachForecast = z.object({
  /** False where only a part of very many members was asked and the rest reckoned from it. */
  exact: z.boolean(),
  /** Members who would enter (audience), before the holdout. */
  audience: z.int(),
  held: z.int(),
  /** Members to whom at least one message gets out. */
  reached: z.int(),
  channels: z.array(
    z.object({
      channel: z.string(),
      reached: z.int(),
      reasons: z.array(z.object({ reason: z.string(), text: z.string(), members: z.int() })),
    }),
  ),
  /** Of the reached: sent at once, or held by quiet hours and delivered after. */
  delayed: z.int(),
  unreached: z.array(z.object({ reason: z.string(), text: z.string(), members: z.int() })),
})

export const journeys = define({
  'GET /admin/journeys': {
    summary: '旅程列表',
    allow: 'journey:read',
    input: z.strictObject({ state: state.optional() }),
    output: z.object({ items: z.array(journeyRow) }),
    errors: [],
  },
  'GET /admin/journeys/:journeyId': {
    summary: '旅程详情：草稿、已发布版本与待解决的问题',
    allow: 'journey:read',
    input: z.strictObject({ journeyId: id }),
    output: journeyShow,
    errors: ['journey_not_found'],
  },
  'POST /admin/journeys': {
    summary: '新建旅程（草稿）',
    allow: 'journey:write',
    input: z.strictObject(body),
    output: journeyShow,
    errors: [],
  },
  'PUT /admin/journeys/:journeyId': {
    summary: '修改草稿；已在途的会员留在原版本',
    allow: 'journey:write',
    input: z.strictObject({ journeyId: id, revision: z.int(), ...body }),
    output: journeyShow,
    errors: ['journey_not_found', 'journey_conflict', 'journey_bad_state'],
  },
  'DELETE /admin/journeys/:journeyId': {
    summary: '删除从未发布的草稿',
    allow: 'journey:write',
    input: z.strictObject({ journeyId: id }),
    output: done,
    errors: ['journey_not_found', 'journey_bad_state'],
  },
  'POST /admin/journeys/:journeyId/state': {
    summary: '发布、暂停、继续、结束',
    allow: 'journey:publish',
    input: z.strictObject({ journeyId: id, revision: z.int(), to: z.enum(['published', 'paused', 'ended']) }),
    output: journeyShow,
    errors: ['journey_not_found', 'journey_conflict', 'journey_bad_state', 'journey_invalid'],
  },
  'POST /admin/journeys/check': {
    summary: '检查定义：错误指到节点',
    allow: 'journey:read',
    input: z.strictObject({ definition: journeyDefinition }),
    output: z.object({ problems: z.array(journeyProblem) }),
    errors: [],
    idempotency: 'natural',
  },
  'POST /admin/journeys/forecast': {
    summary: '预估触达：频次、次数、勿扰、同意与对照组之后',
    allow: 'journey:read',
    input: z.strictObject({ definition: journeyDefinition, segmentId: id.optional(), journeyId: id.optional() }),
    output: z.object({ items: z.array(reachForecast.extend({ nodeId })) }),
    errors: [],
    idempotency: 'natural',
  },
  'POST /admin/journeys/simulate': {
    summary: '推演：一位会员按虚拟时间走一遍，不产生任何影响',
    allow: 'journey:read',
    input: z.strictObject({
      definition: journeyDefinition,
      memberId: id,
      at: time.optional(),
      events: z
        .array(z.strictObject({ event: z.string().max(40), afterHours: z.number().min(0).max(10_000) }))
        .max(20)
        .default([]),
    }),
    output: z.object({
      enters: z.boolean(),
      why: z.string(),
      steps: z.array(z.object({ at: time, nodeId: z.string().nullable(), text: z.string() })),
      endedAt: time.nullable(),
    }),
    errors: ['member_not_found'],
    idempotency: 'natural',
  },
  'GET /admin/journeys/:journeyId/report': {
    summary: '旅程报告：各节点漏斗、各分组、对照组与目标',
    allow: 'journey:read',
    input: z.strictObject({ journeyId: id, version: queryInt(1, 100_000).optional() }),
    output: z.object({
      versions: z.array(z.object({ version: z.int(), publishedAt: time, entered: z.int() })),
      entered: z.int(),
      active: z.int(),
      finished: z.int(),
      exited: z.int(),
      failed: z.int(),
      /** Reached the goal: of those in the journey and of the control group. */
      treated: z.object({ members: z.int(), goals: z.int() }),
      held: z.object({ members: z.int(), goals: z.int() }),
      nodes: z.array(
        z.object({
          nodeId: z.string(),
          name: z.string(),
          kind: z.string(),
          arrived: z.int(),
          waiting: z.int(),
          outcomes: z.array(z.object({ outcome: z.string(), text: z.string(), members: z.int() })),
        }),
      ),
      arms: z.array(
        z.object({ nodeId: z.string(), arm: z.string(), name: z.string(), members: z.int(), goals: z.int() }),
      ),
      messages: z.array(
        z.object({
          channel: z.string(),
          status: z.string(),
          reason: z.string().nullable(),
          text: z.string(),
          count: z.int(),
        }),
      ),
      cost: z.object({ coupons: z.int(), points: z.int(), sms: z.int() }),
    }),
    errors: ['journey_not_found'],
  },
  'GET /admin/journeys/:journeyId/runs': {
    summary: '谁在旅程里',
    allow: 'journey:read',
    input: z.strictObject({ journeyId: id, state: runState.optional(), nodeId: nodeId.optional(), ...paging }),
    output: page(
      z.object({
        id,
        memberId: id,
        memberName: z.string(),
        version: z.int(),
        state: runState,
        nodeId: z.string().nullable(),
        enteredAt: time,
        dueAt: time.nullable(),
        endedAt: time.nullable(),
        endReason: z.string().nullable(),
        goalAt: time.nullable(),
      }),
    ),
    errors: ['journey_not_found'],
  },
  'GET /admin/journey-runs/:runId': {
    summary: '一位会员在旅程里走过的每一步',
    allow: 'journey:read',
    input: z.strictObject({ runId: id }),
    output: z.object({
      id,
      journeyId: id,
      memberId: id,
      state: runState,
      steps: z.array(z.object({ nodeId: z.string(), at: time, outcome: z.string(), text: z.string() })),
    }),
    errors: ['journey_run_not_found'],
  },
  'POST /admin/journeys/:journeyId/enrolments': {
    summary: '手动加入会员',
    allow: 'journey:publish',
    input: z.strictObject({
      journeyId: id,
      memberIds: z.array(id).min(1).max(500).optional(),
      segmentId: id.optional(),
    }),
    output: z.object({ entered: z.int(), held: z.int(), refused: z.int() }),
    errors: ['journey_not_found', 'journey_bad_state', 'invalid_input'],
  },
  'GET /admin/journey-calendar': {
    summary: '触达日历：每天发什么给多少人',
    allow: 'journey:read',
    input: z.strictObject({ from: day, days: queryInt(1, 62).default(31) }),
    output: z.object({
      days: z.array(
        z.object({
          day,
          entries: z.array(
            z.object({
              kind: z.enum(['journey', 'campaign', 'queued', 'sent']),
              id: z.string(),
              name: z.string(),
              members: z.int(),
              text: z.string(),
            }),
          ),
        }),
      ),
    }),
    errors: [],
  },
  'GET /admin/journey-options': {
    summary: '画布里可选的券、消息模板、人群、地址',
    allow: 'journey:read',
    input: nothing,
    output: z.object({
      coupons: z.array(z.object({ id, name: z.string() })),
      templates: z.array(z.object({ id, name: z.string(), channels: z.array(z.string()) })),
      segments: z.array(z.object({ id, name: z.string() })),
      tags: z.array(z.object({ id, name: z.string() })),
      endpoints: z.array(z.object({ id, name: z.string(), channel: z.string() })),
    }),
    errors: [],
  },
  'GET /staff/tasks': {
    summary: '店员待办',
    allow: 'staff:scan',
    input: z.strictObject({ state: z.enum(['open', 'done']).default('open'), ...paging }),
    output: page(
      z.object({
        id,
        memberId: id,
        memberName: z.string(),
        title: z.string(),
        note: z.string(),
        dueOn: day,
        state: z.string(),
        createdAt: time,
        doneAt: time.nullable(),
      }),
    ),
    errors: [],
  },
  'POST /staff/tasks/:taskId/done': {
    summary: '完成待办',
    allow: 'staff:scan',
    input: z.strictObject({ taskId: id, note: text(100, 0).default('') }),
    output: done,
    errors: ['not_found'],
  },
})
