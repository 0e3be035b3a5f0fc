import { App, Form, Input, InputNumber, Switch } from 'antd'
import { useRead, useWrite } from '../queries'
import { PlanPanel, whole } from './PlanPanel'

interface Fields {
  active: boolean
  cycle: string
  milestones: string
  cardEveryDays: number
  cardPricePoints: number
  maxCards: number
  cardsPerMonth: number
  makeUpDays: number
}
const numbers = (text: string): number[] => (text.match(/\d+/g) ?? []).map(Number)
/** '30:60 100:200' as pairs of days and points. */
const pairs = (text: string): { days: number; points: number }[] => {
  const all = numbers(text)
  return Array.from({ length: Math.floor(all.length / 2) }, (_, i) => ({ days: all[2 * i], points: all[2 * i + 1] }))
}

/** What a check-in gives: the ladder, what stands at its landings, and the make-up cards. */
export function CheckinPlanForm() {
  const { message } = App.useApp()
  const plan = useRead('GET /admin/checkin-plan', {})
  const save = useWrite('PUT /admin/checkin-plan', ['GET /admin/checkin-plan'])
  return (
    <PlanPanel
      name='签到规则'
      title='每日签到'
      plan={plan}
      save={save}
      figures={({ figures }) => [
        ['今天签到', figures.today],
        ['近 7 天', figures.week],
        ['最长连续', `${figures.longest} 天`],
        ['本月发出', `${figures.pointsThisMonth} 分`],
      ]}
      fieldsOf={(data): Fields => ({
        ...data,
        cycle: data.cycle.join('、'),
        milestones: data.milestones.map((m) => `${m.days} 天 ${m.points} 分`).join('，'),
      })}
      sentence={(data) => data.sentence}
      submit={(f, { version }) =>
        save.mutate(
          { ...f, cycle: numbers(f.cycle), milestones: pairs(f.milestones), version },
          { onSuccess: () => void message.success('签到规则已保存，从下一次签到起生效') },
        )
      }
    >
      <Form.Item name='active' label='开放签到' valuePropName='checked'>
        <Switch />
      </Form.Item>
      <Form.Item
        name='cycle'
        label='连续签到每天得几分（一轮走完从头来）'
        rules={[
          {
            validator: (_, text: string) =>
              numbers(text).length > 0 && numbers(text).length <= 31
                ? Promise.resolve()
                : Promise.reject(new Error('填 1 到 31 个数，用顿号隔开')),
          },
        ]}
      >
        <Input placeholder='2、2、4、4、6、6、15' />
      </Form.Item>
      <Form.Item name='milestones' label='连续满多少天另加多少分'>
        <Input placeholder='30 天 60 分，100 天 200 分' />
      </Form.Item>
      <div className='fields'>
        <Form.Item name='cardEveryDays' label='连续几天送补签卡'>
          <InputNumber {...whole} max={365} suffix='天' />
        </Form.Item>
        <Form.Item name='cardPricePoints' label='补签卡售价'>
          <InputNumber {...whole} max={100_000} suffix='分' />
        </Form.Item>
        <Form.Item name='maxCards' label='最多持有'>
          <InputNumber {...whole} max={50} suffix='张' />
        </Form.Item>
        <Form.Item name='cardsPerMonth' label='每月可买'>
          <InputNumber {...whole} max={31} suffix='张' />
        </Form.Item>
        <Form.Item name='makeUpDays' label='可补最近'>
          <InputNumber {...whole} max={60} suffix='天' />
        </Form.Item>
      </div>
    </PlanPanel>
  )
}
