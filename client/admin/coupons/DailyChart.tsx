import { formatYuanShort } from '@shared/money'
import { useMemo } from 'react'
import Chart from '../components/Chart'
import { chartColours, tooltipStyle } from '../components/chart-theme'
import { useTheme } from '../theme/ThemeProvider'
import type { Template } from './states'

/** Issued per day as bars, redeemed as a line. */
export default function DailyChart({ daily }: { daily: Template['daily'] }) {
  const { mode } = useTheme()
  const option = useMemo(() => {
    const c = chartColours()
    const rows = new Map(daily.map((point) => [point.on, point]))
    return {
      animationDuration: 300,
      // The look is an input: bars are drawn paler on a dark ground.
      color: mode === 'dark' ? ['#1F4A3E', c.line] : ['#CBE3D9', c.line],
      grid: { left: 4, right: 8, top: 16, bottom: 4, outerBoundsMode: 'same' },
      textStyle: { fontFamily: c.font },
      tooltip: {
        ...tooltipStyle(c.tip),
        trigger: 'axis',
        axisPointer: { type: 'shadow', shadowStyle: { opacity: 0.4 } },
        formatter: (params: { axisValue: string }[]) => {
          const point = rows.get(params[0]?.axisValue ?? '')
          return point
            ? `<div style="opacity:.8">${point.on.slice(5)}</div><b>发放 ${point.issued}，核销 ${point.redeemed}</b><div style="opacity:.72">省下 ${formatYuanShort(point.savedFen)}</div>`
            : ''
        },
      },
      xAxis: {
        type: 'category',
        data: daily.map((point) => point.on),
        axisTick: { show: false },
        axisLine: { lineStyle: { color: c.rule } },
        axisLabel: { color: c.ink3, fontSize: 12, formatter: (day: string) => day.slice(5), hideOverlap: true },
      },
      yAxis: {
        type: 'value',
        minInterval: 1,
        splitNumber: 4,
        axisLabel: { color: c.ink3, fontSize: 12 },
        splitLine: { lineStyle: { color: c.rule, opacity: 0.6 } },
      },
      series: [
        {
          name: '发放',
          type: 'bar',
          data: daily.map((point) => point.issued),
          barMaxWidth: 16,
          itemStyle: { borderRadius: [3, 3, 0, 0] },
        },
        {
          name: '核销',
          type: 'line',
          data: daily.map((point) => point.redeemed),
          symbol: 'none',
          lineStyle: { width: 2.25, join: 'round' },
        },
      ],
    }
  }, [daily, mode])
  return (
    <Chart
      option={option}
      height={240}
      label={`近 ${daily.length} 天发放 ${daily.reduce((sum, point) => sum + point.issued, 0)} 张，核销 ${daily.reduce((sum, point) => sum + point.redeemed, 0)} 张`}
    />
  )
}
