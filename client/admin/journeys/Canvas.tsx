import type { JourneyDefinition, JourneyProblem } from '@shared/journey'
import {
  Background,
  BackgroundVariant,
  type Connection,
  Controls,
  type Edge,
  type NodeProps,
  ReactFlow,
  type ReactFlowInstance,
} from '@xyflow/react'
import { type DragEvent, useMemo, useState } from 'react'
import { useTheme } from '../theme/ThemeProvider'
import { EndDot, StepBox, Surroundings, TriggerBox, WayLine } from './boxes'
import { type NodeKind, type Options, targetsFor, type Way } from './draft'
import {
  type Drawn,
  type EndNode,
  layOut,
  type StepNode,
  type TriggerNode,
  targetOf,
  type WayEdge,
  wayOf,
} from './layout'
import { dragType, PaletteSide } from './PaletteSide'
import '@xyflow/react/dist/base.css'
import './canvas.css'

/** A journey to be drawn, and what may be done with it. */
export interface CanvasProps {
  definition: JourneyDefinition
  options: Options | undefined
  problems: readonly JourneyProblem[]
  selected: string | null
  /** Opens a node, or the settings for null. */
  open: (nodeId: string | null) => void
  /** Absent on a version that cannot be changed. */
  add?: (way: Way, kind: NodeKind) => void
  /** Lets a way lead to a node, or to the end for null. Absent on a version that cannot be changed. */
  connect?: (way: Way, to: string | null) => void
  /** A line under a node: members who stand there now. */
  noteOf?: (nodeId: string) => string | null
}
type Flow = ReactFlowInstance<Drawn['nodes'][number], WayEdge>

const nodeTypes = { step: StepBox, trigger: TriggerBox, end: EndDot as (props: NodeProps<EndNode>) => React.ReactNode }
const edgeTypes = { way: WayLine }

/** A journey drawn from top to bottom. Boxes are buttons in the order of reading, so the keyboard walks them with Tab. */
export default function Canvas(props: CanvasProps) {
  const { definition, add, connect } = props
  const { mode } = useTheme()
  const drawn = useMemo(() => layOut(definition), [definition])
  const [flow, setFlow] = useState<Flow | null>(null)
  const [near, setNear] = useState<string | null>(null)
  const nearest = (event: DragEvent) => {
    const at = flow?.screenToFlowPosition({ x: event.clientX, y: event.clientY })
    if (!at) return null
    const far = ({ x, y }: { x: number; y: number }) => (x - at.x) ** 2 + (y - at.y) ** 2
    return drawn.anchors.toSorted((a, b) => far(a) - far(b))[0] ?? null
  }
  const carries = (event: DragEvent) => add !== undefined && event.dataTransfer.types.includes(dragType)
  const canLead = ({ source, target }: Connection | Edge) => {
    const to = targetOf(definition, target)
    const from = targetOf(definition, source)
    return to === null || from === null || targetsFor(definition, from).some((node) => node.id === to)
  }
  return (
    <Surroundings.Provider value={{ ...props, near }}>
      <div className='journey-canvas'>
        {add ? <PaletteSide {...props} add={add} /> : null}
        <ReactFlow<StepNode | TriggerNode | EndNode, WayEdge>
          nodes={drawn.nodes}
          edges={drawn.edges}
          nodeTypes={nodeTypes}
          edgeTypes={edgeTypes}
          colorMode={mode}
          onInit={setFlow}
          onDragOver={(event) => {
            if (!carries(event)) return
            event.preventDefault()
            event.dataTransfer.dropEffect = 'copy'
            setNear(nearest(event)?.id ?? null)
          }}
          onDragLeave={(event) => {
            if (!event.currentTarget.contains(event.relatedTarget as Element | null)) setNear(null)
          }}
          onDrop={(event) => {
            setNear(null)
            const anchor = carries(event) ? nearest(event) : null
            if (!anchor) return
            event.preventDefault()
            add?.(anchor.way, event.dataTransfer.getData(dragType) as NodeKind)
          }}
          fitView
          fitViewOptions={{ maxZoom: 1, minZoom: 0.5, padding: 0.08 }}
          minZoom={0.25}
          maxZoom={1.5}
          nodesDraggable={false}
          nodesConnectable={connect !== undefined}
          connectOnClick={false}
          // A line may be let go anywhere on the box it shall lead to.
          connectionRadius={130}
          isValidConnection={canLead}
          onConnect={({ source, sourceHandle, target }) =>
            connect?.(wayOf(source, sourceHandle ?? 'next'), targetOf(definition, target))
          }
          nodesFocusable={false}
          edgesFocusable={false}
          elementsSelectable={false}
          deleteKeyCode={null}
          panOnScroll
          proOptions={{ hideAttribution: true }}
          aria-label='旅程画布'
        >
          <Background variant={BackgroundVariant.Dots} gap={20} size={1} />
          <Controls showInteractive={false} />
        </ReactFlow>
      </div>
    </Surroundings.Provider>
  )
}
