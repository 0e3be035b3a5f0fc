import { Button, Select, Tooltip } from 'antd'
import { Icon } from '../components/Icon'
import { LeafValue } from './LeafValue'
import {
  type Branch,
  branchOf,
  type Field,
  isBranch,
  type Join,
  joinWords,
  type Leaf,
  leafOf,
  MAX_CHILDREN,
  MAX_DEPTH,
  type Node,
} from './tree'
import './segments.css'

interface Shared {
  fields: ReadonlyMap<string, Field>
  /** No further condition fits into the whole tree. */
  full: boolean
}

/** The catalogue under its headings, as a select wants it. */
const grouped = (fields: ReadonlyMap<string, Field>) => {
  const groups = new Map<string, { value: string; label: string }[]>()
  for (const field of fields.values()) {
    const list = groups.get(field.group) ?? []
    list.push({ value: field.field, label: field.label })
    groups.set(field.group, list)
  }
  return [...groups].map(([label, options]) => ({ label, options }))
}

function LeafRow(props: Shared & { leaf: Leaf; change: (leaf: Leaf) => void; remove?: () => void }) {
  const { leaf, fields, change, remove } = props
  const field = fields.get(leaf.field)
  const op = field?.ops.find((known) => known.op === leaf.op)
  return (
    <li className='leaf'>
      <Select
        className='leaf-field'
        showSearch={{ optionFilterProp: 'label' }}
        value={leaf.field}
        options={grouped(fields)}
        onChange={(name) => {
          const next = fields.get(name)
          if (next) change({ ...leafOf(next), key: leaf.key })
        }}
        aria-label='按什么条件'
      />
      {field && op ? (
        <>
          <Select
            className='leaf-op'
            value={leaf.op}
            options={field.ops.map((known) => ({ value: known.op, label: known.label }))}
            onChange={(name) => {
              const next = field.ops.find((known) => known.op === name)
              const alike = next?.needs.join() === op.needs.join() && next.op !== 'between' && leaf.op !== 'between'
              change(alike ? { ...leaf, op: name } : { ...leafOf(field), key: leaf.key, op: name })
            }}
            aria-label={`${field.label}怎么比较`}
          />
          <LeafValue
            key={`${leaf.field}/${leaf.op}`}
            field={field}
            op={op}
            leaf={leaf}
            set={(patch) => change({ ...leaf, ...patch })}
          />
          <Tooltip title={`${field.explain}。${field.source}`}>
            <button type='button' className='hint' aria-label={`${field.label}：${field.explain}。${field.source}`}>
              <Icon name='info' size={14} />
            </button>
          </Tooltip>
        </>
      ) : (
        <span className='cd'>这个条件已经不在了，请换一个</span>
      )}
      <span className='grow' />
      <Button
        type='text'
        size='small'
        icon={<Icon name='close' size={14} />}
        disabled={!remove}
        onClick={remove}
        aria-label={`去掉条件${field?.label ?? ''}`}
      />
    </li>
  )
}

/** A group of conditions and groups: every one, at least one, or none of them has to hold. */
export function BranchEditor(
  props: Shared & { branch: Branch; depth: number; change: (branch: Branch) => void; remove?: () => void },
) {
  const { branch, depth, fields, full, change, remove } = props
  const first = [...fields.values()][0]
  const put = (index: number, node: Node) =>
    change({ ...branch, of: branch.of.map((child, place) => (place === index ? node : child)) })
  const drop = (index: number) => change({ ...branch, of: branch.of.filter((_, place) => place !== index) })
  const add = (node: Node) => change({ ...branch, of: [...branch.of, node] })
  const noMore = full || branch.of.length >= MAX_CHILDREN || !first
  return (
    <fieldset className={`branch ${branch.join}`}>
      <legend className='sr-only'>{joinWords[branch.join].long}</legend>
      <div className='row g2 branch-head'>
        <Select<Join>
          size='small'
          style={{ width: 112 }}
          value={branch.join}
          options={(['all', 'any', 'none'] as const).map((value) => ({ value, label: joinWords[value].short }))}
          onChange={(join) => change({ ...branch, join })}
          aria-label='这一组怎么算满足'
        />
        <span className='t12 i3 grow'>{joinWords[branch.join].long}</span>
        {remove ? (
          <Button type='text' size='small' onClick={remove}>
            去掉这一组
          </Button>
        ) : null}
      </div>
      <ul className='branch-list'>
        {branch.of.map((node, index) =>
          isBranch(node) ? (
            <li key={node.key}>
              <BranchEditor
                fields={fields}
                full={full}
                branch={node}
                depth={depth + 1}
                change={(next) => put(index, next)}
                remove={() => drop(index)}
              />
            </li>
          ) : (
            <LeafRow
              key={node.key}
              fields={fields}
              full={full}
              leaf={node}
              change={(next) => put(index, next)}
              remove={branch.of.length > 1 ? () => drop(index) : undefined}
            />
          ),
        )}
      </ul>
      <div className='row g2'>
        <Button
          size='small'
          icon={<Icon name='plus' size={14} />}
          disabled={noMore}
          onClick={() => first && add(leafOf(first))}
        >
          加条件
        </Button>
        {depth < MAX_DEPTH ? (
          <Button
            size='small'
            type='text'
            disabled={noMore}
            onClick={() => first && add(branchOf(branch.join === 'all' ? 'any' : 'all', [leafOf(first)]))}
          >
            加一组条件
          </Button>
        ) : null}
        {full ? <span className='t12 i3'>最多 60 个条件</span> : null}
      </div>
    </fieldset>
  )
}
