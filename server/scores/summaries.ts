import type { Output } from '../../shared/contract'
import { formatYuan } from '../../shared/money'
import {
  type ModelCode,
  modelCodes,
  modelWords,
  type StageCode,
  stageCodes,
  stageWords,
} from '../../shared/score-words'
import { addDays, startOfDay } from '../../shared/time'
import type { Reader } from '../db/transaction'
import { describeShares, difference, restsOn, type Sums } from './benefit-rules'
import {
  costOf,
  couponsGiven,
  couponsLapsed,
  couponsUsed,
  effectOf,
  marginPercent,
  outreaches,
  purchasesBySource,
  rewardsTaken,
  stagesOfUsers,
} from './summary-facts'
import type { Upsert } from './work'

type RewardMix = Output<'GET /admin/scores/reward-mix'>['rewards']
type Stores = Pick<Output<'GET /admin/scores/stores'>, 'stores' | 'channels'>
type Benefit = Output<'GET /admin/scores/benefit'>['models']
/** What the nightly sums hold, by key. */
export interface Summaries {
  'reward-mix': RewardMix
  stores: Stores
  benefit: Benefit
}

/** How far back the sums look. */
export const summaryDays = 180

const bp = (part: number, of: number): number | null => (of ? Math.round((part / of) * 10_000) : null)

const rewardMix = async (db: Reader, onDay: string, now: number): Promise<RewardMix> => {
  const from = addDays(onDay, -summaryDays)
  const since = startOfDay(from)
  const given = await couponsGiven(db, from)
  const [used, lapsed, stages, rewards] = [
    await couponsUsed(db, from, now),
    await couponsLapsed(db, since, now),
    await stagesOfUsers(db, from),
    await rewardsTaken(db, since, now),
  ]
  const coupons = given.map(({ key, name, granted }) => {
    const u = used.find((row) => row.key === key)
    const l = lapsed.find((row) => row.key === key)
    return {
      kind: 'coupon' as const,
      id: key,
      name,
      granted,
      used: u?.used ?? 0,
      savedFen: u?.savedFen ?? 0,
      points: 0,
      returnedUsedBp: bp(u?.returned ?? 0, u?.matured ?? 0),
      returnedUnusedBp: bp(l?.returned ?? 0, l?.matured ?? 0),
      difference: describeShares(
        { of: u?.matured ?? 0, yes: u?.returned ?? 0 },
        { of: l?.matured ?? 0, yes: l?.returned ?? 0 },
      ),
      stages: stageCodes.flatMap((code) => {
        const row = stages.find((s) => s.key === key && s.stage === code)
        return row ? [{ code, name: stageWords[code].name, used: row.members }] : []
      }),
    }
  })
  return [
    ...coupons.filter((c) => c.granted || c.used),
    ...rewards.map((r) => ({
      kind: 'reward' as const,
      id: r.key,
      name: r.name,
      granted: r.used,
      used: r.used,
      savedFen: 0,
      points: r.points,
      returnedUsedBp: bp(r.returned, r.matured),
      returnedUnusedBp: null,
      difference: '没有可比的人：不换的人也没有拿到过',
      stages: [],
    })),
  ].sort((a, b) => b.used - a.used)
}

const stores = async (db: Reader, onDay: string): Promise<Stores> => {
  const rows = await db.read<{
    storeId: string
    stage: string
    members: number
    spendFen: number
    clvFen: number | null
    churn: number | null
    known: number
    elsewhere: number
  }>(
    `SELECT f.topStoreId AS storeId, s.stage, COUNT(*) AS members, SUM(s.spendFen) AS spendFen, SUM(k.clvFen) AS clvFen,
       SUM(k.churnBp) AS churn, COUNT(k.churnBp) AS known, SUM(CASE WHEN f.stores > 1 THEN 1 ELSE 0 END) AS elsewhere
     FROM member_facts f JOIN member_score s ON s.memberId = f.memberId LEFT JOIN member_forecast k ON k.memberId = f.memberId
     WHERE f.topStoreId IS NOT NULL GROUP BY f.topStoreId, s.stage`,
  )
  const ids = [...new Set(rows.map((row) => row.storeId))]
  return {
    stores: ids
      .map((storeId) => {
        const mine = rows.filter((row) => row.storeId === storeId)
        const sum = (of: (row: (typeof rows)[number]) => number | null): number =>
          mine.reduce((all, row) => all + Number(of(row) ?? 0), 0)
        const members = sum((row) => row.members)
        const known = sum((row) => row.known)
        return {
          storeId,
          name: '',
          members,
          stages: Object.fromEntries(
            stageCodes.map((code) => [code, Number(mine.find((row) => row.stage === code)?.members ?? 0)]),
          ) as Record<StageCode, number>,
          spendFen: sum((row) => row.spendFen),
          clvFen: sum((row) => row.clvFen),
          churnBp: known ? Math.round(sum((row) => row.churn) / known) : null,
          alsoElsewhereBp: bp(
            sum((row) => row.elsewhere),
            members,
          ),
        }
      })
      .sort((a, b) => b.spendFen - a.spendFen),
    channels: (await purchasesBySource(db, addDays(onDay, -summaryDays))).map(({ key, ...row }) => ({
      code: key,
      ...row,
    })),
  }
}

/** A shop that has not said what it earns on its goods is reckoned with this margin. */
const usualMarginPercent = 40
/** What a contact is supposed to achieve where nothing was measured: so many more of a hundred come back. */
const supposedLiftPercent = 5

const benefitOf = async (db: Reader, model: ModelCode, now: number): Promise<Benefit[number]> => {
  const chosen: Sums = { members: 0, sum: 0, squares: 0 }
  const held: Sums = { members: 0, sum: 0, squares: 0 }
  const counted: Benefit[number]['counted'] = []
  let costFen = 0
  for (const outreach of await outreaches(db)) {
    if (!restsOn(model, outreach.text)) continue
    counted.push({ kind: outreach.kind, id: outreach.id, name: outreach.name })
    costFen += await costOf(db, outreach)
    for (const row of await effectOf(db, outreach, now)) {
      const side = row.held ? held : chosen
      side.members += row.members
      side.sum += row.spendFen
      side.squares += row.spendSquares
    }
  }
  const gain = difference(chosen, held)
  const percent = (await marginPercent(db)) ?? usualMarginPercent
  const perCost = chosen.members ? costFen / chosen.members : 0
  // The members a model would choose: for churn those likely to stay away, otherwise the upper half by value.
  const [typical] = await db.read<{ n: number; fen: number | null }>(
    `SELECT COUNT(*) AS n, AVG(CASE WHEN purchases > 0 THEN spendFen * 1.0 / purchases END) AS fen FROM member_score`,
  )
  const orderFen = Number(typical?.fen ?? 0)
  const breakEvenFen = gain
    ? Math.max(0, (gain.value * percent) / 100)
    : typical?.n
      ? (orderFen * percent * supposedLiftPercent) / 10_000
      : null
  const verdict = !chosen.members
    ? '还没有旅程或活动用它选过人并满 30 天，没有可报的收益'
    : !gain
      ? '没有留出对照组，无法判断'
      : gain.low > 0
        ? `每人多消费 ${formatYuan(Math.round(gain.value))}（95% 区间 ${formatYuan(Math.round(gain.low))} 到 ${formatYuan(Math.round(gain.high))}），每人成本 ${formatYuan(Math.round(perCost))}`
        : `没有结论：差别的 95% 区间 ${formatYuan(Math.round(gain.low))} 到 ${formatYuan(Math.round(gain.high))} 含 0`
  return {
    model,
    name: modelWords[model].name,
    chosen: chosen.members,
    heldOut: held.members,
    counted,
    perChosenFen: chosen.members ? chosen.sum / chosen.members : null,
    perHeldOutFen: held.members ? held.sum / held.members : null,
    gainFen: gain?.value ?? null,
    gainLowFen: gain?.low ?? null,
    gainHighFen: gain?.high ?? null,
    costFen,
    verdict,
    breakEvenFen,
    breakEven: gain
      ? `每人多消费 × 毛利率 ${percent}%：每触达一人的成本低于此数才划算`
      : `没有实测，按“多挽回 ${supposedLiftPercent}%”估：平均每单 ${formatYuan(Math.round(orderFen))} × ${supposedLiftPercent}% × 毛利率 ${percent}%，每触达一人的成本低于此数才可能划算`,
  }
}

const benefit = async (db: Reader, now: number): Promise<Benefit> => {
  const out: Benefit = []
  for (const model of modelCodes) out.push(await benefitOf(db, model, now))
  return out
}

/** Reckons all sums; they are kept as rows for pages that must answer at once. */
export const summaryRows = async (db: Reader, onDay: string, now: number): Promise<Upsert> => {
  const values: Summaries = {
    'reward-mix': await rewardMix(db, onDay, now),
    stores: await stores(db, onDay),
    benefit: await benefit(db, now),
  }
  return {
    table: 'score_summary',
    key: ['key', 'onDay'],
    update: ['value'],
    rows: Object.entries(values).map(([key, value]) => ({ key, onDay, value: JSON.stringify(value) })),
  }
}
