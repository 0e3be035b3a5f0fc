import { type Cut, useDrill } from './Drill'

/** One cell of a heat table; `heat` from 0 to 1 is how dark it is. */
export interface HeatCell {
  text: string
  small?: string
  heat: number
  title: string
  /** Marked with a gold frame: the best of the table. */
  best?: boolean
  drill?: Cut | null
}

/**
 * The brand's colour, mixed into the ground by how much there is. Between 52 % and 86 % neither dark nor light text reaches a contrast of
 * 4.5 : 1 on it, in either look, so no cell is given a shade from there: the upper third jumps over it.
 */
const shade = (heat: number) => {
  const dark = heat >= 0.7
  const share = dark ? 86 + ((heat - 0.7) / 0.3) * 14 : 6 + (Math.max(0, heat) / 0.7) * 46
  return {
    background: `color-mix(in srgb, var(--brand-fill) ${Math.round(Math.min(100, share))}%, var(--card))`,
    color: dark ? 'var(--on-brand)' : 'var(--ink)',
  }
}

/** A table whose cells are the darker the more they hold; null cells do not exist. */
export function Heat(props: {
  label: string
  corner: string
  cols: readonly string[]
  /** A row's own name may open a list too: everybody of the row. */
  rows: readonly { name: string; note?: string; drill?: Cut | null; cells: readonly (HeatCell | null)[] }[]
}) {
  const open = useDrill()
  return (
    <div style={{ overflowX: 'auto' }}>
      <table className='heat' aria-label={props.label}>
        <thead>
          <tr>
            <th scope='col'>{props.corner}</th>
            {props.cols.map((col) => (
              <th key={col} scope='col' style={{ textAlign: 'center' }}>
                {col}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {props.rows.map((row) => (
            <tr key={row.name}>
              <th scope='row'>
                {row.name}{' '}
                {row.note && row.drill ? (
                  <button type='button' className='link num' onClick={() => open(row.drill)}>
                    {row.note}
                  </button>
                ) : row.note ? (
                  <span className='i3 num'>{row.note}</span>
                ) : null}
              </th>
              {props.cols.map((col, index) => {
                const cell = row.cells[index]
                if (!cell) return <td key={col} />
                const inside = (
                  <>
                    {cell.text}
                    {cell.small ? <small>{cell.small}</small> : null}
                  </>
                )
                return (
                  <td key={col}>
                    {cell.drill ? (
                      <button
                        type='button'
                        className={cell.best ? 'best' : undefined}
                        title={cell.title}
                        aria-label={cell.title}
                        style={shade(cell.heat)}
                        onClick={() => open(cell.drill)}
                      >
                        {inside}
                      </button>
                    ) : (
                      <span className={cell.best ? 'best' : undefined} title={cell.title} style={shade(cell.heat)}>
                        {inside}
                      </span>
                    )}
                  </td>
                )
              })}
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  )
}
