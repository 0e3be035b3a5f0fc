import { Segmented, Select } from 'antd'
import { useUrlState } from '../components/useUrlState'
import { useRead } from '../queries'
import { Bars } from './Bars'
import type { TabProps } from './Dashboards'
import { FigurePanel } from './FigurePanel'
import { pageName, placeName } from './place-words'

const widths = [
  { value: 'all', label: '全部' },
  { value: 'narrow', label: '小屏' },
  { value: 'usual', label: '常见' },
  { value: 'wide', label: '大屏' },
] as const
/** Size of the drawn phone: its width in pixels, and the cells of the answer (twentieths of the width, 40 pixels of a 390 wide screen). */
const phone = { width: 248, screen: 390, cellHeight: 40, columns: 20 }

/** Where members tap. */
export default function TapTab({ from, to }: TabProps) {
  const [url, setUrl] = useUrlState(['page', 'width'] as const)
  const width = widths.find((w) => w.value === url.width)?.value ?? 'all'
  const query = useRead('GET /admin/dashboards/taps', { page: url.page, width, from, to }, { keep: true })
  const scale = phone.width / phone.screen
  return (
    <FigurePanel
      title='点击热力图'
      query={query}
      height={480}
      extra={
        <>
          <Segmented
            size='small'
            value={width}
            options={[...widths]}
            onChange={(value) => setUrl({ width: value })}
            aria-label='屏幕宽度'
          />
          <Select
            size='small'
            style={{ minWidth: 180 }}
            value={query.data?.page ?? undefined}
            placeholder='选一个页面'
            options={(query.data?.pages ?? []).map((p) => ({
              value: p.page,
              label: `${pageName(p.page)}（${p.taps.toLocaleString('zh-CN')}）`,
            }))}
            onChange={(page) => setUrl({ page })}
            aria-label='页面'
          />
        </>
      }
      sheet={(d) => ({ head: ['点了什么', '次数'], rows: d.targets.map((t) => [placeName(t.target), t.taps]) })}
      empty={(d) => (d.pages.length ? null : '会员打开小程序之后，这里会有点击')}
    >
      {(d) => {
        const most = Math.max(1, ...d.cells.map((c) => c.taps))
        const lowest = Math.max(16, ...d.cells.map((c) => c.y + 1))
        return (
          <div className='tap-place'>
            <div
              className='tap-phone'
              role='img'
              aria-label={`${d.page ? pageName(d.page) : ''}的点击热力图，最热的一格 ${most} 次`}
              style={{ height: lowest * phone.cellHeight * scale + 12 }}
            >
              {d.cells.map((cell) => (
                <i
                  key={`${cell.x}/${cell.y}`}
                  title={`${cell.taps} 次`}
                  style={{
                    left: `${((cell.x + 0.5) * 100) / phone.columns}%`,
                    top: (cell.y + 0.5) * phone.cellHeight * scale,
                    width: 28 + 20 * (cell.taps / most),
                    height: 28 + 20 * (cell.taps / most),
                    opacity: 0.25 + 0.75 * (cell.taps / most),
                  }}
                />
              ))}
            </div>
            <Bars
              label='点得最多的'
              bars={d.targets.map((t) => ({
                key: t.target,
                label: placeName(t.target),
                value: t.taps,
                text: `${t.taps.toLocaleString('zh-CN')} 次`,
                drill: t.drill,
              }))}
            />
          </div>
        )
      }}
    </FigurePanel>
  )
}
