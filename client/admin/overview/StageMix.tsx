import { addDays, civilDay } from '@shared/time'
import { Link } from 'react-router'
import { signed } from '../components/figures'
import { useDrill } from '../dashboards/Drill'
import { FigurePanel } from '../dashboards/FigurePanel'
import { stageColours } from '../dashboards/words'
import { useRead } from '../queries'

const weeks = 12

/** How the life cycle is made up week by week, what it is now, and whom to wake: the members who fell asleep this week. */
export function StageMix() {
  const query = useRead('GET /admin/dashboards/stages', { weeks }, { keep: true })
  const to = civilDay(Date.now())
  const week = { from: addDays(to, -6), to }
  const moves = useRead('GET /admin/dashboards/stage-moves', week, { keep: true })
  const open = useDrill()
  const asleep = moves.data?.links.find((link) => link.from === 'active' && link.to === 'dormant')
  return (
    <FigurePanel
      title='生命周期构成'
      query={query}
      height={232}
      sheet={(d) => ({
        head: ['周末', ...d.stages.map((s) => s.name)],
        rows: d.series.map((s) => [s.on, ...s.members]),
      })}
      empty={(d) => (d.stages.some((s) => s.members) ? null : '夜里评分后，每位会员会有自己的阶段')}
    >
      {(d) => (
        <div className='stage-mix'>
          <div>
            <div
              className='weeks'
              role='img'
              aria-label={`近 ${d.series.length} 周的阶段构成，现在${d.stages.map((s) => `${s.name} ${s.members} 人`).join('，')}`}
            >
              {d.series.map((point) => (
                <span key={point.on} title={point.on}>
                  {d.stages
                    .map((stage, index) => (
                      <i
                        key={stage.key}
                        style={{ flexGrow: point.members[index] ?? 0, background: stageColours[stage.key] }}
                      />
                    ))
                    .reverse()}
                </span>
              ))}
            </div>
            <div className='row between t12 i3 num'>
              <span>{d.series[0]?.on.slice(5)}</span>
              <span>{d.series[d.series.length - 1]?.on.slice(5)}</span>
            </div>
          </div>
          <ul>
            {[...d.stages].reverse().map((stage) => (
              <li key={stage.key}>
                <button type='button' onClick={() => open(stage.drill)} aria-label={`${stage.name}：看会员`}>
                  <i style={{ background: stageColours[stage.key] }} />
                  <span className='grow'>{stage.name}</span>
                  <b className='num'>{stage.members.toLocaleString('zh-CN')}</b>
                  <span className='t12 i3 num more'>{signed(stage.members - stage.before)}</span>
                </button>
              </li>
            ))}
          </ul>
          <p className='closing'>
            活跃转沉睡本周{' '}
            {asleep ? (
              <button type='button' className='link num' onClick={() => open(asleep.drill)}>
                {asleep.members} 人
              </button>
            ) : (
              '0 人'
            )}
            ，
            <Link className='link' to='/journeys'>
              去唤醒
            </Link>
          </p>
        </div>
      )}
    </FigurePanel>
  )
}
