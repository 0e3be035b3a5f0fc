import { useRead } from '../queries'
import { Bars } from './Bars'
import { useDrill } from './Drill'
import { FigurePanel } from './FigurePanel'
import { RfmFigure } from './RfmFigure'
import { monthName, percent, shown, yuan } from './values'

/** What members are worth and whom the shop is about to lose. */
export default function ValueTab() {
  const open = useDrill()
  const clv = useRead('GET /admin/dashboards/clv', {}, { keep: true })
  const churn = useRead('GET /admin/dashboards/churn', {}, { keep: true })
  return (
    <div className='dash-grid'>
      <RfmFigure />
      <FigurePanel
        title='未来 12 个月的价值'
        query={clv}
        height={320}
        sheet={(d) => ({
          head: ['价值', '会员', '合计（元）'],
          rows: d.bands.map((b) => [b.label, b.members, yuan(b.sumFen)]),
        })}
        empty={(d) => (d.members ? null : '夜里评分后，每位会员会有预计价值')}
      >
        {(d) => (
          <>
            <div className='facts'>
              <div>
                <b className='num'>{shown(d.meanFen, 'fen')}</b>
                <small>人均</small>
              </div>
              <div>
                <b className='num'>{shown(d.medianFen, 'fen')}</b>
                <small>一半会员高于</small>
              </div>
              {d.top.map((t) => (
                <div key={t.label}>
                  <button
                    type='button'
                    className='num opens'
                    onClick={() => open(t.drill)}
                    aria-label={`${t.label}：看会员`}
                  >
                    {percent(t.share, 0)}
                  </button>
                  <small>
                    {t.label}（{t.members} 人）占的价值
                  </small>
                </div>
              ))}
            </div>
            <Bars
              label='未来价值的分布'
              bars={d.bands.map((b) => ({
                key: b.label,
                label: b.label,
                value: b.members,
                text: `${b.members.toLocaleString('zh-CN')} 人`,
                note: shown(b.sumFen, 'fen'),
                drill: b.drill,
              }))}
            />
          </>
        )}
      </FigurePanel>
      <FigurePanel
        title='90 天内不再来的可能'
        query={churn}
        height={260}
        sheet={(d) => ({
          head: ['流失概率', '会员', '累计消费（元）'],
          rows: d.bands.map((b) => [b.label, b.members, yuan(b.spendFen)]),
        })}
        empty={(d) => (d.bands.some((b) => b.members) ? null : '夜里评分后，每位会员会有流失概率')}
      >
        {(d) => (
          <Bars
            label='流失概率的分布'
            bars={d.bands.map((b) => ({
              key: b.label,
              label: b.label,
              value: b.members,
              text: `${b.members.toLocaleString('zh-CN')} 人`,
              note: shown(b.spendFen, 'fen'),
              drill: b.drill,
            }))}
          />
        )}
      </FigurePanel>
      <FigurePanel
        title='每月流失率'
        query={churn}
        height={260}
        sheet={(d) => ({
          head: ['月', '月初会员', '转入流失', '流失率'],
          rows: d.months.map((m) => [m.month, m.base, m.lost, m.rate]),
        })}
        empty={(d) => (d.months.some((m) => m.base) ? null : '满一个月的评分之后才有流失率')}
      >
        {(d) => (
          <Bars
            label='每月流失率'
            bars={d.months.map((m) => ({
              key: m.month,
              label: monthName(m.month),
              value: m.rate ?? 0,
              text: percent(m.rate),
              note: `${m.lost} 人`,
              drill: m.drill,
            }))}
          />
        )}
      </FigurePanel>
    </div>
  )
}
