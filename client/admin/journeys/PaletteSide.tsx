import { nodeWords, waysOf } from '@shared/journey'
import { Icon } from '../components/Icon'
import type { CanvasProps } from './Canvas'
import { inReadingOrder, type NodeKind, type Way, whyNot } from './draft'
import { groupWords, nodeIcons } from './words'

/** What a dragged kind of node travels as. */
export const dragType = 'application/x-journey-node'

const groups = Object.keys(groupWords) as (keyof typeof groupWords)[]
const kinds = Object.keys(nodeWords) as NodeKind[]

/** Where a click, which names no place, puts a node: behind the chosen one, else on the first way that ends the journey. */
const wayForClick = ({ definition, selected }: Pick<CanvasProps, 'definition' | 'selected'>): Way => {
  const chosen = definition.nodes.find((node) => node.id === selected)
  const behind = chosen && waysOf(chosen)[0]
  if (chosen && behind) return { nodeId: chosen.id, field: behind.field }
  if (definition.start === null) return { nodeId: null, field: 'start' }
  for (const node of inReadingOrder(definition))
    for (const way of waysOf(node)) if (way.to === null) return { nodeId: node.id, field: way.field }
  return { nodeId: null, field: 'start' }
}

/** The kinds of nodes beside the canvas, to be dragged onto a way; what cannot be added now says why. */
export function PaletteSide({
  definition,
  options,
  selected,
  add,
}: CanvasProps & { add: NonNullable<CanvasProps['add']> }) {
  return (
    <div className='palette-side' role='toolbar' aria-label='节点，拖到线上' aria-orientation='vertical'>
      {groups.map((group) => (
        <div key={group} className='palette-group'>
          <span>{groupWords[group]}</span>
          {kinds
            .filter((kind) => nodeWords[kind].group === group)
            .map((kind) => {
              const why = whyNot(kind, definition, options)
              return (
                <button
                  key={kind}
                  type='button'
                  className={group}
                  disabled={why !== null}
                  draggable={why === null}
                  title={why ?? '拖到一条线上；点一下就加在选中的节点后面'}
                  onDragStart={(event) => {
                    event.dataTransfer.setData(dragType, kind)
                    event.dataTransfer.effectAllowed = 'copy'
                  }}
                  onClick={() => add(wayForClick({ definition, selected }), kind)}
                >
                  <Icon name={nodeIcons[kind]} />
                  <span>{nodeWords[kind].name}</span>
                </button>
              )
            })}
        </div>
      ))}
    </div>
  )
}
