import { formatYuanShort } from '@shared/money'
import { civilDay, clockTime, weekdayName } from '@shared/time'
import { useMemo } from 'react'
import Chart from '../components/Chart'
import { chartColours } from '../components/chart-theme'
import { changeOf } from '../components/KpiTile'
import { useDrill } from '../dashboards/Drill'
import { useSession } from '../session'
import { type Mode, useTheme } from '../theme/ThemeProvider'
import type { Figures } from './Overview'

type Trend = Figures['trend']

const short = (day: string) => day.slice(5)
const axisMoney = (fen: number) =>
  fen === 0 ? '0' : fen >= 1_000_000 ? `${fen / 1_000_000} 万` : (fen / 100).toLocaleString('zh-CN')

/** The days on which something happened. */
const flagsOf = (trend: Trend) => trend.flatMap((point, index) => (point.note ? [{ index, text: point.note }] : []))

/** The look is an input: the colours are read from the tokens it selects. */
function optionOf(trend: Trend, mode: Mode) {
  const c = chartColours()
  const headroom = flagsOf(trend).length > 0 ? 56 : 16
  const tint = mode === 'dark' ? '77,184,146' : '11,110,79'
  return {
    animationDuration: 300,
    grid: { left: 4, right: 16, top: headroom, bottom: 4, outerBoundsMode: 'same' },
    textStyle: { fontFamily: c.font },
    xAxis: {
      type: 'category',
      data: trend.map((point) => point.on),
      boundaryGap: false,
      axisTick: { show: false },
      axisLine: { lineStyle: { color: c.rule } },
      axisLabel: {
        color: c.ink3,
        fontSize: 12,
        formatter: short,
        interval: (index: number) => (trend.length - 1 - index) % 7 === 0,
        hideOverlap: true,
        alignMaxLabel: 'right',
      },
    },
    yAxis: {
      type: 'value',
      splitNumber: 4,
      axisLabel: { color: c.ink3, fontSize: 12, formatter: axisMoney },
      splitLine: { lineStyle: { color: c.rule, opacity: 0.6 } },
    },
    series: [
      {
        name: '前四周同星期均值',
        type: 'line',
        silent: true,
        data: trend.map((point) => point.usualFen),
        symbol: 'none',
        connectNulls: true,
        lineStyle: { color: c.mean, width: 1.5, type: [4, 4] },
        z: 2,
      },
      {
        name: '实际',
        type: 'line',
        silent: true,
        data: trend.map((point) => point.salesFen),
        symbol: 'none',
        lineStyle: { color: c.line, width: 2.25, join: 'round' },
        areaStyle: {
          color: {
            type: 'linear',
            x: 0,
            y: 0,
            x2: 0,
            y2: 1,
            colorStops: [
              { offset: 0, color: `rgba(${tint},.18)` },
              { offset: 1, color: `rgba(${tint},.01)` },
            ],
          },
        },
        z: 3,
      },
    ],
  }
}

interface Props {
  trend: Trend
  tile: Figures['tiles'][number] | undefined
  today: string
  now: number
}

/** Sales of the last weeks as a line, what the same weekday usually brings as a dashed one, and flags where something happened. */
export default function SalesTrend({ trend, tile, today, now }: Props) {
  const { mode } = useTheme()
  const { can } = useSession()
  const open = useDrill()
  const option = useMemo(() => optionOf(trend, mode), [trend, mode])
  const flags = useMemo(() => flagsOf(trend), [trend])
  const values = useMemo(() => trend.map((point) => point.salesFen), [trend])
  const note = (index: number) => {
    const point = trend[index]
    if (!point) return null
    const partial = point.on === today && civilDay(now) === today
    const change = partial && tile ? changeOf(tile.value, tile.before) : null
    return (
      <>
        {partial ? `今天，截至 ${clockTime(now)}` : `${short(point.on)} ${weekdayName(point.on)}`}
        <b className='num'>
          {formatYuanShort(point.salesFen)}
          {change === null ? '' : `，${change > 0 ? '+' : ''}${change}%`}
        </b>
        <span className='num'>
          {point.orders.toLocaleString('zh-CN')} 单
          {partial || point.usualFen === null ? '' : `，同星期均值 ${formatYuanShort(point.usualFen)}`}
        </span>
      </>
    )
  }
  const last = trend[trend.length - 1]
  const pick = (index: number) => {
    const point = trend[index]
    if (point) open({ figure: 'buyers', row: point.on, col: '' })
  }
  return (
    <Chart
      option={option}
      height={248}
      values={values}
      note={note}
      flags={flags}
      resting={trend.length - 1}
      onPick={can('dashboard:read') ? pick : undefined}
      label={`近 ${trend.length} 天会员销售额走势，最近一天 ${last ? formatYuanShort(last.salesFen) : '没有数据'}`}
    />
  )
}
