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
import { type DragEvent, useEffect, useMemo, useRef, useState } from 'react'
import { useTheme } from '../theme/ThemeProvider'
import { EndDot, StepBox, Surroundings, TriggerBox, WayLine } from './boxes'
import { type NodeKind, type Options, targetsFor, type Way } from './draft'
import {
  boxHeight,
  boxWidth,
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
const controlWords = {
  'controls.ariaLabel': '画布的大小',
  'controls.zoomIn.ariaLabel': '放大',
  'controls.zoomOut.ariaLabel': '缩小',
  'controls.fitView.ariaLabel': '看全',
}
/** Width of the drawer that stands over the right of the canvas, px. */
const drawerWidth = 420

/** A journey drawn from top to bottom. Boxes are buttons in the order of reading, so the keyboard walks them with Tab. */
export default function Canvas(props: CanvasProps) {
  const { definition, add, connect, selected } = props
  const { mode } = useTheme()
  const drawn = useMemo(() => layOut(definition), [definition])
  const [flow, setFlow] = useState<Flow | null>(null)
  const [near, setNear] = useState<string | null>(null)
  const chosen = drawn.nodes.find((node) => node.id === selected)
  const { x, y } = chosen?.position ?? {}
  const frame = useRef<HTMLDivElement>(null)
  // What is being edited stays in sight beside its drawer, also when it has just been put far down.
  useEffect(() => {
    if (!flow || !frame.current || x === undefined || y === undefined) return
    const { left, top, right, bottom } = frame.current.getBoundingClientRect()
    const free = Math.max(left + boxWidth, Math.min(right, window.innerWidth - drawerWidth))
    const at = flow.flowToScreenPosition({ x, y })
    const zoom = flow.getZoom()
    const [width, height] = [boxWidth * zoom, boxHeight * zoom]
    if (at.x >= left && at.x + width <= free && at.y >= top && at.y + height <= bottom) return
    const aside = (right - free) / 2 / zoom
    void flow.setCenter(x + boxWidth / 2 + aside, y + boxHeight / 2, { zoom })
  }, [flow, x, y])
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
      <div className='journey-canvas' ref={frame}>
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
          ariaLabelConfig={controlWords}
        >
          <Background variant={BackgroundVariant.Dots} gap={20} size={1} />
          <Controls showInteractive={false} />
        </ReactFlow>
      </div>
    </Surroundings.Provider>
  )
}
