import { LineChart, SankeyChart } from 'echarts/charts'
import { GridComponent, TooltipComponent } from 'echarts/components'
import { use } from 'echarts/core'
import { SVGRenderer } from 'echarts/renderers'
import { useMemo } from 'react'
import { chartColours } from '../components/chart-theme'
import Plot from '../components/Plot'
import { useRead } from '../queries'
import { useTheme } from '../theme/ThemeProvider'
import { Bars } from './Bars'
import type { TabProps } from './Dashboards'
import { useDrill } from './Drill'
import { FigurePanel } from './FigurePanel'
import { Heat } from './Heat'
import { percent } from './values'
import { stageColours, stageWords } from './words'

use([LineChart, SankeyChart, GridComponent, TooltipComponent, SVGRenderer])
const tip = { backgroundColor: 'rgba(31,35,41,.92)', borderWidth: 0, textStyle: { color: '#fff', fontSize: 12 } }

/** Where the members stand, how that changed over the weeks, and who moved from where to where. */
export default function StageTab({ from, to }: TabProps) {
  const stages = useRead('GET /admin/dashboards/stages', {}, { keep: true })
  const moves = useRead('GET /admin/dashboards/stage-moves', { from, to }, { keep: true })
  const { mode } = useTheme()
  const open = useDrill()
  const overTime = useMemo(() => {
    const c = chartColours()
    const data = stages.data
    return {
      look: mode,
      animationDuration: 300,
      grid: { left: 4, right: 16, top: 16, bottom: 4, outerBoundsMode: 'same' },
      textStyle: { fontFamily: c.font },
      tooltip: { trigger: 'axis', renderMode: 'richText', ...tip },
      xAxis: {
        type: 'category',
        data: data?.series.map((s) => s.on.slice(5)) ?? [],
        boundaryGap: false,
        axisTick: { show: false },
        axisLine: { lineStyle: { color: c.rule } },
        axisLabel: { color: c.ink3, hideOverlap: true },
      },
      yAxis: { type: 'value', axisLabel: { color: c.ink3 }, splitLine: { lineStyle: { color: c.rule, opacity: 0.6 } } },
      series: (data?.stages ?? []).map((stage, index) => ({
        name: stage.name,
        type: 'line',
        stack: 'members',
        symbol: 'circle',
        symbolSize: 7,
        showSymbol: true,
        triggerLineEvent: true,
        lineStyle: { width: 0 },
        areaStyle: { color: c.stages[stage.key], opacity: 0.9 },
        itemStyle: { color: c.stages[stage.key] },
        data: data?.series.map((s) => s.members[index]),
      })),
    }
  }, [stages.data, mode])
  const links = (moves.data?.links ?? []).filter((l) => l.from !== l.to && l.members > 0)
  const flow = useMemo(() => {
    const c = chartColours()
    const ends = [...new Set(links.flatMap((l) => [`0${l.from}`, `1${l.to}`]))]
    return {
      look: mode,
      animationDuration: 300,
      textStyle: { fontFamily: c.font },
      tooltip: { renderMode: 'richText', ...tip },
      series: [
        {
          type: 'sankey',
          left: 48,
          right: 48,
          top: 12,
          bottom: 12,
          nodeWidth: 14,
          nodeGap: 14,
          draggable: false,
          emphasis: { focus: 'adjacency' },
          label: {
            color: c.ink3,
            fontSize: 12,
            formatter: ({ name }: { name: string }) => stageWords[name.slice(1) as 'new'],
          },
          lineStyle: { color: 'gradient', opacity: 0.35 },
          data: ends.map((name) => ({
            name,
            itemStyle: { color: c.stages[name.slice(1) as 'new'] },
            label: { position: name.startsWith('0') ? 'left' : 'right' },
          })),
          links: links.map((l) => ({ source: `0${l.from}`, target: `1${l.to}`, value: l.members })),
        },
      ],
    }
  }, [links, mode])
  const names = Object.keys(stageWords) as (keyof typeof stageWords)[]
  return (
    <div className='dash-grid'>
      <FigurePanel
        title='现在各阶段的会员'
        query={stages}
        height={220}
        sheet={(d) => ({
          head: ['阶段', '会员', '期初'],
          rows: d.stages.map((s) => [s.name, s.members, s.before]),
        })}
        empty={(d) => (d.stages.some((s) => s.members) ? null : '夜里评分后，每位会员会有自己的阶段')}
      >
        {(d) => (
          <Bars
            label='现在各阶段的会员'
            bars={d.stages.map((s) => ({
              key: s.key,
              label: s.name,
              value: s.members,
              text: s.members.toLocaleString('zh-CN'),
              note: `${s.members - s.before >= 0 ? '+' : '\u2212'}${Math.abs(s.members - s.before)}`,
              drill: s.drill,
            }))}
          />
        )}
      </FigurePanel>
      <FigurePanel
        title='阶段构成，逐周'
        query={stages}
        height={220}
        sheet={(d) => ({
          head: ['周末', ...d.stages.map((s) => s.name)],
          rows: d.series.map((s) => [s.on, ...s.members]),
        })}
        empty={(d) => (d.series.length > 1 ? null : '至少两周的评分之后才有走势')}
      >
        {(d) => (
          <>
            <div className='row g3 legend'>
              {d.stages.map((stage) => (
                <span key={stage.key}>
                  <i style={{ background: stageColours[stage.key] }} />
                  {stage.name}
                </span>
              ))}
            </div>
            <Plot
              option={overTime}
              height={220}
              label='五个阶段的会员数逐周变化的面积图；点一周，看那一周转入某个阶段的会员'
              onPoint={({ seriesIndex, dataIndex }) => open(d.series[dataIndex]?.entered[seriesIndex])}
            />
            <p className='t12 i3'>点图上的一周，看那一周转入这个阶段的会员。</p>
          </>
        )}
      </FigurePanel>
      <FigurePanel
        title='阶段流转'
        query={moves}
        height={300}
        sheet={(d) => ({
          head: ['从', '到', '会员'],
          rows: d.links.map((l) => [stageWords[l.from], stageWords[l.to], l.members]),
        })}
        empty={(d) => (d.links.some((l) => l.from !== l.to && l.members) ? null : '这段时间没有会员换阶段')}
      >
        {() => (
          <Plot
            option={flow}
            height={300}
            label={`阶段流转：${links.map((l) => `${stageWords[l.from]}到${stageWords[l.to]} ${l.members} 人`).join('，')}`}
            onPoint={({ data }) => {
              const link = data as { source?: string; target?: string }
              open(links.find((l) => `0${l.from}` === link.source && `1${l.to}` === link.target)?.drill)
            }}
          />
        )}
      </FigurePanel>
      <FigurePanel
        title='阶段转化率'
        query={moves}
        height={300}
        sheet={(d) => ({
          head: ['原阶段', '转到', '会员', '曾在原阶段', '转化率'],
          rows: d.conversion.map((c) => [stageWords[c.from], stageWords[c.to], c.members, c.of, c.rate]),
        })}
        empty={(d) => (d.conversion.some((c) => c.of) ? null : '这段时间还没有评分')}
      >
        {(d) => (
          <Heat
            label='阶段转化率'
            corner='原阶段 \ 转到'
            cols={names.map((n) => stageWords[n])}
            rows={names.map((row) => ({
              name: stageWords[row],
              cells: names.map((col) => {
                const cell = d.conversion.find((c) => c.from === row && c.to === col)
                return cell
                  ? {
                      text: percent(cell.rate),
                      small: `${cell.members} 人`,
                      heat: Math.min(1, (cell.rate ?? 0) * 3),
                      title: `曾是${stageWords[row]}的 ${cell.of} 人中 ${cell.members} 人转到${stageWords[col]}`,
                      drill: d.links.find((l) => l.from === row && l.to === col)?.drill,
                    }
                  : null
              }),
            }))}
          />
        )}
      </FigurePanel>
    </div>
  )
}
