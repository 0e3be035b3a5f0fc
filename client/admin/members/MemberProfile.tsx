import { Tooltip } from 'antd'
import { LoadFailed, StaleStrip } from '../components/Fallbacks'
import { ExportMenu } from '../dashboards/FigurePanel'
import { useRead } from '../queries'

const percent = (bp: number) => `${Math.round(bp / 100)}%`

/** What stands where nothing is known, by dimension: some is asked, some is reckoned, some has just not happened. */
const unknown = {
  basic: '未填',
  behaviour: '还看不出',
  interest: '还没有',
  life: '还看不出',
  social: '还没有',
} as const

/** What is known of the member in five dimensions, how complete each is, and where every line comes from. */
export function MemberProfile({ memberId }: { memberId: string }) {
  const query = useRead('GET /admin/members/:memberId/profile', { memberId })
  const { data } = query
  return (
    <section className='panel profile' aria-label='五维画像' aria-busy={!data}>
      <div className='hd'>
        <h2 className='grow'>五维画像</h2>
        {data ? (
          <>
            <span className='t12 i3'>
              完整度 <b className='num cb'>{percent(data.completenessBp)}</b>
            </span>
            <ExportMenu
              name='五维画像'
              sheet={() => ({
                head: ['维度', '项目', '内容', '怎么得来'],
                rows: data.dimensions.flatMap((d) => d.rows.map((r) => [d.name, r.label, r.value, r.explanation])),
              })}
            />
          </>
        ) : null}
      </div>
      <StaleStrip query={query} />
      {data ? (
        <div className='dims'>
          {data.dimensions.map((dimension) => (
            <div key={dimension.code} className='dim'>
              <div className='row between'>
                <b>{dimension.name}</b>
                <span className='row g2 t12 i3'>
                  <span className='meter' aria-hidden='true'>
                    <i style={{ width: percent(dimension.completenessBp) }} />
                  </span>
                  <span className='num share'>{percent(dimension.completenessBp)}</span>
                </span>
              </div>
              {dimension.rows.map((row) => (
                <div key={row.label} className='fact'>
                  <Tooltip title={row.explanation} placement='topLeft'>
                    {/* Reached by the keyboard too: the explanation is part of what the page says. */}
                    <button type='button' className='term' aria-label={`${row.label}：${row.explanation}`}>
                      {row.label}
                    </button>
                  </Tooltip>
                  <em className={row.value === null ? 'i3' : undefined}>{row.value ?? unknown[dimension.code]}</em>
                </div>
              ))}
            </div>
          ))}
        </div>
      ) : query.isError ? (
        <LoadFailed error={query.error} retry={() => void query.refetch()} busy={query.isFetching} />
      ) : (
        <div className='bone' style={{ height: 480, margin: 16 }} role='status' aria-label='正在读取画像' />
      )}
    </section>
  )
}
