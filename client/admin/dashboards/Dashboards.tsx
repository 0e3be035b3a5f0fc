import { addDays, civilDay } from '@shared/time'
import { Button, DatePicker, Dropdown, Tabs } from 'antd'
import dayjs from 'dayjs'
import { type ComponentType, lazy, Suspense } from 'react'
import { Link } from 'react-router'
import { Icon } from '../components/Icon'
import '../components/fallbacks.css'
import { useUrlState } from '../components/useUrlState'
import { useRead } from '../queries'
import { useSession } from '../session'
import { DrillPlace } from './Drill'
import './dashboards.css'

/** What every tab is given. */
export interface TabProps {
  from: string
  to: string
  storeId: string | undefined
}

/**
 * The tabs in their order; each loads its own code and charts. `byStore`: its figures can be told store by store; `scored`: they are made
 * of scores.
 */
const tabs: { key: string; title: string; byStore: boolean; scored?: boolean; View: ComponentType<TabProps> }[] = [
  { key: 'today', title: '今天', byStore: true, View: lazy(() => import('./TodayTab')) },
  { key: 'trends', title: '走势', byStore: true, View: lazy(() => import('./TrendTab')) },
  { key: 'stages', title: '生命周期', byStore: false, scored: true, View: lazy(() => import('./StageTab')) },
  { key: 'retention', title: '复购与留存', byStore: false, View: lazy(() => import('./RetentionTab')) },
  { key: 'value', title: '价值与流失', byStore: false, scored: true, View: lazy(() => import('./ValueTab')) },
  { key: 'funnels', title: '漏斗', byStore: false, View: lazy(() => import('./FunnelTab')) },
  { key: 'taps', title: '点击热力', byStore: false, View: lazy(() => import('./TapTab')) },
  { key: 'rewards', title: '券与奖励', byStore: false, View: lazy(() => import('./RewardTab')) },
  { key: 'points', title: '积分负债', byStore: false, View: lazy(() => import('./PointsTab')) },
  { key: 'stores', title: '门店', byStore: false, View: lazy(() => import('./StoreTab')) },
  { key: 'nps', title: '口碑', byStore: false, View: lazy(() => import('./NpsTab')) },
]
const presets = [7, 30, 90, 365]

/** Above figures that are made of scores, while the scores are older than they should be: since when, and why. */
function OldScores() {
  const { can } = useSession()
  const { data } = useRead('GET /admin/scores', {}, { enabled: can('insight:read') })
  if (!data?.scored.stale) return null
  return (
    <div className='stale' role='status'>
      <Icon name='warning' />
      <span className='grow'>
        评分是旧的{data.scored.onDay ? `，截至 ${data.scored.onDay}` : ''}：{data.scored.reason ?? '还没有新的'}
      </span>
      <Link className='link' to='/scores?tab=quality'>
        看数据质量
      </Link>
    </div>
  )
}

/** The dashboards: every figure with its definition, its export and the members behind it. */
export default function Dashboards() {
  const [url, setUrl] = useUrlState(['tab', 'from', 'to', 'storeId'] as const)
  const { can } = useSession()
  const stores = useRead('GET /admin/stores', { limit: 100 }, { enabled: can('store:read') })
  const known = stores.data?.items ?? []
  const today = civilDay(Date.now())
  const to = url.to ?? today
  const from = url.from ?? addDays(to, -29)
  const tab = tabs.find((t) => t.key === url.tab) ?? tabs[0]
  const { View } = tab
  const storeId = tab.byStore ? url.storeId : undefined
  return (
    <div className='page'>
      <div className='page-head'>
        <h1>经营分析</h1>
        <span className='sub cut'>点任何一个数字，看背后的会员</span>
        <div className='actions'>
          {tab.byStore && known.length > 1 ? (
            <Dropdown
              trigger={['click']}
              menu={{
                selectable: true,
                selectedKeys: [storeId ?? 'all'],
                items: [
                  { key: 'all', label: '全部门店' },
                  ...known.map((store) => ({ key: store.id, label: store.name })),
                ],
                onClick: ({ key }) => setUrl({ storeId: key === 'all' ? undefined : key }),
              }}
            >
              <Button className='scope' icon={<Icon name='store' />}>
                {known.find((store) => store.id === storeId)?.name ?? '全部门店'}
                <Icon name='down' size={14} weight={2} />
              </Button>
            </Dropdown>
          ) : null}
          {tab.key === 'today' ? null : (
            <DatePicker.RangePicker
              allowClear={false}
              value={[dayjs(from), dayjs(to)]}
              maxDate={dayjs(today)}
              presets={presets.map((days) => ({
                label: `近 ${days} 天`,
                value: [dayjs(addDays(today, 1 - days)), dayjs(today)],
              }))}
              onChange={(_, [first, last]) => setUrl({ from: first, to: last })}
              aria-label='日期范围'
            />
          )}
        </div>
      </div>
      <Tabs
        activeKey={tab.key}
        onChange={(key) => setUrl({ tab: key }, { push: true })}
        items={tabs.map(({ key, title }) => ({ key, label: title }))}
      />
      {tab.scored ? <OldScores /> : null}
      <DrillPlace storeId={storeId}>
        <Suspense fallback={<div className='bone' style={{ height: 320 }} />}>
          <View from={from} to={to} storeId={storeId} />
        </Suspense>
      </DrillPlace>
    </div>
  )
}
