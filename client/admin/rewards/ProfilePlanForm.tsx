import { App, Form, InputNumber, Select, Switch } from 'antd'
import { useRead, useWrite } from '../queries'
import { PlanPanel, whole } from './PlanPanel'

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
  const plan = useRead('GET /admin/profile-plan', {})
  const save = useWrite('PUT /admin/profile-plan', ['GET /admin/profile-plan'])
  return (
    <PlanPanel
      name='资料规则'
      title='完善资料'
      plan={plan}
      save={save}
      figures={({ figures }) => [
        ['得过积分', `${figures.members} 人`],
        ['每项都领了', `${figures.complete} 人`],
        ['共发出', `${figures.points} 分`],
        ['最多人选', figures.interests[0] ? `${figures.interests[0].name} ${figures.interests[0].members}` : '–'],
      ]}
      fieldsOf={({ active, points, interests }): Fields => ({ active, points, interests })}
      sentence={(data) => data.sentence}
      submit={({ active, points, interests }, { version }) =>
        save.mutate(
          { active, points, interests: interests.map((name) => name.trim()).filter(Boolean), version },
          { onSuccess: () => void message.success('资料规则已保存，已发的积分不变') },
        )
      }
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
            <InputNumber {...whole} max={10_000} suffix='分' />
          </Form.Item>
        ))}
      </div>
      <p className='t12 i3' style={{ marginBottom: 12 }}>
        填 0 的项不要求会员填，也不算进完成度。
      </p>
      <Form.Item name='interests' label='兴趣目录' extra='会员最多选 8 个；人群里可以按兴趣圈人'>
        <Select mode='tags' maxCount={40} tokenSeparators={['，', '、', ',']} placeholder='输入后回车' />
      </Form.Item>
    </PlanPanel>
  )
}
