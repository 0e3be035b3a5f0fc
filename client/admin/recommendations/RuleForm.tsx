import { Button, DatePicker, Drawer, Input, InputNumber, Segmented, Select } from 'antd'
import dayjs from 'dayjs'
import { useState } from 'react'
import { FormProblem } from '../components/FormProblem'
import { useSettled } from '../components/useSettled'
import { useRead, useWrite } from '../queries'
import { useSession } from '../session'
import { kinds, type Rule, slotOptions } from './words'

type Draft = Omit<Rule, 'id' | 'targetName' | 'storeName' | 'createdAt' | 'sentence'>

const blank: Draft = {
  kind: 'pin',
  scope: 'product',
  target: '',
  slot: null,
  storeId: null,
  percent: null,
  place: null,
  fromAt: null,
  untilAt: null,
  note: '',
  active: true,
}

/** Products are looked up by name; categories are a short list. Both come from the catalogue of conditions, where it may be read. */
function Target({ draft, name, set }: { draft: Draft; name: string | undefined; set: (target: string) => void }) {
  const { can } = useSession()
  const [words, setWords] = useState('')
  const q = useSettled(words.trim(), 250) || undefined
  const mayLook = can('segment:read')
  const product = draft.scope === 'product'
  const products = useRead(
    'GET /admin/segment-fields/:field/options',
    { field: 'boughtProduct', q },
    { keep: true, enabled: mayLook && product },
  )
  const catalogue = useRead('GET /admin/segment-fields', {}, { enabled: mayLook && !product })
  const label = product ? '商品' : '品类'
  if (!mayLook)
    return (
      <Input
        value={draft.target}
        maxLength={64}
        placeholder={product ? '商品编号' : '品类名'}
        onChange={(event) => set(event.target.value)}
        aria-label={label}
      />
    )
  const found = product
    ? (products.data?.options ?? [])
    : (catalogue.data?.fields.find(({ field }) => field === 'boughtCategory')?.options ?? [])
  const known = found.some(({ value }) => value === draft.target)
  const options = draft.target && !known ? [{ value: draft.target, label: name ?? draft.target }, ...found] : found
  return (
    <Select
      value={draft.target || undefined}
      showSearch={product ? { filterOption: false, onSearch: setWords } : { optionFilterProp: 'label' }}
      placeholder={`选一个${label}`}
      loading={products.isFetching || catalogue.isFetching}
      notFoundContent={q ? `没有叫“${q}”的${label}` : `还没有${label}`}
      options={options}
      onChange={set}
      aria-label={label}
    />
  )
}

/** Makes a rule or changes one. */
export function RuleForm({ rule, close }: { rule: Rule | null; close: () => void }) {
  const { can } = useSession()
  const stores = useRead('GET /admin/stores', {}, { enabled: can('store:read') })
  const add = useWrite('POST /admin/recommendation-rules', ['GET /admin/recommendation-rules'])
  const change = useWrite('PUT /admin/recommendation-rules/:ruleId', ['GET /admin/recommendation-rules'])
  const [draft, setDraft] = useState<Draft>(() => {
    if (!rule) return blank
    const { id: _i, targetName: _n, storeName: _s, createdAt: _c, sentence: _w, ...rest } = rule
    return rest
  })
  const set = (patch: Partial<Draft>) => setDraft((before) => ({ ...before, ...patch }))
  const { error, isPending } = rule ? change : add
  const ready =
    draft.target.trim() &&
    (draft.kind !== 'weight' || draft.percent !== null) &&
    (draft.kind !== 'pin' || draft.place !== null)
  const save = async () => {
    const { active, ...body } = {
      ...draft,
      percent: draft.kind === 'weight' ? draft.percent : null,
      place: draft.kind === 'pin' ? draft.place : null,
    }
    try {
      if (rule) await change.mutateAsync({ ruleId: rule.id, ...body, active })
      else await add.mutateAsync(body)
      close()
    } catch {
      // Shown at the top of the drawer by the mutation's own error.
    }
  }
  return (
    <Drawer
      open
      size={480}
      title={rule ? '修改规则' : '新建规则'}
      onClose={close}
      footer={
        <div className='row g2' style={{ justifyContent: 'end' }}>
          <Button onClick={close}>取消</Button>
          <Button type='primary' disabled={!ready} loading={isPending} onClick={() => void save()}>
            保存
          </Button>
        </div>
      }
    >
      <FormProblem error={error} />
      <div style={{ display: 'grid', gap: 16 }}>
        <Segmented<Rule['kind']>
          block
          value={draft.kind}
          options={(Object.keys(kinds) as Rule['kind'][]).map((value) => ({ value, label: kinds[value] }))}
          onChange={(kind) => set({ kind })}
          aria-label='做什么'
        />
        <Segmented<Rule['scope']>
          block
          value={draft.scope}
          options={[
            { value: 'product', label: '某个商品' },
            { value: 'category', label: '整个品类' },
          ]}
          onChange={(scope) => set({ scope, target: '' })}
          aria-label='对什么'
        />
        <Target draft={draft} name={rule?.targetName} set={(target) => set({ target })} />
        {draft.kind === 'weight' ? (
          <InputNumber
            style={{ width: '100%' }}
            min={-90}
            max={300}
            precision={0}
            prefix='得分'
            suffix='%'
            placeholder='-90 到 300，正数更靠前'
            value={draft.percent}
            onChange={(percent) => set({ percent })}
            aria-label='得分改变百分之几'
          />
        ) : null}
        {draft.kind === 'pin' ? (
          <InputNumber
            style={{ width: '100%' }}
            min={1}
            max={10}
            precision={0}
            prefix='放在第'
            suffix='位'
            value={draft.place}
            onChange={(place) => set({ place })}
            aria-label='放在第几位'
          />
        ) : null}
        <Select
          allowClear
          value={draft.slot ?? undefined}
          placeholder='全部位置'
          options={slotOptions}
          onChange={(slot) => set({ slot: slot ?? null })}
          aria-label='哪个位置'
        />
        <Select
          allowClear
          value={draft.storeId ?? undefined}
          placeholder='全部门店'
          options={(stores.data?.items ?? []).map((store) => ({ value: store.id, label: store.name }))}
          onChange={(storeId) => set({ storeId: storeId ?? null })}
          aria-label='哪家门店'
        />
        <DatePicker.RangePicker
          showTime={{ format: 'HH:mm' }}
          format='YYYY-MM-DD HH:mm'
          allowEmpty={[true, true]}
          placeholder={['马上开始', '一直有效']}
          value={[draft.fromAt ? dayjs(draft.fromAt) : null, draft.untilAt ? dayjs(draft.untilAt) : null]}
          onChange={(ends) => set({ fromAt: ends?.[0]?.valueOf() ?? null, untilAt: ends?.[1]?.valueOf() ?? null })}
          aria-label='什么时候有效'
        />
        <Input
          value={draft.note}
          maxLength={100}
          placeholder='备注，可以不写'
          onChange={(event) => set({ note: event.target.value })}
          aria-label='备注'
        />
      </div>
    </Drawer>
  )
}
