import { type JourneyDefinition, nodeWords } from '@shared/journey'
import { Dropdown } from 'antd'
import type { ReactNode } from 'react'
import { Icon } from '../components/Icon'
import { type NodeKind, type Options, whyNot } from './draft'
import { groupWords, nodeIcons } from './words'

/** The kinds of nodes by group; what cannot be added now says why. */
export function Palette({
  definition,
  options,
  pick,
  children,
}: {
  definition: JourneyDefinition
  options: Options | undefined
  pick: (kind: NodeKind) => void
  children: ReactNode
}) {
  const kinds = Object.keys(nodeWords) as NodeKind[]
  return (
    <Dropdown
      trigger={['click']}
      menu={{
        className: 'journey-palette',
        onClick: ({ key }) => pick(key as NodeKind),
        items: (Object.keys(groupWords) as (keyof typeof groupWords)[]).map((group) => ({
          key: group,
          type: 'group' as const,
          label: groupWords[group],
          children: kinds
            .filter((kind) => nodeWords[kind].group === group)
            .map((kind) => {
              const why = whyNot(kind, definition, options)
              return {
                key: kind,
                disabled: why !== null,
                icon: <Icon name={nodeIcons[kind]} />,
                label: (
                  <>
                    {nodeWords[kind].name}
                    {why ? <span className='t12 i3'>　{why}</span> : null}
                  </>
                ),
              }
            }),
        })),
      }}
    >
      {children}
    </Dropdown>
  )
}
