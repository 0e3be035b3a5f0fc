import { z } from 'zod'
import { define, done, id, page, paging, text, time } from './define'
import { reachForecast } from './journeys'
import { personChannel } from './message-shapes'

const state = z.enum(['draft', 'scheduled', 'sending', 'paused', 'sent', 'ended'])
const body = {
  name: text(40),
  /** Who gets it; null: every member. */
  segmentId: id.nullable(),
  templateId: id,
  channels: z.array(personChannel).min(1).max(4),
  /** When it goes out; null: as soon as it is scheduled. */
  at: time.nullable(),
  /** Per cent held back as the control group; 0 needs a reason. */
  holdoutPercent: z.int().min(0).max(50).default(10),
  holdoutReason: text(60, 0).default(''),
  priority: z.int().min(1).max(9).default(5),
}
const campaign = z.object({
  ...body,
  id,
  state,
  version: z.int(),
  sendAt: time,
  templateName: z.string(),
  segmentName: z.string().nullable(),
  /** Members treated so far: kept back, handed to a channel, not reachable. */
  audience: z.int(),
  held: z.int(),
  queued: z.int(),
  unsent: z.int(),
  createdAt: time,
  startedAt: time.nullable(),
  finishedAt: time.nullable(),
})

export const campaigns = define({
  'GET /admin/campaigns': {
    summary: '群发活动',
    allow: 'journey:read',
    input: z.strictObject({ state: state.optional(), ...paging }),
    output: page(campaign),
    errors: [],
  },
  'GET /admin/campaigns/:campaignId': {
    summary: '一个群发活动与发送结果',
    allow: 'journey:read',
    input: z.strictObject({ campaignId: id }),
    output: campaign.extend({
      outcomes: z.array(
        z.object({
          channel: z.string(),
          status: z.string(),
          reason: z.string().nullable(),
          text: z.string(),
          count: z.int(),
        }),
      ),
    }),
    errors: ['campaign_not_found'],
  },
  'POST /admin/campaigns': {
    summary: '新建群发活动（草稿）',
    allow: 'journey:write',
    input: z.strictObject(body),
    output: campaign,
    errors: ['campaign_invalid', 'message_template_not_found'],
  },
  'PUT /admin/campaigns/:campaignId': {
    summary: '修改群发活动的草稿',
    allow: 'journey:write',
    input: z.strictObject({ campaignId: id, version: z.int(), ...body }),
    output: campaign,
    errors: [
      'campaign_not_found',
      'campaign_bad_state',
      'campaign_conflict',
      'campaign_invalid',
      'message_template_not_found',
    ],
  },
  'DELETE /admin/campaigns/:campaignId': {
    summary: '删除群发活动的草稿',
    allow: 'journey:write',
    input: z.strictObject({ campaignId: id }),
    output: done,
    errors: ['campaign_not_found', 'campaign_bad_state'],
  },
  'POST /admin/campaigns/:campaignId/state': {
    summary: '定时发出、暂停、继续、结束',
    allow: 'journey:publish',
    input: z.strictObject({ campaignId: id, version: z.int(), to: z.enum(['scheduled', 'paused', 'ended']) }),
    output: campaign,
    errors: ['campaign_not_found', 'campaign_bad_state', 'campaign_conflict', 'campaign_invalid'],
  },
  'POST /admin/campaigns/forecast': {
    summary: '预估触达：频次、次数、勿扰、同意与对照组之后',
    allow: 'journey:read',
    input: z.strictObject({
      segmentId: id.nullable(),
      templateId: id,
      channels: z.array(personChannel).min(1).max(4),
      at: time.nullable(),
      holdoutPercent: z.int().min(0).max(50),
      priority: z.int().min(1).max(9).default(5),
      /** The campaign it is for: its control group is the one that will be kept back. */
      campaignId: id.optional(),
    }),
    output: reachForecast,
    errors: ['message_template_not_found'],
    idempotency: 'natural',
  },
})
