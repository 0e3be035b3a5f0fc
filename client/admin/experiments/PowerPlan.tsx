import { InputNumber, Modal } from 'antd'
import { useState } from 'react'
import { useSettled } from '../components/useSettled'
import { useRead } from '../queries'

interface Plan {
  baseline: number
  lift: number
  holdout: number
  members: number
}

/** How many members a test takes, before anybody runs it in vain. */
export function PowerPlan({ close }: { close: () => void }) {
  const [plan, setPlan] = useState<Plan>({ baseline: 12, lift: 10, holdout: 10, members: 5_000 })
  const settled = useSettled(plan, 250)
  const query = useRead(
    'GET /admin/experiments/power',
    {
      baselineBp: Math.round(settled.baseline * 100),
      liftPercent: settled.lift,
      holdoutPercent: settled.holdout,
      members: settled.members,
    },
    { keep: true },
  )
  const field = (name: keyof Plan, label: string, unit: string, min: number, max: number, precision = 0) => (
    <div className='row g2' style={{ minHeight: 44 }}>
      <span className='grow'>{label}</span>
      <InputNumber
        min={min}
        max={max}
        precision={precision}
        value={plan[name]}
        suffix={unit}
        style={{ width: 150 }}
        aria-label={label}
        onChange={(value) => value !== null && setPlan((before) => ({ ...before, [name]: value }))}
      />
    </div>
  )
  return (
    <Modal open onCancel={close} footer={null} title='要多少人才看得出来'>
      {field('baseline', '没做时，有多少会员下单', '%', 0.01, 99.99, 2)}
      {field('lift', '希望看出多大的提升', '%', 1, 1000)}
      {field('holdout', '对照组占多少', '%', 1, 50)}
      {field('members', '现有会员', '人', 10, 100_000_000)}
      <p className='panel' style={{ padding: 16, marginTop: 16 }} role='status'>
        {query.data?.sentence ?? '正在计算…'}
      </p>
      <p className='t12 i3' style={{ marginTop: 8 }}>
        按 95% 把握、80% 能发现计算。人数不够时，再大的差异也可能只是巧合。
      </p>
    </Modal>
  )
}
