import { App, Button, Drawer, Form, Input, Switch } from 'antd'
import { useState } from 'react'
import { FormProblem } from '../components/FormProblem'
import { refuseFields } from '../components/refuseFields'
import { useWrite } from '../queries'
import type { Store } from './StoreList'

interface Entry {
  code: string
  name: string
  address: string
  hours: string
  phone: string
  active: boolean
}

const trimmed = (entry: Entry) => ({
  name: entry.name.trim(),
  address: entry.address.trim(),
  hours: entry.hours.trim(),
  phone: entry.phone.trim(),
})

/** Makes a store or changes one. The code is fixed once given: tills and imports refer to it. */
export function StoreForm({ open, store, onClose }: { open: boolean; store: Store | undefined; onClose: () => void }) {
  const { message, modal } = App.useApp()
  const [form] = Form.useForm<Entry>()
  const touches = ['GET /admin/stores', 'GET /admin/overview'] as const
  const create = useWrite('POST /admin/stores', touches)
  const change = useWrite('PATCH /admin/stores/:storeId', touches)
  const [problem, setProblem] = useState<unknown>(null)
  const refused = (error: unknown) => setProblem(refuseFields(form, error, { store_code_taken: 'code' }) ? null : error)
  const close = () => {
    setProblem(null)
    onClose()
  }
  const saved = () => {
    void message.success('已保存')
    close()
  }
  const submit = (entry: Entry) => {
    if (!store) {
      create.mutate({ code: entry.code, ...trimmed(entry) }, { onSuccess: saved, onError: refused })
      return
    }
    const write = () =>
      change.mutate(
        { storeId: store.id, ...trimmed(entry), active: entry.active },
        { onSuccess: saved, onError: refused },
      )
    if (store.active && !entry.active)
      void modal.confirm({
        title: `停业“${store.name}”？`,
        content: '停业后店员不能在这家店录入消费和核销，会员的门店列表里也看不到它。以往记录都保留，随时可以恢复营业。',
        okText: '停业',
        okButtonProps: { danger: true },
        onOk: write,
      })
    else write()
  }
  return (
    <Drawer
      open={open}
      onClose={close}
      size={440}
      title={store ? store.name : '新建门店'}
      destroyOnHidden
      footer={
        <div className='row g2' style={{ justifyContent: 'flex-end' }}>
          <Button onClick={close}>取消</Button>
          <Button type='primary' onClick={form.submit} loading={create.isPending || change.isPending}>
            保存
          </Button>
        </div>
      }
    >
      <Form
        form={form}
        layout='vertical'
        onFinish={submit}
        preserve={false}
        initialValues={store ?? { code: '', name: '', address: '', hours: '10:00–22:00', phone: '', active: true }}
      >
        <Form.Item name='name' label='店名' rules={[{ required: true, whitespace: true, message: '请填店名' }]}>
          <Input maxLength={20} showCount placeholder='例如：静安寺店' />
        </Form.Item>
        <Form.Item
          name='code'
          label='编号'
          extra={store ? '编号给收银系统和导入用，不能再改' : '给收银系统和导入用，建好后不能改'}
          rules={[{ required: true, pattern: /^[a-z0-9-]{2,20}$/, message: '用小写字母、数字和短横线，2–20 位' }]}
        >
          <Input disabled={store !== undefined} maxLength={20} placeholder='例如：sh-jingan' />
        </Form.Item>
        <Form.Item name='address' label='地址'>
          <Input maxLength={60} showCount placeholder='会员在门店列表里看到' />
        </Form.Item>
        <Form.Item name='hours' label='营业时间'>
          <Input maxLength={30} />
        </Form.Item>
        <Form.Item name='phone' label='电话'>
          <Input maxLength={20} />
        </Form.Item>
        {store ? (
          <Form.Item name='active' label='营业中' valuePropName='checked'>
            <Switch />
          </Form.Item>
        ) : null}
        <FormProblem error={problem} />
      </Form>
    </Drawer>
  )
}
