import { type Cut, useDrill } from './Drill'

/** One cell of a heat table; `heat` from 0 to 1 is how dark it is. */
export interface HeatCell {
  text: string
  small?: string
  heat: number
  title: string
  drill?: Cut | null
}

/** The brand's colour, mixed into the ground by how much there is; the text turns over where it would no longer be read. */
const shade = (heat: number) => ({
  background: `color-mix(in srgb, var(--brand-fill) ${Math.round(8 + heat * 84)}%, var(--card))`,
  color: heat > 0.45 ? 'var(--on-brand)' : 'var(--ink)',
})

/** A table whose cells are the darker the more they hold; null cells do not exist. */
export function Heat(props: {
  label: string
  corner: string
  cols: readonly string[]
  rows: readonly { name: string; note?: string; cells: readonly (HeatCell | null)[] }[]
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
                {row.name}
                {row.note ? <span className='i3 num'> {row.note}</span> : null}
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
                        title={cell.title}
                        aria-label={cell.title}
                        style={shade(cell.heat)}
                        onClick={() => open(cell.drill)}
                      >
                        {inside}
                      </button>
                    ) : (
                      <span title={cell.title} style={shade(cell.heat)}>
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
