import type { Output } from '../../shared/contract'
import { formatYuan } from '../../shared/money'
import {
  channelWords,
  type DaypartCode,
  daypartWords,
  payWords,
  type StageCode,
  stageWords,
} from '../../shared/score-words'
import { civilDay, daysBetween, describeMoment } from '../../shared/time'
import type { Reader } from '../db/transaction'
import type { Deps } from '../deps'
import type { OperatorActor } from '../http/actor'
import { memberInScope } from '../insights/service'
import { birthdayOf, phoneMaskedOf } from '../members/service'
import { allStores } from '../operators/service'
import type { MemberFacts, MemberForecast, MemberScore } from './entity'
import type { Share } from './profile-rules'
import { factsOf, forecastOf, scoreOf } from './queries'

type Profile = Output<'GET /admin/members/:memberId/profile'>
type Dimension = Profile['dimensions'][number]
type Line = Dimension['rows'][number]

const line = (label: string, value: string | null, explanation: string): Line => ({ label, value, explanation })
/** What a profile knows, as a share of what it could know. */
const dimension = (code: Dimension['code'], name: string, rows: Line[]): Dimension => ({
  code,
  name,
  completenessBp: Math.round((rows.filter((row) => row.value !== null).length / rows.length) * 10_000),
  rows,
})
const percent = (bp: number): string => `${Math.round(bp / 100)}%`
/** The largest shares in words; `unknown` is a key that says nothing and is left out. */
const shares = (json: string | undefined, nameOf: (key: string) => string, most = 2, unknown = ''): string | null => {
  const list = (JSON.parse(json ?? '[]') as Share[]).filter(({ key }) => key !== unknown)
  return list.length
    ? list
        .slice(0, most)
        .map(({ key, share }) => `${nameOf(key)} ${percent(share)}`)
        .join('，')
    : null
}

const genders: Record<string, string> = { female: '女', male: '男' }
const joinedBy: Record<string, string> = { wechat: '微信', phone: '手机号', staff: '店员办理', import: '历史导入' }

/** Payment as the till recorded it; where no purchase says how it was paid, the line says that rather than nothing. */
const payLine = (facts: MemberFacts | null): Line => {
  const known = shares(facts?.payShares, (key) => payWords[key] ?? key, 2, 'other')
  const silent = known === null && (facts?.payShares ?? '[]') !== '[]'
  return line(
    '支付',
    known,
    silent ? '消费里都没有记录支付方式：收银时选一下，或导入时带上，这里才看得出' : '收银时记录的支付方式，按消费笔数',
  )
}

const behaviour = (
  facts: MemberFacts | null,
  score: MemberScore | null,
  storeName: (id: string) => string,
  now: number,
) =>
  dimension('behaviour', '行为', [
    line('常去', shares(facts?.storeShares, storeName), '按消费笔数，占比最高的门店'),
    line(
      '时段',
      shares(facts?.daypartShares, (key) => daypartWords[key as DaypartCode].name),
      '按消费笔数，占比最高的时段',
    ),
    line(
      '频次',
      score?.intervalDays ? `约 ${score.intervalDays} 天一次` : null,
      '两次消费日之间的平均天数，至少要有两个消费日',
    ),
    payLine(facts),
    line(
      '渠道',
      shares(facts?.channelShares, (key) => channelWords[key] ?? `导入：${key}`),
      '消费从哪里录进来：收银员手录、收银系统推送或历史导入，按消费笔数',
    ),
    line(
      '最近互动',
      facts?.lastInteractionAt ? describeMoment(facts.lastInteractionAt, now) : null,
      '最近一次打开页面、领券等消费以外的动作',
    ),
  ])

const interest = (facts: MemberFacts | null) =>
  dimension('interest', '兴趣', [
    line(
      '品类',
      shares(facts?.categoryShares, (key) => key, 3),
      '按退款后的消费额，占比最高的品类',
    ),
    line(
      '价位',
      facts?.priceLowFen != null && facts.priceHighFen != null
        ? `${formatYuan(facts.priceLowFen)} 到 ${formatYuan(facts.priceHighFen)}`
        : null,
      '所买商品单价的中间一半',
    ),
    line('买过的商品', facts?.products ? `${facts.products} 种，${facts.categories} 个品类` : null, '退掉的不算'),
    line(
      '用券',
      facts?.couponsUsed ? `${facts.couponsUsed} 张，省 ${formatYuan(facts.couponSavedFen)}` : null,
      '已核销的券',
    ),
    line('用积分', facts?.pointsSpent ? `${facts.pointsSpent} 分` : null, '花掉的积分'),
  ])

const life = (score: MemberScore | null, forecast: MemberForecast | null, today: string) =>
  dimension('life', '生命周期', [
    line(
      '阶段',
      score &&
        `${stageWords[score.stage as StageCode].name}，已 ${Math.max(0, daysBetween(score.stageSince, today))} 天`,
      '按消费间隔的定义得出',
    ),
    line(
      '上次变化',
      score?.previousStage
        ? `${stageWords[score.previousStage as StageCode].name}转${stageWords[score.stage as StageCode].name}，${score.stageSince}`
        : null,
      '最近一次阶段变化',
    ),
    line('流失概率', forecast?.churnBp != null ? percent(forecast.churnBp) : null, '未来 90 天不再消费的可能'),
    line('下次购买', forecast?.nextOn ?? null, '按本人间隔估计'),
  ])

const social = (facts: MemberFacts | null, forecast: MemberForecast | null) =>
  dimension('social', '社交', [
    line('邀请', facts?.referrals ? `${facts.referrals} 人` : null, '邀请成功入会的好友'),
    line('分享', facts?.shares ? `${facts.shares} 次` : null, '分享给好友或晒单'),
    line('评价', facts?.reviews ? `${facts.reviews} 条` : null, '写过的评价'),
    line(
      '影响力',
      facts?.influence && forecast?.influenceRankBp != null
        ? `前 ${Math.max(1, Math.round(forecast.influenceRankBp / 100))}%`
        : null,
      '分享记 1，评价记 2，邀请成功记 5，按总分排名',
    ),
  ])

/** What is known of a member, in five dimensions, and how complete it is. */
export const memberProfile = async (
  db: Reader,
  deps: Deps,
  actor: OperatorActor,
  memberId: string,
  now: number,
): Promise<Profile> => {
  const { member } = await memberInScope(db, actor, memberId)
  const [facts, score, forecast, stores] = await Promise.all([
    factsOf(db, memberId),
    scoreOf(db, memberId),
    forecastOf(db, memberId),
    allStores(db),
  ])
  const storeName = (id: string): string => stores.find((s) => s.id === id)?.name ?? '已停用的门店'
  const birthday = birthdayOf(deps.keys, member)
  const dimensions = [
    dimension('basic', '基础', [
      line('性别', genders[member.gender] ?? null, '会员自己填写'),
      line(
        '生日',
        birthday && `${birthday.month}月${birthday.day}日，${birthday.calendar === 'solar' ? '公历' : '农历'}`,
        '只记月日',
      ),
      line('手机号', phoneMaskedOf(deps.keys, member), '加密保存，查看需权限并留痕'),
      line('入会', `${member.joinedOn}，${joinedBy[member.joinedBy] ?? member.joinedBy}`, '入会日期与方式'),
      line('入会门店', member.joinedStoreId && storeName(member.joinedStoreId), '办理入会的门店'),
    ]),
    behaviour(facts, score, storeName, now),
    interest(facts),
    life(score, forecast, civilDay(now)),
    social(facts, forecast),
  ]
  return {
    completenessBp: Math.round(dimensions.reduce((sum, d) => sum + d.completenessBp, 0) / dimensions.length),
    dimensions,
  }
}
