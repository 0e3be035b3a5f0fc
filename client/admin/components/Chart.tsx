import { LineChart } from 'echarts/charts'
import { GridComponent } from 'echarts/components'
import { type EChartsCoreOption, init, use } from 'echarts/core'
import { SVGRenderer } from 'echarts/renderers'
import { type KeyboardEvent, type ReactNode, useCallback, useEffect, useRef, useState } from 'react'
import './chart.css'

// What every chart needs; a chart that draws bars registers them itself, so that nobody else loads them.
use([LineChart, GridComponent, SVGRenderer])

interface Place {
  index: number
  x: number
  y: number
  /** Width of the whole chart, to keep the note inside it. */
  width: number
  /** The highest point of the line under the note, so that the note never covers the line it speaks of. */
  ceiling: number
}

interface Flag extends Place {
  text: string
  /** Lifted by a line, because the flag before it stands too near. */
  raised: boolean
}

/** About as wide as a flag of six characters, in pixels. */
const FLAG_WIDTH = 96

/** A chart narrower than this shows its note only where somebody points, since at rest it would cover the flags. */
const ROOMY = 600

/** Room a note of three lines takes, in pixels. */
const NOTE = { width: 200, height: 82 }

/**
 * A chart over days that follows the size of its place. It draws its own note at the day pointed at, in React rather than in the
 * HTML text that the chart library's tooltip wants, which is lighter and cannot be injected into.
 */
export default function Chart(props: {
  option: EChartsCoreOption
  height: number
  /** Says in words what a person who cannot see the chart misses. */
  label: string
  /** The values the note stands on, one for each day. */
  values: readonly number[]
  note: (index: number) => ReactNode
  /** The day whose note shows while nobody points. */
  resting?: number
  /** Days on which something happened, each with its word; the option leaves room for them above the grid. */
  flags?: readonly { index: number; text: string }[]
  /** Opens what stands behind a day: by a click on it, or Enter and the arrow keys. */
  onPick?: (index: number) => void
}) {
  const { option, height, label, values, note, resting, flags, onPick } = props
  const element = useRef<HTMLDivElement>(null)
  const chart = useRef<ReturnType<typeof init> | null>(null)
  const [place, setPlace] = useState<Place | null>(null)
  const [planted, setPlanted] = useState<Flag[]>([])
  const placeOf = useCallback(
    (index: number): Place | null => {
      const made = chart.current
      const value = values[index]
      if (!made || value === undefined) return null
      const [x, y] = made.convertToPixel({ xAxisIndex: 0, yAxisIndex: 0 }, [index, value]) as [number, number]
      const width = made.getWidth()
      const side = x > width / 2 ? -1 : 1
      const under = values
        .map((one, at) => made.convertToPixel({ xAxisIndex: 0, yAxisIndex: 0 }, [at, one]) as [number, number])
        .filter(([at]) => (at - x) * side >= 0 && (at - x) * side <= NOTE.width)
      return { index, x, y, width, ceiling: Math.min(...under.map(([, height]) => height)) }
    },
    [values],
  )
  const pointAt = useCallback(
    (index: number | undefined) => setPlace(index === undefined ? null : placeOf(index)),
    [placeOf],
  )
  const plant = useCallback(() => {
    const next: Flag[] = []
    for (const { index, text } of flags ?? []) {
      const at = placeOf(index)
      const before = next[next.length - 1]
      if (at) next.push({ ...at, text, raised: before !== undefined && at.x - before.x < FLAG_WIDTH && !before.raised })
    }
    setPlanted(next)
  }, [flags, placeOf])
  // The listeners below live as long as the chart; they always call the newest of these.
  const latest = useRef({ pointAt, plant, resting, onPick, last: values.length - 1 })
  latest.current = { pointAt, plant, resting, onPick, last: values.length - 1 }

  useEffect(() => {
    if (!element.current) return
    const made = init(element.current, null, { renderer: 'svg' })
    chart.current = made
    const rest = () => latest.current.pointAt(made.getWidth() < ROOMY ? undefined : latest.current.resting)
    const dayAt = ({ offsetX, offsetY }: { offsetX: number; offsetY: number }): number => {
      const [index = 0] = made.convertFromPixel({ xAxisIndex: 0, yAxisIndex: 0 }, [offsetX, offsetY]) as number[]
      return Math.max(0, Math.min(latest.current.last, Math.round(index)))
    }
    made.getZr().on('mousemove', (at: { offsetX: number; offsetY: number }) => latest.current.pointAt(dayAt(at)))
    made.getZr().on('click', (at: { offsetX: number; offsetY: number }) => latest.current.onPick?.(dayAt(at)))
    made.getZr().on('globalout', rest)
    const observer = new ResizeObserver(() => {
      made.resize()
      rest()
      latest.current.plant()
    })
    observer.observe(element.current)
    return () => {
      observer.disconnect()
      made.dispose()
      chart.current = null
    }
  }, [])
  useEffect(() => {
    chart.current?.setOption(option, true)
    pointAt((chart.current?.getWidth() ?? 0) < ROOMY ? undefined : resting)
    plant()
  }, [option, pointAt, plant, resting])

  const walk = (event: KeyboardEvent) => {
    const last = values.length - 1
    const at = place?.index ?? resting ?? last
    if (event.key === 'ArrowLeft') pointAt(Math.max(0, at - 1))
    else if (event.key === 'ArrowRight') pointAt(Math.min(last, at + 1))
    else if (event.key === 'Enter') onPick?.(at)
    else return
    event.preventDefault()
  }
  const right = place !== null && place.x > place.width / 2
  return (
    <div className={onPick ? 'chart opens' : 'chart'} style={{ height }}>
      {onPick ? (
        <button
          type='button'
          className='keys'
          aria-label={`${label}。左右键选一天，回车看会员`}
          onKeyDown={walk}
          onBlur={() => pointAt(resting)}
        />
      ) : null}
      <div ref={element} style={{ height }} role='img' aria-label={label} />
      {planted.map((flag) => (
        <div
          key={flag.index}
          className='flag'
          style={{ left: flag.x, top: flag.raised ? 0 : 26, height: flag.y - (flag.raised ? 0 : 26) }}
        >
          <span
            style={{
              transform: `translateX(${flag.x < 60 ? '-12px' : flag.x > flag.width - 60 ? 'calc(-100% + 12px)' : '-50%'})`,
            }}
          >
            {flag.text}
          </span>
        </div>
      ))}
      {place ? (
        <>
          <i className='rule' style={{ left: place.x }} />
          <i className='dot' style={{ left: place.x, top: place.y }} />
          <div
            className='note'
            style={{
              ...(right ? { right: place.width - place.x + 12 } : { left: place.x + 12 }),
              top: Math.max(0, place.ceiling - NOTE.height),
            }}
          >
            {note(place.index)}
          </div>
        </>
      ) : null}
    </div>
  )
}
