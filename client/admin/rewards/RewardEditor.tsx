import { keepPreviousData, useQuery } from '@tanstack/react-query'
import { App, Button, Form } from 'antd'
import { useMemo, useState } from 'react'
import { useNavigate } from 'react-router'
import { call, isFailure } from '../api'
import { FormProblem } from '../components/FormProblem'
import { Icon } from '../components/Icon'
import { complaintsOf } from '../components/refuseFields'
import { useSettled } from '../components/useSettled'
import { useRead, useWrite } from '../queries'
import { useSession } from '../session'
import { draftOf, type Fields, fieldFor } from './draft'
import { type FieldContext, RewardFields } from './RewardFields'
import { RewardPreview } from './RewardPreview'
import { type Reward, rewardStates } from './words'
import '../coupons/coupon-editor.css'
import '../coupons/coupon-preview.css'
import './rewards.css'

const PREVIEWS = 'POST /admin/rewards/previews'
const touches = ['GET /admin/rewards', 'GET /admin/rewards/:rewardId'] as const

/** The form, what members will see, and the footer that saves and publishes. */
export function RewardEditor({ reward, initial }: { reward: Reward | null; initial: Fields }) {
  const navigate = useNavigate()
  const { message, modal } = App.useApp()
  const { can } = useSession()
  const [form] = Form.useForm<Fields>()
  const [fields, setFields] = useState(initial)
  const [showAll, setShowAll] = useState(false)
  const draft = useMemo(() => draftOf(fields), [fields])
  const settled = useSettled(draft, 250)
  // A reward without a name is worth seeing too.
  const shown = { ...settled, name: settled.name || '未命名的礼品' }
  const preview = useQuery({
    queryKey: [PREVIEWS, shown],
    queryFn: ({ signal }) => call(PREVIEWS, shown, { signal }),
    placeholderData: keepPreviousData,
    retry: false,
  })
  const create = useWrite('POST /admin/rewards', touches)
  const change = useWrite('PUT /admin/rewards/:rewardId', touches)
  const move = useWrite('POST /admin/rewards/:rewardId/state', touches)
  const stores = useRead('GET /admin/stores', { limit: 100 }, { enabled: can('store:read') })
  const tiers = useRead('GET /admin/tiers', {}, { enabled: can('tier:read') })
  const coupons = useRead(
    'GET /admin/coupon-templates',
    { state: 'published', limit: 100 },
    { enabled: can('coupon:read') && fields.kind === 'coupon' },
  )
  const frozen = reward?.state === 'published'
  const error = create.error ?? change.error ?? move.error
  const refusals = isFailure(error) ? complaintsOf(error.details) : []
  const issues = preview.data?.issues ?? []
  const problem: FieldContext['problem'] = (field) => {
    const refused = refusals.find((one) => fieldFor(one.field) === field)
    const issue = showAll ? issues.find((one) => fieldFor(one.field) === field) : undefined
    const text = refused?.message ?? issue?.message ?? (showAll && field === 'name' && !draft.name ? '请填写名称' : '')
    return text ? { validateStatus: 'error', help: text } : {}
  }
  const save = async (): Promise<Reward | null> => {
    if (!draft.name) {
      setShowAll(true)
      return null
    }
    const saving = reward
      ? change.mutateAsync({ rewardId: reward.id, version: reward.version, ...draft })
      : create.mutateAsync(draft)
    // The refusal stands in the form; there is nothing more to do with it here.
    return saving.catch(() => null)
  }
  const saveDraft = async () => {
    const saved = await save()
    if (!saved) return
    void message.success(`${saved.name}：已保存`)
    void navigate(`/rewards/${saved.id}`)
  }
  const publish = async () => {
    setShowAll(true)
    if (issues.length || !draft.name) return
    const saved = await save()
    if (!saved) return
    void modal.confirm({
      title: `上架“${saved.name}”？`,
      width: 460,
      content: (
        <ul className='consequences'>
          <li>会员马上能在积分商城看到并兑换。</li>
          <li>价格、限兑、等级和领取方式上架后不能再改，文案、图片、门店和截止时间可以。</li>
          <li>库存之后用“调整库存”增减，写明原因。</li>
        </ul>
      ),
      okText: '上架',
      onOk: () =>
        move
          .mutateAsync({ rewardId: saved.id, version: saved.version, to: 'published' })
          .then(() => void message.success(`${saved.name}：正在兑换`))
          .catch(() => undefined)
          .finally(() => void navigate(`/rewards/${saved.id}`)),
      onCancel: () => void navigate(`/rewards/${saved.id}/edit`, { replace: true }),
    })
  }
  const busy = create.isPending || change.isPending || move.isPending
  const state = rewardStates[reward?.state ?? 'draft']
  const missing = issues.length + (draft.name ? 0 : 1)
  return (
    <div className='coupon-editor'>
      <div className='work'>
        <div className='editing'>
          <div className='page-head'>
            <h1 className='cut'>{draft.name || '新建礼品'}</h1>
            <span className={`tag ${state.tone}`}>{state.word}</span>
          </div>
          <Form
            form={form}
            layout='vertical'
            initialValues={initial}
            onValuesChange={(changed: Partial<Fields>) => setFields({ ...fields, ...changed })}
            className='panel sections'
          >
            <RewardFields
              kind={fields.kind}
              pickup={fields.ways.includes('pickup')}
              frozen={frozen}
              stores={stores.data?.items ?? []}
              tiers={tiers.data?.items ?? []}
              coupons={coupons.data?.items ?? []}
              problem={problem}
            />
          </Form>
          <FormProblem error={error} />
        </div>
        <RewardPreview preview={preview.data} draft={draft} />
      </div>
      <footer className='foot-bar'>
        <span className='grow i3 cut'>
          {frozen
            ? '已上架：价格、限制和库存不能在这里改'
            : missing
              ? `还差 ${missing} 项才能上架`
              : '上架后价格和限制不能再改'}
        </span>
        <Button onClick={() => void saveDraft()} loading={busy}>
          {frozen ? '保存修改' : '存草稿'}
        </Button>
        {frozen ? null : (
          <Button type='primary' onClick={() => void publish()} loading={busy} icon={<Icon name='send' />}>
            上架
          </Button>
        )}
      </footer>
    </div>
  )
}
