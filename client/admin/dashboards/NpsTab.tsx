import { useRead } from '../queries'
import { Bars } from './Bars'
import { FigurePanel } from './FigurePanel'
import { monthName } from './values'

/** Whether members would recommend the shop. */
export default function NpsTab() {
  const query = useRead('GET /admin/dashboards/nps', {}, { keep: true })
  return (
    <div className='dash-grid'>
      <FigurePanel
        title='净推荐值'
        query={query}
        height={220}
        sheet={(d) => ({ head: ['态度', '回答'], rows: d.groups.map((g) => [g.label, g.answers]) })}
        empty={(d) => (d.groups.some((g) => g.answers) ? null : '会员在小程序里回答之后，这里会有分数')}
      >
        {(d) => (
          <>
            <div className='facts'>
              <div>
                <b className='num'>{d.score === null ? '—' : Math.round(d.score)}</b>
                <small>净推荐值（−100 到 100）</small>
              </div>
            </div>
            <Bars
              label='回答'
              bars={d.groups.map((g) => ({
                key: g.key,
                label: g.label,
                value: g.answers,
                text: `${g.answers} 人`,
                drill: g.drill,
              }))}
            />
          </>
        )}
      </FigurePanel>
      <FigurePanel
        title='净推荐值，按月'
        query={query}
        height={220}
        sheet={(d) => ({ head: ['月', '回答', '净推荐值'], rows: d.months.map((m) => [m.month, m.answers, m.score]) })}
        empty={(d) => (d.months.some((m) => m.answers) ? null : '会员回答之后，这里会有走势')}
      >
        {(d) => (
          <Bars
            label='净推荐值，按月'
            bars={d.months.map((m) => ({
              key: m.month,
              label: monthName(m.month),
              value: Math.max(0, m.score ?? 0),
              text: m.score === null ? '—' : String(Math.round(m.score)),
              note: `${m.answers} 答`,
              drill: m.answers ? m.drill : null,
            }))}
          />
        )}
      </FigurePanel>
    </div>
  )
}
