import { z } from 'zod'
import { day, define, done, id, page, paging, text, time } from './define'

/** Ways to compare a field; which of them a field knows is stated in the catalogue (`GET /admin/segment-fields`). */
export const segmentOp = z.enum([
  // numbers, money (fen), points, percent
  'eq',
  'gte',
  'lte',
  'between',
  // days: `value` a civil day or two, or `days` counted from today
  'on_or_after',
  'on_or_before',
  'within',
  'not_within',
  'next',
  'none',
  // one of a list
  'in',
  'not_in',
  // yes or no: `value` true or false
  'is',
  // sets (tags, segments)
  'has_any',
  'has_all',
  'has_none',
  // what a member did in the last `days` days, at least `times` times
  'did',
  'did_not',
])
/** One condition. Which of `value`, `days` and `times` must be there depends on the operator and is checked against the catalogue. */
const leaf = z.strictObject({
  field: z.string().max(40),
  op: segmentOp,
  value: z
    .union([
      z.string().max(64),
      z.number(),
      z.boolean(),
      z.array(z.string().max(64)).min(1).max(100),
      z.array(z.number()).min(2).max(2),
    ])
    .optional(),
  /** Whole days counted back (or, for `next`, ahead) from today, today included. */
  days: z.int().min(1).max(3650).optional(),
  /** At least so often; 1 where it is left out. */
  times: z.int().min(1).max(1000).optional(),
})
const joined = <T extends z.ZodType>(node: T) =>
  z.strictObject({
    /** all: every one holds; any: at least one; none: not a single one. */
    join: z.enum(['all', 'any', 'none']),
    of: z.array(node).min(1).max(20),
  })
// Five levels are written out instead of a schema that holds itself: the types stay plain and the API document finite.
const level4 = z.union([leaf, joined(leaf)])
const level3 = z.union([leaf, joined(level4)])
const level2 = z.union([leaf, joined(level3)])
/** A tree of conditions, at most five levels and 60 conditions. */
export const segmentTree = joined(level2)

const option = z.object({ value: z.string(), label: z.string() })
export const segmentField = z.object({
  field: z.string(),
  /** Heading it stands under in the builder: 资料, 消费, 积分与券, 评分, 标签与人群, 购买与互动. */
  group: z.string(),
  label: z.string(),
  /** What it means, in a sentence a shop owner understands. */
  explain: z.string(),
  type: z.enum(['number', 'money', 'points', 'percent', 'day', 'choice', 'yes_no', 'set', 'event']),
  unit: z.string(),
  ops: z.array(
    z.object({
      op: segmentOp,
      label: z.string(),
      needs: z.array(z.enum(['value', 'values', 'range', 'days', 'times', 'day'])),
    }),
  ),
  /** Choices, where there are at most a few hundred; null: ask `GET /admin/segment-fields/:field/options`. */
  options: z.array(option).nullable(),
  /** Where the figure comes from and how fresh it is, in words. */
  source: z.string(),
  /** Whether it says something about a person's behaviour: campaigns on it must leave out who switched personalisation off. */
  profiling: z.boolean(),
})

/** A member in any list of this module, masked. */
export const memberCard = z.object({
  id,
  cardNo: z.string(),
  nameMasked: z.string(),
  phoneMasked: z.string().nullable(),
  tierLevel: z.int(),
  tierName: z.string(),
  purchases: z.int(),
  spendFen: z.int(),
  lastPurchaseAt: time.nullable(),
  joinedAt: time,
})

const segment = z.object({
  id,
  name: z.string(),
  description: z.string(),
  tree: segmentTree,
  /** The tree in words: 「近 90 天消费 ≥ ¥500 且 标签含 香薰爱好者」. */
  sentence: z.string(),
  /** Whether entries and exits are followed (refreshed every ten minutes); others are only counted when asked for. */
  tracked: z.boolean(),
  profiling: z.boolean(),
  version: z.int(),
  /** Members at the last refresh; null before the first. */
  members: z.int().nullable(),
  refreshedAt: time.nullable(),
  createdAt: time,
  updatedAt: time,
  /** What keeps it from being deleted: journeys, campaigns, experiments, other segments, tags, funnels. */
  usedBy: z.array(z.object({ kind: z.string(), id: z.string(), name: z.string() })),
})
const snapshot = z.object({
  id,
  segmentId: id,
  segmentVersion: z.int(),
  name: z.string(),
  members: z.int(),
  sentence: z.string(),
  takenAt: time,
})

export const segments = define({
  'GET /admin/segment-fields': {
    summary: '圈人可用的条件：名称、说明、可用的比较方式、选项、数据来源',
    allow: 'segment:read',
    input: z.strictObject({}),
    output: z.object({
      fields: z.array(segmentField),
      /** The moment the figures were last brought up to date. */ asOf: time.nullable(),
    }),
    errors: [],
  },
  'GET /admin/segment-fields/:field/options': {
    summary: '选项多的条件（商品）按名称查选项；ids 反查名称',
    allow: 'segment:read',
    input: z.strictObject({
      field: z.string().max(40),
      q: z.string().trim().max(40).optional(),
      ids: z.string().max(2000).optional(),
    }),
    output: z.object({ options: z.array(option) }),
    errors: ['not_found'],
  },
  'POST /admin/segments/count': {
    summary: '按条件实时数人',
    allow: 'segment:read',
    input: z.strictObject({ tree: segmentTree }),
    output: z.object({
      count: z.int(),
      /** Members it could be at most: the active ones this operator may see. */
      total: z.int(),
      sentence: z.string(),
      profiling: z.boolean(),
      asOf: time.nullable(),
    }),
    errors: ['segment_too_slow'],
    idempotency: 'natural',
  },
  'POST /admin/segments/preview': {
    summary: '按条件看名单（脱敏），按编号翻页',
    allow: 'segment:read',
    input: z.strictObject({ tree: segmentTree, ...paging }),
    output: page(memberCard),
    errors: ['segment_too_slow'],
    idempotency: 'natural',
  },
  'POST /admin/segments/overlap': {
    summary: '2 到 5 个人群的重叠',
    allow: 'segment:read',
    input: z.strictObject({ segmentIds: z.array(id).min(2).max(5) }),
    output: z.object({
      segments: z.array(z.object({ id, name: z.string(), members: z.int() })),
      pairs: z.array(z.object({ a: id, b: id, members: z.int() })),
      /** Members of every one, and of at least one. */
      all: z.int(),
      any: z.int(),
    }),
    errors: ['segment_too_slow', 'segment_not_found'],
    idempotency: 'natural',
  },
  'GET /admin/segments': {
    summary: '人群列表',
    allow: 'segment:read',
    input: z.strictObject({ ...paging, q: z.string().trim().max(40).optional() }),
    output: page(segment),
    errors: [],
  },
  'POST /admin/segments': {
    summary: '新建人群',
    allow: 'segment:write',
    input: z.strictObject({
      name: text(30),
      description: text(200, 0).default(''),
      tree: segmentTree,
      tracked: z.boolean().default(true),
    }),
    output: segment,
    errors: ['segment_name_taken'],
  },
  'GET /admin/segments/:segmentId': {
    summary: '人群详情',
    allow: 'segment:read',
    input: z.strictObject({ segmentId: id }),
    output: segment.extend({
      /** Members day by day, as the refreshes found them. */ sizes: z.array(
        z.object({ on: day, members: z.int(), entered: z.int(), left: z.int() }),
      ),
    }),
    errors: ['segment_not_found'],
  },
  'PATCH /admin/segments/:segmentId': {
    summary: '修改人群',
    allow: 'segment:write',
    input: z.strictObject({
      segmentId: id,
      version: z.int().min(1),
      name: text(30).optional(),
      description: text(200, 0).optional(),
      tree: segmentTree.optional(),
      tracked: z.boolean().optional(),
    }),
    output: segment,
    errors: ['segment_not_found', 'segment_conflict', 'segment_name_taken', 'segment_circular'],
  },
  'DELETE /admin/segments/:segmentId': {
    summary: '删除人群；正在使用的不能删除',
    allow: 'segment:write',
    input: z.strictObject({ segmentId: id, version: z.int().min(1) }),
    output: done,
    errors: ['segment_not_found', 'segment_conflict', 'segment_in_use'],
  },
  'POST /admin/segments/:segmentId/refresh': {
    summary: '立即刷新人群：记下进入和离开的会员',
    allow: 'segment:write',
    input: z.strictObject({ segmentId: id }),
    output: z.object({ members: z.int(), entered: z.int(), left: z.int(), refreshedAt: time }),
    errors: ['segment_not_found'],
  },
  'GET /admin/segments/:segmentId/members': {
    summary: '人群现在的名单（脱敏）',
    allow: 'segment:read',
    input: z.strictObject({ segmentId: id, ...paging }),
    output: page(memberCard),
    errors: ['segment_too_slow', 'segment_not_found'],
  },
  'GET /admin/segments/:segmentId/events': {
    summary: '进入与离开人群的记录，新的在前',
    allow: 'segment:read',
    input: z.strictObject({ segmentId: id, ...paging }),
    output: page(z.object({ id, at: time, kind: z.enum(['enter', 'exit']), member: memberCard })),
    errors: ['segment_not_found'],
  },
  'GET /admin/segments/:segmentId/snapshots': {
    summary: '人群快照列表',
    allow: 'segment:read',
    input: z.strictObject({ segmentId: id, ...paging }),
    output: page(snapshot),
    errors: ['segment_not_found'],
  },
  'POST /admin/segments/:segmentId/snapshots': {
    summary: '把现在的名单存成快照，之后不再变化',
    allow: 'segment:write',
    input: z.strictObject({ segmentId: id, name: text(30) }),
    output: snapshot,
    errors: ['segment_not_found'],
  },
  'GET /admin/segment-snapshots/:snapshotId/members': {
    summary: '快照里的名单（脱敏）',
    allow: 'segment:read',
    input: z.strictObject({ snapshotId: id, ...paging }),
    output: page(memberCard),
    errors: ['not_found'],
  },
})
