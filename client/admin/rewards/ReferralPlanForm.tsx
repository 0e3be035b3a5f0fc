import { App, Form, InputNumber, Switch } from 'antd'
import { useRead, useWrite } from '../queries'
import { PlanPanel, whole } from './PlanPanel'

interface Fields {
  active: boolean
  inviterPoints: number
  friendPoints: number
  minSpend: number
  keepDays: number
  perMonth: number
  bindDays: number
}

/** What an invitation pays, for what, and how often. */
export function ReferralPlanForm() {
  const { message } = App.useApp()
  const plan = useRead('GET /admin/referral-plan', {})
  const save = useWrite('PUT /admin/referral-plan', ['GET /admin/referral-plan'])
  return (
    <PlanPanel
      name='邀请规则'
      title='邀请好友'
      plan={plan}
      save={save}
      figures={({ figures }) => [
        ['邀请来的会员', figures.friends],
        ['已发奖励', figures.paid],
        ['待核对', figures.held],
        ['发出积分', figures.points],
      ]}
      fieldsOf={(data): Fields => ({ ...data, minSpend: data.minSpendFen / 100 })}
      sentence={(data) =>
        `好友首单过了 ${data.keepDays} 天没有退，邀请人得 ${data.inviterPoints} 分，好友得 ${data.friendPoints} 分。一小时内来了很多好友、首单退过、没绑手机号的先留给人核对。`
      }
      submit={({ minSpend, ...f }, { version }) =>
        save.mutate(
          { ...f, minSpendFen: Math.round(minSpend * 100), version },
          { onSuccess: () => void message.success('邀请规则已保存') },
        )
      }
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
    </PlanPanel>
  )
}
