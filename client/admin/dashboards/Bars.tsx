import { type Cut, useDrill } from './Drill'

/** One bar of a list. */
export interface Bar {
  key: string
  label: string
  value: number
  text: string
  note?: string
  drill?: Cut | null
}

/** Figures as horizontal bars that open the members behind them. */
export function Bars({ bars, label }: { bars: readonly Bar[]; label: string }) {
  const open = useDrill()
  const top = Math.max(1, ...bars.map((bar) => bar.value))
  return (
    <ul className='bars' aria-label={label}>
      {bars.map((bar) => {
        const inside = (
          <>
            <span className='cut'>{bar.label}</span>
            <span className='track'>
              {bar.value > 0 ? <i style={{ width: `${(100 * bar.value) / top}%` }} /> : null}
            </span>
            <span className='num end'>{bar.text}</span>
            <span className='num end t12 i3'>{bar.note ?? ''}</span>
          </>
        )
        return (
          <li key={bar.key}>
            {bar.drill ? (
              <button type='button' onClick={() => open(bar.drill)}>
                {inside}
              </button>
            ) : (
              <div>{inside}</div>
            )}
          </li>
        )
      })}
    </ul>
  )
}
