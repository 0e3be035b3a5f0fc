import { App, Button, Form, InputNumber, Select, Switch } from 'antd'
import { FormProblem } from '../components/FormProblem'
import { useRead, useWrite } from '../queries'
import { useSession } from '../session'

interface Fields {
  active: boolean
  points: { avatar: number; name: number; gender: number; birthday: number; phone: number; interests: number }
  interests: string[]
}
const asked = [
  ['avatar', '头像'],
  ['name', '称呼'],
  ['gender', '性别'],
  ['birthday', '生日'],
  ['phone', '手机号'],
  ['interests', '兴趣'],
] as const

/** What filling in the profile gives, field by field, and what members may say to like. */
export function ProfilePlanForm() {
  const { message } = App.useApp()
  const { can } = useSession()
  const plan = useRead('GET /admin/profile-plan', {})
  const save = useWrite('PUT /admin/profile-plan', ['GET /admin/profile-plan'])
  const data = plan.data
  if (!data)
    return <section className='panel bone' style={{ height: 420 }} role='status' aria-label='正在读取资料规则' />
  const submit = ({ active, points, interests }: Fields) =>
    save.mutate(
      { active, points, interests: interests.map((name) => name.trim()).filter(Boolean), version: data.version },
      { onSuccess: () => void message.success('资料规则已保存，已发的积分不变') },
    )
  const { figures } = data
  const [most] = figures.interests
  return (
    <section className='panel'>
      <div className='hd'>
        <h2>完善资料</h2>
      </div>
      <dl className='plan-figures'>
        <div>
          <dt>得过积分</dt>
          <dd className='num'>{figures.members} 人</dd>
        </div>
        <div>
          <dt>每项都领了</dt>
          <dd className='num'>{figures.complete} 人</dd>
        </div>
        <div>
          <dt>共发出</dt>
          <dd className='num'>{figures.points} 分</dd>
        </div>
        <div>
          <dt>最多人选</dt>
          <dd>{most ? `${most.name} ${most.members}` : '–'}</dd>
        </div>
      </dl>
      <Form<Fields>
        key={data.version}
        layout='vertical'
        disabled={!can('reward:write')}
        onFinish={submit}
        initialValues={{ active: data.active, points: data.points, interests: data.interests }}
      >
        <Form.Item name='active' label='填资料送积分' valuePropName='checked'>
          <Switch />
        </Form.Item>
        <div className='fields'>
          {asked.map(([field, title]) => (
            <Form.Item
              key={field}
              name={['points', field]}
              label={title}
              rules={[{ required: true, message: '填 0 就不送' }]}
            >
              <InputNumber min={0} max={10_000} precision={0} controls={false} suffix='分' style={{ width: '100%' }} />
            </Form.Item>
          ))}
        </div>
        <p className='t12 i3' style={{ marginBottom: 12 }}>
          填 0 的项不要求会员填，也不算进完成度。
        </p>
        <Form.Item name='interests' label='兴趣目录' extra='会员最多选 8 个；人群里可以按兴趣圈人'>
          <Select mode='tags' maxCount={40} tokenSeparators={['，', '、', ',']} placeholder='输入后回车' />
        </Form.Item>
        <p className='i2' style={{ marginBottom: 12 }}>
          {data.sentence}
        </p>
        <FormProblem error={save.error} />
        <Button type='primary' htmlType='submit' loading={save.isPending}>
          保存资料规则
        </Button>
      </Form>
    </section>
  )
}
