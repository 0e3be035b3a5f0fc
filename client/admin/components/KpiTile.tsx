import { Tooltip } from 'antd'
import { Icon } from './Icon'
import './kpi-tile.css'

/** The change against the same weekday in per cent, one decimal; null when there is nothing to compare with. */
export const changeOf = (value: number, before: number): number | null =>
  before === 0 ? null : Math.round(((value - before) / Math.abs(before)) * 1000) / 10

/** The last eight figures as a line of 72×28, the newest one dotted. */
function Spark({ values, falling }: { values: readonly number[]; falling: boolean }) {
  const shown = values.slice(-8)
  if (shown.length < 2) return null
  const top = Math.max(...shown)
  const bottom = Math.min(...shown)
  const points = shown.map(
    (value, index) =>
      [
        3 + (66 * index) / (shown.length - 1),
        top === bottom ? 14 : 25 - (21 * (value - bottom)) / (top - bottom),
      ] as const,
  )
  const last = points[points.length - 1] as readonly [number, number]
  const colour = falling ? 'var(--danger)' : 'var(--chart-spark)'
  return (
    <svg className='spark' width='72' height='28' viewBox='0 0 72 28' aria-hidden='true'>
      <polyline
        points={points.map(([x, y]) => `${x.toFixed(1)},${y.toFixed(1)}`).join(' ')}
        fill='none'
        stroke={colour}
        strokeWidth='1.75'
        strokeLinecap='round'
        strokeLinejoin='round'
      />
      <circle cx={last[0]} cy={last[1]} r='2.5' fill={colour} />
    </svg>
  )
}

/** One figure of the day against the same weekday last week at the same clock time. */
export function KpiTile(props: {
  label: string
  definition: string
  /** The figure as text, with its sign of currency but without the unit. */
  figure: string
  unit?: string
  value: number
  before: number
  /** '上周日 ¥78,960' */
  beforeText: string
  spark: readonly number[]
  /** Opens the members behind the figure. */
  open?: () => void
}) {
  const change = changeOf(props.value, props.before)
  const falling = change !== null && change < 0
  return (
    <section className='panel kpi' aria-label={props.label}>
      <div className='row g1 i2'>
        {props.label}
        <Tooltip title={props.definition}>
          <button type='button' className='hint' aria-label={`${props.label}怎么算：${props.definition}`}>
            <Icon name='info' size={14} />
          </button>
        </Tooltip>
      </div>
      <div className='row between figure'>
        {props.open ? (
          <button type='button' className='num v opens' onClick={props.open} aria-label={`${props.label}：看会员`}>
            {props.figure}
            {props.unit ? <small>{props.unit}</small> : null}
          </button>
        ) : (
          <div className='num v'>
            {props.figure}
            {props.unit ? <small>{props.unit}</small> : null}
          </div>
        )}
        <Spark values={props.spark} falling={falling} />
      </div>
      <div className='row g2 t12 foot'>
        {change === null ? (
          <span className='delta num'>{props.value > 0 ? '新增' : '持平'}</span>
        ) : (
          <span className={`delta num ${change > 0 ? 'up' : falling ? 'down' : ''}`}>
            {change > 0 ? '▲' : falling ? '▼' : ''} {Math.abs(change)}%
          </span>
        )}
        <span className='i3 num'>{props.beforeText}</span>
      </div>
    </section>
  )
}

/** The same place while the figure is on its way. */
export const KpiSkeleton = () => (
  <section className='panel kpi' aria-hidden='true'>
    <div className='bone' style={{ width: 64, height: 14, margin: '3px 0' }} />
    <div className='bone' style={{ width: 112, height: 26, margin: '9px 0 5px' }} />
    <div className='bone' style={{ width: 128, height: 16, margin: '6px 0 2px' }} />
  </section>
)
