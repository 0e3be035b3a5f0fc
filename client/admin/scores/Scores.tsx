import { Tabs } from 'antd'
import { lazy, Suspense } from 'react'
import { useUrlState } from '../components/useUrlState'
import { DrillPlace } from '../dashboards/Drill'
import { useRead } from '../queries'
import './scores.css'

const tabs = [
  { key: 'overview', title: '会员分布', View: lazy(() => import('./SpreadTab')) },
  { key: 'groups', title: '自动分群', View: lazy(() => import('./GroupTab')) },
  { key: 'cards', title: '模型准不准', View: lazy(() => import('./CardTab')) },
  { key: 'benefit', title: '带来多少', View: lazy(() => import('./BenefitTab')) },
  { key: 'stores', title: '门店与渠道', View: lazy(() => import('./PartnerTab')) },
  { key: 'quality', title: '数据质量', View: lazy(() => import('./QualityTab')) },
  { key: 'settings', title: '界限', View: lazy(() => import('./SettingsTab')) },
]

/** What the models say of the members, and how well they say it. */
export default function Scores() {
  const [url, setUrl] = useUrlState(['tab'] as const)
  const { key, View } = tabs.find((t) => t.key === url.tab) ?? tabs[0]
  const { data } = useRead('GET /admin/scores', {})
  return (
    <div className='page'>
      <div className='page-head'>
        <h1>会员洞察</h1>
        <span className='sub cut'>
          {data?.scored.onDay ? `评分截至 ${data.scored.onDay}` : '每天夜里评分'}
          {data?.scored.stale ? `，数字是旧的：${data.scored.reason ?? ''}` : ''}
        </span>
        {data?.openAlarms ? <span className='tag danger'>{data.openAlarms} 条数据告警</span> : null}
      </div>
      <Tabs
        activeKey={key}
        onChange={(next) => setUrl({ tab: next }, { push: true })}
        items={tabs.map((t) => ({ key: t.key, label: t.title }))}
      />
      <DrillPlace storeId={undefined}>
        <Suspense fallback={<div className='bone' style={{ height: 320 }} />}>
          <View />
        </Suspense>
      </DrillPlace>
    </div>
  )
}
