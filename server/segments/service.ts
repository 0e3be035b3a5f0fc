export { countCompiled, countTree } from './count'
export type { Tree } from './leaf-rules'
export {
  isMember,
  listSnapshots,
  membersAmong,
  membersOf,
  overlapOf,
  segmentCount,
  segmentEvents,
  segmentMembers,
  snapshotIds,
  snapshotMembers,
  takeSnapshot,
} from './members'
export { projectMembers } from './project'
export {
  type Card,
  cardPage,
  fieldOptions,
  fieldsView,
  idsOfCompiled,
  memberCards,
  previewTree,
  tagsOfMember,
} from './queries'
export { refreshSegment } from './refresh'
export { anyReturn, returnBit, returnMonths } from './return-bit-rules'
export type { Compiled } from './rules'
export { createSegment, deleteSegment, listSegments, showSegment, updateSegment } from './segments'
export { createTag, deleteTag, listTags, membersOfTag, tagMembers, untagMembers, updateTag } from './tags'
export { compileSegment, describeTree } from './terms'
export { holdSegment, releaseSegments } from './uses'
