import { describeTrigger, type JourneyDefinition, waysOf } from '@shared/journey'
import { Button, Table } from 'antd'
import { Icon } from '../components/Icon'
import type { CanvasProps } from './Canvas'
import { describeNode, inReadingOrder, titleOf } from './draft'
import { Palette } from './Palette'
import { nodeIcons } from './words'

/** The same journey as a table: for the keyboard, for a screen reader, and for reading sixty nodes quickly. */
export function NodeTable({ definition, options, problems, open, add }: CanvasProps) {
  const nodes = inReadingOrder(definition)
  const nameOf = (definition_: JourneyDefinition, id: string | null) => {
    const node = definition_.nodes.find((n) => n.id === id)
    return node ? titleOf(node) : '结束'
  }
  return (
    <div style={{ padding: '0 16px 16px' }}>
      <div className='row g2' style={{ padding: '8px 0' }}>
        <span className='grow'>
          {describeTrigger(definition.trigger)}，先到“{nameOf(definition, definition.start)}”
        </span>
        <Button size='small' onClick={() => open(null)}>
          {add ? '改开始与目标' : '看开始与目标'}
        </Button>
        {add && definition.start === null ? (
          <Palette
            definition={definition}
            options={options}
            pick={(kind) => add({ nodeId: null, field: 'start' }, kind)}
          >
            <Button size='small' type='primary'>
              加第一步
            </Button>
          </Palette>
        ) : null}
      </div>
      <Table
        aria-label='节点'
        size='small'
        pagination={false}
        rowKey='id'
        dataSource={nodes}
        locale={{ emptyText: '还没有节点' }}
        columns={[
          {
            key: 'no',
            title: '#',
            width: 44,
            render: (_, _node, index) => <span className='num i3'>{index + 1}</span>,
          },
          {
            key: 'name',
            title: '节点',
            render: (_, node) => (
              <button type='button' className='link row g1' onClick={() => open(node.id)}>
                <Icon name={nodeIcons[node.kind]} /> {titleOf(node)}
              </button>
            ),
          },
          {
            key: 'what',
            title: '做什么',
            render: (_, node) => {
              const wrong = problems.find((problem) => problem.nodeId === node.id)
              return wrong ? <span className='cd'>{wrong.message}</span> : describeNode(node, options)
            },
          },
          {
            key: 'ways',
            title: '之后',
            render: (_, node) =>
              waysOf(node).map((way) => (
                <div key={way.field} className='row g1'>
                  <span className='grow'>
                    {way.label ? `${way.label}：` : ''}
                    {nameOf(definition, way.to)}
                  </span>
                  {add ? (
                    <Palette
                      definition={definition}
                      options={options}
                      pick={(kind) => add({ nodeId: node.id, field: way.field }, kind)}
                    >
                      <Button
                        size='small'
                        type='text'
                        icon={<Icon name='plus' size={12} />}
                        aria-label={`在“${titleOf(node)}${way.label ? ` ${way.label}` : ''}”之后加一步`}
                      />
                    </Palette>
                  ) : null}
                </div>
              )),
          },
        ]}
      />
    </div>
  )
}
