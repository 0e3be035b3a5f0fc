import { App, Form, Input, Modal } from 'antd'
import { FormProblem } from '../components/FormProblem'
import { useWrite } from '../queries'
import { TemplatePicker } from './TemplatePicker'

/** Gives one coupon to one member. */
export function GrantCoupon({ open, memberId, onClose }: { open: boolean; memberId: string; onClose: () => void }) {
  const { message } = App.useApp()
  const [form] = Form.useForm<{ templateId: string; reason: string }>()
  const grant = useWrite('POST /admin/members/:memberId/coupon-grants', [
    'GET /admin/members/:memberId',
    'GET /admin/members/:memberId/coupons',
    'GET /admin/members/:memberId/timeline',
    'GET /admin/coupon-templates',
  ])
  const close = () => {
    grant.reset()
    onClose()
  }
  const submit = ({ templateId, reason }: { templateId: string; reason: string }) =>
    grant.mutate(
      { memberId, templateId, reason: reason.trim() },
      {
        onSuccess: () => {
          void message.success('券已到账，会员在“我的卡券”里能看到')
          close()
        },
      },
    )
  return (
    <Modal
      open={open}
      title='发一张券'
      okText='发券'
      onCancel={close}
      onOk={form.submit}
      confirmLoading={grant.isPending}
      width={480}
      destroyOnHidden
    >
      <Form form={form} layout='vertical' onFinish={submit} preserve={false}>
        <Form.Item name='templateId' label='券' rules={[{ required: true, message: '请选一种券' }]}>
          <TemplatePicker />
        </Form.Item>
        <Form.Item
          name='reason'
          label='原因'
          rules={[
            { required: true, whitespace: true, message: '请写明原因' },
            { min: 2, message: '至少 2 个字' },
          ]}
        >
          <Input maxLength={100} showCount placeholder='例如：到货延迟，补偿一张' autoComplete='off' />
        </Form.Item>
        <p className='i3' style={{ marginBottom: 12 }}>
          发出后立即到账并占用一张库存，不能收回。
        </p>
        <FormProblem error={grant.error} />
      </Form>
    </Modal>
  )
}
