import 'reflect-metadata'
import type { Env } from '../../config/env'
import { AssistantMessage, Conversation, Faq } from '../assistant/entity'
import { Banner, BannerEvent, Campaign, CareGift, GiftMemory } from '../campaigns/entity'
import { Checkin, CheckinAccount, CheckinPlan } from '../checkins/entity'
import { MediaCheck, Post, PostLike, PostReport, PostReward } from '../community/entity'
import { Coupon, CouponEvent, CouponGift, CouponTemplate } from '../coupons/entity'
import {
  Annotation,
  DashCell,
  DashCoupon,
  DashDay,
  DashHour,
  DashState,
  DashTap,
  DashTarget,
  Funnel,
  FunnelMember,
} from '../dashboards/entity'
import { ExperimentSetting } from '../experiments/entity'
import { Complaint, ComplaintReply, NpsAnswer, NpsTurn, Satisfaction } from '../feedback/entity'
import { Idempotency } from '../http/idempotency.entity'
import { Upload } from '../http/upload.entity'
import { Interaction } from '../interactions/entity'
import { JobRun } from '../jobs/job-run.entity'
import { Journey, JourneyCursor, JourneyRun, JourneyStep, JourneyVersion, StaffTask } from '../journeys/entity'
import { CodeHandle, CodeRefusal, CodeUse, Member, MemberIdentity, Scan, SmsCode } from '../members/entity'
import {
  Message,
  MessageContact,
  MessageEndpoint,
  MessagePreference,
  MessageRate,
  MessageSettings,
  MessageTemplate,
  SharedValue,
  SubscribeGrant,
} from '../messages/entity'
import { Attempt, Audit, Brand, BrandGroup, Operator, OperatorStore, Session, Store } from '../operators/entity'
import { PointsAccount, PointsEntry, PointsLot, PointsLotMove, PointsReversal, PointsTransfer } from '../points/entity'
import { Cancellation, Consent, DataExport, DataExportPart } from '../privacy/entity'
import { MemberInterest, ProfilePlan, ProfileReward } from '../profiles/entity'
import { MemberStats, OfflineConflict, Product, Purchase, PurchaseLine, Refund, RefundLine } from '../purchases/entity'
import {
  RecommendationCursor,
  RecommendationDay,
  RecommendationEvent,
  RecommendationHistory,
  RecommendationItem,
  RecommendationModel,
  RecommendationPair,
  RecommendationRule,
  RecommendationSetting,
} from '../recommendations/entity'
import { Referral, ReferralCode, ReferralPlan } from '../referrals/entity'
import { Reward, RewardEvent, RewardOrder, RewardPayment } from '../rewards/entity'
import {
  DataAlarm,
  DataCheck,
  GateDay,
  MemberFacts,
  MemberForecast,
  MemberScore,
  ModelCard,
  RfmCell,
  ScoreGroup,
  ScoreHistory,
  ScoreRun,
  ScoreSetting,
  ScoreSummary,
  StageChange,
  StageDay,
  StageMove,
} from '../scores/entity'
import {
  MemberTag,
  Segment,
  SegmentCategory,
  SegmentEvent,
  SegmentFact,
  SegmentMember,
  SegmentSize,
  SegmentSnapshot,
  SegmentSnapshotMember,
  SegmentUse,
  Tag,
} from '../segments/entity'
import { Shift } from '../shifts/entity'
import { GrowthAccount, GrowthEntry, Tier, TierChange } from '../tiers/entity'
import { openDialect } from './dialect'
import { migrations } from './migrations'
import { createDb, type Db } from './transaction'

/** Every table, by module from left to right. */
export const entities = [
  BrandGroup,
  Brand,
  Store,
  Operator,
  OperatorStore,
  Session,
  Attempt,
  Audit,
  Member,
  MemberIdentity,
  SmsCode,
  CodeHandle,
  CodeUse,
  CodeRefusal,
  Scan,
  Interaction,
  Message,
  SubscribeGrant,
  SharedValue,
  MessageTemplate,
  MessagePreference,
  MessageContact,
  MessageEndpoint,
  MessageSettings,
  MessageRate,
  PointsAccount,
  PointsEntry,
  PointsLot,
  PointsLotMove,
  PointsReversal,
  PointsTransfer,
  CouponTemplate,
  Coupon,
  CouponEvent,
  CouponGift,
  Reward,
  RewardOrder,
  RewardEvent,
  RewardPayment,
  Checkin,
  CheckinAccount,
  CheckinPlan,
  ProfileReward,
  MemberInterest,
  ProfilePlan,
  Tier,
  GrowthAccount,
  GrowthEntry,
  TierChange,
  MemberFacts,
  ScoreRun,
  MemberScore,
  MemberForecast,
  StageChange,
  StageDay,
  StageMove,
  RfmCell,
  ScoreHistory,
  ScoreGroup,
  ModelCard,
  DataCheck,
  GateDay,
  DataAlarm,
  ScoreSetting,
  ScoreSummary,
  CareGift,
  GiftMemory,
  Campaign,
  Banner,
  BannerEvent,
  Journey,
  JourneyVersion,
  JourneyRun,
  JourneyStep,
  JourneyCursor,
  StaffTask,
  Purchase,
  PurchaseLine,
  Refund,
  RefundLine,
  Product,
  MemberStats,
  OfflineConflict,
  Shift,
  ReferralCode,
  Referral,
  ReferralPlan,
  Post,
  PostLike,
  PostReport,
  PostReward,
  MediaCheck,
  NpsTurn,
  NpsAnswer,
  Satisfaction,
  Complaint,
  ComplaintReply,
  Faq,
  Conversation,
  AssistantMessage,
  Consent,
  DataExport,
  DataExportPart,
  Cancellation,
  SegmentFact,
  SegmentCategory,
  Segment,
  SegmentMember,
  SegmentEvent,
  SegmentSize,
  SegmentSnapshot,
  SegmentSnapshotMember,
  SegmentUse,
  Tag,
  MemberTag,
  RecommendationItem,
  RecommendationPair,
  RecommendationHistory,
  RecommendationCursor,
  RecommendationModel,
  RecommendationRule,
  RecommendationSetting,
  RecommendationEvent,
  RecommendationDay,
  ExperimentSetting,
  DashDay,
  DashHour,
  DashCoupon,
  DashTap,
  DashTarget,
  DashCell,
  DashState,
  Annotation,
  Funnel,
  FunnelMember,
  JobRun,
  Idempotency,
  Upload,
]

/** Opens the database of the settings, without touching its schema. */
export const openDb = async (env: Env): Promise<Db> => createDb(await openDialect(env, { entities, migrations }))

/** Brings the schema up to date; answers the names of the migrations that ran. A second caller waits or finds nothing to do. */
export const migrate = async (db: Db): Promise<string[]> => {
  const ran = await db.dialect.alone(() =>
    db.dialect.writer.runMigrations({ transaction: db.kind === 'sqlite' ? 'each' : 'none' }),
  )
  return ran.map((m) => m.name)
}
