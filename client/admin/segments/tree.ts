import type { Input, Output } from '@shared/contract'

/** The catalogue's fields and the tree the server takes. */
export type Field = Output<'GET /admin/segment-fields'>['fields'][number]
export type Op = Field['ops'][number]
export type Tree = Input<'POST /admin/segments/count'>['tree']
export type Join = Tree['join']

/** A condition while it is being written: a value may still be missing. `key` holds its place in the list of rows. */
export interface Leaf {
  key: number
  field: string
  op: Op['op']
  value?: string | number | boolean | string[] | number[]
  days?: number
  times?: number
}
/** A group while it is being written. */
export interface Branch {
  key: number
  join: Join
  of: Node[]
}
export type Node = Leaf | Branch

/** The root and three levels of groups below it; the fifth level are conditions only. */
export const MAX_DEPTH = 4
export const MAX_CHILDREN = 20
export const MAX_LEAVES = 60

export const joinWords: Record<Join, { short: string; long: string }> = {
  all: { short: '全部满足', long: '下面每一条都满足' },
  any: { short: '任一满足', long: '下面至少满足一条' },
  none: { short: '都不满足', long: '下面一条也不满足' },
}

let made = 0
const nextKey = (): number => {
  made += 1
  return made
}

export const isBranch = (node: Node): node is Branch => 'join' in node

/** A condition on a field with its first operator and nothing filled in; a yes-or-no field says yes. */
export const leafOf = (field: Field): Leaf => {
  const first = field.ops[0]
  return {
    key: nextKey(),
    field: field.field,
    op: first?.op ?? 'is',
    ...(field.type === 'yes_no' ? { value: true } : {}),
    ...(first?.needs.includes('days') && field.type !== 'event' ? { days: 30 } : {}),
  }
}
export const branchOf = (join: Join, of: Node[]): Branch => ({ key: nextKey(), join, of })

/** A saved tree made ready for editing. */
export const editable = (node: Tree | Tree['of'][number]): Node =>
  'join' in node
    ? { key: nextKey(), join: node.join, of: (node.of as Tree['of']).map(editable) }
    : { key: nextKey(), ...node }

const bare = (node: Node): unknown => {
  const { key: _key, ...rest } = node
  return isBranch(node) ? { join: node.join, of: node.of.map(bare) } : rest
}
/** The tree as the server takes it. */
export const treeOf = (root: Branch): Tree => bare(root) as Tree

export const countLeaves = (node: Node): number =>
  isBranch(node) ? node.of.reduce((sum, child) => sum + countLeaves(child), 0) : 1

/** Whether everything the operator asks for stands there; days and times of things done may stay open. */
const isFilled = (leaf: Leaf, fields: ReadonlyMap<string, Field>): boolean => {
  const field = fields.get(leaf.field)
  const op = field?.ops.find((known) => known.op === leaf.op)
  if (!field || !op) return false
  return op.needs.every((need) => {
    if (need === 'times') return true
    if (need === 'days') return field.type === 'event' || leaf.days !== undefined
    if (need === 'values') return Array.isArray(leaf.value) && leaf.value.length > 0
    if (need === 'range' || leaf.op === 'between') return Array.isArray(leaf.value) && leaf.value.length === 2
    return leaf.value !== undefined && leaf.value !== ''
  })
}

/** Whether the tree can be asked about: no empty group, no condition half written. */
export const isComplete = (node: Node, fields: ReadonlyMap<string, Field>): boolean =>
  isBranch(node) ? node.of.length > 0 && node.of.every((child) => isComplete(child, fields)) : isFilled(node, fields)

/** What a new tree begins with: one condition on purchases. */
export const firstTree = (fields: ReadonlyMap<string, Field>): Branch => {
  const field = fields.get('purchases') ?? [...fields.values()][0]
  return branchOf('all', field ? [leafOf(field)] : [])
}
