export { levelsOf, loadGrowth, writeGrowth } from './accounts'
export { defaultTiers, defineTiers, type TierDefinition } from './define'
export { changesOf, progressOf, tiersOf } from './queries'
export { expireGrowth, growthDue, type Reviewed, reviewDue, reviewTiers } from './review'
export {
  addGrowth,
  type Growth,
  groupTrack,
  growthFor,
  type Level,
  levelFor,
  takeBackGrowth,
  tierPolicy,
} from './rules'
