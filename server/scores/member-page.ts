import type { Output } from '../../shared/contract'
import { formatYuan } from '../../shared/money'
import {
  type ChurnBand,
  churnBandWords,
  churnReasonWords,
  type RfmCode,
  rfmWords,
  type StageCode,
  stageWords,
} from '../../shared/score-words'
import { civilDay, daysBetween } from '../../shared/time'
import type { Reader } from '../db/transaction'
import type { OperatorActor } from '../http/actor'
import { couponFigures, memberInScope } from '../insights/service'
import type { MemberForecast, MemberScore } from './entity'
import { freshnessOf } from './freshness'
import { forecastOf, groupsNow, historyOfMember, scoreOf } from './queries'
import { suggestionsFor } from './suggestion-rules'

type Page = Output<'GET /admin/members/:memberId/scores'>
type Reason = NonNullable<Page['churn']>['reasons'][number]

/** `code:value:sign` joined by `|`, as the forecast stores them, in words. */
const churnReasons = (stored: string | null): Reason[] =>
  (stored ?? '').split('|').flatMap((part) => {
    const [code, value, sign] = part.split(':')
    const word = churnReasonWords[code]
    return word ? [{ sign: sign === '+' ? ('+' as const) : ('-' as const), text: word(Number(value)) }] : []
  })

const rfmReasons = (s: MemberScore, today: string): Reason[] => {
  const sign = (score: number): Reason['sign'] => (score >= 4 ? '+' : score >= 3 ? '±' : '-')
  return [
    { sign: sign(s.r), text: s.lastDay ? `${daysBetween(s.lastDay, today)} 天前消费` : '没有消费' },
    { sign: sign(s.f), text: `共 ${s.purchases} 单` },
    { sign: sign(s.m), text: `累计 ${formatYuan(s.spendFen)}` },
  ]
}

const stageOf = (s: MemberScore, today: string): Page['stage'] => {
  const code = s.stage as StageCode
  return {
    code,
    ...stageWords[code],
    since: s.stageSince,
    days: Math.max(0, daysBetween(s.stageSince, today)),
    previous: s.previousStage && stageWords[s.previousStage as StageCode].name,
    dormantOn: s.dormantOn,
    lostOn: s.lostOn,
  }
}

const rfmOf = (s: MemberScore, today: string): Page['rfm'] => {
  const code = s.rfm as RfmCode
  const { name, explanation } = rfmWords[code]
  return { code, name, explanation, r: s.r, f: s.f, m: s.m, reasons: s.r ? rfmReasons(s, today) : [] }
}

const clvView = (f: MemberForecast, s: MemberScore | null): Page['value'] =>
  f.clvFen === null
    ? null
    : {
        fen: f.clvFen,
        lowFen: f.clvLowFen ?? f.clvFen,
        highFen: f.clvHighFen ?? f.clvFen,
        rankBp: f.clvRankBp ?? 10_000,
        reasons: [
          ...(s?.purchases
            ? [{ sign: '+' as const, text: `平均每单 ${formatYuan(Math.round(s.spendFen / s.purchases))}` }]
            : []),
          ...(f.buys90Milli === null
            ? []
            : [{ sign: '+' as const, text: `未来 90 天预计来 ${(f.buys90Milli / 1000).toFixed(1)} 次` }]),
          { sign: '±', text: `${formatYuan(f.clvLowFen ?? f.clvFen)} 到 ${formatYuan(f.clvHighFen ?? f.clvFen)}` },
        ],
      }

const nextOf = (f: MemberForecast, s: MemberScore | null, today: string): Page['next'] =>
  f.nextOn === null
    ? null
    : {
        on: f.nextOn,
        low: f.nextLow ?? f.nextOn,
        high: f.nextHigh ?? f.nextOn,
        days: daysBetween(today, f.nextOn),
        reasons: [
          ...(s?.intervalDays ? [{ sign: '+' as const, text: `本人平均间隔 ${s.intervalDays} 天` }] : []),
          ...(s?.lastDay ? [{ sign: '+' as const, text: `上次消费 ${s.lastDay}` }] : []),
          { sign: '±', text: `八成把握在 ${f.nextLow ?? f.nextOn} 到 ${f.nextHigh ?? f.nextOn}` },
        ],
      }

/** A member's scores with their reasons, and what they suggest doing. */
export const memberScores = async (db: Reader, actor: OperatorActor, memberId: string, now: number): Promise<Page> => {
  const { member } = await memberInScope(db, actor, memberId)
  const today = civilDay(now)
  const [scored, forecast, s, f, groups, coupons] = await Promise.all([
    freshnessOf(db, 'stages', now),
    freshnessOf(db, 'forecasts', now),
    scoreOf(db, memberId),
    forecastOf(db, memberId),
    groupsNow(db),
    couponFigures(db, memberId, now),
  ])
  const group = groups.find((g) => f && g.groupNo === f.groupNo)
  return {
    scored,
    forecast,
    stage: s && stageOf(s, today),
    rfm: s && rfmOf(s, today),
    churn:
      f && f.churnBp !== null
        ? {
            bp: f.churnBp,
            band: f.churnBand as ChurnBand,
            bandName: churnBandWords[f.churnBand as ChurnBand],
            reasons: churnReasons(f.churnReasons),
          }
        : null,
    value: f && clvView(f, s),
    next: f && nextOf(f, s, today),
    group: group ? { no: group.groupNo, name: group.name, explanation: group.explanation } : null,
    suggestions: s
      ? suggestionsFor({
          stage: s.stage as StageCode,
          band: (f?.churnBand as ChurnBand | null | undefined) ?? null,
          churnBp: f?.churnBp ?? null,
          clvRankBp: f?.clvRankBp ?? null,
          daysToDormant: s.dormantOn ? daysBetween(today, s.dormantOn) : null,
          daysOverdue: f?.nextHigh ? daysBetween(f.nextHigh, today) : null,
          couponsHeld: coupons.held,
          personalised: member.personalised === 1,
        })
      : [],
  }
}

/** How a member's scores changed. */
export const memberScoreHistory = async (
  db: Reader,
  actor: OperatorActor,
  memberId: string,
  limit: number,
): Promise<Output<'GET /admin/members/:memberId/score-history'>> => {
  await memberInScope(db, actor, memberId)
  const rows = await historyOfMember(db, memberId, limit)
  return {
    items: rows.map((row) => ({
      onDay: row.onDay,
      stage: row.stage as StageCode,
      stageName: stageWords[row.stage as StageCode].name,
      rfm: row.rfm as RfmCode,
      rfmName: rfmWords[row.rfm as RfmCode].name,
      churnBp: row.churnBp,
      clvFen: row.clvFen,
    })),
  }
}
