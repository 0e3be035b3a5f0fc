import { z } from 'zod'
import { define, done, id, page, paging, text, time } from './define'
import { memberCard, segmentTree } from './segments'

const tag = z.object({
  id,
  name: z.string(),
  category: z.string(),
  description: z.string(),
  /** manual: set by hand; rule: kept by conditions; model: kept by conditions on scores; imported: set by lists. */
  kind: z.enum(['manual', 'rule', 'model', 'imported']),
  tree: segmentTree.nullable(),
  sentence: z.string().nullable(),
  color: z.enum(['green', 'gold', 'blue', 'red', 'grey']),
  version: z.int(),
  members: z.int(),
  refreshedAt: time.nullable(),
  createdAt: time,
  updatedAt: time,
})
const tagDraft = {
  name: text(20),
  category: text(20),
  description: text(200, 0).default(''),
  color: z.enum(['green', 'gold', 'blue', 'red', 'grey']).default('green'),
}

export const tags = define({
  'GET /admin/tags': {
    summary: '标签列表与人数',
    allow: 'segment:read',
    input: z.strictObject({
      category: z.string().trim().max(20).optional(),
      kind: z.enum(['manual', 'rule', 'model', 'imported']).optional(),
      q: z.string().trim().max(40).optional(),
    }),
    output: z.object({ items: z.array(tag), categories: z.array(z.string()) }),
    errors: [],
  },
  'POST /admin/tags': {
    summary: '新建标签',
    allow: 'segment:write',
    input: z.strictObject({
      ...tagDraft,
      kind: z.enum(['manual', 'rule', 'model', 'imported']),
      /** For rule and model. */ tree: segmentTree.optional(),
    }),
    output: tag,
    errors: ['tag_name_taken', 'segment_circular'],
  },
  'PATCH /admin/tags/:tagId': {
    summary: '修改标签',
    allow: 'segment:write',
    input: z.strictObject({
      tagId: id,
      version: z.int().min(1),
      name: text(20).optional(),
      category: text(20).optional(),
      description: text(200, 0).optional(),
      color: z.enum(['green', 'gold', 'blue', 'red', 'grey']).optional(),
      tree: segmentTree.optional(),
    }),
    output: tag,
    errors: ['tag_not_found', 'tag_conflict', 'tag_name_taken', 'segment_circular'],
  },
  'DELETE /admin/tags/:tagId': {
    summary: '删除标签并从会员身上摘下；人群用到的不能删除',
    allow: 'segment:write',
    input: z.strictObject({ tagId: id, version: z.int().min(1) }),
    output: done,
    errors: ['tag_not_found', 'tag_conflict', 'tag_in_use'],
  },
  'GET /admin/tags/:tagId/members': {
    summary: '有这个标签的会员（脱敏）',
    allow: 'segment:read',
    input: z.strictObject({ tagId: id, ...paging }),
    output: page(memberCard.extend({ taggedAt: time, source: z.enum(['manual', 'rule', 'model', 'imported']) })),
    errors: ['tag_not_found'],
  },
  'POST /admin/tags/:tagId/members': {
    summary: '给一批会员打标签，已有的不重复；会员编号或卡号，一次最多 500',
    allow: 'tag:write',
    input: z.strictObject({
      tagId: id,
      memberIds: z.array(id).max(500).default([]),
      cardNos: z
        .array(z.string().regex(/^\d{8}$/, '卡号是 8 位数字'))
        .max(500)
        .default([]),
    }),
    output: z.object({
      tagged: z.int(),
      already: z.int(),
      /** Ids and card numbers nobody has (or that are not this operator's to see). */ unknown: z.array(z.string()),
    }),
    errors: ['tag_not_found', 'tag_not_manual'],
  },
  'POST /admin/tags/:tagId/removals': {
    summary: '从一批会员身上摘下标签',
    allow: 'tag:write',
    input: z.strictObject({ tagId: id, memberIds: z.array(id).min(1).max(500) }),
    output: z.object({ removed: z.int() }),
    errors: ['tag_not_found', 'tag_not_manual'],
  },
  'GET /admin/members/:memberId/tags': {
    summary: '会员的标签、来源和时间，以及所在的人群',
    allow: 'member:read',
    input: z.strictObject({ memberId: id }),
    output: z.object({
      tags: z.array(
        z.object({
          id,
          name: z.string(),
          category: z.string(),
          color: z.string(),
          kind: z.enum(['manual', 'rule', 'model', 'imported']),
          taggedAt: time,
        }),
      ),
      segments: z.array(z.object({ id, name: z.string(), enteredAt: time })),
    }),
    errors: ['member_not_found'],
  },
})
