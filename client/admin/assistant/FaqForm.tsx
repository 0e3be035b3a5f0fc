import type { Output } from '@shared/contract'
import { App, Button, Drawer, Form, Input, Select, Switch } from 'antd'
import { sentenceOf } from '../api'
import { useWrite } from '../queries'

type Faq = Output<'GET /admin/faqs'>['items'][number]

export const categories: Record<Faq['category'], string> = {
  points: '积分',
  coupon: '优惠券',
  tier: '等级',
  order: '订单',
  account: '账户',
  store: '门店',
  other: '其他',
}
interface Entry {
  question: string
  answer: string
  keywords: string
  category: Faq['category']
  page: string
  active: boolean
}

interface Props {
  open: boolean
  faq: Faq | undefined
  /** What a new entry begins with: the words of a member that had no answer. */
  question: string
  onClose: () => void
}

/** Writes or changes one entry of the FAQ. */
export function FaqForm({ open, faq, question, onClose }: Props) {
  const { message, modal } = App.useApp()
  const [form] = Form.useForm<Entry>()
  const touches = ['GET /admin/faqs', 'GET /admin/assistant/gaps'] as const
  const create = useWrite('POST /admin/faqs', touches)
  const change = useWrite('PUT /admin/faqs/:faqId', touches)
  const remove = useWrite('POST /admin/faqs/:faqId/delete', touches)
  const done = {
    onSuccess: () => {
      void message.success('已保存，助手马上按新的回答')
      onClose()
    },
    onError: (error: unknown) => void message.error(sentenceOf(error)),
  }
  const submit = (entry: Entry) => {
    const input = {
      question: entry.question.trim(),
      answer: entry.answer.trim(),
      keywords: entry.keywords.trim(),
      category: entry.category,
      page: entry.page.trim() || null,
      active: entry.active,
    }
    if (faq) change.mutate({ faqId: faq.id, version: faq.version, ...input }, done)
    else create.mutate(input, done)
  }
  const askToDelete = (one: Faq) =>
    void modal.confirm({
      title: `删除“${one.question}”？`,
      content: '删除后助手不再按这条回答。',
      okText: '删除',
      okButtonProps: { danger: true },
      onOk: () => remove.mutate({ faqId: one.id }, { ...done, onSuccess: onClose }),
    })
  const start: Entry = faq
    ? { ...faq, page: faq.page ?? '' }
    : { question, answer: '', keywords: '', category: 'other', page: '', active: true }
  return (
    <Drawer
      open={open}
      onClose={onClose}
      size={520}
      title={faq ? '修改常见问题' : '新建常见问题'}
      destroyOnHidden
      extra={
        faq ? (
          <Button danger type='text' onClick={() => askToDelete(faq)}>
            删除
          </Button>
        ) : null
      }
    >
      <Form form={form} layout='vertical' initialValues={start} onFinish={submit}>
        <Form.Item name='question' label='问题' rules={[{ required: true, min: 2, max: 60, message: '2 到 60 个字' }]}>
          <Input maxLength={60} placeholder='会员最常见的问法' />
        </Form.Item>
        <Form.Item name='keywords' label='其他问法' extra='用空格隔开，越像会员的原话越容易答对'>
          <Input.TextArea rows={2} maxLength={180} placeholder='补积分 忘记扫会员码 漏积分' />
        </Form.Item>
        <Form.Item name='answer' label='答案' rules={[{ required: true, min: 2, max: 600, message: '2 到 600 个字' }]}>
          <Input.TextArea rows={5} maxLength={600} showCount />
        </Form.Item>
        <Form.Item name='category' label='分类'>
          <Select options={Object.entries(categories).map(([value, label]) => ({ value, label }))} />
        </Form.Item>
        <Form.Item name='page' label='相关页面' extra='小程序页面路径，可不填'>
          <Input maxLength={110} placeholder='packages/points/index' />
        </Form.Item>
        <Form.Item name='active' label='启用' valuePropName='checked'>
          <Switch />
        </Form.Item>
        <Button type='primary' htmlType='submit' loading={create.isPending || change.isPending} block>
          保存
        </Button>
      </Form>
    </Drawer>
  )
}
