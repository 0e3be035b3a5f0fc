export { levelsOf, loadGrowth, writeGrowth } from './accounts'
export { changesOf, progressOf, tiersOf } from './queries'
export { expireGrowth, growthDue, reviewDue, type Reviewed, reviewTiers } from './review'
export { addGrowth, type Growth, groupTrack, growthFor, type Level, levelFor, takeBackGrowth, tierPolicy } from './rules'
