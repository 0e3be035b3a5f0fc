import type { Output, Parsed } from '../../shared/contract'
import { formatYuanShort } from '../../shared/money'
import {
  churnBands,
  churnBandWords,
  type RfmCode,
  rfmCodes,
  rfmWords,
  type StageCode,
  stageCodes,
  stageWords,
} from '../../shared/score-words'
import { addDays, civilDay } from '../../shared/time'
import type { Reader } from '../db/transaction'
import type { OperatorActor } from '../http/actor'
import { maskName } from '../mask'
import { cardsOf } from './facts'
import { freshnessOf, requireWholeGroup } from './freshness'
import { bandsNow, groupsNow, listByScore, rfmCells, segmentsNow, stageDays, stageMoves, stagesNow } from './queries'
import { rfmAxes } from './rfm-axes'
import { openAlarms, type Run, runsSince } from './runs'
import { settingsOf } from './settings'
import type { StageRules } from './stage-rules'

/** A run as pages show it. */
export const runView = ({ thresholds, settings, timings, ...run }: Run): Output<'GET /admin/scores'>['runs'][number] =>
  run

/** Whether scores are up to date, how many members stand where, and the latest runs. */
export const scoresOverview = async (
  db: Reader,
  actor: OperatorActor,
  now: number,
): Promise<Output<'GET /admin/scores'>> => {
  requireWholeGroup(actor)
  const [scored, forecast, alarms, stages, segments, bands, runs] = await Promise.all([
    freshnessOf(db, 'stages', now),
    freshnessOf(db, 'forecasts', now),
    openAlarms(db),
    stagesNow(db),
    segmentsNow(db),
    bandsNow(db),
    runsSince(db, addDays(civilDay(now), -30), 20),
  ])
  return {
    scored,
    forecast,
    openAlarms: alarms.length,
    stages: stageCodes.map((code) => {
      const row = stages.find((s) => s.stage === code)
      return { code, ...stageWords[code], members: row?.members ?? 0, spendFen: row?.spendFen ?? 0 }
    }),
    segments: rfmCodes.map((code) => {
      const row = segments.find((s) => s.rfm === code)
      return { code, ...rfmWords[code], members: Number(row?.members ?? 0), spendFen: Number(row?.spendFen ?? 0) }
    }),
    bands: churnBands.map((code) => {
      const row = bands.find((b) => b.band === code)
      return {
        code,
        name: churnBandWords[code],
        members: Number(row?.members ?? 0),
        clvFen: Number(row?.clvFen ?? 0),
      }
    }),
    runs: runs.map(runView),
  }
}

/** The grid of recency and frequency. */
export const rfmGrid = async (
  db: Reader,
  actor: OperatorActor,
  { method, onDay }: Parsed<'GET /admin/scores/rfm'>,
  now: number,
): Promise<Output<'GET /admin/scores/rfm'>> => {
  requireWholeGroup(actor)
  const [{ rfm }, found] = await Promise.all([settingsOf(db), rfmCells(db, method, onDay)])
  const axes = await rfmAxes(db, method, found.onDay ?? civilDay(now))
  const fixed = method === 'fixed'
  return {
    onDay: found.onDay,
    method,
    definition: fixed
      ? `按固定界限：最近消费 ${axes.recencyDays.join('、')} 天，消费次数 ${axes.purchases.join('、')} 次，消费额 ${rfm.spendFen.map(formatYuanShort).join('、')}`
      : '按本店会员分成五份：相同的值同一档，5 最好；界限在完整评分时重划',
    // Of the scores 1 to 5: the longest ago first.
    rows: [...axes.rows].reverse(),
    columns: axes.columns,
    limits: { recencyDays: axes.recencyDays, purchases: axes.purchases },
    cells: found.cells.map((c) => ({
      r: c.r,
      f: c.f,
      members: c.members,
      spendFen: c.spendFen,
      averageFen: c.purchases ? Math.round(c.spendFen / c.purchases) : 0,
    })),
  }
}

/** The groups found by K-means. */
export const groupsView = async (db: Reader, actor: OperatorActor): Promise<Output<'GET /admin/scores/groups'>> => {
  requireWholeGroup(actor)
  const groups = await groupsNow(db)
  return {
    onDay: groups[0]?.onDay ?? null,
    definition: '按最近消费、消费天数、每次金额和间隔自动聚成几群；名字取各群中心与全店平均差别最大的两项',
    groups: groups.map((g) => ({
      no: g.groupNo,
      name: g.name,
      explanation: g.explanation,
      members: g.members,
      spendFen: g.spendFen,
      centre: JSON.parse(g.centre),
    })),
  }
}

/** The definitions in force, in words. */
const definitionsOf = (r: StageRules): Record<StageCode, string> => ({
  new: '已入会，还没有消费过',
  active: `距上次消费不超过正常间隔：不足 ${r.intervalFromPurchaseDays} 个消费日的按 ${r.dormantDays} 天，之后按本人平均间隔的 ${r.dormantIntervals} 倍（${r.dormantMinDays} 到 ${r.dormantMaxDays} 天）`,
  loyal: `活跃，并且已有 ${r.loyalPurchaseDays} 个以上消费日`,
  dormant: '超过正常间隔，还没有到流失的天数',
  lost: `不足 ${r.intervalFromPurchaseDays} 个消费日的超过 ${r.lostDays} 天，之后超过本人平均间隔的 ${r.lostIntervals} 倍（${r.lostMinDays} 到 ${r.lostMaxDays} 天）`,
})

const defaultDays = 84

/** Members by stage over time and the moves between stages. */
export const stagesView = async (
  db: Reader,
  actor: OperatorActor,
  input: Parsed<'GET /admin/scores/stages'>,
  now: number,
): Promise<Output<'GET /admin/scores/stages'>> => {
  requireWholeGroup(actor)
  const to = input.to ?? civilDay(now)
  const from = input.from ?? addDays(to, -defaultDays)
  const [{ stages }, days, moves] = await Promise.all([
    settingsOf(db),
    stageDays(db, from, to),
    stageMoves(db, from, to),
  ])
  const texts = definitionsOf(stages)
  const out = new Map<string, number>()
  for (const m of moves) out.set(m.fromStage, (out.get(m.fromStage) ?? 0) + Number(m.members))
  const byDay = new Map<string, Record<StageCode, number>>()
  for (const row of days) {
    const counts = byDay.get(row.onDay) ?? { new: 0, active: 0, loyal: 0, dormant: 0, lost: 0 }
    counts[row.stage as StageCode] = row.members
    byDay.set(row.onDay, counts)
  }
  return {
    from,
    to,
    definition: stageCodes.map((code) => ({ code, name: stageWords[code].name, text: texts[code] })),
    series: [...byDay].map(([onDay, members]) => ({ onDay, members })),
    moves: moves.map((m) => ({
      from: m.fromStage as StageCode,
      to: m.toStage as StageCode,
      members: Number(m.members),
      shareBp: Math.round((Number(m.members) / (out.get(m.fromStage) ?? 1)) * 10_000),
    })),
  }
}

/** The members behind a number. */
export const scoredMembers = async (
  db: Reader,
  actor: OperatorActor,
  { cursor, limit, ...wanted }: Parsed<'GET /admin/scores/members'>,
): Promise<Output<'GET /admin/scores/members'>> => {
  requireWholeGroup(actor)
  const rows = await listByScore(db, wanted, cursor ?? '', limit + 1)
  const shown = rows.slice(0, limit)
  const cards = await cardsOf(
    db,
    shown.map((row) => row.memberId),
  )
  return {
    items: shown.map((row) => ({
      ...row,
      stage: row.stage as StageCode,
      rfm: row.rfm as RfmCode,
      cardNo: cards.get(row.memberId)?.cardNo ?? '',
      nameMasked: maskName(cards.get(row.memberId)?.name ?? ''),
    })),
    nextCursor: rows.length > limit ? (shown.at(-1)?.memberId ?? null) : null,
  }
}
