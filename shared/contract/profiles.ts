import { z } from 'zod'
import { define, nothing, text } from './define'

/** What a profile can be completed by. */
export const profileField = z.enum(['avatar', 'name', 'gender', 'birthday', 'phone', 'interests'])
/** An interest is its name: what members choose is what operators read. */
export const interest = text(10)
const reward = z.int().min(0).max(10_000)
/** What a completed profile gives. A field with 0 points is not asked for: it counts neither for points nor for the progress. */
export const profilePlan = z.strictObject({
  active: z.boolean(),
  points: z.strictObject({
    avatar: reward,
    name: reward,
    gender: reward,
    birthday: reward,
    phone: reward,
    interests: reward,
  }),
  /** What members may choose from; each once. */
  interests: z
    .array(interest)
    .max(40)
    .refine((list) => new Set(list).size === list.length, '兴趣重复了'),
})
/** How far a profile is, for the home page. */
export const profileState = z.object({
  active: z.boolean(),
  /** Fields that are asked for and filled in, of how many. */
  done: z.int(),
  total: z.int(),
  /** Points still to be had. */
  pointsLeft: z.int(),
})
/** Points that a change has just brought, field by field. */
export const profileEarned = z.array(z.object({ field: profileField, title: z.string(), points: z.int() }))
export const profileView = profileState.extend({
  fields: z.array(
    z.object({
      field: profileField,
      title: z.string(),
      /** What filling it in gives; 0 once it was paid or was filled in before there was a reward. */
      points: z.int(),
      filled: z.boolean(),
      paid: z.boolean(),
    }),
  ),
  /** The catalogue, in the shop's order. */
  interests: z.array(z.string()),
  chosen: z.array(z.string()),
  maxChosen: z.int(),
})

export const profiles = define({
  'GET /me/profile': {
    summary: '资料完善度：每一项的积分、兴趣目录与我选的',
    allow: 'member',
    input: nothing,
    output: profileView,
    errors: [],
  },
  'GET /admin/profile-plan': {
    summary: '完善资料的积分与兴趣目录',
    allow: 'reward:read',
    input: nothing,
    output: profilePlan.extend({
      version: z.int(),
      sentence: z.string(),
      figures: z.object({
        /** Members who were paid for at least one field, and for every field asked for. */
        members: z.int(),
        complete: z.int(),
        points: z.int(),
        /** How many members chose each interest, most first. */
        interests: z.array(z.object({ name: z.string(), members: z.int() })),
      }),
    }),
    errors: [],
  },
  'PUT /admin/profile-plan': {
    summary: '修改完善资料的积分与兴趣目录；已发的不变',
    allow: 'reward:write',
    input: z.strictObject({ ...profilePlan.shape, version: z.int().min(0) }),
    output: profilePlan.extend({ version: z.int(), sentence: z.string() }),
    errors: ['profile_plan_conflict'],
  },
})
