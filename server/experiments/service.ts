import type { Output, Parsed } from '../../shared/contract'
import type { Reader } from '../db/transaction'
import { campaignsBegun, journeysWithMembers, splitsOf } from './facts'
import { detectableLift, membersFor } from './statistics/samples'

export { campaignReport, journeyReport, splitReport } from './report'
export { assign, globalHoldoutSalt, isHeld, placeOf } from './rules'
export { changeSettings, settingsOf } from './settings'

/** Journeys and campaigns that have begun, by how many members they treated and held back. */
export const listExperiments = async (db: Reader): Promise<Output<'GET /admin/experiments'>> => {
  const splits = await splitsOf(db)
  const counts = (row: { treated: number; held: number; firstAt: number }) => ({
    treated: Number(row.treated),
    held: Number(row.held),
    firstAt: Number(row.firstAt),
  })
  const journeys = (await journeysWithMembers(db)).map((row) => ({
    kind: 'journey' as const,
    id: row.id,
    name: row.name,
    ...counts(row),
    splits: splits.filter((s) => s.journeyId === row.id).map((s) => ({ nodeId: s.nodeId, arms: Number(s.arms) })),
  }))
  const campaigns = (await campaignsBegun(db)).map((row) => ({
    kind: 'campaign' as const,
    id: row.id,
    name: row.name,
    ...counts(row),
    splits: [],
  }))
  return { items: [...journeys, ...campaigns].sort((a, b) => b.firstAt - a.firstAt) }
}

/** How many members a test takes, or how small a lift the members there are can show. */
export const planPower = ({
  baselineBp,
  liftPercent,
  holdoutPercent,
  powerPercent,
  alphaPercent,
  members,
}: Parsed<'GET /admin/experiments/power'>): Output<'GET /admin/experiments/power'> => {
  const mean = baselineBp / 10_000
  const plan = {
    mean,
    variance: mean * (1 - mean),
    alpha: alphaPercent / 100,
    power: powerPercent / 100,
    ratio: (100 - holdoutPercent) / holdoutPercent,
  }
  const lift = liftPercent / 100
  const possible = mean * (1 + lift) < 1
  const held = possible ? membersFor(plan, lift, true) : 0
  const all = Math.ceil(held * (1 + plan.ratio))
  const detectable = members ? detectableLift(plan, Math.max(1, (members * holdoutPercent) / 100)) : null
  const words = [
    possible
      ? `要看出 ${baselineBp / 100}% 提升 ${liftPercent}%，共需约 ${all} 人，其中对照组 ${held} 人`
      : `${baselineBp / 100}% 提升 ${liftPercent}% 会超过 100%，不可能`,
    detectable === null ? '' : `现有 ${members} 人能看出的最小提升约 ${(detectable * 100).toFixed(1)}%`,
  ]
  return {
    members: all,
    heldMembers: held,
    detectableLift: detectable,
    sentence: words.filter(Boolean).join('；'),
  }
}
