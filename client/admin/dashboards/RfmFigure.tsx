import { Segmented } from 'antd'
import { useUrlState } from '../components/useUrlState'
import { useRead } from '../queries'
import { useDrill } from './Drill'
import { FigurePanel } from './FigurePanel'
import { Heat } from './Heat'
import { percent, shown, yuan } from './values'

/** How recently members bought against how often, the shade being what one purchase is worth; the best four cells have a gold frame. */
export function RfmFigure() {
  const [url, setUrl] = useUrlState(['method'] as const)
  const open = useDrill()
  const method = url.method === 'quantile' ? 'quantile' : 'fixed'
  const rfm = useRead('GET /admin/dashboards/rfm', { method }, { keep: true })
  const all = rfm.data?.cells ?? []
  // A handful of members may have spent anything: the scale is that of cells with at least one member in a hundred.
  const enough = all.reduce((sum, c) => sum + c.members, 0) / 100
  const means = all.filter((c) => c.members > 0 && c.members >= enough).map((c) => c.averageFen)
  const [least, most] = [Math.min(...means), Math.max(...means)]
  const heatOf = (fen: number) => (most > least ? Math.min(1, Math.max(0, (fen - least) / (most - least))) : 0.5)
  return (
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
                      heat: cell.members ? heatOf(cell.averageFen) : 0,
                      best: cell.row <= 1 && cell.col >= 3,
                      title: `${name}、${d.cols[col]}：${cell.members} 人，累计 ${shown(cell.spendFen, 'fen')}`,
                      drill: cell.drill,
                    }
                  : null
              }),
            }))}
          />
          <p className='t12 i2' style={{ margin: '8px 0 0' }}>
            <button type='button' className='link gold-ink' onClick={() => open(d.best.drill)}>
              金框 {d.best.members.toLocaleString('zh-CN')} 人
            </button>
            ，贡献 {percent(d.best.share)} 的消费。颜色越深，笔均消费越高，点格看名单。
          </p>
        </>
      )}
    </FigurePanel>
  )
}
