import { nameGroups } from './group-names'
import type { History } from './history'
import type { Card } from './model-card'
import { chooseGroups, fitKMeans, type KMeans } from './models/kmeans'
import { isModelRefusal } from './models/refusal'
import type { Upsert } from './work'

/** The same members give the same groups. */
const groupsSeed = 20_261_122

/** Columns that members are grouped by; logarithms, as all are skewed. Order of groupDimensions. */
export const groupColumns = (h: History, today: number): Float64Array[] => {
  const columns = [0, 1, 2, 3].map(() => new Float64Array(h.members))
  for (let m = 0; m < h.members; m++) {
    const [a, b] = [h.start[m], h.start[m + 1]]
    let spent = 0
    for (let i = a; i < b; i++) spent += h.amount[i]
    const days = b - a
    const gap = days > 1 ? (h.day[b - 1] - h.day[a]) / (days - 1) : today - h.day[a]
    columns[0][m] = Math.log1p(Math.max(0, today - h.day[b - 1]))
    columns[1][m] = Math.log1p(days)
    columns[2][m] = Math.log1p(Math.max(0, spent / days))
    columns[3][m] = Math.log1p(Math.max(0, gap))
  }
  return columns
}

/** Chooses how many groups, and finds them; null where there are too few members. */
export const fitGroups = (columns: Float64Array[]): { model: KMeans | null; card: Card } => {
  const card: Card = {
    model: 'groups',
    used: 'too_little',
    method: '',
    verdict: '会员太少，暂不分群',
    figures: [],
    calibration: [],
    lift: [],
    protocol: '',
    limits: [],
    fitted: null,
  }
  if (columns[0].length < 100) return { model: null, card }
  try {
    const { groups, silhouettes } = chooseGroups(columns, { from: 3, to: 6, seed: groupsSeed })
    const model = fitKMeans(columns, { groups, seed: groupsSeed })
    const best = silhouettes.find((s) => s.groups === groups)?.silhouette ?? null
    return {
      model,
      card: {
        ...card,
        used: 'model',
        method: `K-means，${model.centres.length} 群`,
        verdict: `分成 ${model.centres.length} 群时各群最分明（轮廓系数 ${best?.toFixed(2)}）`,
        figures: silhouettes.map((s) => ({
          name: `分 ${s.groups} 群的轮廓系数`,
          value: s.silhouette,
          baseline: null,
          better: 'higher',
          explanation: '1 为各群完全分开，0 为混在一起；取最高的群数',
        })),
        protocol: '在抽样的会员上比较 3 到 6 群，取轮廓系数最高的；固定种子，同样的数据得到同样的群',
        limits: ['分群是描述，不是预测；群与群之间没有天然的界线'],
        fitted: JSON.stringify(model),
      },
    }
  } catch (error) {
    if (isModelRefusal(error)) return { model: null, card }
    throw error
  }
}

/** The rows that keep the groups of a day, with their sums. */
export const groupRows = (h: History, model: KMeans | null, groupOf: Uint8Array | null, onDay: string): Upsert => {
  const named = model ? nameGroups(model) : []
  const members = new Int32Array(named.length)
  const spend = new Float64Array(named.length)
  if (groupOf)
    for (let m = 0; m < h.members; m++) {
      members[groupOf[m]]++
      for (let i = h.start[m]; i < h.start[m + 1]; i++) spend[groupOf[m]] += h.amount[i]
    }
  return {
    table: 'score_group',
    key: ['onDay', 'groupNo'],
    update: [],
    rows: named.map((g, at) => ({
      onDay,
      groupNo: at + 1,
      name: g.name,
      explanation: g.explanation.slice(0, 190),
      members: members[at],
      spendFen: spend[at],
      centre: JSON.stringify(g.centre),
    })),
  }
}
