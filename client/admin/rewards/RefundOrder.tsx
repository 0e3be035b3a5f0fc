import { formatYuan } from '@shared/money'
import { App, Checkbox, Form, Input, Modal } from 'antd'
import { FormProblem } from '../components/FormProblem'
import { useWrite } from '../queries'
import type { Order } from './words'

/** Takes a redemption back: points to their own lots, money to the payer, the piece to the shelf if it is whole. */
export function RefundOrder({ order, onClose }: { order: Order | null; onClose: () => void }) {
  const { message } = App.useApp()
  const [form] = Form.useForm<{ reason: string; restock: boolean }>()
  const refund = useWrite('POST /admin/reward-orders/:orderId/refunds', [
    'GET /admin/reward-orders',
    'GET /admin/rewards',
    'GET /admin/rewards/:rewardId',
  ])
  const close = () => {
    refund.reset()
    onClose()
  }
  return (
    <Modal
      open={order !== null}
      title={order ? `退换“${order.name}”` : ''}
      okText='退回积分'
      okButtonProps={{ danger: true }}
      onCancel={close}
      onOk={form.submit}
      confirmLoading={refund.isPending}
      width={440}
      destroyOnHidden
    >
      <p className='i2' style={{ marginBottom: 12 }}>
        {order ? `${order.points} 积分退回原来的批次，有效期不变` : ''}
        {order?.cashFen ? `，${formatYuan(order.cashFen)} 原路退回` : ''}
        {order?.method === 'coupon' ? '，换到的券随即作废（用过的不能退）' : ''}。
      </p>
      <Form
        form={form}
        layout='vertical'
        preserve={false}
        initialValues={{ restock: true }}
        onFinish={(entry) =>
          order &&
          refund.mutate(
            { orderId: order.id, reason: entry.reason.trim(), restock: entry.restock },
            {
              onSuccess: () => {
                void message.success('已退回')
                close()
              },
            },
          )
        }
      >
        <Form.Item
          name='reason'
          label='原因'
          rules={[
            { required: true, whitespace: true, message: '请写明原因' },
            { min: 2, message: '至少 2 个字' },
          ]}
        >
          <Input maxLength={100} showCount placeholder='例如：运输破损' autoComplete='off' />
        </Form.Item>
        <Form.Item name='restock' valuePropName='checked'>
          <Checkbox>东西完好，放回库存</Checkbox>
        </Form.Item>
        <FormProblem error={refund.error} />
      </Form>
    </Modal>
  )
}
