import { describeTrigger, type JourneyDefinition, type JourneyProblem, nodeWords } from '@shared/journey'
import {
  Background,
  BackgroundVariant,
  BaseEdge,
  Controls,
  EdgeLabelRenderer,
  type EdgeProps,
  getSmoothStepPath,
  Handle,
  type NodeProps,
  Position,
  ReactFlow,
} from '@xyflow/react'
import { createContext, useContext, useMemo } from 'react'
import { Icon } from '../components/Icon'
import { useTheme } from '../theme/ThemeProvider'
import { describeNode, describeTest, type NodeKind, type Options, titleOf, type Way } from './draft'
import { type EndNode, layOut, type StepNode, type TriggerNode, type WayEdge } from './layout'
import { Palette } from './Palette'
import { nodeIcons } from './words'
import '@xyflow/react/dist/base.css'
import './canvas.css'

/** What the boxes and ways of the canvas need to know. */
export interface CanvasProps {
  definition: JourneyDefinition
  options: Options | undefined
  problems: readonly JourneyProblem[]
  selected: string | null
  /** Opens a node, or the settings for null. */
  open: (nodeId: string | null) => void
  /** Absent on a version that cannot be changed. */
  add?: (way: Way, kind: NodeKind) => void
  /** A line under a node: members who stand there now. */
  noteOf?: (nodeId: string) => string | null
}
const Surroundings = createContext<CanvasProps | null>(null)
const useSurroundings = () => {
  const value = useContext(Surroundings)
  if (!value) throw new Error('A box of the canvas stands outside of it')
  return value
}

function StepBox({ data: { node } }: NodeProps<StepNode>) {
  const { options, problems, selected, open, noteOf } = useSurroundings()
  const wrong = problems.filter((problem) => problem.nodeId === node.id)
  const note = noteOf?.(node.id)
  return (
    <button
      type='button'
      className={`step-box nopan ${nodeWords[node.kind].group}${selected === node.id ? ' on' : ''}${wrong.length ? ' bad' : ''}`}
      onClick={() => open(node.id)}
      aria-label={`${titleOf(node)}：${describeNode(node, options)}${wrong.length ? `，${wrong.length} 个问题` : ''}`}
    >
      <Handle type='target' position={Position.Top} isConnectable={false} />
      <span className='face'>
        <Icon name={nodeIcons[node.kind]} />
      </span>
      <span className='words'>
        <b className='cut'>{titleOf(node)}</b>
        {wrong.length ? (
          <span className='cd two'>{wrong[0].message}</span>
        ) : (
          <span className='two'>{describeNode(node, options)}</span>
        )}
      </span>
      {note ? <span className='note num'>{note}</span> : null}
      <Handle type='source' position={Position.Bottom} isConnectable={false} />
    </button>
  )
}

function TriggerBox(_: NodeProps<TriggerNode>) {
  const { definition, options, problems, open, selected } = useSurroundings()
  const wrong = problems.filter((problem) => problem.nodeId === null)
  return (
    <button
      type='button'
      className={`step-box trigger nopan${wrong.length ? ' bad' : ''}${selected === 'settings' ? ' on' : ''}`}
      onClick={() => open(null)}
      aria-label={`开始：${describeTrigger(definition.trigger)}${wrong.length ? `，${wrong.length} 个问题` : ''}`}
    >
      <span className='face'>
        <Icon name='play' />
      </span>
      <span className='words'>
        <b className='cut'>{describeTrigger(definition.trigger)}</b>
        {wrong.length ? (
          <span className='cd two'>{wrong[0].message}</span>
        ) : (
          <span className='two'>
            {definition.audience?.tests.length ? describeTest(definition.audience, options) : '所有会员'}
            {definition.holdout.percent ? `，留 ${definition.holdout.percent} % 对照` : ''}
          </span>
        )}
      </span>
      <Handle type='source' position={Position.Bottom} isConnectable={false} />
    </button>
  )
}

const EndDot = () => (
  <span className='end-dot' title='旅程到这里结束'>
    <Handle type='target' position={Position.Top} isConnectable={false} />
    <Icon name='stop' size={12} />
  </span>
)

function WayLine({ id, sourceX, sourceY, targetX, targetY, sourcePosition, targetPosition, data }: EdgeProps<WayEdge>) {
  const { definition, options, add } = useSurroundings()
  const ends = { sourceX, sourceY, targetX, targetY, sourcePosition, targetPosition }
  const [path] = getSmoothStepPath({ ...ends, borderRadius: 12, centerY: targetY - 34 })
  if (!data) return null
  return (
    <>
      <BaseEdge id={id} path={path} />
      <EdgeLabelRenderer>
        <span
          className='way-label nodrag nopan'
          style={{ transform: `translate(-50%, -50%) translate(${targetX}px, ${targetY - 18}px)` }}
        >
          {data.label ? <span className='tag'>{data.label}</span> : null}
          {add ? (
            <Palette definition={definition} options={options} pick={(kind) => add(data.way, kind)}>
              <button type='button' className='way-add' aria-label={`在${data.label || '这里'}之后加一步`}>
                <Icon name='plus' size={12} weight={2.4} />
              </button>
            </Palette>
          ) : null}
        </span>
      </EdgeLabelRenderer>
    </>
  )
}

const nodeTypes = { step: StepBox, trigger: TriggerBox, end: EndDot as (props: NodeProps<EndNode>) => React.ReactNode }
const edgeTypes = { way: WayLine }

/** A journey drawn from top to bottom. Boxes are buttons in the order of reading, so the keyboard walks them with Tab. */
export default function Canvas(props: CanvasProps) {
  const { mode } = useTheme()
  const drawn = useMemo(() => layOut(props.definition), [props.definition])
  return (
    <Surroundings.Provider value={props}>
      <div className='journey-canvas'>
        <ReactFlow
          nodes={drawn.nodes}
          edges={drawn.edges}
          nodeTypes={nodeTypes}
          edgeTypes={edgeTypes}
          colorMode={mode}
          fitView
          fitViewOptions={{ maxZoom: 1, minZoom: 0.5, padding: 0.08 }}
          minZoom={0.25}
          maxZoom={1.5}
          nodesDraggable={false}
          nodesConnectable={false}
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
