import type { MigrationInterface } from 'typeorm'
import { core } from './1763769600000-core'
import { scores } from './1763802000000-scores'
import { recommendations } from './1763803000000-recommendations'
import { segments } from './1763804000000-segments'
import { dashboards } from './1763804500000-dashboards'
import { care } from './1763805000000-care'
import { rewards } from './1763806000000-rewards'
import { checkins } from './1763806100000-checkins'
import { gifts } from './1763806200000-gifts'
import { shifts } from './1763806300000-shifts'
import { referrals } from './1763806400000-referrals'
import { community } from './1763807000000-community'
import { experiments } from './1763808000000-experiments'
import { scoreUpkeep } from './1763809000000-score-upkeep'
import { categoryBits } from './1763810000000-category-bits'
import { journeyOpening } from './1763812000000-journey-opening'
import { profiles } from './1763813000000-profiles'
import { returnLists } from './1763814000000-return-lists'

/** Every migration, oldest first; forward only. */
export const migrations: (new () => MigrationInterface)[] = [
  core,
  scores,
  recommendations,
  segments,
  dashboards,
  care,
  community,
  rewards,
  checkins,
  gifts,
  shifts,
  referrals,
  experiments,
  scoreUpkeep,
  categoryBits,
  journeyOpening,
  profiles,
  returnLists,
]
