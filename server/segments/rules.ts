import {
  type Bindable,
  type Branch,
  type Leaf,
  leafPart,
  type Node,
  type Part,
  segmentPolicy,
  type Terms,
  type Tree,
  wrong,
} from './leaf-rules'

/** A condition on the row `f` of segment_fact, with its bound values and what it refers to. */
export interface Compiled {
  text: string
  params: Bindable[]
  /** Whether it tells people apart by their behaviour. */
  profiling: boolean
  tags: string[]
  segments: string[]
}

const isBranch = (node: Node): node is Branch => 'join' in node

/** Every condition of a tree. */
export const leavesOf = (node: Node): Leaf[] => (isBranch(node) ? node.of.flatMap(leavesOf) : [node])

/**
 * Makes one SQL condition of a tree; everything a person typed is a bound value. Throws `invalid_input` that names the place in the tree
 * when a condition does not fit the catalogue.
 */
export const compileTree = (tree: Tree, t: Terms): Compiled => {
  if (leavesOf(tree as Node).length > segmentPolicy.maxLeaves)
    throw wrong('tree', `条件最多 ${segmentPolicy.maxLeaves} 个`)
  const compile = (node: Node, path: string): Compiled & Pick<Part, 'each' | 'plain' | 'short'> => {
    if (!isBranch(node)) {
      const { tags = [], segments = [], ...made } = leafPart(node, path, t)
      return { ...made, tags, segments }
    }
    const children = node.of.map((child, i) => compile(child, `${path}.of.${i}`))
    const all = node.join === 'all'
    const [thinned, few] = [all && children.some((c) => c.plain), all && children.some((c) => c.short)]
    // Plain columns first: they are compared where the row is. Then short lists; both leave fewer members to look up.
    const rank = (c: Pick<Part, 'plain' | 'short'>): number => (c.plain ? 0 : c.short ? 1 : 2)
    const parts = thinned || few ? [...children].sort((a, b) => rank(a) - rank(b)) : children
    const form = ({ text, each }: Pick<Part, 'text' | 'each'>): string =>
      each && (few || (thinned && each.cheap)) ? each.text : text
    const joined = parts.map(form).join(all ? ' AND ' : ' OR ')
    return {
      text: node.join === 'none' ? `(NOT (${joined}))` : `(${joined})`,
      params: parts.flatMap((p) => p.params),
      profiling: parts.some((p) => p.profiling),
      tags: [...new Set(parts.flatMap((p) => p.tags))],
      segments: [...new Set(parts.flatMap((p) => p.segments))],
    }
  }
  return compile(tree as Node, 'tree')
}
