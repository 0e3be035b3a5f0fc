import type { KMeans } from './models/kmeans'

/** What a group's centre is made of, in the order of the columns; `low` and `high` are what a person calls either end. */
export const groupDimensions = [
  { code: 'recency', name: '距上次消费', unit: '天', low: '近期来过', high: '久未再来' },
  { code: 'frequency', name: '消费天数', unit: '天', low: '次数少', high: '来得勤' },
  { code: 'amount', name: '每次金额', unit: '元', low: '每次花得少', high: '每次花得多' },
  { code: 'gap', name: '消费间隔', unit: '天', low: '间隔短', high: '间隔长' },
] as const

/** A group in words. */
export interface NamedGroup {
  name: string
  explanation: string
  centre: { name: string; value: number; unit: string; usual: number }[]
}

const said = (value: number): number => (value >= 100 ? Math.round(value) : Math.round(value * 10) / 10)

/**
 * Names groups by the two columns in which their centres differ most from the shop's mean, in standard deviations; where two groups would
 * be called the same, a third column tells them apart. Columns are logarithms (ln(1 + x)); amounts in fen.
 */
export const nameGroups = (model: KMeans): NamedGroup[] => {
  const plain = (column: number, value: number): number =>
    Math.expm1(value) / (groupDimensions[column].code === 'amount' ? 100 : 1)
  const taken = new Set<string>()
  return model.centres.map((centre) => {
    const strength = centre
      .map((value, column) => ({
        column,
        z: model.deviations[column] ? (value - model.means[column]) / model.deviations[column] : 0,
      }))
      .sort((a, b) => Math.abs(b.z) - Math.abs(a.z))
    const words = strength.map(({ column, z }) => groupDimensions[column][z < 0 ? 'low' : 'high'])
    // Who differs in nothing by a third of a deviation is the middle of the shop.
    let name = Math.abs(strength[0].z) < 1 / 3 ? '中间的多数' : words.slice(0, 2).join('、')
    for (let more = 3; taken.has(name) && more <= words.length; more++) name = words.slice(0, more).join('、')
    for (let n = 2; taken.has(name); n++) name = `${words.join('、')} ${n}`
    taken.add(name)
    const values = centre.map((value, column) => ({
      name: groupDimensions[column].name,
      value: said(plain(column, value)),
      unit: groupDimensions[column].unit,
      usual: said(plain(column, model.means[column])),
    }))
    return {
      name,
      explanation: values.map((v) => `${v.name}约 ${v.value} ${v.unit}（全店 ${v.usual}）`).join('，'),
      centre: values,
    }
  })
}
