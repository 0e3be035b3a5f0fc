import { App, AutoComplete, Form, Input, Modal } from 'antd'
import { FormProblem } from '../components/FormProblem'
import { useWrite } from '../queries'
import type { Order } from './words'

const carriers = ['顺丰', '京东物流', '中通', '圆通', '申通', '韵达', '邮政 EMS', '德邦']

/** Carrier and number of a parcel; the whole address is shown on request and written into the audit. */
export function ShipOrder({ order, onClose }: { order: Order | null; onClose: () => void }) {
  const { message } = App.useApp()
  const [form] = Form.useForm<{ carrier: string; trackingNo: string }>()
  const ship = useWrite('POST /admin/reward-orders/:orderId/shipments', ['GET /admin/reward-orders'])
  const reveal = useWrite('POST /admin/reward-orders/:orderId/address-reveals')
  const close = () => {
    ship.reset()
    reveal.reset()
    onClose()
  }
  const whole = reveal.data
  return (
    <Modal
      open={order !== null}
      title={order?.state === 'shipped' ? '改快递单号' : '发货'}
      okText={order?.state === 'shipped' ? '保存' : '发货并告诉会员'}
      onCancel={close}
      onOk={form.submit}
      confirmLoading={ship.isPending}
      width={440}
      destroyOnHidden
    >
      {order?.address ? (
        <div className='ship-to'>
          <b>{whole ? `${whole.name} ${whole.phone}` : `${order.address.name} ${order.address.phoneMasked}`}</b>
          <p className='i2'>
            {order.address.region} {order.address.detail}
          </p>
          {whole ? null : (
            <button
              type='button'
              className='link t12'
              disabled={reveal.isPending}
              onClick={() => reveal.mutate({ orderId: order.id, reason: '打包发货' })}
            >
              显示完整手机号（写入审计）
            </button>
          )}
        </div>
      ) : null}
      <Form
        form={form}
        layout='vertical'
        preserve={false}
        initialValues={{ carrier: order?.carrier ?? '', trackingNo: order?.trackingNo ?? '' }}
        onFinish={(entry) =>
          order &&
          ship.mutate(
            { orderId: order.id, carrier: entry.carrier.trim(), trackingNo: entry.trackingNo.trim() },
            {
              onSuccess: () => {
                void message.success('已发货，会员收到了单号')
                close()
              },
            },
          )
        }
      >
        <Form.Item name='carrier' label='快递公司' rules={[{ required: true, message: '请填写快递公司' }]}>
          <AutoComplete options={carriers.map((value) => ({ value }))} placeholder='例如：顺丰' />
        </Form.Item>
        <Form.Item
          name='trackingNo'
          label='单号'
          rules={[
            { required: true, message: '请填写单号' },
            { pattern: /^\s*[A-Za-z0-9-]{4,40}\s*$/, message: '4–40 位字母或数字' },
          ]}
        >
          <Input autoComplete='off' />
        </Form.Item>
        <FormProblem error={ship.error ?? reveal.error} />
      </Form>
    </Modal>
  )
}
