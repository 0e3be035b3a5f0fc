import { BarChart, LineChart } from 'echarts/charts'
import { GridComponent, MarkLineComponent, MarkPointComponent, TooltipComponent } from 'echarts/components'
import { type EChartsCoreOption, init, use } from 'echarts/core'
import { SVGRenderer } from 'echarts/renderers'
import { useEffect, useRef } from 'react'

use([LineChart, BarChart, GridComponent, TooltipComponent, MarkLineComponent, MarkPointComponent, SVGRenderer])

/** A chart that follows the size of its place. `label` says in words what a person who cannot see it misses. */
export default function Chart(props: {
  option: EChartsCoreOption
  height: number
  label: string
  /** Shows the tooltip of this point while nobody points elsewhere. */
  tip?: { seriesIndex: number; dataIndex: number }
}) {
  const { option, height, label, tip } = props
  const place = useRef<HTMLDivElement>(null)
  const chart = useRef<ReturnType<typeof init> | null>(null)
  useEffect(() => {
    const element = place.current
    if (!element) return
    const made = init(element, null, { renderer: 'svg' })
    chart.current = made
    const observer = new ResizeObserver(() => made.resize())
    observer.observe(element)
    return () => {
      observer.disconnect()
      made.dispose()
      chart.current = null
    }
  }, [])
  useEffect(() => {
    const made = chart.current
    if (!made) return
    made.setOption(option, true)
    if (!tip) return
    const show = () => made.dispatchAction({ type: 'showTip', ...tip })
    show()
    made.on('globalout', show)
    return () => {
      made.off('globalout', show)
    }
  }, [option, tip])
  return <div ref={place} style={{ height, isolation: 'isolate' }} role='img' aria-label={label} />
}
