import type { Output } from '@shared/contract'
import { formatYuanShort } from '@shared/money'
import { civilDay, clockTime, describeDay, weekdayName } from '@shared/time'
import { Button, Dropdown } from 'antd'
import { lazy, Suspense } from 'react'
import { LoadFailed, StaleStrip } from '../components/Fallbacks'
import { Icon } from '../components/Icon'
import { KpiSkeleton, KpiTile } from '../components/KpiTile'
import { useUrlState } from '../components/useUrlState'
import { DrillPlace, useDrill } from '../dashboards/Drill'
import { Definition, ExportMenu } from '../dashboards/FigurePanel'
import { useRead } from '../queries'
import { useSession } from '../session'
import { Activity } from './Activity'
import { StageMix } from './StageMix'
import { StoreLeague } from './StoreLeague'
import { TierSpread } from './TierSpread'
import { useGroupFigures } from './useGroupFigures'
import { ValueStock } from './ValueStock'
import './overview.css'

const ALL = 'all'
const SalesTrend = lazy(() => import('./SalesTrend'))
const Lifecycle = lazy(() => import('./Lifecycle'))

/** What the workbench reads. */
export type Figures = Output<'GET /admin/overview'>
type Tile = Figures['tiles'][number]

const units: Record<Tile['key'], string> = {
  sales: '',
  orders: '单',
  average: '',
  joined: '人',
  points: '分',
  redeemed: '张',
}
/** Money above a thousand yuan is shown in whole yuan: beside a trend, fen are noise. */
const figureOf = (tile: Tile, value: number) =>
  tile.unit !== 'fen'
    ? value.toLocaleString('zh-CN')
    : formatYuanShort(Math.abs(value) >= 100_000 ? Math.round(value / 100) * 100 : value)

function Head({ data }: { data: Figures | undefined }) {
  if (!data) return <h1>今天</h1>
  const isToday = civilDay(data.now) === data.today
  const day = `${describeDay(data.today, civilDay(data.now))} ${weekdayName(data.today)}`
  return (
    <>
      <h1>{isToday ? '今天' : day}</h1>
      <span className='sub cut'>
        {isToday
          ? `${day}，截至 ${clockTime(data.now)}，与上${weekdayName(data.today)}同一时刻相比`
          : `今天还没有消费，先看最近有消费的一天，与上${weekdayName(data.today)}相比`}
      </span>
    </>
  )
}

/** Whose list stands behind a tile: the members of the day. */
const behind: Record<Tile['key'], string | null> = {
  sales: 'buyers',
  orders: 'buyers',
  average: 'buyers',
  joined: 'joined',
  points: null,
  redeemed: 'redeemed',
}

function Tiles({ data }: { data: Figures | undefined }) {
  const { can } = useSession()
  const open = useDrill()
  const weekday = data ? weekdayName(data.today) : ''
  return (
    <div className='kpis' aria-busy={!data}>
      {data
        ? data.tiles
            .filter((tile) => tile.key !== 'points')
            .map((tile) => {
              const figure = behind[tile.key]
              return (
                <KpiTile
                  key={tile.key}
                  label={tile.label}
                  definition={tile.definition}
                  figure={figureOf(tile, tile.value)}
                  unit={units[tile.key]}
                  value={tile.value}
                  before={tile.before}
                  beforeText={`上${weekday} ${figureOf(tile, tile.before)}`}
                  spark={tile.spark}
                  open={figure && can('dashboard:read') ? () => open({ figure, row: data.today, col: '' }) : undefined}
                />
              )
            })
        : [1, 2, 3, 4, 5].map((place) => <KpiSkeleton key={place} />)}
    </div>
  )
}

function Trend({ data }: { data: Figures | undefined }) {
  return (
    <section className='panel' aria-label='会员销售额走势'>
      <div className='hd'>
        <h2>会员销售额走势</h2>
        <Definition
          of='会员销售额走势'
          text='每天的会员实付减去当天退款；虚线是前四周同一个星期几的平均，看得出今天算多还是算少'
        />
        <span className='grow' />
        <span className='legend'>
          <i />
          实际
        </span>
        <span className='legend'>
          <i className='dashed' />
          前四周同星期均值
        </span>
        {data ? (
          <ExportMenu
            name='会员销售额走势'
            sheet={() => ({
              head: ['日期', '会员销售额（元）', '单数', '前四周同星期均值（元）', '备注'],
              rows: data.trend.map((point) => [
                point.on,
                point.salesFen / 100,
                point.orders,
                point.usualFen === null ? null : point.usualFen / 100,
                point.note,
              ]),
            })}
          />
        ) : null}
      </div>
      <div className='chart-place'>
        {data ? (
          <Suspense fallback={<div className='bone' style={{ height: 224, margin: '16px 0' }} />}>
            <SalesTrend
              trend={data.trend}
              tile={data.tiles.find((tile) => tile.key === 'sales')}
              today={data.today}
              now={data.now}
            />
          </Suspense>
        ) : (
          <div className='bone' style={{ height: 224, margin: '16px 0' }} />
        )}
      </div>
    </section>
  )
}

/** The workbench: today against the same weekday, the last weeks, the life cycle, who comes back, tiers, stores and what just happened. */
export default function Overview() {
  const [url, setUrl] = useUrlState(['storeId'] as const)
  const query = useRead('GET /admin/overview', { storeId: url.storeId }, { keep: true, refetchMs: 60_000 })
  const { data, error, isError, isFetching, refetch } = query
  const { can } = useSession()
  const stores = useRead('GET /admin/stores', { limit: 100 }, { enabled: can('store:read') })
  const known = stores.data?.items ?? []
  const group = useGroupFigures(url.storeId)

  if (isError && !data) return <LoadFailed error={error} retry={() => void refetch()} busy={isFetching} />
  return (
    <DrillPlace storeId={url.storeId}>
      <div className='page overview'>
        <div className='page-head'>
          <Head data={data} />
          <div className='actions'>
            <Dropdown
              trigger={['click']}
              menu={{
                selectable: true,
                selectedKeys: [url.storeId ?? ALL],
                items: [
                  { key: ALL, label: '全部门店' },
                  ...known.map((store) => ({ key: store.id, label: store.name })),
                ],
                onClick: ({ key }) => setUrl({ storeId: key === ALL ? undefined : key }),
              }}
            >
              <Button className='scope' icon={<Icon name='store' />}>
                {known.find((store) => store.id === url.storeId)?.name ?? '全部门店'}
                <Icon name='down' size={14} weight={2} />
              </Button>
            </Dropdown>
            {data ? (
              <ExportMenu
                name='今天的数字'
                sheet={() => ({
                  head: ['数字', '现在', '上周同一天同一时刻', '怎么算'],
                  rows: data.tiles.map((tile) => {
                    const scale = tile.unit === 'fen' ? 100 : 1
                    return [tile.label, tile.value / scale, tile.before / scale, tile.definition]
                  }),
                })}
              />
            ) : null}
          </div>
        </div>
        <StaleStrip query={query} />
        <Tiles data={data} />
        <div className='split'>
          <Trend data={data} />
          {group ? <StageMix /> : <TierSpread data={data} />}
        </div>
        {group ? (
          <Suspense fallback={<div className='bone' style={{ height: 360 }} />}>
            <Lifecycle />
          </Suspense>
        ) : null}
        <div className={group ? 'quarters' : 'thirds'}>
          {group ? <TierSpread data={data} /> : null}
          <StoreLeague data={data} />
          <ValueStock data={data} />
          <Activity data={data} />
        </div>
      </div>
    </DrillPlace>
  )
}
