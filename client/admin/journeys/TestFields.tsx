import { type JourneyTest, journeyFields, operators } from '@shared/journey'
import { Button, Input, InputNumber, Segmented, Select } from 'antd'
import { Icon } from '../components/Icon'
import type { Options } from './draft'
import { optionsOf, placed } from './fields'

type One = JourneyTest['tests'][number]
type FieldTest = Extract<One, { kind: 'field' }>
const SEGMENT = ':segment'

/** A test of a field with the usual operator and value of its type. */
const blankTest = (field: string): FieldTest => {
  const about = journeyFields[field]
  if (about?.type === 'number') return { kind: 'field', field, op: 'gte', value: 1 }
  if (about?.type === 'flag') return { kind: 'field', field, op: 'eq', value: true }
  return { kind: 'field', field, op: 'eq', value: Object.keys(about?.choices ?? {})[0] ?? '' }
}

function ValueField({ test, set }: { test: FieldTest; set: (value: FieldTest['value']) => void }) {
  const field = journeyFields[test.field]
  if (field?.type === 'flag')
    return (
      <Select
        className='grow'
        value={test.value === true}
        options={[
          { value: true, label: '是' },
          { value: false, label: '否' },
        ]}
        onChange={set}
        aria-label='值'
      />
    )
  if (field?.choices)
    return test.op === 'in' ? (
      <Select
        className='grow'
        mode='multiple'
        value={Array.isArray(test.value) ? test.value : []}
        options={optionsOf(field.choices)}
        onChange={set}
        aria-label='值'
      />
    ) : (
      <Select
        className='grow'
        value={String(test.value)}
        options={optionsOf(field.choices)}
        onChange={set}
        aria-label='值'
      />
    )
  if (field?.type === 'number' && test.op !== 'in') {
    const money = test.field === 'spendFen'
    const value = Number(test.value)
    return (
      <InputNumber
        className='grow'
        precision={money ? 2 : 0}
        suffix={money ? '元' : field.unit}
        value={money ? value / 100 : value}
        onChange={(next) => set(money ? Math.round((next ?? 0) * 100) : (next ?? 0))}
        aria-label='值'
      />
    )
  }
  return test.op === 'in' ? (
    <Select
      className='grow'
      mode='tags'
      value={Array.isArray(test.value) ? test.value : []}
      onChange={set}
      aria-label='值'
    />
  ) : (
    <Input
      className='grow'
      maxLength={80}
      value={String(test.value)}
      onChange={(event) => set(event.target.value)}
      aria-label='值'
    />
  )
}

/** Simple conditions joined by all or any. What the segment builder made is kept and can be taken out, not taken apart. */
export function TestFields({
  test,
  options,
  set,
}: {
  test: JourneyTest
  options: Options | undefined
  set: (test: JourneyTest) => void
}) {
  const put = (index: number, one: One | null) =>
    set({ ...test, tests: test.tests.flatMap((old, i) => (i === index ? (one ? [one] : []) : [old])) })
  const segment = options?.segments[0]
  return (
    <div className='journey-fields'>
      {test.tests.length > 1 ? (
        <Segmented
          value={test.match}
          options={[
            { value: 'all', label: '全部符合' },
            { value: 'any', label: '符合任何一个' },
          ]}
          onChange={(match) => set({ ...test, match: match === 'any' ? 'any' : 'all' })}
          aria-label='怎样合起来'
        />
      ) : null}
      {placed(test.tests).map(({ one, place: index }) => (
        <div key={index} className='journey-part'>
          <div className='row g2'>
            {one.kind === 'tree' ? (
              <span className='grow'>人群条件（{one.tree.of.length} 条，在“人群”里做的）</span>
            ) : (
              <Select
                className='grow'
                showSearch={{ optionFilterProp: 'label' }}
                value={one.kind === 'segment' ? SEGMENT : one.field}
                options={[
                  ...Object.entries(journeyFields).map(([value, { name }]) => ({ value, label: name })),
                  ...(segment ? [{ value: SEGMENT, label: '在人群里' }] : []),
                ]}
                onChange={(field) =>
                  put(
                    index,
                    field === SEGMENT && segment
                      ? { kind: 'segment', segmentId: segment.id, inside: true }
                      : blankTest(field),
                  )
                }
                aria-label={`第 ${index + 1} 个条件看什么`}
              />
            )}
            <Button
              type='text'
              icon={<Icon name='close' size={14} />}
              onClick={() => put(index, null)}
              aria-label={`去掉第 ${index + 1} 个条件`}
            />
          </div>
          {one.kind === 'field' ? (
            <div className='row g2'>
              <Select
                style={{ width: 104 }}
                value={one.op}
                options={optionsOf(operators).filter(({ value }) => {
                  const type = journeyFields[one.field]?.type
                  return type === 'number'
                    ? value !== 'in'
                    : type === 'flag'
                      ? value === 'eq'
                      : ['eq', 'ne', 'in'].includes(value)
                })}
                onChange={(op) =>
                  put(index, {
                    ...one,
                    op,
                    value:
                      op === 'in'
                        ? [String(one.value)].filter(Boolean)
                        : Array.isArray(one.value)
                          ? (one.value[0] ?? '')
                          : one.value,
                  })
                }
                aria-label='怎样比'
              />
              <ValueField test={one} set={(value) => put(index, { ...one, value })} />
            </div>
          ) : null}
          {one.kind === 'segment' ? (
            <div className='row g2'>
              <Select
                style={{ width: 104 }}
                value={one.inside}
                options={[
                  { value: true, label: '在里面' },
                  { value: false, label: '不在' },
                ]}
                onChange={(inside) => put(index, { ...one, inside })}
                aria-label='在不在'
              />
              <Select
                className='grow'
                showSearch={{ optionFilterProp: 'label' }}
                value={one.segmentId}
                options={options?.segments.map((s) => ({ value: s.id, label: s.name }))}
                onChange={(segmentId) => put(index, { ...one, segmentId })}
                aria-label='哪个人群'
              />
            </div>
          ) : null}
        </div>
      ))}
      <Button
        icon={<Icon name='plus' />}
        disabled={test.tests.length >= 20}
        onClick={() => set({ ...test, tests: [...test.tests, blankTest('purchases')] })}
      >
        加一个条件
      </Button>
    </div>
  )
}
