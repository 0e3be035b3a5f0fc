import { useRead } from '../queries'
import { FigurePanel } from './FigurePanel'
import { Heat } from './Heat'
import { monthName, percent } from './values'

/** Of those who first bought in a month, how many bought again one, two … months later. The first month is no retention: it has no shade. */
export function CohortFigure({ months }: { months: number }) {
  const cohorts = useRead('GET /admin/dashboards/cohorts', { months }, { keep: true })
  const all = cohorts.data?.cohorts ?? []
  const longest = Math.max(1, ...all.map((c) => c.cells.length))
  const highest = Math.max(0.01, ...all.flatMap((c) => c.cells.slice(1).map((cell) => cell.rate ?? 0)))
  return (
    <FigurePanel
      title='留存：首购月 × 之后各月'
      query={cohorts}
      height={320}
      sheet={(d) => ({
        head: ['首购月', '会员', ...Array.from({ length: longest }, (_, i) => `第 ${i} 月`)],
        rows: d.cohorts.map((c) => [c.month, c.members, ...c.cells.map((cell) => cell.rate)]),
      })}
      empty={(d) => (d.cohorts.some((c) => c.members) ? null : '有会员消费之后，这里会有留存')}
    >
      {(d) => (
        <Heat
          label='留存'
          corner='首购月'
          cols={Array.from({ length: longest }, (_, i) => (i === 0 ? '当月' : `+${i} 月`))}
          rows={d.cohorts.map((c) => ({
            name: monthName(c.month),
            note: `${c.members} 人`,
            drill: c.cells[0]?.drill,
            cells: c.cells.map((cell) => ({
              text: percent(cell.rate, 0),
              heat: cell.after === 0 ? 0 : Math.min(1, (cell.rate ?? 0) / highest),
              title: `${c.month} 首购的 ${c.members} 人中，${cell.members} 人在第 ${cell.after} 个月又消费`,
              drill: cell.drill,
            })),
          }))}
        />
      )}
    </FigurePanel>
  )
}
