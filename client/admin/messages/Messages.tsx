import { Tabs } from 'antd'
import { useUrlState } from '../components/useUrlState'
import { DeadTab } from './DeadTab'
import { EndpointTab } from './EndpointTab'
import { SentTab } from './SentTab'
import { SettingsTab } from './SettingsTab'
import { TemplateTab } from './TemplateTab'

const tabs = [
  { key: 'sent', label: '发送记录', View: SentTab },
  { key: 'templates', label: '模板', View: TemplateTab },
  { key: 'dead', label: '死信', View: DeadTab },
  { key: 'settings', label: '频次与勿扰', View: SettingsTab },
  { key: 'endpoints', label: '机器人与 Webhook', View: EndpointTab },
]

/** Messages: what went out and what did not and why, what they say, and how often they may. */
export default function Messages() {
  const [url, setUrl] = useUrlState(['tab'] as const)
  const tab = tabs.find((one) => one.key === url.tab) ?? tabs[0]
  return (
    <div className='page'>
      <div className='page-head'>
        <h1>消息</h1>
        <span className='sub cut'>发了的和没发的，都有原因</span>
      </div>
      <Tabs
        activeKey={tab.key}
        items={tabs.map(({ key, label }) => ({ key, label }))}
        onChange={(key) => setUrl({ tab: key === 'sent' ? undefined : key })}
        tabBarStyle={{ marginBottom: 0 }}
      />
      <tab.View />
    </div>
  )
}
