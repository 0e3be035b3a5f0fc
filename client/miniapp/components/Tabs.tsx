import { Tabs as NutTabs } from '@nutui/nutui-react-taro'
import './Tabs.scss'

interface Props<T extends string> {
  options: ReadonlyArray<{ value: T; text: string }>
  value: T
  onChange: (value: T) => void
}

/** The tabs at the top of a page; what they switch is drawn by the page. */
export function Tabs<T extends string>({ options, value, onChange }: Props<T>) {
  return (
    <NutTabs className='tabs' value={value} onChange={(next) => onChange(next as T)} autoHeight>
      {options.map((option) => (
        <NutTabs.TabPane key={option.value} value={option.value} title={option.text} />
      ))}
    </NutTabs>
  )
}
