import type { JourneyNode } from '@shared/journey'
import { Button, Input, InputNumber } from 'antd'
import { Icon } from '../components/Icon'
import type { Options } from './draft'
import { placed } from './fields'
import { TestFields } from './TestFields'

type OfKind<K extends JourneyNode['kind']> = Extract<JourneyNode, { kind: K }>

/** The ways of a branch: the first whose conditions hold is taken. */
export function BranchFields({
  node,
  options,
  patch,
}: {
  node: OfKind<'branch'>
  options: Options | undefined
  patch: (change: object) => void
}) {
  return (
    <>
      {placed(node.branches).map(({ one: branch, place: index }) => {
        const put = (change: object | null) =>
          patch({
            branches: node.branches.flatMap((b, i) => (i === index ? (change ? [{ ...b, ...change }] : []) : [b])),
          })
        return (
          <div key={index} className='journey-part'>
            <div className='row g2'>
              <Input
                value={branch.name}
                maxLength={20}
                status={branch.name.trim() ? undefined : 'error'}
                onChange={(event) => put({ name: event.target.value })}
                aria-label={`第 ${index + 1} 路的名字`}
              />
              <Button
                type='text'
                icon={<Icon name='close' size={14} />}
                disabled={node.branches.length <= 1}
                onClick={() => put(null)}
                aria-label={`去掉${branch.name}和它后面的节点`}
              />
            </div>
            <TestFields test={branch.test} options={options} set={(test) => put({ test })} />
          </div>
        )
      })}
      <Button
        icon={<Icon name='plus' />}
        disabled={node.branches.length >= 6}
        onClick={() =>
          patch({
            branches: [
              ...node.branches,
              {
                name: `第 ${node.branches.length + 1} 路`,
                test: { match: 'all', tests: [{ kind: 'field', field: 'purchases', op: 'gte', value: 1 }] },
                next: null,
              },
            ],
          })
        }
      >
        再加一路
      </Button>
    </>
  )
}

/** The arms of a split with their weights. */
export function SplitFields({ node, patch }: { node: OfKind<'split'>; patch: (change: object) => void }) {
  return (
    <>
      {node.arms.map((arm, index) => {
        const put = (change: object | null) =>
          patch({ arms: node.arms.flatMap((a, i) => (i === index ? (change ? [{ ...a, ...change }] : []) : [a])) })
        return (
          <div key={arm.key} className='row g2'>
            <Input
              value={arm.name}
              maxLength={20}
              status={arm.name.trim() ? undefined : 'error'}
              onChange={(event) => put({ name: event.target.value })}
              aria-label={`第 ${index + 1} 组的名字`}
            />
            <InputNumber
              min={1}
              max={1000}
              precision={0}
              prefix='份数'
              value={arm.weight}
              onChange={(weight) => put({ weight: weight ?? 1 })}
              style={{ width: 130 }}
              aria-label={`${arm.name}的份数`}
            />
            <Button
              type='text'
              icon={<Icon name='close' size={14} />}
              disabled={node.arms.length <= 2}
              onClick={() => put(null)}
              aria-label={`去掉${arm.name}和它后面的节点`}
            />
          </div>
        )
      })}
      <Button
        icon={<Icon name='plus' />}
        disabled={node.arms.length >= 6}
        onClick={() => {
          const key = [...'abcdefg'].find((k) => node.arms.every((a) => a.key !== k)) ?? 'h'
          patch({ arms: [...node.arms, { key, name: `${key.toUpperCase()} 组`, weight: 50, next: null }] })
        }}
      >
        再加一组
      </Button>
      <p className='t12 i3'>按份数随机分，会员第一次走到时定下，以后不变。</p>
    </>
  )
}
