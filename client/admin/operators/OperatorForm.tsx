import { type Permission, permissions, type Role, roles } from '@shared/permissions'
import { App, Button, Drawer, Form, Input, Select, Switch } from 'antd'
import { useState } from 'react'
import { FormProblem } from '../components/FormProblem'
import { Icon } from '../components/Icon'
import { refuseFields } from '../components/refuseFields'
import { useWrite } from '../queries'
import { useMe } from '../session'
import type { Operator } from './OperatorList'

interface Entry {
  username: string
  name: string
  role: Role
  storeIds: string[]
  phone?: string
  password?: string
  active?: boolean
}

const notes: Record<Role, string> = {
  owner: '什么都能做，包括管账号和重跑任务',
  operator: '会员、券、门店都能管，不能管账号',
  manager: '在自己的门店收银、核销、退款，能看数据',
  cashier: '只在店员页扫码收银、核销、退款',
  pos: '给收银系统用，不给人用',
  auditor: '只看，不能改',
}

/** Roles that work in certain stores; the others are everywhere. */
const atCounter = (role: Role) => role === 'manager' || role === 'cashier'

/** What a role may do, in words. */
function RoleRights({ role }: { role: Role }) {
  return (
    <div className='rights'>
      {(Object.keys(permissions) as Permission[])
        .filter((permission) => (roles[role].permissions as readonly Permission[]).includes(permission))
        .map((permission) => (
          <span key={permission} className='tag'>
            {permissions[permission]}
          </span>
        ))}
    </div>
  )
}

/** A password nobody else knows, from letters and digits that are not mistaken for each other. */
function makePassword(): string {
  const letters = 'abcdefghjkmnpqrstuvwxyz23456789'
  return [...crypto.getRandomValues(new Uint8Array(14))].map((byte) => letters[byte % letters.length]).join('')
}

/** Makes an account or changes one: role, stores, phone, password, stop. */
export function OperatorForm({
  open,
  operator,
  stores,
  onClose,
}: {
  open: boolean
  operator: Operator | undefined
  stores: readonly { id: string; name: string }[]
  onClose: () => void
}) {
  const me = useMe()
  const { message, modal } = App.useApp()
  const [form] = Form.useForm<Entry>()
  const [resetting, setResetting] = useState(false)
  const role = Form.useWatch('role', form) ?? operator?.role ?? 'cashier'
  const touches = ['GET /admin/operators', 'GET /admin/stores'] as const
  const create = useWrite('POST /admin/operators', touches)
  const change = useWrite('PATCH /admin/operators/:operatorId', touches)
  const [problem, setProblem] = useState<unknown>(null)
  const refused = (error: unknown) =>
    setProblem(refuseFields(form, error, { username_taken: 'username', phone_taken: 'phone' }) ? null : error)
  const close = () => {
    setProblem(null)
    setResetting(false)
    onClose()
  }
  const saved = () => {
    void message.success('已保存')
    close()
  }
  const submit = (entry: Entry) => {
    const common = { name: entry.name.trim(), role: entry.role, storeIds: entry.storeIds }
    if (!operator) {
      create.mutate(
        { ...common, username: entry.username, phone: entry.phone || undefined, password: entry.password ?? '' },
        { onSuccess: saved, onError: refused },
      )
      return
    }
    const write = () =>
      change.mutate(
        {
          operatorId: operator.id,
          ...common,
          active: entry.active ?? operator.active,
          ...(entry.phone ? { phone: entry.phone } : {}),
          ...(entry.password ? { password: entry.password } : {}),
        },
        { onSuccess: saved, onError: refused },
      )
    if (operator.active && entry.active === false)
      void modal.confirm({
        title: `停用“${operator.name}”的账号？`,
        content: '他会立即退出所有设备，不能再登录后台和店员页。以往的操作记录都保留，随时可以恢复。',
        okText: '停用',
        okButtonProps: { danger: true },
        onOk: write,
      })
    else if (entry.password)
      void modal.confirm({
        title: `重设“${operator.name}”的密码？`,
        content: '他会立即退出所有设备，要用新密码重新登录。请把新密码当面告诉他。',
        okText: '重设密码',
        onOk: write,
      })
    else write()
  }
  const passwordField = (
    <Form.Item
      name='password'
      label={operator ? '新密码' : '初始密码'}
      extra='只在这里显示一次，请当面告诉他'
      rules={[
        { required: true, message: '请填密码' },
        { min: 10, message: '密码至少 10 位' },
      ]}
    >
      <Input
        maxLength={128}
        autoComplete='new-password'
        suffix={
          <button type='button' className='link' onClick={() => form.setFieldValue('password', makePassword())}>
            随机生成
          </button>
        }
      />
    </Form.Item>
  )
  return (
    <Drawer
      open={open}
      onClose={close}
      size={480}
      title={operator ? operator.name : '新建账号'}
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
        initialValues={
          operator
            ? { ...operator, storeIds: operator.stores.map(({ id }) => id) }
            : { role: 'cashier', storeIds: [], active: true }
        }
      >
        <Form.Item name='name' label='姓名' rules={[{ required: true, whitespace: true, message: '请填姓名' }]}>
          <Input maxLength={20} showCount />
        </Form.Item>
        <Form.Item
          name='username'
          label='登录名'
          extra={operator ? '登录名不能改' : '用来登录后台，建好后不能改'}
          rules={[
            {
              required: true,
              pattern: /^[a-z][a-z0-9._-]{2,29}$/,
              message: '用小写字母开头，3–30 位小写字母、数字或 . _ -',
            },
          ]}
        >
          <Input disabled={operator !== undefined} maxLength={30} autoComplete='off' />
        </Form.Item>
        <Form.Item name='role' label='角色' extra={<RoleRights role={role} />}>
          <Select
            disabled={operator?.id === me.id}
            options={(Object.keys(roles) as Role[]).map((key) => ({
              value: key,
              label: roles[key].name,
              note: notes[key],
            }))}
            optionRender={({ data }) => (
              <div>
                <div className='m'>{data.label}</div>
                <div className='t12 i3'>{data.note}</div>
              </div>
            )}
          />
        </Form.Item>
        <Form.Item
          name='storeIds'
          label='门店'
          dependencies={['role']}
          extra={atCounter(role) ? '他只能在这些门店扫码、收银' : '不选就是全部门店'}
          rules={[{ required: atCounter(role), message: '店长和店员至少要选一家门店' }]}
        >
          <Select
            mode='multiple'
            options={stores.map((store) => ({ value: store.id, label: store.name }))}
            optionFilterProp='label'
            placeholder={atCounter(role) ? '选门店' : '全部门店'}
          />
        </Form.Item>
        <Form.Item
          name='phone'
          label='手机号'
          extra={
            operator ? `现在是 ${operator.phoneMasked ?? '空'}，不填就不改` : '他用这个手机号登录小程序，就会看到店员页'
          }
          rules={[{ pattern: /^1[3-9]\d{9}$/, message: '请输入 11 位手机号' }]}
        >
          <Input maxLength={11} inputMode='tel' autoComplete='off' />
        </Form.Item>
        {!operator || resetting ? (
          passwordField
        ) : (
          <Form.Item label='密码'>
            <Button icon={<Icon name='refresh' />} onClick={() => setResetting(true)}>
              重设密码
            </Button>
          </Form.Item>
        )}
        {operator && operator.id !== me.id ? (
          <Form.Item name='active' label='可以登录' valuePropName='checked'>
            <Switch />
          </Form.Item>
        ) : null}
        <FormProblem error={problem} />
      </Form>
    </Drawer>
  )
}
