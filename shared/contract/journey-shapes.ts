import { z } from 'zod'
import { day, id, text } from './define'
import { personChannel as channel, clock } from './message-shapes'
import { segmentTree } from './segments'

/** Names a node inside its journey; made by the canvas, stable while the node lives. */
export const nodeId = z.string().regex(/^[A-Za-z0-9_-]{1,32}$/, '节点编号格式不对')
/** Where a way leads: a node, or null for the end of the journey. */
const way = nodeId.nullable()

/**
 * A condition: simple tests joined by all / any. Fields and operators are listed with their words in shared/journey.ts
 * (`journeyFields`, `operators`). `segment` asks whether the member is in a segment now.
 */
const fieldTest = z.strictObject({
  kind: z.literal('field'),
  field: z.string().max(40),
  op: z.enum(['eq', 'ne', 'gte', 'lte', 'gt', 'lt', 'in']),
  value: z.union([z.number(), z.string().max(80), z.boolean(), z.array(z.string().max(80)).max(50)]),
})
const segmentTest = z.strictObject({ kind: z.literal('segment'), segmentId: id, inside: z.boolean() })
/** Any condition the segment builder can make, asked of the member's facts. */
const treeTest = z.strictObject({ kind: z.literal('tree'), tree: segmentTree })
const simpleTest = z.discriminatedUnion('kind', [fieldTest, segmentTest, treeTest])
export const journeyTest = z.strictObject({ match: z.enum(['all', 'any']), tests: z.array(simpleTest).max(20) })

const base = { id: nodeId, name: text(30, 0).default(''), x: z.number().default(0), y: z.number().default(0) }
export const journeyNode = z.discriminatedUnion('kind', [
  // conditions and ways
  z.strictObject({ ...base, kind: z.literal('condition'), test: journeyTest, yes: way, no: way }),
  z.strictObject({
    ...base,
    kind: z.literal('branch'),
    branches: z
      .array(z.strictObject({ name: text(20), test: journeyTest, next: way }))
      .min(1)
      .max(6),
    otherwise: way,
  }),
  z.strictObject({
    ...base,
    kind: z.literal('split'),
    /** Weights need not sum to 100; a member stays in the arm of the first visit for good. */
    arms: z
      .array(
        z.strictObject({
          key: z.string().regex(/^[a-z0-9_-]{1,16}$/),
          name: text(20),
          weight: z.int().min(1).max(1000),
          next: way,
        }),
      )
      .min(2)
      .max(6),
  }),
  // waits
  z.strictObject({
    ...base,
    kind: z.literal('wait'),
    amount: z.int().min(1).max(400),
    unit: z.enum(['minute', 'hour', 'day']),
    next: way,
  }),
  z.strictObject({
    ...base,
    kind: z.literal('wait_until'),
    at: clock,
    afterDays: z.int().min(0).max(400).default(0),
    weekdays: z.array(z.int().min(1).max(7)).max(7).default([]),
    next: way,
  }),
  z.strictObject({
    ...base,
    kind: z.literal('wait_event'),
    event: z.string().max(40),
    target: z.string().max(80).nullable().default(null),
    amount: z.int().min(1).max(400),
    unit: z.enum(['minute', 'hour', 'day']),
    next: way,
    timeout: way,
  }),
  // actions
  z.strictObject({ ...base, kind: z.literal('coupon'), templateId: id, next: way }),
  z.strictObject({
    ...base,
    kind: z.literal('points'),
    points: z.int().min(1).max(100_000),
    note: text(30),
    next: way,
  }),
  z.strictObject({ ...base, kind: z.literal('growth'), growth: z.int().min(1).max(100_000), next: way }),
  z.strictObject({ ...base, kind: z.literal('tag'), tagId: id, remove: z.boolean().default(false), next: way }),
  z.strictObject({ ...base, kind: z.literal('gift'), occasion: z.enum(['birthday', 'anniversary']), next: way }),
  /** Tries the channels in their order until one can go out. */
  z.strictObject({
    ...base,
    kind: z.literal('message'),
    templateId: id,
    channels: z.array(channel).min(1).max(4),
    next: way,
  }),
  z.strictObject({
    ...base,
    kind: z.literal('task'),
    title: text(40),
    note: text(200, 0).default(''),
    dueDays: z.int().min(0).max(60),
    next: way,
  }),
  z.strictObject({ ...base, kind: z.literal('webhook'), endpointId: id, next: way }),
  z.strictObject({ ...base, kind: z.literal('exit'), reason: text(40, 0).default('') }),
])

export const journeyTrigger = z.discriminatedUnion('kind', [
  z.strictObject({
    kind: z.literal('event'),
    event: z.string().max(40),
    target: z.string().max(80).nullable().default(null),
  }),
  z.strictObject({ kind: z.literal('segment'), segmentId: id, change: z.enum(['enter', 'exit']) }),
  /** days: −3 is three days before the date, 2 two days after. */
  z.strictObject({
    kind: z.literal('date'),
    field: z.enum(['birthday', 'anniversary']),
    days: z.int().min(-60).max(60),
    at: clock,
  }),
  z.strictObject({
    kind: z.literal('schedule'),
    every: z.enum(['once', 'day', 'week', 'month']),
    on: day.nullable().default(null),
    weekday: z.int().min(1).max(7).nullable().default(null),
    monthDay: z.int().min(1).max(31).nullable().default(null),
    at: clock,
  }),
  z.strictObject({ kind: z.literal('tier'), direction: z.enum(['up', 'down', 'keep']) }),
  z.strictObject({ kind: z.literal('tier_risk'), daysAhead: z.int().min(1).max(90), at: clock }),
  z.strictObject({ kind: z.literal('stage'), to: z.enum(['new', 'active', 'loyal', 'dormant', 'lost']) }),
  z.strictObject({ kind: z.literal('churn'), above: z.number().min(0).max(1), at: clock }),
  z.strictObject({
    kind: z.literal('expiring'),
    what: z.enum(['points', 'coupon']),
    daysAhead: z.array(z.int().min(0).max(90)).min(1).max(5),
    at: clock,
  }),
  /** The member's own mean interval between purchases, times factor percent, has passed without one. */
  z.strictObject({
    kind: z.literal('repurchase'),
    percent: z.int().min(50).max(500),
    minPurchases: z.int().min(2).max(50),
    at: clock,
  }),
  z.strictObject({ kind: z.literal('manual') }),
])

export const journeyDefinition = z.strictObject({
  trigger: journeyTrigger,
  /** Who of those the trigger names may enter; null: all. */
  audience: journeyTest.nullable().default(null),
  start: way,
  nodes: z.array(journeyNode).max(60),
  /** What the journey is for: this event within so many days of entering. */
  goal: z
    .strictObject({
      event: z.string().max(40),
      target: z.string().max(80).nullable().default(null),
      days: z.int().min(1).max(180),
      exit: z.boolean().default(true),
    })
    .nullable(),
  /** Events that end it early (a refund, switching personalisation off …). */
  exits: z
    .array(z.strictObject({ event: z.string().max(40) }))
    .max(5)
    .default([]),
  reentry: z.strictObject({ kind: z.enum(['once', 'after', 'always']), days: z.int().min(0).max(1000).default(0) }),
  /** Per cent of those who would enter that are held back as the control group: a tenth unless said otherwise; 0 needs a reason. */
  holdout: z
    .strictObject({ percent: z.int().min(0).max(50), reason: text(60, 0).default('') })
    .default({ percent: 10, reason: '' }),
  /** 1 first … 9 last, where messages compete for caps and credits. */
  priority: z.int().min(1).max(9).default(5),
})

export type JourneyDefinition = z.output<typeof journeyDefinition>
export type JourneyNode = z.output<typeof journeyNode>
export type JourneyTest = z.output<typeof journeyTest>
export type JourneyTrigger = z.output<typeof journeyTrigger>
