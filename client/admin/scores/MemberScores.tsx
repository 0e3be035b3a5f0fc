import { formatYuan } from '@shared/money'
import { civilDay, describeDay } from '@shared/time'
import { Button } from 'antd'
import type { ReactNode } from 'react'
import { Link } from 'react-router'
import { LoadFailed, StaleStrip } from '../components/Fallbacks'
import { useRead } from '../queries'
import './scores.css'

interface Reason {
  sign: '+' | '-' | '±'
  text: string
}
const signWords = { '+': '推高', '-': '拉低', '±': '界限' } as const

/** One score: its figure, and why it is what it is. */
function Score(props: { title: string; figure: ReactNode; note?: string; reasons?: readonly Reason[]; tone?: string }) {
  return (
    <div className='score'>
      <div className='t12 i3'>{props.title}</div>
      <div className={`num v ${props.tone ?? ''}`}>{props.figure}</div>
      {props.note ? <div className='t12 i2'>{props.note}</div> : null}
      {props.reasons?.length ? (
        <ul className='reasons'>
          {props.reasons.map((reason) => (
            <li key={reason.text} className={reason.sign === '+' ? 'up' : reason.sign === '-' ? 'down' : ''}>
              <i title={signWords[reason.sign]}>{reason.sign === '-' ? '\u2212' : reason.sign}</i>
              {reason.text}
            </li>
          ))}
        </ul>
      ) : null}
    </div>
  )
}

const bandTones: Record<string, string> = { high: 'cd', mid: 'cw' }

/** What the models say of one member, each with its reasons, and what to do about it. */
export function MemberScores({ memberId, grant }: { memberId: string; grant?: () => void }) {
  const query = useRead('GET /admin/members/:memberId/scores', { memberId })
  const { data } = query
  if (query.isError && !data) return <LoadFailed error={query.error} retry={() => void query.refetch()} />
  const today = civilDay(Date.now())
  return (
    <section className='panel member-scores' aria-label='评分' aria-busy={!data}>
      <div className='hd'>
        <h2>评分与建议</h2>
        {data?.scored.onDay ? <span className='t12 i3'>截至 {describeDay(data.scored.onDay, today)}</span> : null}
        {data && (data.scored.stale || data.forecast.stale) ? (
          <span className='tag warn' title={data.scored.reason ?? data.forecast.reason ?? ''}>
            数字是旧的
          </span>
        ) : null}
        <span className='grow' />
        <Link className='t12 link' to='/scores?tab=cards'>
          这些数字准不准
        </Link>
      </div>
      <StaleStrip query={query} />
      {data ? (
        <>
          <div className='scores'>
            {data.stage ? (
              <Score
                title='生命周期'
                figure={data.stage.name}
                note={`${data.stage.explanation}，已 ${data.stage.days} 天${data.stage.previous ? `，之前是${data.stage.previous}` : ''}`}
                reasons={[
                  ...(data.stage.dormantOn
                    ? [{ sign: '±' as const, text: `到 ${describeDay(data.stage.dormantOn, today)} 还不来，算沉睡` }]
                    : []),
                  ...(data.stage.lostOn
                    ? [{ sign: '±' as const, text: `到 ${describeDay(data.stage.lostOn, today)} 还不来，算流失` }]
                    : []),
                ]}
              />
            ) : (
              <Score title='生命周期' figure='还没评分' note='今晚评分后出现' />
            )}
            {data.rfm ? (
              <Score
                title='RFM'
                figure={data.rfm.name}
                note={`最近 ${data.rfm.r} · 次数 ${data.rfm.f} · 金额 ${data.rfm.m}（满分 5）`}
                reasons={data.rfm.reasons}
              />
            ) : null}
            {data.churn ? (
              <Score
                title='90 天内不再来'
                figure={`${(data.churn.bp / 100).toFixed(0)}%`}
                note={data.churn.bandName}
                tone={bandTones[data.churn.band]}
                reasons={data.churn.reasons}
              />
            ) : null}
            {data.value ? (
              <Score
                title='未来 12 个月的价值'
                figure={formatYuan(Math.round(data.value.fen / 100) * 100).replace('.00', '')}
                note={`多半在 ${formatYuan(data.value.lowFen)} 到 ${formatYuan(data.value.highFen)} 之间，超过 ${(100 - data.value.rankBp / 100).toFixed(0)}% 的会员`}
                reasons={data.value.reasons}
              />
            ) : null}
            {data.next ? (
              <Score
                title='下次可能来'
                figure={describeDay(data.next.on, today)}
                note={`多半在 ${describeDay(data.next.low, today)} 到 ${describeDay(data.next.high, today)} 之间`}
                reasons={data.next.reasons}
              />
            ) : null}
            {data.group ? <Score title='分群' figure={data.group.name} note={data.group.explanation} /> : null}
          </div>
          {data.suggestions.length ? (
            <ul className='suggestions' aria-label='建议'>
              {data.suggestions.map((suggestion) => (
                <li key={suggestion.code}>
                  <div className='grow'>
                    <b>{suggestion.title}</b>
                    <div className='t12 i2'>{suggestion.why}</div>
                  </div>
                  {suggestion.action === 'grant-coupon' && grant ? (
                    <Button size='small' type='primary' onClick={grant}>
                      发券
                    </Button>
                  ) : null}
                  {suggestion.action === 'journey' ? (
                    <Link to='/journeys'>
                      <Button size='small'>看旅程</Button>
                    </Link>
                  ) : null}
                </li>
              ))}
            </ul>
          ) : null}
        </>
      ) : (
        <div className='bone' style={{ height: 160, margin: 16 }} />
      )}
    </section>
  )
}
