import { formatYuanShort } from '@shared/money'
import { civilDay, describeDay, describeLapse, describeMoment, endOfDay } from '@shared/time'
import { LoadFailed } from '../components/Fallbacks'
import { Icon } from '../components/Icon'
import { useList } from '../queries'
import type { Member } from './MemberShow'

const directions = {
  join: { word: '入会', tone: '' },
  up: { word: '升级', tone: 'brand' },
  down: { word: '降级', tone: 'danger' },
  keep: { word: '保级', tone: 'gold' },
}

function Progress({ member }: { member: Member }) {
  const { tier } = member
  const share = tier.nextThreshold ? Math.min(100, (tier.growth / tier.nextThreshold) * 100) : 100
  const today = civilDay(Date.now())
  return (
    <div className='climb'>
      <div className='row between'>
        <span className='m'>{tier.name}</span>
        <span className='i3'>{tier.nextName ?? '最高等级'}</span>
      </div>
      <div
        className='rail-bar'
        role='progressbar'
        aria-valuenow={Math.round(share)}
        aria-valuemin={0}
        aria-valuemax={100}
        aria-label='离下一等级'
      >
        <i style={{ width: `${share}%` }} />
      </div>
      <div className='row between t12 i3 num'>
        <span>{tier.growth.toLocaleString('zh-CN')}</span>
        <span>{tier.nextThreshold?.toLocaleString('zh-CN') ?? ''}</span>
      </div>
      <ul>
        <li>
          <Icon name='trend' />
          {tier.nextName ? (
            <span>
              再得 <b className='num'>{tier.gap.toLocaleString('zh-CN')}</b> 成长值升{tier.nextName}，约消费{' '}
              <b className='num'>{formatYuanShort(tier.gapFen)}</b>
            </span>
          ) : (
            <span>已经是最高等级</span>
          )}
        </li>
        {tier.validUntil ? (
          <li>
            <Icon name='calendar' />
            <span>
              有效到 {describeDay(tier.validUntil, today)}，
              {tier.keepGap > 0 ? (
                <>
                  保级还差 <b className='num cw'>{tier.keepGap.toLocaleString('zh-CN')}</b>
                </>
              ) : (
                '已够保级'
              )}
            </span>
          </li>
        ) : null}
      </ul>
    </div>
  )
}

function Expiring({ member }: { member: Member }) {
  const now = Date.now()
  return (
    <section className='panel'>
      <div className='hd'>
        <h2 className='grow'>快过期的积分</h2>
        <span className='t12 i3'>30 天内</span>
      </div>
      <div className='lapses'>
        {member.points.expiring.length === 0 ? <p className='i3'>30 天内没有积分过期。</p> : null}
        {member.points.expiring.map((lot) => (
          <div key={lot.on} className='row between'>
            <span>
              <b className='num'>{lot.points.toLocaleString('zh-CN')}</b> 分
            </span>
            <span className='i3'>
              {describeDay(lot.on, civilDay(now))}，{describeLapse(endOfDay(lot.on), now)}
            </span>
          </div>
        ))}
        {member.points.debt > 0 ? (
          <p className='cw'>还欠 {member.points.debt.toLocaleString('zh-CN')} 分：退款时积分已用掉，下次所得先抵。</p>
        ) : null}
      </div>
    </section>
  )
}

/** Why the tier is what it is: the climb, the moves with their reasons, and points about to lapse. */
export function MemberTier({ member, memberId }: { member: Member | undefined; memberId: string }) {
  const list = useList('GET /admin/members/:memberId/tier-changes', { memberId, limit: 10 })
  const now = Date.now()
  return (
    <>
      <section className='panel'>
        <div className='hd'>
          <h2 className='grow'>等级与原因</h2>
          <span className='t12 i3'>每次变动都有理由</span>
        </div>
        {member ? <Progress member={member} /> : <div className='bone' style={{ height: 120, margin: 16 }} />}
        <ol className='moves'>
          {list.isError ? <LoadFailed error={list.error} retry={() => void list.refetch()} /> : null}
          {list.rows?.map((move) => (
            <li key={`${move.at}-${move.to}`}>
              <div className='row between g2'>
                <span>
                  <span className={`tag ${directions[move.direction].tone}`}>{directions[move.direction].word}</span>{' '}
                  {move.from && move.from !== move.to ? `${move.from} → ${move.to}` : move.to}
                </span>
                <span className='t12 i3 num nowrap'>{describeMoment(move.at, now)}</span>
              </div>
              <p className='t12 i3'>{move.reason}</p>
            </li>
          ))}
        </ol>
      </section>
      {member ? <Expiring member={member} /> : null}
    </>
  )
}
