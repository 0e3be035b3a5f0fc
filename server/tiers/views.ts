import type { Output } from '../../shared/contract'
import type { Tier, TierChange } from './entity'
import { type Level, tierPolicy } from './rules'

/** A level as members and operators see it. */
export const tierView = (t: Tier, members: number | null): Output<'GET /tiers'>['items'][number] => ({
  level: t.level,
  name: t.name,
  threshold: t.threshold,
  members,
  benefits: JSON.parse(t.benefits),
})

/** A move between levels with both names. */
export const changeView = (
  c: TierChange,
  levels: readonly Level[],
): Output<'GET /admin/members/:memberId/tier-changes'>['items'][number] => {
  const name = (level: number): string => levels.find((l) => l.level === level)?.name ?? `等级 ${level}`
  return {
    at: c.at,
    from: c.fromLevel === null ? null : name(c.fromLevel),
    to: name(c.toLevel),
    direction: c.direction as 'join' | 'up' | 'down' | 'keep',
    reason: c.reason,
    validUntil: c.validUntil,
  }
}

/** How growth works, for the tier page. */
export const growthRules = [
  { title: '消费得成长值', detail: `实付每 1 元得 ${tierPolicy.growthPerYuan} 成长值，退款会收回` },
  { title: '滚动计算', detail: `成长值自获得起 ${tierPolicy.windowDays} 天内有效，达到门槛立即升级` },
  {
    title: '保级',
    detail: `等级有效 ${tierPolicy.validDays} 天；到期时近 ${tierPolicy.windowDays} 天成长值仍达标则续一年，否则宽限 ${tierPolicy.graceDays} 天后降一级`,
  },
]
