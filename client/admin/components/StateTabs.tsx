import { Tabs } from 'antd'
import '../coupons/coupon-list.css'

/** Tabs above a list, one for each state with how many rows are in it, and one for all of them (undefined). */
export function StateTabs<S extends string>(props: {
  states: readonly S[]
  state: S | undefined
  wordOf: (state: S) => string
  /** Rows by state; undefined while they are on their way or nobody counts them. */
  counts?: Readonly<Record<S, number>>
  all?: string
  onChange: (state: S | undefined) => void
}) {
  const { states, state, wordOf, counts, all = '全部', onChange } = props
  const total = counts && states.reduce((sum, one) => sum + counts[one], 0)
  return (
    <Tabs
      className='state-tabs'
      activeKey={state ?? 'all'}
      onChange={(key) => onChange(states.find((one) => one === key))}
      items={[
        { key: 'all', label: total === undefined ? all : `${all} ${total}` },
        ...states.map((one) => ({ key: one, label: counts ? `${wordOf(one)} ${counts[one]}` : wordOf(one) })),
      ]}
    />
  )
}
