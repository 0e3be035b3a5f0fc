import { z } from 'zod'
import { day, define, done, id, text, time } from './define'

/** A note on the time line of the dashboards. */
export const annotation = z.object({
  id,
  from: day,
  to: day,
  title: z.string(),
  kind: z.enum(['campaign', 'holiday', 'change', 'other']),
  storeId: id.nullable(),
  version: z.int(),
})
const annotationFields = {
  from: day,
  to: day,
  title: text(20),
  kind: z.enum(['campaign', 'holiday', 'change', 'other']),
  storeId: id.nullable().default(null),
}

const step = z.strictObject({
  /** One of `GET /admin/funnel-events`. */
  event: z.string().max(40),
  label: text(20).optional(),
  /** For interactions: only on this page, on this target. */
  page: z.string().max(64).optional(),
  target: z.string().max(80).optional(),
})
const draft = {
  name: text(30),
  steps: z.array(step).min(2).max(8),
  /** From the first step to the last at most so many hours. */
  windowHours: z
    .int()
    .min(1)
    .max(24 * 90),
  /** First steps of the last so many days. */
  days: z.int().min(1).max(90),
  segmentId: id.nullable().default(null),
}
const funnel = z.object({
  id,
  name: z.string(),
  steps: z.array(step),
  windowHours: z.int(),
  days: z.int(),
  segmentId: id.nullable(),
  version: z.int(),
  /** waiting: counted within a minute; ready. */
  state: z.enum(['waiting', 'ready']),
  countedAt: time.nullable(),
})

export const funnels = define({
  'GET /admin/annotations': {
    summary: '走势标注',
    allow: 'dashboard:read',
    input: z.strictObject({ from: day, to: day }),
    output: z.object({ items: z.array(annotation) }),
    errors: [],
  },
  'POST /admin/annotations': {
    summary: '新建标注',
    allow: 'dashboard:write',
    input: z.strictObject(annotationFields),
    output: annotation,
    errors: ['store_not_found'],
  },
  'PATCH /admin/annotations/:annotationId': {
    summary: '修改标注',
    allow: 'dashboard:write',
    input: z.strictObject({ annotationId: id, version: z.int().min(1), ...annotationFields }),
    output: annotation,
    errors: ['not_found', 'dashboard_conflict', 'store_not_found'],
  },
  'DELETE /admin/annotations/:annotationId': {
    summary: '删除标注',
    allow: 'dashboard:write',
    input: z.strictObject({ annotationId: id, version: z.int().min(1) }),
    output: done,
    errors: ['not_found', 'dashboard_conflict'],
  },
  'GET /admin/funnel-events': {
    summary: '漏斗可用的步骤',
    allow: 'dashboard:read',
    input: z.strictObject({}),
    output: z.object({
      events: z.array(z.object({ event: z.string(), label: z.string(), group: z.string() })),
      pages: z.array(z.string()),
    }),
    errors: [],
  },
  'GET /admin/funnels': {
    summary: '漏斗列表',
    allow: 'dashboard:read',
    input: z.strictObject({}),
    output: z.object({ items: z.array(funnel) }),
    errors: [],
  },
  'POST /admin/funnels': {
    summary: '新建漏斗；一分钟内算出结果',
    allow: 'dashboard:write',
    input: z.strictObject(draft),
    output: funnel,
    errors: ['segment_not_found'],
  },
  'PATCH /admin/funnels/:funnelId': {
    summary: '修改漏斗，重新计算',
    allow: 'dashboard:write',
    input: z.strictObject({ funnelId: id, version: z.int().min(1), ...draft }),
    output: funnel,
    errors: ['not_found', 'dashboard_conflict', 'segment_not_found'],
  },
  'DELETE /admin/funnels/:funnelId': {
    summary: '删除漏斗',
    allow: 'dashboard:write',
    input: z.strictObject({ funnelId: id, version: z.int().min(1) }),
    output: done,
    errors: ['not_found', 'dashboard_conflict'],
  },
  'GET /admin/funnels/:funnelId': {
    summary: '漏斗结果',
    allow: 'dashboard:read',
    input: z.strictObject({ funnelId: id }),
    output: z.object({
      definition: z.string(),
      period: z.object({ from: day, to: day }),
      funnel,
      steps: z.array(
        z.object({
          label: z.string(),
          members: z.int(),
          /** Of the first step, and of the step before; null where that is empty. */
          rate: z.number().nullable(),
          stepRate: z.number().nullable(),
          /** Half of those who came here from the step before took no longer; null for the first. */
          medianSeconds: z.int().nullable(),
          drill: z.object({ figure: z.string(), row: z.string(), col: z.string() }),
        }),
      ),
    }),
    errors: ['not_found', 'figure_of_group_only'],
  },
})
