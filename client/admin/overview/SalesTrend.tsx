import { formatYuanShort } from '@shared/money'
import { civilDay, clockTime, weekdayName } from '@shared/time'
import { useMemo } from 'react'
import Chart from '../components/Chart'
import { chartColours, tooltipStyle } from '../components/chart-theme'
import { changeOf } from '../components/KpiTile'
import { useTheme } from '../theme/ThemeProvider'
import type { Figures } from './Overview'

const short = (day: string) => day.slice(5)
const axisMoney = (fen: number) =>
  fen === 0 ? '0' : fen >= 1_000_000 ? `${fen / 1_000_000} 万` : (fen / 100).toLocaleString('zh-CN')

interface Props {
  trend: Figures['trend']
  tile: Figures['tiles'][number] | undefined
  today: string
  now: number
}

/** Sales of the last weeks as a line, what the same weekday usually brings as a dashed one, and flags where something happened. */
export default function SalesTrend({ trend, tile, today, now }: Props) {
  const { mode } = useTheme()
  const option = useMemo(() => {
    // The look is an input: the colours below are read from the tokens it selects.
    const c = chartColours()
    const dark = mode === 'dark'
    const flags = trend.map((point, index) => ({ ...point, index, raised: false })).filter((point) => point.note)
    // Two flags within ten days would cover each other: every second one of a crowd is raised by a line.
    for (const [place, flag] of flags.entries()) {
      const before = flags[place - 1]
      flag.raised = before !== undefined && flag.index - before.index < 10 && !before.raised
    }
    const headroom = flags.length === 0 ? 16 : flags.some((flag) => flag.raised) ? 64 : 40
    const last = trend[trend.length - 1]
    const rows = new Map(trend.map((point) => [point.on, point]))
    const describe = (on: string) => {
      const point = rows.get(on)
      if (!point) return ''
      const partial = on === today && civilDay(now) === today
      const change = partial && tile ? changeOf(tile.value, tile.before) : null
      const usual =
        point.usualFen === null ? '' : `<div style="opacity:.72">同星期均值 ${formatYuanShort(point.usualFen)}</div>`
      const title = partial ? `今天，截至 ${clockTime(now)}` : `${short(on)} ${weekdayName(on)}`
      return `<div style="opacity:.8">${title}</div><b>${formatYuanShort(point.salesFen)}${change === null ? '' : `，${change > 0 ? '+' : ''}${change}%`}</b><div style="opacity:.72">${point.orders} 单${point.note ? `，${point.note.replace(/[<>&]/g, '')}` : ''}</div>${partial ? '' : usual}`
    }
    return {
      animationDuration: 300,
      grid: { left: 4, right: 16, top: headroom, bottom: 4, outerBoundsMode: 'same' },
      textStyle: { fontFamily: c.font },
      tooltip: {
        ...tooltipStyle(c.tip),
        trigger: 'axis',
        // Above the point and to its inner side, so that it never covers the line it speaks of.
        position: (
          at: number[],
          _params: unknown,
          _element: unknown,
          _rect: unknown,
          size: { contentSize: number[]; viewSize: number[] },
        ) => {
          const [x = 0, y = 0] = at
          const [width = 0, height = 0] = size.contentSize
          const [room = 0] = size.viewSize
          return [x > room / 2 ? x - width - 12 : x + 12, Math.max(0, y - height - 16)]
        },
        axisPointer: { lineStyle: { color: c.rule } },
        formatter: (params: { axisValue: string }[]) => describe(params[0]?.axisValue ?? ''),
      },
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
          data: trend.map((point) => point.usualFen),
          symbol: 'none',
          lineStyle: { color: c.mean, width: 1.5, type: [4, 4] },
          emphasis: { disabled: true },
          z: 2,
        },
        {
          name: '实际',
          type: 'line',
          data: trend.map((point) => point.salesFen),
          symbol: 'circle',
          symbolSize: 7,
          showSymbol: false,
          lineStyle: { color: c.line, width: 2.25, join: 'round' },
          itemStyle: { color: c.line },
          emphasis: { disabled: true },
          areaStyle: {
            color: {
              type: 'linear',
              x: 0,
              y: 0,
              x2: 0,
              y2: 1,
              colorStops: [
                { offset: 0, color: dark ? 'rgba(77,184,146,.22)' : 'rgba(11,110,79,.14)' },
                { offset: 1, color: dark ? 'rgba(77,184,146,0)' : 'rgba(11,110,79,.01)' },
              ],
            },
          },
          markPoint: {
            animation: false,
            data: [
              ...flags.map((point) => ({
                coord: [point.on, point.salesFen],
                symbol: 'circle',
                symbolSize: 8,
                itemStyle: { color: c.card, borderColor: c.gold, borderWidth: 2 },
              })),
              ...(last
                ? [{ coord: [last.on, last.salesFen], symbol: 'circle', symbolSize: 7, itemStyle: { color: c.line } }]
                : []),
            ],
            label: { show: false },
          },
          markLine: {
            animation: false,
            silent: true,
            symbol: 'none',
            lineStyle: { color: c.gold, type: [2, 3], width: 1 },
            data: flags.map((point) => ({
              xAxis: point.on,
              label: {
                formatter: point.note ?? '',
                color: c.goldInk,
                backgroundColor: c.goldTint,
                borderRadius: 4,
                padding: [4, 8],
                fontSize: 12,
                position: 'end',
                distance: point.raised ? 30 : 4,
              },
            })),
          },
          z: 3,
        },
      ],
    }
  }, [trend, tile, today, now, mode])
  const last = trend[trend.length - 1]
  const tip = useMemo(() => ({ seriesIndex: 1, dataIndex: trend.length - 1 }), [trend.length])
  return (
    <Chart
      option={option}
      height={248}
      tip={tip}
      label={`近 ${trend.length} 天会员销售额走势，最近一天 ${last ? formatYuanShort(last.salesFen) : '没有数据'}`}
    />
  )
}
