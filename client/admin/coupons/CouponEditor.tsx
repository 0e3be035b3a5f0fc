import { Button, Form, Modal } from 'antd'
import { useMemo, useRef, useState } from 'react'
import { useBlocker, useNavigate } from 'react-router'
import { FormProblem } from '../components/FormProblem'
import { Icon } from '../components/Icon'
import { useSettled } from '../components/useSettled'
import { useRead } from '../queries'
import { useSession } from '../session'
import {
  BasicFields,
  type FieldContext,
  IssueFields,
  ScopeFields,
  StackFields,
  TimeFields,
  WorthFields,
} from './CouponFields'
import { CouponPreview } from './CouponPreview'
import { blankFields, draftOf, type Fields, fieldFor } from './draft'
import { states, type TemplateRow } from './states'
import { useCouponSave } from './useCouponSave'
import { usePreview } from './usePreview'
import { useTemplateState } from './useTemplateState'
import './coupon-editor.css'

interface Props {
  /** Null for a coupon that was never saved. */
  template: TemplateRow | null
  initial: Fields
  /** True when `initial` is what was left unsaved last time. */
  restored: boolean
  keepLocal: (fields: Fields | null) => void
  onCreated: (template: TemplateRow) => void
}

/** The form, its preview and its footer. */
export function CouponEditor({ template, initial, restored, keepLocal, onCreated }: Props) {
  const navigate = useNavigate()
  const { can } = useSession()
  const [form] = Form.useForm<Fields>()
  const [fields, setFields] = useState(initial)
  const [touched, setTouched] = useState<ReadonlySet<string>>(new Set())
  const [showAll, setShowAll] = useState(false)
  const [fromLastTime, setFromLastTime] = useState(restored)
  const leaving = useRef(false)
  const draft = useMemo(() => draftOf(fields), [fields])
  const settled = useSettled(draft, 250)
  const preview = usePreview(settled)
  const stores = useRead('GET /admin/stores', { limit: 100 }, { enabled: can('store:read') })
  const tiers = useRead('GET /admin/tiers', {}, { enabled: can('tier:read') })
  const save = useCouponSave(template, draft, onCreated)
  const saved = save.template
  const askState = useTemplateState((changed) => {
    leaving.current = true
    void navigate(`/coupons/${changed.id}`)
  })
  const frozen = saved !== null && saved.state !== 'draft'
  const blocker = useBlocker(
    ({ currentLocation, nextLocation }) =>
      template !== null && save.dirty && !leaving.current && currentLocation.pathname !== nextLocation.pathname,
  )

  const issues = preview.data?.issues ?? []
  const problem: FieldContext['problem'] = (field) => {
    const issue = issues.find((one) => fieldFor(one.field, fields) === field)
    const refused = save.refusals.find((one) => fieldFor(one.field, fields) === field)
    const message = refused?.message ?? (showAll || touched.has(field) ? issue?.message : undefined)
    return message ? { validateStatus: 'error', help: message } : {}
  }
  const context: FieldContext = {
    kind: fields.kind,
    validityKind: fields.validityKind,
    claimable: fields.claimable,
    frozen,
    stores: stores.data?.items ?? [],
    tiers: tiers.data?.items ?? [],
    problem,
  }
  const onChange = (changed: Partial<Fields>) => {
    const next = { ...fields, ...changed }
    setFields(next)
    setTouched(new Set([...touched, ...Object.keys(changed)]))
    if (!template) keepLocal(next)
  }
  const startOver = () => {
    keepLocal(null)
    setFields(blankFields)
    form.setFieldsValue(blankFields)
    setTouched(new Set())
    setFromLastTime(false)
  }
  const publish = async () => {
    setShowAll(true)
    if (issues.length > 0 || !draft.name) {
      const first = fieldFor(issues[0]?.field ?? 'name', fields)
      if (first) form.scrollToField(first, { behavior: 'smooth', block: 'center', focus: true })
      return
    }
    const current = await save.now()
    if (current) askState(current, 'published')
  }
  const missing = issues.length + (draft.name || issues.some((one) => one.field === 'name') ? 0 : 1)
  const state = saved ? states[saved.state] : states.draft

  return (
    <div className='coupon-editor'>
      <div className='work'>
        <div className='editing'>
          <div className='page-head'>
            <h1 className='cut'>{draft.name || '新建优惠券'}</h1>
            <span className={`tag ${state.tone}`}>{state.word}</span>
            <span className='t12 i3 cut' aria-live='polite'>
              {fromLastTime ? '接着上次没存的内容写，' : ''}
              {save.note}
            </span>
            {fromLastTime ? (
              <button type='button' className='link t12 nowrap' onClick={startOver}>
                重新开始
              </button>
            ) : null}
          </div>
          <Form
            form={form}
            layout='vertical'
            initialValues={initial}
            onValuesChange={onChange}
            className='panel sections'
          >
            <BasicFields {...context} />
            <WorthFields {...context} />
            <ScopeFields {...context} />
            <TimeFields {...context} />
            <IssueFields {...context} />
            <StackFields {...context} />
          </Form>
          <FormProblem error={save.error} />
        </div>
        <CouponPreview draft={draft} preview={preview.data} error={preview.error} />
      </div>
      <footer className='foot-bar'>
        <span className='grow i3 cut'>
          {frozen
            ? '已发布：优惠内容不能改，适用范围和库存可以调整'
            : missing > 0
              ? `还差 ${missing} 项才能发布`
              : '发布后优惠内容不能改，适用范围和库存可以调整'}
        </span>
        <Button
          onClick={() => void save.now()}
          loading={save.saving}
          disabled={!draft.name || (saved !== null && !save.dirty)}
        >
          {frozen ? '保存修改' : '存草稿'}
        </Button>
        {!frozen && can('coupon:publish') ? (
          <Button type='primary' onClick={() => void publish()} loading={save.saving} icon={<Icon name='send' />}>
            发布
          </Button>
        ) : null}
      </footer>
      <Modal
        open={blocker.state === 'blocked'}
        title='有修改还没保存'
        okText='保存后离开'
        cancelText='不保存，离开'
        onOk={async () => {
          if (await save.now()) blocker.proceed?.()
        }}
        onCancel={(event) =>
          event.currentTarget.className.includes('close') ? blocker.reset?.() : blocker.proceed?.()
        }
        mask={{ closable: false }}
        keyboard={false}
        width={420}
      >
        离开这一页，刚才的修改会丢掉。
      </Modal>
    </div>
  )
}
