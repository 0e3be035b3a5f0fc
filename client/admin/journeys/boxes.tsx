import { describeTrigger, nodeWords } from '@shared/journey'
import {
  BaseEdge,
  EdgeLabelRenderer,
  type EdgeProps,
  getSmoothStepPath,
  Handle,
  type NodeProps,
  Position,
} from '@xyflow/react'
import { createContext, useContext } from 'react'
import { Icon } from '../components/Icon'
import type { CanvasProps } from './Canvas'
import { describeNode, describeTest, titleOf } from './draft'
import { labelGap, type StepNode, type TriggerNode, type WayEdge } from './layout'
import { Palette } from './Palette'
import { nodeIcons } from './words'

/** What the boxes and ways of the canvas need to know. */
export const Surroundings = createContext<(CanvasProps & { near: string | null }) | null>(null)
const useSurroundings = () => {
  const value = useContext(Surroundings)
  if (!value) throw new Error('A box of the canvas stands outside of it')
  return value
}

/** A node of the journey; a dot at its lower edge for each way out, from which a line can be drawn to where the way shall lead. */
export function StepBox({ data: { node, ports } }: NodeProps<StepNode>) {
  const { options, problems, selected, open, noteOf, connect } = useSurroundings()
  const wrong = problems.filter((problem) => problem.nodeId === node.id)
  const note = noteOf?.(node.id)
  return (
    <div className='step-frame'>
      <Handle type='target' position={Position.Top} isConnectable={connect !== undefined} />
      <button
        type='button'
        className={`step-box nopan ${nodeWords[node.kind].group}${selected === node.id ? ' on' : ''}${wrong.length ? ' bad' : ''}`}
        onClick={() => open(node.id)}
        aria-label={`${titleOf(node)}：${describeNode(node, options)}${wrong.length ? `，${wrong.length} 个问题` : ''}`}
      >
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
      </button>
      {ports.map(({ field, label, left }) => (
        <Handle
          key={field}
          id={field}
          type='source'
          position={Position.Bottom}
          isConnectable={connect !== undefined}
          style={{ left: `${left * 100}%` }}
          title={connect ? `拖到另一个节点：${label ? `“${label}”` : ''}之后去那里` : undefined}
        />
      ))}
    </div>
  )
}

/** What starts the journey. */
export function TriggerBox(_: NodeProps<TriggerNode>) {
  const { definition, options, problems, open, selected, connect } = useSurroundings()
  const wrong = problems.filter((problem) => problem.nodeId === null)
  return (
    <div className='step-frame'>
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
      </button>
      <Handle id='start' type='source' position={Position.Bottom} isConnectable={connect !== undefined} />
    </div>
  )
}

/** Where a way ends the journey. */
export function EndDot() {
  const { connect } = useSurroundings()
  return (
    <span className='end-dot' title='旅程到这里结束'>
      <Handle type='target' position={Position.Top} isConnectable={connect !== undefined} />
      <Icon name='stop' size={12} />
    </span>
  )
}

/** A way with its name and the plus that puts a step on it. */
export function WayLine({
  id,
  sourceX,
  sourceY,
  targetX,
  targetY,
  sourcePosition,
  targetPosition,
  data,
}: EdgeProps<WayEdge>) {
  const { definition, options, add, near } = useSurroundings()
  const ends = { sourceX, sourceY, targetX, targetY, sourcePosition, targetPosition }
  const [path] = getSmoothStepPath({ ...ends, borderRadius: 12, centerY: targetY - 34 })
  if (!data) return null
  // Ways that meet at one box have their labels where they come from, or they would lie on each other.
  const at = data.shared ? { x: sourceX, y: sourceY + labelGap } : { x: targetX, y: targetY - labelGap }
  return (
    <>
      <BaseEdge id={id} path={path} className={near === id ? 'near' : undefined} />
      <EdgeLabelRenderer>
        <span
          className={`way-label nodrag nopan${near === id ? ' near' : ''}`}
          style={{ transform: `translate(-50%, -50%) translate(${at.x}px, ${at.y}px)` }}
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
