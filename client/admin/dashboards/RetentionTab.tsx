import { useRead } from '../queries'
import { Bars } from './Bars'
import { CohortFigure } from './CohortFigure'
import { FigurePanel } from './FigurePanel'
import { Heat } from './Heat'
import { money, monthName, percent, yuan } from './values'

/** Whether first buyers come again, and how long they stay. */
export default function RetentionTab() {
  const repurchase = useRead('GET /admin/dashboards/repurchase', {}, { keep: true })
  return (
    <div className='dash-grid'>
      <FigurePanel
        title='首购后的复购率'
        query={repurchase}
        height={320}
        sheet={(d) => ({
          head: ['首购月', '首购会员', '30 天内', '90 天内', '365 天内'],
          rows: d.months.map((m) => [m.month, m.buyers, m.again30, m.again90, m.again365]),
        })}
        empty={(d) => (d.months.some((m) => m.buyers) ? null : '有会员消费之后，这里会有复购率')}
      >
        {(d) => (
          <>
            <div className='facts'>
              {(
                [
                  ['30 天', d.rate30],
                  ['90 天', d.rate90],
                  ['365 天', d.rate365],
                ] as const
              ).map(([label, rate]) => (
                <div key={label}>
                  <b className='num'>{percent(rate)}</b>
                  <small>{label}内又来</small>
                </div>
              ))}
            </div>
            <Heat
              label='按首购月的复购率'
              corner='首购月'
              cols={['30 天', '90 天', '365 天']}
              rows={d.months.map((m) => ({
                name: monthName(m.month),
                note: `${m.buyers} 人`,
                drill: m.drill,
                cells: (
                  [
                    [m.again30, m.complete.d30, m.again.d30],
                    [m.again90, m.complete.d90, m.again.d90],
                    [m.again365, m.complete.d365, m.again.d365],
                  ] as const
                ).map(([again, complete, drill]) => {
                  const rate = m.buyers ? again / m.buyers : 0
                  return {
                    text: percent(m.buyers ? rate : null),
                    small: complete ? undefined : '还没满',
                    heat: complete ? rate : rate * 0.4,
                    title: `${m.month} 首购 ${m.buyers} 人，${again} 人又来${complete ? '' : '，天数还没满'}`,
                    drill,
                  }
                }),
              }))}
            />
          </>
        )}
      </FigurePanel>
      <FigurePanel
        title='消费次数的分布'
        query={repurchase}
        height={320}
        sheet={(d) => ({
          head: ['次数', '会员', '累计消费（元）'],
          rows: d.orders.map((o) => [o.label, o.members, yuan(o.spendFen)]),
        })}
        empty={(d) => (d.orders.some((o) => o.members) ? null : '有会员消费之后，这里会有分布')}
      >
        {(d) => (
          <Bars
            label='消费次数的分布'
            bars={d.orders.map((o) => ({
              key: o.label,
              label: o.label,
              value: o.members,
              text: `${o.members.toLocaleString('zh-CN')} 人`,
              note: money(Math.round(o.spendFen / 100) * 100).replace('.00', ''),
              drill: o.drill,
            }))}
          />
        )}
      </FigurePanel>
      <div className='wide'>
        <CohortFigure months={12} />
      </div>
    </div>
  )
}
