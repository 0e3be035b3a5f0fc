import { type EChartsCoreOption, init } from 'echarts/core'
import { useEffect, useRef } from 'react'

/** A place on a chart that somebody clicked: which series, which item. */
export interface PlotPoint {
  seriesIndex: number
  dataIndex: number
  /** Sankey links carry their ends here. */
  data: unknown
}

/**
 * Any chart that follows the size of its place. Who draws it registers the chart types it needs (`use` of echarts/core), so that a page
 * carries only its own. Tooltips are drawn by the chart as plain text: `richText`, never HTML.
 */
export default function Plot(props: {
  option: EChartsCoreOption
  height: number
  /** Says in words what a person who cannot see the chart misses. */
  label: string
  onPoint?: (point: PlotPoint) => void
}) {
  const { option, height, label, onPoint } = props
  const element = useRef<HTMLDivElement>(null)
  const chart = useRef<ReturnType<typeof init> | null>(null)
  const latest = useRef(onPoint)
  latest.current = onPoint
  useEffect(() => {
    if (!element.current) return
    const made = init(element.current, null, { renderer: 'svg' })
    chart.current = made
    made.on('click', (event) => {
      const { seriesIndex, dataIndex, data } = event as unknown as PlotPoint
      latest.current?.({ seriesIndex, dataIndex, data })
    })
    const observer = new ResizeObserver(() => made.resize())
    observer.observe(element.current)
    return () => {
      observer.disconnect()
      made.dispose()
      chart.current = null
    }
  }, [])
  useEffect(() => {
    chart.current?.setOption(option, true)
  }, [option])
  return (
    <div ref={element} style={{ height }} role='img' aria-label={label} className={onPoint ? 'plot opens' : 'plot'} />
  )
}
