import type { Output } from '../../shared/contract'
import { bind } from '../http/bind'
import { requireMember } from '../members/service'
import {
  countTree,
  createSegment,
  createTag,
  deleteSegment,
  deleteTag,
  fieldOptions,
  fieldsView,
  listSegments,
  listSnapshots,
  listTags,
  membersOfTag,
  overlapOf,
  previewTree,
  refreshSegment,
  segmentEvents,
  segmentMembers,
  showSegment,
  snapshotMembers,
  tagMembers,
  tagsOfMember,
  takeSnapshot,
  untagMembers,
  updateSegment,
  updateTag,
} from './service'

export const segmentsRoutes = [
  bind('GET /admin/segment-fields', ({ tx }) => fieldsView(tx)),
  bind('GET /admin/segment-fields/:field/options', ({ tx, input }) => fieldOptions(tx, input)),
  // These read for a second and write nothing, so they do it before a transaction is opened.
  bind<'POST /admin/segments/count', Output<'POST /admin/segments/count'>>(
    'POST /admin/segments/count',
    async ({ fetched }) => fetched,
    ({ deps, actor, input, now }) => countTree(deps, actor, input.tree, now),
  ),
  bind<'POST /admin/segments/preview', Output<'POST /admin/segments/preview'>>(
    'POST /admin/segments/preview',
    async ({ fetched }) => fetched,
    ({ deps, actor, input, now }) => previewTree(deps, actor, input, now),
  ),
  bind<'POST /admin/segments/overlap', Output<'POST /admin/segments/overlap'>>(
    'POST /admin/segments/overlap',
    async ({ fetched }) => fetched,
    ({ deps, actor, input, now }) => overlapOf(deps, actor, input, now),
  ),
  bind('GET /admin/segments', ({ tx, input }) => listSegments(tx, input)),
  bind('POST /admin/segments', ({ tx, deps, actor, input, now }) =>
    createSegment(tx, deps.keys, input, { operatorId: actor.operatorId, now }),
  ),
  bind('GET /admin/segments/:segmentId', ({ tx, input }) => showSegment(tx, input.segmentId)),
  bind('PATCH /admin/segments/:segmentId', ({ tx, deps, input, now }) => updateSegment(tx, deps.keys, input, now)),
  bind('DELETE /admin/segments/:segmentId', ({ tx, input }) => deleteSegment(tx, input)),
  bind('POST /admin/segments/:segmentId/refresh', ({ tx, deps, input, now }) =>
    refreshSegment(tx, deps.keys, input.segmentId, now),
  ),
  bind('GET /admin/segments/:segmentId/members', ({ tx, deps, actor, input, now }) =>
    segmentMembers(tx, deps, actor, input, now),
  ),
  bind('GET /admin/segments/:segmentId/events', ({ tx, deps, actor, input }) => segmentEvents(tx, deps, actor, input)),
  bind('GET /admin/segments/:segmentId/snapshots', ({ tx, input }) => listSnapshots(tx, input)),
  bind('POST /admin/segments/:segmentId/snapshots', ({ tx, deps, actor, input, now }) =>
    takeSnapshot(tx, deps, input, { operatorId: actor.operatorId, now }),
  ),
  bind('GET /admin/segment-snapshots/:snapshotId/members', ({ tx, deps, actor, input }) =>
    snapshotMembers(tx, deps, actor, input),
  ),
  bind('GET /admin/tags', ({ tx, input }) => listTags(tx, input)),
  bind('POST /admin/tags', ({ tx, deps, actor, input, now }) =>
    createTag(tx, deps.keys, input, { operatorId: actor.operatorId, now }),
  ),
  bind('PATCH /admin/tags/:tagId', ({ tx, deps, input, now }) => updateTag(tx, deps.keys, input, now)),
  bind('DELETE /admin/tags/:tagId', ({ tx, input }) => deleteTag(tx, input)),
  bind('GET /admin/tags/:tagId/members', ({ tx, deps, actor, input }) => membersOfTag(tx, deps, actor, input)),
  bind('POST /admin/tags/:tagId/members', ({ tx, actor, input, now }) => tagMembers(tx, actor, input, now)),
  bind('POST /admin/tags/:tagId/removals', ({ tx, actor, input }) => untagMembers(tx, actor, input)),
  bind('GET /admin/members/:memberId/tags', async ({ tx, input }) => {
    await requireMember(tx, input.memberId)
    return tagsOfMember(tx, input.memberId)
  }),
]
