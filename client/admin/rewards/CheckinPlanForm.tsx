import { App, Button, Form, Input, InputNumber, Switch } from 'antd'
import { FormProblem } from '../components/FormProblem'
import { useRead, useWrite } from '../queries'
import { useSession } from '../session'

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
const whole = { min: 0, precision: 0, controls: false, style: { width: '100%' } } as const
const numbers = (text: string): number[] => (text.match(/\d+/g) ?? []).map(Number)
/** '30:60 100:200' as pairs of days and points. */
const pairs = (text: string): { days: number; points: number }[] => {
  const all = numbers(text)
  return Array.from({ length: Math.floor(all.length / 2) }, (_, i) => ({ days: all[2 * i], points: all[2 * i + 1] }))
}

/** What a check-in gives: the ladder, what stands at its landings, and the make-up cards. */
export function CheckinPlanForm() {
  const { message } = App.useApp()
  const { can } = useSession()
  const plan = useRead('GET /admin/checkin-plan', {})
  const save = useWrite('PUT /admin/checkin-plan', ['GET /admin/checkin-plan'])
  const data = plan.data
  if (!data)
    return <section className='panel bone' style={{ height: 420 }} role='status' aria-label='正在读取签到规则' />
  const submit = (f: Fields) =>
    save.mutate(
      { ...f, cycle: numbers(f.cycle), milestones: pairs(f.milestones), version: data.version },
      { onSuccess: () => void message.success('签到规则已保存，从下一次签到起生效') },
    )
  const { figures } = data
  return (
    <section className='panel'>
      <div className='hd'>
        <h2>每日签到</h2>
      </div>
      <dl className='plan-figures'>
        <div>
          <dt>今天签到</dt>
          <dd className='num'>{figures.today}</dd>
        </div>
        <div>
          <dt>近 7 天</dt>
          <dd className='num'>{figures.week}</dd>
        </div>
        <div>
          <dt>最长连续</dt>
          <dd className='num'>{figures.longest} 天</dd>
        </div>
        <div>
          <dt>本月发出</dt>
          <dd className='num'>{figures.pointsThisMonth} 分</dd>
        </div>
      </dl>
      <Form<Fields>
        key={data.version}
        layout='vertical'
        disabled={!can('reward:write')}
        onFinish={submit}
        initialValues={{
          ...data,
          cycle: data.cycle.join('、'),
          milestones: data.milestones.map((m) => `${m.days} 天 ${m.points} 分`).join('，'),
        }}
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
        <p className='i2' style={{ marginBottom: 12 }}>
          {data.sentence}
        </p>
        <FormProblem error={save.error} />
        <Button type='primary' htmlType='submit' loading={save.isPending}>
          保存签到规则
        </Button>
      </Form>
    </section>
  )
}
