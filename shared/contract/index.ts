import type { z } from 'zod'
import { assistant } from './assistant'
import { auth } from './auth'
import { banners } from './banners'
import { campaigns } from './campaigns'
import { checkins } from './checkins'
import { community } from './community'
import { couponGifts } from './coupon-gifts'
import { coupons } from './coupons'
import { dashboards } from './dashboards'
import { dataQuality } from './data-quality'
import { experiments } from './experiments'
import { feedback } from './feedback'
import { funnels } from './funnels'
import { journeys } from './journeys'
import { memberCode } from './member-code'
import { members } from './members'
import { membersAdmin } from './members-admin'
import { interactions, messages } from './messages'
import { modelCards } from './model-cards'
import { offline } from './offline'
import { jobs, operators } from './operators'
import { points } from './points'
import { privacy } from './privacy'
import { profiles } from './profiles'
import { purchases } from './purchases'
import { recommendations } from './recommendations'
import { referrals } from './referrals'
import { rewards } from './rewards'
import { rewardsAdmin } from './rewards-admin'
import { scores } from './scores'
import { segments } from './segments'
import { shifts } from './shifts'
import { tags } from './tags'
import { tiers } from './tiers'
import { transfers } from './transfers'

/** The whole API: every key is a method and a path below /api. */
export const contract = {
  ...auth,
  ...members,
  ...membersAdmin,
  ...memberCode,
  ...points,
  ...transfers,
  ...tiers,
  ...coupons,
  ...couponGifts,
  ...rewards,
  ...rewardsAdmin,
  ...checkins,
  ...profiles,
  ...recommendations,
  ...purchases,
  ...offline,
  ...shifts,
  ...referrals,
  ...interactions,
  ...campaigns,
  ...banners,
  ...journeys,
  ...messages,
  ...operators,
  ...community,
  ...feedback,
  ...assistant,
  ...privacy,
  ...experiments,
  ...scores,
  ...dataQuality,
  ...modelCards,
  ...segments,
  ...tags,
  ...dashboards,
  ...funnels,
  ...jobs,
}

export type Contract = typeof contract
export type Key = keyof Contract
/** What a caller passes: path parameters and query or body together. */
export type Input<K extends Key> = z.input<Contract[K]['input']>
/** What a handler receives: validated, with defaults filled in. */
export type Parsed<K extends Key> = z.output<Contract[K]['input']>
/** What comes back. */
export type Output<K extends Key> = z.output<Contract[K]['output']>
