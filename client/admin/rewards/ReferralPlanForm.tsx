import { App, Button, Form, InputNumber, Switch } from 'antd'
import { FormProblem } from '../components/FormProblem'
import { useRead, useWrite } from '../queries'
import { useSession } from '../session'

interface Fields {
  active: boolean
  inviterPoints: number
  friendPoints: number
  minSpend: number
  keepDays: number
  perMonth: number
  bindDays: number
}
const whole = { min: 0, precision: 0, controls: false, style: { width: '100%' } } as const

/** What an invitation pays, for what, and how often. */
export function ReferralPlanForm() {
  const { message } = App.useApp()
  const { can } = useSession()
  const plan = useRead('GET /admin/referral-plan', {})
  const save = useWrite('PUT /admin/referral-plan', ['GET /admin/referral-plan'])
  const data = plan.data
  if (!data)
    return <section className='panel bone' style={{ height: 420 }} role='status' aria-label='正在读取邀请规则' />
  const submit = ({ minSpend, ...f }: Fields) =>
    save.mutate(
      { ...f, minSpendFen: Math.round(minSpend * 100), version: data.version },
      { onSuccess: () => void message.success('邀请规则已保存') },
    )
  const { figures } = data
  return (
    <section className='panel'>
      <div className='hd'>
        <h2>邀请好友</h2>
      </div>
      <dl className='plan-figures'>
        <div>
          <dt>邀请来的会员</dt>
          <dd className='num'>{figures.friends}</dd>
        </div>
        <div>
          <dt>已发奖励</dt>
          <dd className='num'>{figures.paid}</dd>
        </div>
        <div>
          <dt>待核对</dt>
          <dd className='num'>{figures.held}</dd>
        </div>
        <div>
          <dt>发出积分</dt>
          <dd className='num'>{figures.points}</dd>
        </div>
      </dl>
      <Form<Fields>
        key={data.version}
        layout='vertical'
        disabled={!can('reward:write')}
        onFinish={submit}
        initialValues={{ ...data, minSpend: data.minSpendFen / 100 }}
      >
        <Form.Item name='active' label='开放邀请' valuePropName='checked'>
          <Switch />
        </Form.Item>
        <div className='fields'>
          <Form.Item name='inviterPoints' label='邀请人得'>
            <InputNumber {...whole} max={100_000} suffix='分' />
          </Form.Item>
          <Form.Item name='friendPoints' label='好友得'>
            <InputNumber {...whole} max={100_000} suffix='分' />
          </Form.Item>
          <Form.Item name='minSpend' label='首单实付至少'>
            <InputNumber min={0} max={1_000_000} precision={2} controls={false} suffix='元' style={{ width: '100%' }} />
          </Form.Item>
          <Form.Item name='keepDays' label='几天不退才发'>
            <InputNumber {...whole} max={90} suffix='天' />
          </Form.Item>
          <Form.Item name='perMonth' label='每人每月最多'>
            <InputNumber {...whole} min={1} max={1000} suffix='位' />
          </Form.Item>
          <Form.Item name='bindDays' label='入会几天内可填码'>
            <InputNumber {...whole} min={1} max={90} suffix='天' />
          </Form.Item>
        </div>
        <p className='i2' style={{ marginBottom: 12 }}>
          好友首单过了 {data.keepDays} 天没有退，邀请人得 {data.inviterPoints} 分，好友得 {data.friendPoints} 分。
          一小时内来了很多好友、首单退过、没绑手机号的先留给人核对。
        </p>
        <FormProblem error={save.error} />
        <Button type='primary' htmlType='submit' loading={save.isPending}>
          保存邀请规则
        </Button>
      </Form>
    </section>
  )
}
