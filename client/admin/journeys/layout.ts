import { graphlib, layout } from '@dagrejs/dagre'
import { type JourneyDefinition, type JourneyNode, waysOf } from '@shared/journey'
import type { Edge, Node } from '@xyflow/react'
import type { Way } from './draft'

export const boxWidth = 232
export const boxHeight = 72
const endSize = 28
/** The trigger's place on the canvas; no node of a definition can be called so, for ':' is not allowed in their names. */
export const triggerId = ':trigger'

/** Where a way leaves a box: `left` is its share of the box's width. */
export interface Port {
  field: string
  label: string
  left: number
}
export type StepNode = Node<{ node: JourneyNode; ports: Port[] }, 'step'>
export type TriggerNode = Node<Record<string, never>, 'trigger'>
export type EndNode = Node<Record<string, never>, 'end'>
export type WayEdge = Edge<{ way: Way; label: string; shared: boolean }, 'way'>
/** Where a way may be grasped on the canvas, in its own coordinates. */
export interface Anchor {
  id: string
  way: Way
  x: number
  y: number
}
export interface Drawn {
  nodes: (StepNode | TriggerNode | EndNode)[]
  edges: WayEdge[]
  anchors: Anchor[]
}

/** The way that leaves a box of the canvas by a port. */
export const wayOf = (boxId: string, port: string): Way => ({
  nodeId: boxId === triggerId ? null : boxId,
  field: port,
})

/** The node that a box stands for; null for an end. */
export const targetOf = (definition: JourneyDefinition, boxId: string): string | null =>
  definition.nodes.some((node) => node.id === boxId) ? boxId : null

/** Where everything stands: the trigger on top, ways downwards, every open way with an end of its own. */
export function layOut(definition: JourneyDefinition): Drawn {
  const graph = new graphlib.Graph()
  graph.setGraph({ rankdir: 'TB', nodesep: 36, ranksep: 68, marginx: 24, marginy: 24 })
  graph.setDefaultEdgeLabel(() => ({}))
  const known = new Set(definition.nodes.map((node) => node.id))
  graph.setNode(triggerId, { width: boxWidth, height: boxHeight })
  for (const { id } of definition.nodes) graph.setNode(id, { width: boxWidth, height: boxHeight })
  const links: { id: string; source: string; target: string; way: Way; label: string }[] = []
  const ends: string[] = []
  const link = (source: string, field: string, to: string | null, label: string): void => {
    const id = `${source}:${field}`
    const open = to === null || !known.has(to)
    const target = open ? `${id}:end` : to
    if (open) {
      ends.push(target)
      graph.setNode(target, { width: endSize, height: endSize })
    }
    graph.setEdge(source, target)
    links.push({ id, source, target, way: wayOf(source, field), label })
  }
  link(triggerId, 'start', definition.start, '')
  for (const node of definition.nodes) for (const { field, label, to } of waysOf(node)) link(node.id, field, to, label)
  layout(graph)
  const centre = (id: string) => graph.node(id) as { x: number; y: number }
  const placeOf = (id: string, width: number, height: number) => {
    const { x, y } = centre(id)
    return { x: x - width / 2, y: y - height / 2 }
  }
  // Ways leave a box in the order in which their targets stand, so that they do not cross.
  const portsOf = (id: string): Port[] => {
    const mine = links.filter((one) => one.source === id)
    const order = mine.toSorted((a, b) => centre(a.target).x - centre(b.target).x)
    return mine.map(({ way, label }, place) => ({
      field: way.field,
      label,
      left: (order.indexOf(mine[place]) + 1) / (mine.length + 1),
    }))
  }
  const ports = new Map([triggerId, ...known].map((id) => [id, portsOf(id)]))
  const into = new Map<string, number>()
  for (const { target } of links) into.set(target, (into.get(target) ?? 0) + 1)
  const isShared = (target: string) => (into.get(target) ?? 0) > 1
  return {
    nodes: [
      { id: triggerId, type: 'trigger', position: placeOf(triggerId, boxWidth, boxHeight), data: {} },
      ...definition.nodes.map(
        (node): StepNode => ({
          id: node.id,
          type: 'step',
          position: placeOf(node.id, boxWidth, boxHeight),
          data: { node, ports: ports.get(node.id) ?? [] },
        }),
      ),
      ...ends.map((id): EndNode => ({ id, type: 'end', position: placeOf(id, endSize, endSize), data: {} })),
    ],
    edges: links.map(({ id, source, target, way, label }) => ({
      id,
      source,
      sourceHandle: way.field,
      target,
      type: 'way',
      data: { way, label, shared: isShared(target) },
    })),
    anchors: links.map(({ id, source, target, way }) => {
      const from = placeOf(source, boxWidth, boxHeight)
      const port = ports.get(source)?.find((one) => one.field === way.field)
      const to = centre(target)
      const height = ends.includes(target) ? endSize : boxHeight
      return isShared(target)
        ? { id, way, x: from.x + boxWidth * (port?.left ?? 0.5), y: from.y + boxHeight + labelGap }
        : { id, way, x: to.x, y: to.y - height / 2 - labelGap }
    }),
  }
}

/** How far a way's label and its plus stand from the box they belong to. */
export const labelGap = 18
