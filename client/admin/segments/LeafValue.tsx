import { DatePicker, InputNumber, Select } from 'antd'
import dayjs, { type Dayjs } from 'dayjs'
import { useState } from 'react'
import { useSettled } from '../components/useSettled'
import { useRead } from '../queries'
import type { Field, Leaf, Op } from './tree'

type Set = (patch: Partial<Leaf>) => void
type Option = { value: string; label: string }

/** Money is kept in fen and written in yuan. */
const scaleOf = (field: Field) => (field.type === 'money' ? 100 : 1)
const unitOf = (field: Field) => (field.type === 'money' ? '元' : field.unit || undefined)

function Amount({
  field,
  value,
  label,
  onChange,
}: {
  field: Field
  value: number | undefined
  label: string
  onChange: (value: number | undefined) => void
}) {
  const scale = scaleOf(field)
  return (
    <InputNumber
      style={{ width: 128 }}
      min={0}
      max={field.type === 'percent' ? 100 : 1_000_000_000}
      precision={field.type === 'money' || field.type === 'percent' ? 2 : 0}
      value={value === undefined ? null : value / scale}
      onChange={(next) => onChange(next === null ? undefined : Math.round(next * scale * 100) / 100)}
      suffix={unitOf(field)}
      aria-label={label}
    />
  )
}

/** Both ends of a range; it counts as filled once both are there. */
function Range({ field, value, set }: { field: Field; value: unknown; set: Set }) {
  const [from, to] = Array.isArray(value) ? (value as number[]) : []
  const [ends, setEnds] = useState<[number | undefined, number | undefined]>([from, to])
  const change = (next: [number | undefined, number | undefined]) => {
    setEnds(next)
    const [low, high] = next
    set({ value: low !== undefined && high !== undefined ? [low, high] : undefined })
  }
  return (
    <>
      <Amount field={field} value={ends[0]} label={`${field.label}从`} onChange={(low) => change([low, ends[1]])} />
      <span className='i3'>到</span>
      <Amount field={field} value={ends[1]} label={`${field.label}到`} onChange={(high) => change([ends[0], high])} />
    </>
  )
}

/** Choices that are looked up on the server by their name; the chosen ones are asked for by id. */
function Searched({ field, value, set }: { field: Field; value: string[]; set: Set }) {
  const [words, setWords] = useState('')
  const q = useSettled(words.trim(), 250) || undefined
  const found = useRead('GET /admin/segment-fields/:field/options', { field: field.field, q }, { keep: true })
  const ids = value.join(',')
  const chosen = useRead(
    'GET /admin/segment-fields/:field/options',
    { field: field.field, ids },
    { enabled: ids !== '' && ids.length <= 2000, keep: true },
  )
  const options = new Map<string, Option>()
  for (const option of [...(chosen.data?.options ?? []), ...(found.data?.options ?? [])])
    options.set(option.value, option)
  return (
    <Select
      mode='multiple'
      className='leaf-values'
      value={value}
      showSearch={{ filterOption: false, onSearch: setWords }}
      loading={found.isFetching}
      placeholder={`按名称找${field.label}`}
      notFoundContent={found.isError ? '没读到，请再输一次' : q ? `没有叫“${q}”的` : '还没有可选的'}
      options={[...options.values()]}
      onChange={(next: string[]) => set({ value: next.length ? next : undefined })}
      aria-label={`${field.label}选哪些`}
    />
  )
}

function Chosen({ field, value, set }: { field: Field; value: unknown; set: Set }) {
  const list = Array.isArray(value) ? value.map(String) : []
  if (field.options === null) return <Searched field={field} value={list} set={set} />
  return (
    <Select
      mode='multiple'
      className='leaf-values'
      value={list}
      showSearch={{ optionFilterProp: 'label' }}
      placeholder='选一项或几项'
      notFoundContent='还没有可选的'
      options={field.options}
      onChange={(next: string[]) => set({ value: next.length ? next : undefined })}
      aria-label={`${field.label}选哪些`}
    />
  )
}

const dayOf = (value: unknown): Dayjs | null => (typeof value === 'string' && value ? dayjs(value) : null)

function Days({ field, leaf, set }: { field: Field; leaf: Leaf; set: Set }) {
  if (leaf.op === 'between') {
    const [from, to] = Array.isArray(leaf.value) ? leaf.value : []
    return (
      <DatePicker.RangePicker
        value={[dayOf(from), dayOf(to)]}
        onChange={(_, texts) => set({ value: texts?.[0] && texts[1] ? [texts[0], texts[1]] : undefined })}
        aria-label={`${field.label}的起止日期`}
      />
    )
  }
  return (
    <DatePicker
      value={dayOf(leaf.value)}
      onChange={(_, text) => set({ value: typeof text === 'string' && text ? text : undefined })}
      aria-label={`${field.label}的日期`}
    />
  )
}

/** A stretch of days; things done may leave it open, which means at any time. */
function Stretch({ field, leaf, set }: { field: Field; leaf: Leaf; set: Set }) {
  const open = field.type === 'event'
  return (
    <span className='row g1'>
      {open ? <span className='i3'>近</span> : null}
      <InputNumber
        style={{ width: 92 }}
        min={1}
        max={3650}
        precision={0}
        value={leaf.days ?? null}
        placeholder={open ? '不限' : '天数'}
        onChange={(days) => set({ days: days ?? undefined })}
        suffix='天'
        aria-label={`${field.label}几天内`}
      />
    </span>
  )
}

function Times({ field, leaf, set }: { field: Field; leaf: Leaf; set: Set }) {
  return (
    <span className='row g1'>
      <span className='i3'>至少</span>
      <InputNumber
        style={{ width: 80 }}
        min={1}
        max={1000}
        precision={0}
        value={leaf.times ?? 1}
        onChange={(times) => set({ times: times && times > 1 ? times : undefined })}
        suffix='次'
        aria-label={`${field.label}至少几次`}
      />
    </span>
  )
}

/** What the operator asks for beside the field, each in an input of the field's type. */
export function LeafValue({ field, op, leaf, set }: { field: Field; op: Op; leaf: Leaf; set: Set }) {
  const inputs = op.needs.map((need) => {
    const key = need
    if (need === 'values') return <Chosen key={key} field={field} value={leaf.value} set={set} />
    if (need === 'range') return <Range key={key} field={field} value={leaf.value} set={set} />
    if (need === 'day') return <Days key={key} field={field} leaf={leaf} set={set} />
    if (need === 'days') return <Stretch key={key} field={field} leaf={leaf} set={set} />
    if (need === 'times') return <Times key={key} field={field} leaf={leaf} set={set} />
    if (field.type === 'yes_no')
      return (
        <Select
          key={key}
          style={{ width: 80 }}
          value={leaf.value === false ? 'no' : 'yes'}
          options={[
            { value: 'yes', label: '是' },
            { value: 'no', label: '否' },
          ]}
          onChange={(next) => set({ value: next === 'yes' })}
          aria-label={field.label}
        />
      )
    return (
      <Amount
        key={key}
        field={field}
        value={typeof leaf.value === 'number' ? leaf.value : undefined}
        label={field.label}
        onChange={(value) => set({ value })}
      />
    )
  })
  return <>{inputs}</>
}
