import { z } from 'zod'
import { modelCodes, stageCodes } from '../score-words'
import { day, define, id, nothing, time } from './define'

const model = z.enum(modelCodes)
const stage = z.enum(stageCodes)
const bp = z.int().min(0).max(10_000)
const card = z.object({
  id,
  model,
  name: z.string(),
  question: z.string(),
  how: z.string(),
  onDay: day,
  used: z.enum(['model', 'baseline', 'too_little']),
  usedText: z.string(),
  method: z.string(),
  verdict: z.string(),
  createdAt: time,
  /** Named figures beside those of the naive baseline; `better` says which of the two should be larger. */
  figures: z.array(
    z.object({
      name: z.string(),
      value: z.number().nullable(),
      baseline: z.number().nullable(),
      better: z.enum(['higher', 'lower', 'none']),
      explanation: z.string(),
    }),
  ),
})
/** How well the models work, and what they and the rewards bring. */
export const modelCards = define({
  'GET /admin/model-cards': {
    summary: '模型卡：每个模型最近一次回测',
    allow: 'insight:read',
    input: nothing,
    output: z.object({ items: z.array(card) }),
    errors: [],
  },
  'GET /admin/model-cards/:cardId': {
    summary: '一张模型卡：指标、校准曲线、分十档的提升、历次回测',
    allow: 'insight:read',
    input: z.strictObject({ cardId: id }),
    output: card.extend({
      calibration: z.array(z.object({ predicted: z.number(), observed: z.number(), count: z.int() })),
      lift: z.array(z.object({ decile: z.int(), rate: z.number(), lift: z.number(), capture: z.number() })),
      protocol: z.string(),
      limits: z.array(z.string()),
      history: z.array(z.object({ id, onDay: day, used: z.string(), main: z.number().nullable() })),
    }),
    errors: ['model_card_not_found'],
  },
  'GET /admin/scores/benefit': {
    summary: '每个模型的成本与收益：用它选人的活动对照留出组带来了多少',
    allow: 'insight:read',
    input: nothing,
    output: z.object({
      definition: z.string(),
      models: z.array(
        z.object({
          model,
          name: z.string(),
          chosen: z.int(),
          heldOut: z.int(),
          /** The journeys and campaigns that say in their conditions that the model chooses whom they are for. */
          counted: z.array(z.object({ kind: z.enum(['journey', 'campaign']), id, name: z.string() })),
          /** Spend per head of both, and the difference of the chosen with its 95 % interval; null while no campaign has run. */
          perChosenFen: z.number().nullable(),
          perHeldOutFen: z.number().nullable(),
          gainFen: z.number().nullable(),
          gainLowFen: z.number().nullable(),
          gainHighFen: z.number().nullable(),
          costFen: z.int(),
          verdict: z.string(),
          /** What a contact may cost at most to pay off, and the reckoning in words. */
          breakEvenFen: z.number().nullable(),
          breakEven: z.string(),
        }),
      ),
    }),
    errors: [],
  },
  'GET /admin/scores/reward-mix': {
    summary: '奖励结构：谁在用哪类奖励，用过的人是否比没用的人更常回来',
    allow: 'insight:read',
    input: nothing,
    output: z.object({
      definition: z.string(),
      caveat: z.string(),
      rewards: z.array(
        z.object({
          kind: z.enum(['coupon', 'reward']),
          /** Of the coupon template or the reward. */
          id,
          name: z.string(),
          granted: z.int(),
          used: z.int(),
          savedFen: z.int(),
          points: z.int(),
          /** Members who used it and bought again within 60 days, against who held it and let it lapse. */
          returnedUsedBp: bp.nullable(),
          returnedUnusedBp: bp.nullable(),
          difference: z.string(),
          stages: z.array(z.object({ code: stage, name: z.string(), used: z.int() })),
        }),
      ),
    }),
    errors: [],
  },
  'GET /admin/scores/stores': {
    summary: '门店与渠道：各店会员的阶段、价值、流失与跨店消费',
    allow: 'insight:read',
    input: nothing,
    output: z.object({
      definition: z.string(),
      stores: z.array(
        z.object({
          storeId: id,
          name: z.string(),
          members: z.int(),
          stages: z.record(stage, z.int()),
          spendFen: z.int(),
          clvFen: z.int(),
          churnBp: bp.nullable(),
          alsoElsewhereBp: bp.nullable(),
        }),
      ),
      channels: z.array(z.object({ code: z.string(), members: z.int(), orders: z.int(), spendFen: z.int() })),
    }),
    errors: [],
  },
  'GET /admin/scores/groups': {
    summary: '自动分群：名字、人数、中心与全店的差别',
    allow: 'insight:read',
    input: nothing,
    output: z.object({
      onDay: day.nullable(),
      definition: z.string(),
      groups: z.array(
        z.object({
          no: z.int(),
          name: z.string(),
          explanation: z.string(),
          members: z.int(),
          spendFen: z.int(),
          centre: z.array(z.object({ name: z.string(), value: z.number(), unit: z.string(), usual: z.number() })),
        }),
      ),
    }),
    errors: [],
  },
})
