import type { Output } from '@shared/contract'
import { formatYuan } from '@shared/money'
import { civilDay, describeDay } from '@shared/time'
import { Button, Tooltip } from 'antd'
import { type ReactNode, useState } from 'react'
import { Link } from 'react-router'
import { LoadFailed, StaleStrip } from '../components/Fallbacks'
import type { Cell } from '../components/spreadsheet'
import { ExportMenu, type Sheet } from '../dashboards/FigurePanel'
import { useRead } from '../queries'
import { useSession } from '../session'
import { ScoreHistory } from './ScoreHistory'
import './scores.css'

interface Reason {
  sign: '+' | '-' | '±'
  text: string
}
/** Of every score alike: + is good news for the shop, also where the score is a risk. */
const signWords = { '+': '有利', '-': '不利', '±': '界限' } as const

/** One score: its figure, and why it is what it is. */
function Score(props: {
  title: string
  figure: ReactNode
  tag?: string
  note?: string
  reasons?: readonly Reason[]
  tone?: string
}) {
  return (
    <div className='score'>
      <div className='row between g1'>
        <span className='t12 i2'>{props.title}</span>
        {props.tag ? <span className='tag'>{props.tag}</span> : null}
      </div>
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
type Scores = Output<'GET /admin/members/:memberId/scores'>
type Suggestion = Scores['suggestions'][number]
const whole = (fen: number) => formatYuan(Math.round(fen / 100) * 100).replace('.00', '')

function Cards({ data, today }: { data: Scores; today: string }) {
  const { stage, rfm, churn, value, next, group } = data
  const bound = (on: string | null, word: string): Reason[] =>
    on ? [{ sign: '±', text: `到 ${describeDay(on, today)} 还不来，算${word}` }] : []
  return (
    <div className='scores'>
      {churn ? (
        <Score
          title='90 天内不再来'
          figure={`${(churn.bp / 100).toFixed(0)}%`}
          tag={`风险${churn.bandName}`}
          tone={bandTones[churn.band]}
          reasons={churn.reasons}
        />
      ) : null}
      {value ? (
        <Score
          title='12 个月价值'
          figure={whole(value.fen)}
          tag={`前 ${Math.max(1, Math.round(value.rankBp / 100))}%`}
          reasons={value.reasons}
        />
      ) : null}
      {next ? (
        <Score
          title='下次可能来'
          figure={describeDay(next.on, today)}
          tag={next.days > 0 ? `${next.days} 天后` : next.days === 0 ? '今天' : `晚了 ${-next.days} 天`}
          reasons={next.reasons}
        />
      ) : null}
      {rfm ? (
        <Score
          title='RFM'
          figure={rfm.r ? `${rfm.r}-${rfm.f}-${rfm.m}` : '—'}
          tag={rfm.name}
          note={rfm.explanation}
          reasons={rfm.reasons}
        />
      ) : null}
      {stage ? (
        <Score
          title='生命周期'
          figure={stage.name}
          tag={`已 ${stage.days} 天`}
          note={`${stage.explanation}${stage.previous ? `，之前是${stage.previous}` : ''}`}
          reasons={[...bound(stage.dormantOn, '沉睡'), ...bound(stage.lostOn, '流失')]}
        />
      ) : (
        <Score title='生命周期' figure='还没评分' note='今晚评分后出现' />
      )}
      {group ? <Score title='自动分群' figure={group.name} note={group.explanation} /> : null}
    </div>
  )
}

/** Every score as a row of a spreadsheet, its reasons in one cell. */
const sheetOf = ({ stage, rfm, churn, value, next, group }: Scores): Sheet => {
  const why = (reasons: readonly Reason[]) => reasons.map((r) => `${r.sign} ${r.text}`).join('；')
  const row = (name: string, score: Cell, note: string, reasons: readonly Reason[] = []): Cell[] => [
    name,
    score,
    note,
    why(reasons),
  ]
  return {
    head: ['评分', '数值', '说明', '原因'],
    rows: [
      ...(stage ? [row('生命周期', stage.name, stage.explanation)] : []),
      ...(rfm ? [row('RFM', `${rfm.r}-${rfm.f}-${rfm.m}`, rfm.name, rfm.reasons)] : []),
      ...(churn ? [row('90 天内不再来', churn.bp / 10_000, `风险${churn.bandName}`, churn.reasons)] : []),
      ...(value ? [row('12 个月价值（元）', value.fen / 100, '', value.reasons)] : []),
      ...(next ? [row('下次可能来', next.on, `${next.low} 到 ${next.high}`, next.reasons)] : []),
      ...(group ? [row('自动分群', group.name, group.explanation)] : []),
    ],
  }
}

/** What a click on a suggestion does; advice not to act has its reason only. */
function Act({ suggestion, grant }: { suggestion: Suggestion; grant?: () => void }) {
  const { can } = useSession()
  if (suggestion.action === 'grant-coupon')
    return grant ? (
      <Button size='small' type='primary' onClick={grant}>
        发券
      </Button>
    ) : null
  if (suggestion.action === 'none' || !can('journey:read')) return null
  return (
    <Link to='/journeys'>
      <Button size='small'>{suggestion.action === 'message' ? '安排提醒' : '看旅程'}</Button>
    </Link>
  )
}

/** What the models say of one member, each with its reasons, and what to do about it. */
export function MemberScores({ memberId, grant }: { memberId: string; grant?: () => void }) {
  const query = useRead('GET /admin/members/:memberId/scores', { memberId })
  const { can } = useSession()
  const [history, setHistory] = useState(false)
  const { data } = query
  const today = civilDay(Date.now())
  const stale = data && (data.scored.stale || data.forecast.stale)
  return (
    <>
      <section className='panel member-scores' aria-label='评分与原因' aria-busy={!data}>
        <div className='hd'>
          <h2>评分与原因</h2>
          {stale ? (
            <Tooltip title={data.scored.reason ?? data.forecast.reason ?? ''}>
              <span className='tag warn'>数字是旧的</span>
            </Tooltip>
          ) : null}
          <span className='grow' />
          {data?.scored.onDay ? <span className='t12 i3'>截至 {describeDay(data.scored.onDay, today)}</span> : null}
          {data ? <ExportMenu name='会员评分' sheet={() => sheetOf(data)} /> : null}
        </div>
        <StaleStrip query={query} />
        {data ? (
          <>
            <Cards data={data} today={today} />
            <p className='row g3 t12 more'>
              <button type='button' className='link' onClick={() => setHistory(true)}>
                评分的变化
              </button>
              {can('insight:read') ? (
                <Link className='link' to='/scores?tab=cards'>
                  这些数字准不准
                </Link>
              ) : null}
            </p>
          </>
        ) : query.isError ? (
          <LoadFailed error={query.error} retry={() => void query.refetch()} busy={query.isFetching} />
        ) : (
          <div className='bone' style={{ height: 320, margin: 16 }} role='status' aria-label='正在读取评分' />
        )}
      </section>
      {data?.suggestions.length ? (
        <section className='panel' aria-label='建议动作'>
          <div className='hd'>
            <h2 className='grow'>建议动作</h2>
            <span className='t12 i3'>每条都附原因</span>
          </div>
          <ul className='suggestions'>
            {data.suggestions.map((suggestion) => (
              <li key={suggestion.code}>
                <div className='grow'>
                  <b>{suggestion.title}</b>
                  <div className='t12 i2'>{suggestion.why}</div>
                </div>
                <Act suggestion={suggestion} grant={grant} />
              </li>
            ))}
          </ul>
        </section>
      ) : null}
      {history ? <ScoreHistory memberId={memberId} close={() => setHistory(false)} /> : null}
    </>
  )
}
