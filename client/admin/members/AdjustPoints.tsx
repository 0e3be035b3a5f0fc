import { App, Form, Input, InputNumber, Modal, Segmented } from 'antd'
import { FormProblem } from '../components/FormProblem'
import { useWrite } from '../queries'

interface Entry {
  way: 'add' | 'take'
  points: number
  reason: string
}

/** Adds or takes points by hand, with a reason that the member and the audit will see. */
export function AdjustPoints({
  open,
  memberId,
  balance,
  onClose,
}: {
  open: boolean
  memberId: string
  balance: number
  onClose: () => void
}) {
  const { message } = App.useApp()
  const [form] = Form.useForm<Entry>()
  const way = Form.useWatch('way', form) ?? 'add'
  const points = Form.useWatch('points', form)
  const adjust = useWrite('POST /admin/members/:memberId/points-adjustments', [
    'GET /admin/members/:memberId',
    'GET /admin/members/:memberId/points-entries',
    'GET /admin/members/:memberId/timeline',
    'GET /admin/members',
  ])
  const close = () => {
    adjust.reset()
    onClose()
  }
  const after = balance + (way === 'add' ? 1 : -1) * (points ?? 0)
  const submit = (entry: Entry) =>
    adjust.mutate(
      { memberId, points: entry.way === 'add' ? entry.points : -entry.points, reason: entry.reason.trim() },
      {
        onSuccess: ({ balance: now }) => {
          void message.success(
            `已${entry.way === 'add' ? '补发' : '扣减'} ${entry.points.toLocaleString('zh-CN')} 分，余额 ${now.toLocaleString('zh-CN')}`,
          )
          close()
        },
      },
    )
  return (
    <Modal
      open={open}
      title='调整积分'
      okText={way === 'add' ? '补发积分' : '扣减积分'}
      okButtonProps={{ danger: way === 'take' }}
      onCancel={close}
      onOk={form.submit}
      confirmLoading={adjust.isPending}
      width={440}
      destroyOnHidden
    >
      <Form form={form} layout='vertical' onFinish={submit} preserve={false} initialValues={{ way: 'add' }}>
        <Form.Item name='way'>
          <Segmented
            options={[
              { value: 'add', label: '补发' },
              { value: 'take', label: '扣减' },
            ]}
          />
        </Form.Item>
        <Form.Item
          name='points'
          label='多少分'
          extra={
            points && after >= 0 ? (
              <span className='num'>{`余额 ${balance.toLocaleString('zh-CN')} → ${after.toLocaleString('zh-CN')}`}</span>
            ) : (
              <span className='num'>{`现有 ${balance.toLocaleString('zh-CN')} 分`}</span>
            )
          }
          rules={[
            { required: true, message: '请输入积分' },
            {
              validator: (_, value: number | null) =>
                way === 'take' && (value ?? 0) > balance
                  ? Promise.reject(new Error(`最多能扣 ${balance.toLocaleString('zh-CN')} 分`))
                  : Promise.resolve(),
            },
          ]}
          dependencies={['way']}
        >
          <InputNumber min={1} max={1_000_000} precision={0} suffix='分' style={{ width: '100%' }} />
        </Form.Item>
        <Form.Item
          name='reason'
          label='原因'
          rules={[
            { required: true, whitespace: true, message: '请写明原因' },
            { min: 2, message: '至少 2 个字' },
          ]}
        >
          <Input
            maxLength={100}
            showCount
            placeholder={way === 'add' ? '例如：漏记 11月20日 一单' : '例如：误发，会员已知情'}
            autoComplete='off'
          />
        </Form.Item>
        <p className='i3' style={{ marginBottom: 12 }}>
          {way === 'add' ? '补发的积分按普通规则计算有效期。' : '从最早过期的积分开始扣。'}
          会员的积分明细里会看到这个原因。
        </p>
        <FormProblem error={adjust.error} />
      </Form>
    </Modal>
  )
}
