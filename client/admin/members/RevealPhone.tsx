import { Form, Input, Modal } from 'antd'
import { FormProblem } from '../components/FormProblem'
import { useWrite } from '../queries'

interface Props {
  open: boolean
  memberId: string
  onClose: () => void
  onRevealed: (plain: { phone: string | null; name: string }) => void
}

/** Asks why before a full phone number is shown; the reason goes to the audit. */
export function RevealPhone({ open, memberId, onClose, onRevealed }: Props) {
  const [form] = Form.useForm<{ reason: string }>()
  const reveal = useWrite('POST /admin/members/:memberId/phone-reveals', ['GET /admin/audits'])
  const close = () => {
    reveal.reset()
    onClose()
  }
  const submit = ({ reason }: { reason: string }) =>
    reveal.mutate(
      { memberId, reason: reason.trim() },
      {
        onSuccess: (plain) => {
          onRevealed(plain)
          close()
        },
      },
    )
  return (
    <Modal
      open={open}
      title='查看完整手机号'
      okText='查看'
      onCancel={close}
      onOk={form.submit}
      confirmLoading={reveal.isPending}
      width={440}
      destroyOnHidden
    >
      <p className='i3' style={{ marginBottom: 12 }}>
        你的账号、时间和原因会写进审计。离开这一页后重新打码。
      </p>
      <Form form={form} layout='vertical' onFinish={submit} preserve={false}>
        <Form.Item
          name='reason'
          label='为什么要看'
          rules={[
            { required: true, whitespace: true, message: '请写明原因' },
            { min: 2, message: '至少 2 个字' },
          ]}
        >
          <Input maxLength={100} showCount placeholder='例如：核对快递地址' autoComplete='off' />
        </Form.Item>
        <FormProblem error={reveal.error} />
      </Form>
    </Modal>
  )
}
