import { useMemo } from 'react'
import Chart from '../components/Chart'
import { chartColours } from '../components/chart-theme'
import { useTheme } from '../theme/ThemeProvider'
import type { Segment } from './SegmentShow'

/** Members day by day; nothing to draw before the second day. */
export function SegmentSizes({ sizes }: { sizes: Segment['sizes'] }) {
  const { mode } = useTheme()
  const option = useMemo(() => {
    const c = chartColours()
    return {
      look: mode,
      animationDuration: 300,
      grid: { left: 4, right: 16, top: 12, bottom: 4, outerBoundsMode: 'same' },
      textStyle: { fontFamily: c.font },
      xAxis: {
        type: 'category',
        data: sizes.map((size) => size.on),
        axisTick: { show: false },
        axisLine: { lineStyle: { color: c.rule } },
        axisLabel: { color: c.ink3, formatter: (day: string) => day.slice(5), hideOverlap: true },
      },
      yAxis: {
        type: 'value',
        minInterval: 1,
        axisLabel: { color: c.ink3 },
        splitLine: { lineStyle: { color: c.rule, opacity: 0.6 } },
      },
      series: [
        {
          type: 'line',
          symbol: sizes.length > 31 ? 'none' : 'circle',
          data: sizes.map((size) => size.members),
          lineStyle: { color: c.line, width: 2.25 },
          itemStyle: { color: c.line },
        },
      ],
    }
  }, [sizes, mode])
  const last = sizes.at(-1)
  if (sizes.length < 2 || !last) return null
  return (
    <div style={{ padding: '0 16px 16px' }}>
      <Chart
        option={option}
        height={160}
        label={`近 ${sizes.length} 天的人数，最近 ${last.members} 位，当天进来 ${last.entered}、离开 ${last.left}`}
        values={sizes.map((size) => size.members)}
        note={(index) => {
          const size = sizes[index]
          return size ? `${size.on}：${size.members} 位，进来 ${size.entered}，离开 ${size.left}` : null
        }}
      />
    </div>
  )
}
