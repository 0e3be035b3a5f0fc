import { formatYuanShort } from '@shared/money'
import { weekdayName } from '@shared/time'
import { BarChart } from 'echarts/charts'
import { use } from 'echarts/core'
import { useMemo } from 'react'
import Chart from '../components/Chart'
import { chartColours } from '../components/chart-theme'
import { type Mode, useTheme } from '../theme/ThemeProvider'
import type { Template } from './states'

use([BarChart])

type Daily = Template['daily']

/** The look is an input: bars are drawn paler on a dark ground. */
function optionOf(daily: Daily, mode: Mode) {
  const c = chartColours()
  return {
    animationDuration: 300,
    color: mode === 'dark' ? ['#1F4A3E', c.line] : ['#CBE3D9', c.line],
    grid: { left: 4, right: 8, top: 16, bottom: 4, outerBoundsMode: 'same' },
    textStyle: { fontFamily: c.font },
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
        silent: true,
        data: daily.map((point) => point.issued),
        barMaxWidth: 16,
        itemStyle: { borderRadius: [3, 3, 0, 0] },
      },
      {
        name: '核销',
        type: 'line',
        silent: true,
        data: daily.map((point) => point.redeemed),
        symbol: 'none',
        lineStyle: { width: 2.25, join: 'round' },
      },
    ],
  }
}

/** Issued per day as bars, redeemed as a line. */
export default function DailyChart({ daily }: { daily: Daily }) {
  const { mode } = useTheme()
  const option = useMemo(() => optionOf(daily, mode), [daily, mode])
  const values = useMemo(() => daily.map((point) => point.redeemed), [daily])
  const sum = (key: 'issued' | 'redeemed') => daily.reduce((total, point) => total + point[key], 0)
  const note = (index: number) => {
    const point = daily[index]
    if (!point) return null
    return (
      <>
        {point.on.slice(5)} {weekdayName(point.on)}
        <b className='num'>
          发放 {point.issued}，核销 {point.redeemed}
        </b>
        <span className='num'>省下 {formatYuanShort(point.savedFen)}</span>
      </>
    )
  }
  return (
    <Chart
      option={option}
      height={240}
      values={values}
      note={note}
      label={`近 ${daily.length} 天发放 ${sum('issued')} 张，核销 ${sum('redeemed')} 张`}
    />
  )
}
