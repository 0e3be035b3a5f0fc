import { Select } from 'antd'
import { useState } from 'react'
import { useSettled } from '../components/useSettled'
import { useRead } from '../queries'

/** Chooses one member by name, card number or whole phone number. */
export function MemberPicker({
  value,
  onChange,
  'aria-label': label = '会员',
}: {
  value: string | undefined
  onChange: (memberId: string) => void
  'aria-label'?: string
}) {
  const [words, setWords] = useState('')
  const q = useSettled(words.trim(), 250)
  const { data, isFetching } = useRead('GET /admin/members', { q: q || undefined, limit: 20 }, { keep: true })
  return (
    <Select
      style={{ minWidth: 240 }}
      value={value}
      onChange={onChange}
      showSearch={{ filterOption: false, onSearch: setWords }}
      loading={isFetching}
      placeholder='姓名、卡号或完整手机号'
      notFoundContent={q ? `没有找到“${q}”` : '还没有会员'}
      aria-label={label}
      options={(data?.items ?? []).map((m) => ({ value: m.id, label: `${m.nameMasked}　${m.tierName}　${m.cardNo}` }))}
    />
  )
}
