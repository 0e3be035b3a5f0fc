import { Tabs } from 'antd'
import { useUrlState } from '../components/useUrlState'
import { useSession } from '../session'
import { EffectTab } from './EffectTab'
import { ModelTab } from './ModelTab'
import { PreviewTab } from './PreviewTab'
import { RuleTab } from './RuleTab'

/** What recommendations bring, what the shop tells them, how good the model is, and what one member would see. */
export default function Recommendations() {
  const { can } = useSession()
  const [url, setUrl] = useUrlState(['tab'] as const)
  const items = [
    { key: 'effect', label: '效果', children: <EffectTab /> },
    { key: 'rules', label: '规则', children: <RuleTab /> },
    { key: 'model', label: '模型', children: <ModelTab /> },
    ...(can('member:read') ? [{ key: 'preview', label: '某位会员看到什么', children: <PreviewTab /> }] : []),
  ]
  const tab = items.find(({ key }) => key === url.tab)?.key ?? 'effect'
  return (
    <div className='page'>
      <div className='page-head'>
        <h1>推荐</h1>
        <span className='sub cut'>给会员看的商品、券和礼品</span>
      </div>
      <Tabs
        activeKey={tab}
        onChange={(key) => setUrl({ tab: key === 'effect' ? undefined : key })}
        items={items}
        destroyOnHidden
      />
    </div>
  )
}
