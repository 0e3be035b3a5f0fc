import { weekdayName } from '@shared/time'
import { Button, Segmented } from 'antd'
import { useMemo, useState } from 'react'
import Chart from '../components/Chart'
import { chartColours } from '../components/chart-theme'
import { Icon } from '../components/Icon'
import { changeOf } from '../components/KpiTile'
import { useUrlState } from '../components/useUrlState'
import { useRead } from '../queries'
import { useSession } from '../session'
import { useTheme } from '../theme/ThemeProvider'
import { Annotations } from './Annotations'
import type { TabProps } from './Dashboards'
import { useDrill } from './Drill'
import { FigurePanel } from './FigurePanel'
import { shown, yuan } from './values'
import { trendWords } from './words'

type Figure = keyof typeof trendWords
const figures = Object.keys(trendWords) as Figure[]

/** One figure day by day, with what happened on the way. */
export default function TrendTab({ from, to, storeId }: TabProps) {
  const [url, setUrl] = useUrlState(['figure'] as const)
  const figure = figures.find((f) => f === url.figure) ?? 'sales'
  const query = useRead('GET /admin/dashboards/trends', { figure, from, to, storeId }, { keep: true })
  const { can } = useSession()
  const { mode } = useTheme()
  const open = useDrill()
  const [editing, setEditing] = useState(false)
  const { data } = query
  const option = useMemo(() => {
    const c = chartColours()
    const days = data?.days ?? []
    return {
      look: mode,
      animationDuration: 300,
      grid: { left: 4, right: 16, top: 96, bottom: 4, outerBoundsMode: 'same' },
      textStyle: { fontFamily: c.font },
      xAxis: {
        type: 'category',
        data: days.map((d) => d.on),
        boundaryGap: false,
        axisTick: { show: false },
        axisLine: { lineStyle: { color: c.rule } },
        axisLabel: { color: c.ink3, formatter: (day: string) => day.slice(5), hideOverlap: true },
      },
      yAxis: {
        type: 'value',
        axisLabel: { color: c.ink3, formatter: (v: number) => shown(v, data?.unit ?? 'count') },
        splitLine: { lineStyle: { color: c.rule, opacity: 0.6 } },
      },
      series: [
        {
          type: 'line',
          silent: true,
          symbol: 'none',
          data: days.map((d) => d.usual),
          connectNulls: true,
          lineStyle: { color: c.mean, width: 1.5, type: [4, 4] },
        },
        {
          type: 'line',
          silent: true,
          symbol: 'none',
          data: days.map((d) => d.value),
          lineStyle: { color: c.line, width: 2.25, join: 'round' },
        },
      ],
    }
  }, [data, mode])
  const flags = (data?.annotations ?? []).flatMap((note) => {
    const index = data?.days.findIndex((d) => d.on >= note.from) ?? -1
    return index >= 0 && data?.days[index] && data.days[index].on <= note.to ? [{ index, text: note.title }] : []
  })
  const change = data ? changeOf(data.total, data.before) : null
  return (
    <>
      <div className='list-bar' style={{ overflowX: 'auto' }}>
        <Segmented
          value={figure}
          options={figures.map((value) => ({ value, label: trendWords[value] }))}
          onChange={(value) => setUrl({ figure: value })}
          aria-label='看哪个数字'
        />
      </div>
      <FigurePanel
        title={trendWords[figure]}
        query={query}
        height={320}
        extra={
          can('dashboard:write') ? (
            <Button size='small' icon={<Icon name='edit' size={14} />} onClick={() => setEditing(true)}>
              标注
            </Button>
          ) : null
        }
        sheet={(d) => ({
          head: ['日期', trendWords[figure], '前四周同星期均值'],
          rows: d.days.map((day) => [
            day.on,
            d.unit === 'fen' ? yuan(day.value) : day.value,
            day.usual === null ? null : d.unit === 'fen' ? yuan(day.usual) : day.usual,
          ]),
        })}
      >
        {(d) => (
          <>
            <div className='facts'>
              <div>
                <b className='num'>{shown(d.total, d.unit)}</b>
                <small>
                  {d.period.from} 至 {d.period.to}
                </small>
              </div>
              <div>
                <b className='num'>{shown(d.before, d.unit)}</b>
                <small>
                  {d.comparison?.label ?? '之前同样长的时间'}
                  {change === null ? '' : `，${change >= 0 ? '▲' : '▼'} ${Math.abs(change)}%`}
                </small>
              </div>
            </div>
            <Chart
              option={option}
              height={320}
              label={`${trendWords[figure]}逐日走势，合计 ${shown(d.total, d.unit)}`}
              values={d.days.map((day) => day.value)}
              resting={d.days.length - 1}
              flags={flags}
              onPick={d.days.some((day) => day.drill) ? (index) => open(d.days[index]?.drill) : undefined}
              note={(index) => {
                const day = d.days[index]
                return day ? (
                  <>
                    <div>
                      {day.on} {weekdayName(day.on)}
                    </div>
                    <div>{shown(day.value, d.unit)}</div>
                    <div>
                      {day.usual === null ? '没有可比的前四周' : `均值 ${shown(Math.round(day.usual), d.unit)}`}
                    </div>
                  </>
                ) : null
              }}
            />
            {d.days.some((day) => day.drill) ? <p className='t12 i3'>点图上的任何一天，看那天的会员。</p> : null}
          </>
        )}
      </FigurePanel>
      {editing ? <Annotations from={from} to={to} close={() => setEditing(false)} /> : null}
    </>
  )
}
