import { formatYuanShort } from '../../shared/money'
import { fieldOf } from './field-rules'
import { type Field, opWords } from './field-shape-rules'
import type { Leaf, Node, Tree } from './leaf-rules'
import { leavesOf } from './rules'

/** Names of what a tree refers to: `${choices}:${value}` -> what people call it. */
export type Names = ReadonlyMap<string, string>

const amountOf = (field: Field, value: unknown): string =>
  field.type === 'money' ? formatYuanShort(Number(value)) : `${value}${field.unit ?? ''}`

const nameOf = (field: Field, value: string, names: Names): string =>
  field.options?.find((o) => o.value === value)?.label ?? names.get(`${field.choices}:${value}`) ?? value

const listOf = (field: Field, leaf: Leaf, names: Names): string => {
  const values = Array.isArray(leaf.value) ? leaf.value.map((v) => nameOf(field, String(v), names)) : []
  return values.length > 4 ? `${values.slice(0, 3).join('、')}等 ${values.length} 项` : values.join('、')
}

const sentenceOfLeaf = (leaf: Leaf, names: Names): string => {
  const field = fieldOf(leaf.field)
  if (!field) return leaf.field
  const { label } = field
  const [from, to] = Array.isArray(leaf.value) ? leaf.value : []
  switch (leaf.op) {
    case 'eq':
      return `${label} = ${amountOf(field, leaf.value)}`
    case 'gte':
      return `${label} ≥ ${amountOf(field, leaf.value)}`
    case 'lte':
      return `${label} ≤ ${amountOf(field, leaf.value)}`
    case 'between':
      return field.type === 'day'
        ? `${label}在 ${from} 至 ${to}`
        : `${label}在 ${amountOf(field, from)} 到 ${amountOf(field, to)} 之间`
    case 'on_or_after':
      return `${label}不早于 ${leaf.value}`
    case 'on_or_before':
      return `${label}不晚于 ${leaf.value}`
    case 'within':
      return `${label}在最近 ${leaf.days} 天`
    case 'not_within':
      return `${label}早于最近 ${leaf.days} 天`
    case 'next':
      return `${label}在今后 ${leaf.days} 天`
    case 'none':
      return `从来没有${label}`
    case 'is':
      return leaf.value ? label : `没有${label}`
    case 'in':
      return `${label}是${listOf(field, leaf, names)}`
    case 'not_in':
      return `${label}不是${listOf(field, leaf, names)}`
    case 'did':
    case 'did_not': {
      const when = leaf.days ? `近 ${leaf.days} 天` : ''
      const often = (leaf.times ?? 1) > 1 ? `至少 ${leaf.times} 次` : ''
      return `${when}${leaf.op === 'did_not' ? '没有' : ''}${label}${listOf(field, leaf, names)}${often}`
    }
    default:
      return `${label}${opWords[leaf.op].label}：${listOf(field, leaf, names)}`
  }
}

/** A tree in words: 近 90 天消费金额 ≥ ¥500 且 标签含任意一个：香薰爱好者. */
export const sentenceOf = (tree: Tree, names: Names): string => {
  const say = (node: Node, outermost: boolean): string => {
    if (!('join' in node)) return sentenceOfLeaf(node, names)
    const parts = node.of.map((n) => say(n, false))
    const joined = parts.join(node.join === 'all' ? ' 且 ' : ' 或 ')
    if (node.join === 'none') return `不符合（${joined}）`
    return outermost || parts.length === 1 ? joined : `（${joined}）`
  }
  return say(tree as Node, true)
}

/** What a tree refers to by id, list by list, for looking the names up. */
export const refersTo = (tree: Tree): Map<string, string[]> => {
  const found = new Map<string, string[]>()
  for (const leaf of leavesOf(tree as Node)) {
    const choices = fieldOf(leaf.field)?.choices
    if (!choices || !Array.isArray(leaf.value)) continue
    found.set(choices, [...(found.get(choices) ?? []), ...leaf.value.map(String)])
  }
  return found
}
