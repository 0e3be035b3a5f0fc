import type { Output } from '../../shared/contract'
import type { RecommendationRule } from './entity'

type View = Output<'POST /admin/recommendation-rules'>

const slotNames: Record<string, string> = {
  home: '首页',
  discover: '新品发现',
  again: '常买',
  coupons: '券',
  rewards: '礼品',
}

/** A rule as operators read it. */
export const ruleView = (r: RecommendationRule, targetName: string, storeName: string | null): View => {
  const where = `${storeName ? `在${storeName}` : ''}${r.slot ? `${slotNames[r.slot] ?? r.slot}位` : '所有推荐位'}`
  const what = r.scope === 'category' ? `“${targetName}”品类` : `“${targetName}”`
  const sentence =
    r.kind === 'exclude'
      ? `${where}不推${what}`
      : r.kind === 'pin'
        ? `${where}第 ${r.place} 位固定放${what}`
        : `${where}里${what}的分数${(r.percent ?? 0) > 0 ? '加' : '减'} ${Math.abs(r.percent ?? 0)}%`
  return {
    id: r.id,
    kind: r.kind as View['kind'],
    scope: r.scope as View['scope'],
    target: r.target,
    slot: r.slot as View['slot'],
    storeId: r.storeId,
    percent: r.percent,
    place: r.place,
    fromAt: r.fromAt,
    untilAt: r.untilAt,
    note: r.note,
    targetName,
    storeName,
    active: r.active === 1,
    createdAt: r.createdAt,
    sentence,
  }
}
