import { graphlib, layout } from '@dagrejs/dagre'
import { type JourneyDefinition, type JourneyNode, waysOf } from '@shared/journey'
import type { Edge, Node } from '@xyflow/react'
import type { Way } from './draft'

export const boxWidth = 232
export const boxHeight = 72
const endSize = 28
/** The trigger's place on the canvas; no node of a definition can be called so, for ':' is not allowed in their names. */
export const triggerId = ':trigger'

export type StepNode = Node<{ node: JourneyNode }, 'step'>
export type TriggerNode = Node<Record<string, never>, 'trigger'>
export type EndNode = Node<Record<string, never>, 'end'>
export type WayEdge = Edge<{ way: Way; label: string }, 'way'>

/** Where everything stands: the trigger on top, ways downwards, every open way with an end of its own. */
export function layOut(definition: JourneyDefinition): {
  nodes: (StepNode | TriggerNode | EndNode)[]
  edges: WayEdge[]
} {
  const graph = new graphlib.Graph()
  graph.setGraph({ rankdir: 'TB', nodesep: 36, ranksep: 64, marginx: 24, marginy: 24 })
  graph.setDefaultEdgeLabel(() => ({}))
  const known = new Set(definition.nodes.map((node) => node.id))
  graph.setNode(triggerId, { width: boxWidth, height: boxHeight })
  for (const { id } of definition.nodes) graph.setNode(id, { width: boxWidth, height: boxHeight })
  const edges: WayEdge[] = []
  const ends: string[] = []
  const link = (source: string, way: Way, to: string | null, label: string): void => {
    const id = `${source}:${way.field}`
    const open = to === null || !known.has(to)
    const target = open ? `${id}:end` : to
    if (open) {
      ends.push(target)
      graph.setNode(target, { width: endSize, height: endSize })
    }
    graph.setEdge(source, target)
    edges.push({ id, source, target, type: 'way', data: { way, label } })
  }
  link(triggerId, { nodeId: null, field: 'start' }, definition.start, '')
  for (const node of definition.nodes)
    for (const { field, label, to } of waysOf(node)) link(node.id, { nodeId: node.id, field }, to, label)
  layout(graph)
  const placeOf = (id: string, width: number, height: number) => {
    const { x, y } = graph.node(id) as { x: number; y: number }
    return { x: x - width / 2, y: y - height / 2 }
  }
  return {
    nodes: [
      { id: triggerId, type: 'trigger', position: placeOf(triggerId, boxWidth, boxHeight), data: {} },
      ...definition.nodes.map(
        (node): StepNode => ({
          id: node.id,
          type: 'step',
          position: placeOf(node.id, boxWidth, boxHeight),
          data: { node },
        }),
      ),
      ...ends.map((id): EndNode => ({ id, type: 'end', position: placeOf(id, endSize, endSize), data: {} })),
    ],
    edges,
  }
}
