import { Segmented } from 'antd'
import { useUrlState } from '../components/useUrlState'
import { useRead } from '../queries'
import { Bars } from './Bars'
import { FigurePanel } from './FigurePanel'
import { Heat } from './Heat'
import { monthName, percent, shown, yuan } from './values'

/** What members are worth and whom the shop is about to lose. */
export default function ValueTab() {
  const [url, setUrl] = useUrlState(['method'] as const)
  const method = url.method === 'quantile' ? 'quantile' : 'fixed'
  const rfm = useRead('GET /admin/dashboards/rfm', { method }, { keep: true })
  const clv = useRead('GET /admin/dashboards/clv', {}, { keep: true })
  const churn = useRead('GET /admin/dashboards/churn', {}, { keep: true })
  const dearest = Math.max(1, ...(rfm.data?.cells ?? []).map((c) => c.averageFen))
  return (
    <div className='dash-grid'>
      <FigurePanel
        title='RFM：最近消费 × 次数'
        query={rfm}
        height={320}
        extra={
          <Segmented
            size='small'
            value={method}
            options={[
              { value: 'fixed', label: '固定分档' },
              { value: 'quantile', label: '五等分' },
            ]}
            onChange={(value) => setUrl({ method: value })}
            aria-label='分档方法'
          />
        }
        sheet={(d) => ({
          head: ['最近消费', '次数', '会员', '累计消费（元）', '笔均（元）'],
          rows: d.cells.map((c) => [d.rows[c.row], d.cols[c.col], c.members, yuan(c.spendFen), yuan(c.averageFen)]),
        })}
        empty={(d) => (d.cells.some((c) => c.members) ? null : '夜里评分后，这里会有分布')}
      >
        {(d) => (
          <>
            <p className='t12 i2' style={{ margin: '4px 0 8px' }}>
              最好的四格有 {d.best.members.toLocaleString('zh-CN')} 人，占消费的 {percent(d.best.share)}
              。颜色越深，笔均消费越高。
            </p>
            <Heat
              label='RFM 分布'
              corner='最近消费 \ 次数'
              cols={d.cols}
              rows={d.rows.map((name, row) => ({
                name,
                cells: d.cols.map((_, col) => {
                  const cell = d.cells.find((c) => c.row === row && c.col === col)
                  return cell
                    ? {
                        text: cell.members.toLocaleString('zh-CN'),
                        small: cell.members ? shown(cell.averageFen, 'fen') : undefined,
                        heat: cell.members ? cell.averageFen / dearest : 0,
                        title: `${name}、${d.cols[col]}：${cell.members} 人，累计 ${shown(cell.spendFen, 'fen')}`,
                        drill: cell.drill,
                      }
                    : null
                }),
              }))}
            />
          </>
        )}
      </FigurePanel>
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
                  <b className='num'>{percent(t.share, 0)}</b>
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
