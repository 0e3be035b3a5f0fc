import { Select } from 'antd'
import { useState } from 'react'
import { useSettled } from '../components/useSettled'
import { useRead } from '../queries'

/** Chooses one published coupon by name; what it promises stands under the name. */
export function TemplatePicker({
  value,
  onChange,
  id,
}: {
  value?: string
  onChange?: (templateId: string) => void
  id?: string
}) {
  const [words, setWords] = useState('')
  const asked = useSettled(words.trim(), 250)
  const { data, isFetching } = useRead(
    'GET /admin/coupon-templates',
    { state: 'published', q: asked || undefined, limit: 20 },
    { keep: true },
  )
  return (
    <Select
      id={id}
      value={value}
      onChange={onChange}
      showSearch={{ filterOption: false, onSearch: setWords }}
      loading={isFetching}
      placeholder='选一种正在发放的券'
      notFoundContent={asked ? `没有叫“${asked}”的券` : '还没有正在发放的券，先去“优惠券”发布一种'}
      options={(data?.items ?? []).map((template) => ({
        value: template.id,
        label: template.name,
        sentence: template.sentence,
        left: template.stockLeft,
        disabled: template.stockLeft === 0,
      }))}
      optionRender={({ data: option }) => (
        <div>
          <div className='row between'>
            <span className='m'>{option.label}</span>
            <span className='t12 i3 num'>
              {option.left === 0 ? '已发完' : `剩 ${option.left.toLocaleString('zh-CN')} 张`}
            </span>
          </div>
          <div className='t12 i3 cut'>{option.sentence}</div>
        </div>
      )}
      style={{ width: '100%' }}
    />
  )
}
