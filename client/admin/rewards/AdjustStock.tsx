import { App, Form, Input, InputNumber, Modal } from 'antd'
import { FormProblem } from '../components/FormProblem'
import { useWrite } from '../queries'
import type { Reward } from './words'

/** Adds to the stock or takes from it, with a reason that stays in the reward's history. */
export function AdjustStock({ reward, open, onClose }: { reward: Reward; open: boolean; onClose: () => void }) {
  const { message } = App.useApp()
  const [form] = Form.useForm<{ delta: number; reason: string }>()
  const delta = Form.useWatch('delta', form) ?? 0
  const adjust = useWrite('POST /admin/rewards/:rewardId/stock-adjustments', [
    'GET /admin/rewards',
    'GET /admin/rewards/:rewardId',
  ])
  const close = () => {
    adjust.reset()
    onClose()
  }
  return (
    <Modal
      open={open}
      title='调整库存'
      okText='调整'
      onCancel={close}
      onOk={form.submit}
      confirmLoading={adjust.isPending}
      width={420}
      destroyOnHidden
    >
      <Form
        form={form}
        layout='vertical'
        preserve={false}
        onFinish={(entry) =>
          adjust.mutate(
            { rewardId: reward.id, delta: entry.delta, reason: entry.reason.trim() },
            {
              onSuccess: (after) => {
                void message.success(`库存剩 ${after.stockLeft} 件`)
                close()
              },
            },
          )
        }
      >
        <Form.Item
          name='delta'
          label='增减多少'
          extra={
            <span className='num'>
              共 {reward.stock} → {reward.stock + delta} 件，已兑出 {reward.used} 件
            </span>
          }
          rules={[
            { required: true, message: '请输入件数，减少填负数' },
            {
              validator: (_, value: number | null) =>
                value && reward.stock + value >= Math.max(1, reward.used)
                  ? Promise.resolve()
                  : Promise.reject(new Error(`不能少于已兑出的 ${reward.used} 件，也不能是 0`)),
            },
          ]}
        >
          <InputNumber precision={0} suffix='件' style={{ width: '100%' }} placeholder='例如 20 或 -5' />
        </Form.Item>
        <Form.Item
          name='reason'
          label='原因'
          rules={[
            { required: true, whitespace: true, message: '请写明原因' },
            { min: 2, message: '至少 2 个字' },
          ]}
        >
          <Input maxLength={100} showCount placeholder='例如：补货到店、盘点' autoComplete='off' />
        </Form.Item>
        <FormProblem error={adjust.error} />
      </Form>
    </Modal>
  )
}
