import { BarChart } from 'echarts/charts'
import { GridComponent, TooltipComponent } from 'echarts/components'
import { use } from 'echarts/core'
import { SVGRenderer } from 'echarts/renderers'
import { useMemo } from 'react'
import { chartColours } from '../components/chart-theme'
import Plot from '../components/Plot'
import { useRead } from '../queries'
import { useTheme } from '../theme/ThemeProvider'
import { useDrill } from './Drill'
import { FigurePanel } from './FigurePanel'
import { monthName, percent, shown } from './values'

use([BarChart, GridComponent, TooltipComponent, SVGRenderer])

/** What moves points in a month, in the order of the chart. Corrections by hand have no list of their own. */
const parts = [
  { name: '发放', colour: '#2f9673', key: 'issued' },
  { name: '其他', colour: '#8ab4d8', key: null },
  { name: '使用', colour: '#c8a45c', key: 'spent' },
  { name: '到期', colour: '#9aa3ad', key: 'expired' },
  { name: '收回', colour: '#d9796f', key: 'takenBack' },
] as const

/** What the shop owes in points. */
export default function PointsTab() {
  const query = useRead('GET /admin/dashboards/points', {}, { keep: true })
  const { mode } = useTheme()
  const open = useDrill()
  const option = useMemo(() => {
    const c = chartColours()
    const months = query.data?.months ?? []
    const heights = [
      months.map((m) => m.issued),
      months.map((m) => m.other),
      months.map((m) => -m.spent),
      months.map((m) => -m.expired),
      months.map((m) => -m.takenBack),
    ]
    return {
      look: mode,
      animationDuration: 300,
      grid: { left: 4, right: 16, top: 16, bottom: 4, outerBoundsMode: 'same' },
      textStyle: { fontFamily: c.font },
      tooltip: {
        trigger: 'axis',
        renderMode: 'richText',
        backgroundColor: 'rgba(31,35,41,.92)',
        borderWidth: 0,
        textStyle: { color: '#fff', fontSize: 12 },
      },
      xAxis: {
        type: 'category',
        data: months.map((m) => monthName(m.month)),
        axisTick: { show: false },
        axisLine: { lineStyle: { color: c.rule } },
        axisLabel: { color: c.ink3, hideOverlap: true },
      },
      yAxis: { type: 'value', axisLabel: { color: c.ink3 }, splitLine: { lineStyle: { color: c.rule, opacity: 0.6 } } },
      series: parts.map(({ name, colour }, index) => ({
        name,
        type: 'bar',
        stack: 'points',
        barMaxWidth: 28,
        itemStyle: { color: colour },
        data: heights[index],
      })),
    }
  }, [query.data, mode])
  return (
    <FigurePanel
      title='积分负债'
      query={query}
      height={360}
      sheet={(d) => ({
        head: ['月', '发放', '使用', '到期', '收回', '其他', '净增', '月末未用'],
        rows: d.months.map((m) => [
          m.month,
          m.issued,
          m.spent,
          m.expired,
          m.takenBack,
          m.other,
          m.net,
          m.outstandingEnd,
        ]),
      })}
    >
      {(d) => (
        <>
          <div className='facts'>
            <div>
              <button type='button' className='num opens' onClick={() => open(d.held)} aria-label='未用积分：看会员'>
                {d.outstanding.toLocaleString('zh-CN')}
              </button>
              <small>未用积分</small>
            </div>
            <div>
              <b className='num'>{shown(d.liabilityFen, 'fen')}</b>
              <small>折合负债</small>
            </div>
            <div>
              <button
                type='button'
                className='num opens'
                onClick={() => open(d.lapsing)}
                aria-label='30 天内到期：看会员'
              >
                {d.expiring30.toLocaleString('zh-CN')}
              </button>
              <small>30 天内到期</small>
            </div>
            <div>
              <b className='num'>{percent(d.breakageRate)}</b>
              <small>沉没率，预计 {d.expectedBreakage.toLocaleString('zh-CN')} 分不会用</small>
            </div>
          </div>
          <div className='row g3 legend'>
            {parts.map(({ name, colour }) => (
              <span key={name}>
                <i style={{ background: colour }} />
                {name}
              </span>
            ))}
          </div>
          <Plot
            option={option}
            height={320}
            label='每月发放、使用、到期和收回的积分；点一段看会员'
            onPoint={({ seriesIndex, dataIndex }) => {
              const { key } = parts[seriesIndex] ?? {}
              if (key) open(d.months[dataIndex]?.drills[key])
            }}
          />
        </>
      )}
    </FigurePanel>
  )
}
