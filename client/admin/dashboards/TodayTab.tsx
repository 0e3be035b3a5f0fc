import { BarChart } from 'echarts/charts'
import { TooltipComponent } from 'echarts/components'
import { use } from 'echarts/core'
import { useMemo } from 'react'
import Chart from '../components/Chart'
import { chartColours } from '../components/chart-theme'
import { KpiSkeleton, KpiTile } from '../components/KpiTile'
import { useRead } from '../queries'
import { useTheme } from '../theme/ThemeProvider'
import type { TabProps } from './Dashboards'
import { useDrill } from './Drill'
import { FigurePanel } from './FigurePanel'
import { shown, yuan } from './values'

use([BarChart, TooltipComponent])

/** Today against the same weekday at the same hour. */
export default function TodayTab({ storeId }: TabProps) {
  const query = useRead('GET /admin/dashboards/today', { storeId }, { keep: true, refetchMs: 60_000 })
  const open = useDrill()
  const { data } = query
  const { mode } = useTheme()
  const option = useMemo(() => {
    // The colours come from the tokens that the look selects.
    const c = chartColours()
    const axis = { axisTick: { show: false }, axisLine: { lineStyle: { color: c.rule } }, axisLabel: { color: c.ink3 } }
    return {
      look: mode,
      animationDuration: 300,
      grid: { left: 4, right: 16, top: 96, bottom: 4, outerBoundsMode: 'same' },
      textStyle: { fontFamily: c.font },
      xAxis: { type: 'category', data: (data?.hours ?? []).map((h) => `${h.hour}时`), ...axis },
      yAxis: {
        type: 'value',
        // Nobody reads a scale in fractions of a yuan, which is what an empty morning would get.
        minInterval: 10_000,
        axisLabel: { color: c.ink3, formatter: (fen: number) => shown(fen, 'fen') },
        splitLine: { lineStyle: { color: c.rule, opacity: 0.6 } },
      },
      series: [
        {
          type: 'bar',
          silent: true,
          data: (data?.hours ?? []).map((h) => h.salesFen),
          barMaxWidth: 22,
          itemStyle: { color: c.line, borderRadius: [4, 4, 0, 0] },
        },
        {
          type: 'line',
          silent: true,
          symbol: 'none',
          data: (data?.hours ?? []).map((h) => h.usualFen),
          lineStyle: { color: c.mean, width: 1.5, type: [4, 4] },
        },
      ],
    }
  }, [data, mode])
  return (
    <>
      <div className='kpis' aria-busy={!data}>
        {data
          ? data.tiles.map((tile) => (
              <KpiTile
                key={tile.key}
                label={tile.label}
                definition={tile.definition}
                figure={shown(tile.value, tile.unit)}
                value={tile.value}
                before={tile.before}
                beforeText={`${data.comparison?.label ?? ''} ${shown(tile.before, tile.unit)}`}
                spark={tile.spark}
                open={tile.drill ? () => open(tile.drill) : undefined}
              />
            ))
          : [1, 2, 3, 4, 5, 6].map((place) => <KpiSkeleton key={place} />)}
      </div>
      <FigurePanel
        title='逐小时会员销售额'
        query={query}
        height={300}
        sheet={(d) => ({
          head: ['小时', '今天（元）', `${d.comparison?.label ?? '上周'}（元）`, '前四周均值（元）'],
          rows: d.hours.map((h) => [
            h.hour,
            h.salesFen === null ? null : yuan(h.salesFen),
            yuan(h.beforeFen),
            yuan(h.usualFen),
          ]),
        })}
      >
        {(d) => (
          <Chart
            option={option}
            height={300}
            label={`今天逐小时会员销售额，虚线为前四周同一天的均值`}
            values={d.hours.map((h) => Math.max(h.salesFen ?? 0, h.usualFen))}
            onPick={(index) => open(d.hours[index]?.drill)}
            note={(index) => {
              const h = d.hours[index]
              return h ? (
                <>
                  <div>
                    {h.hour}:00–{h.hour + 1}:00
                  </div>
                  <div>今天 {h.salesFen === null ? '还没到' : shown(h.salesFen, 'fen')}</div>
                  <div>
                    {d.comparison?.label} {shown(h.beforeFen, 'fen')}，均值 {shown(h.usualFen, 'fen')}
                  </div>
                </>
              ) : null
            }}
          />
        )}
      </FigurePanel>
    </>
  )
}
