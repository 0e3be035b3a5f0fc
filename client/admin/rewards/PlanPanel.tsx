import { Button, Form } from 'antd'
import type { ReactNode } from 'react'
import { LoadFailed } from '../components/Fallbacks'
import { FormProblem } from '../components/FormProblem'
import { useSession } from '../session'

/** Whole numbers of points, days and cards. */
export const whole = { min: 0, precision: 0, controls: false, style: { width: '100%' } } as const

/**
 * One set of rules that are kept as a whole: what they have done so far, the fields, the rules in a sentence and the button that saves them.
 * A new version from the server fills the fields anew.
 */
export function PlanPanel<P extends { version: number }, F extends object>(props: {
  /** '签到规则': what is loaded and saved. */
  name: string
  title: string
  plan: { data: P | undefined; error: unknown; isError: boolean; isFetching: boolean; refetch: () => unknown }
  figures: (plan: P) => readonly (readonly [label: string, value: ReactNode])[]
  fieldsOf: (plan: P) => F
  sentence: (plan: P) => string
  submit: (fields: F, plan: P) => void
  save: { isPending: boolean; error: Error | null }
  children: ReactNode
}) {
  const { name, title, plan, figures, fieldsOf, sentence, submit, save, children } = props
  const { can } = useSession()
  const { data } = plan
  if (!data && plan.isError)
    return (
      <section className='panel'>
        <LoadFailed error={plan.error} retry={() => void plan.refetch()} busy={plan.isFetching} />
      </section>
    )
  if (!data)
    return <section className='panel bone' style={{ height: 420 }} role='status' aria-label={`正在读取${name}`} />
  return (
    <section className='panel'>
      <div className='hd'>
        <h2>{title}</h2>
      </div>
      <dl className='plan-figures'>
        {figures(data).map(([label, value]) => (
          <div key={label}>
            <dt>{label}</dt>
            <dd className='num'>{value}</dd>
          </div>
        ))}
      </dl>
      <Form<F>
        key={data.version}
        layout='vertical'
        disabled={!can('reward:write')}
        onFinish={(fields) => submit(fields, data)}
        initialValues={fieldsOf(data)}
      >
        {children}
        <p className='i2' style={{ marginBottom: 12 }}>
          {sentence(data)}
        </p>
        <FormProblem error={save.error} />
        <Button type='primary' htmlType='submit' loading={save.isPending}>
          保存{name}
        </Button>
      </Form>
    </section>
  )
}
