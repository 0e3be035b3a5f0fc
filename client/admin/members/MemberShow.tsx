import type { Output } from '@shared/contract'
import { Segmented } from 'antd'
import { useState } from 'react'
import { useParams } from 'react-router'
import { LoadFailed, StaleStrip } from '../components/Fallbacks'
import { useCrumb } from '../components/Shell'
import { useRead } from '../queries'
import { MemberScores } from '../scores/MemberScores'
import { useSession } from '../session'
import { MemberCoupons } from './MemberCoupons'
import { type MemberDialog, MemberHeader } from './MemberHeader'
import { MemberPoints } from './MemberPoints'
import { MemberProfile } from './MemberProfile'
import { MemberPurchases } from './MemberPurchases'
import { MemberTier } from './MemberTier'
import { MemberTimeline } from './MemberTimeline'
import './member-show.css'

/** One member in full. */
export type Member = Output<'GET /admin/members/:memberId'>

const tabs = [
  { value: 'timeline', label: '时间线' },
  { value: 'purchases', label: '消费' },
  { value: 'points', label: '积分流水' },
  { value: 'coupons', label: '券' },
]

/** A member: who, six figures, the profile, what happened, the scores with their reasons and why the tier is what it is. */
export default function MemberShow() {
  const { memberId = '' } = useParams()
  const [tab, setTab] = useState('timeline')
  const [dialog, setDialog] = useState<MemberDialog | null>(null)
  const { can } = useSession()
  const query = useRead('GET /admin/members/:memberId', { memberId })
  const { data, error, isError, isFetching, refetch } = query
  useCrumb(data?.nameMasked ?? null)

  if (isError && !data) return <LoadFailed error={error} retry={() => void refetch()} busy={isFetching} />
  return (
    <div className='page member'>
      <StaleStrip query={query} />
      {/* Keyed, so that a phone number revealed here is gone when another member opens in the same place. */}
      <MemberHeader key={memberId} member={data} memberId={memberId} dialog={dialog} setDialog={setDialog} />
      <div className='columns'>
        <MemberProfile memberId={memberId} />
        <section className='panel story'>
          <div className='hd'>
            <h2 className='grow'>{tabs.find(({ value }) => value === tab)?.label}</h2>
            <Segmented size='small' options={tabs} value={tab} onChange={setTab} aria-label='看哪一类记录' />
          </div>
          {tab === 'timeline' ? <MemberTimeline memberId={memberId} /> : null}
          {tab === 'purchases' ? <MemberPurchases memberId={memberId} /> : null}
          {tab === 'points' ? <MemberPoints memberId={memberId} /> : null}
          {tab === 'coupons' ? <MemberCoupons memberId={memberId} /> : null}
        </section>
        <div className='col g3 side-col'>
          <MemberScores
            memberId={memberId}
            grant={can('coupon:grant') && data?.status === 'active' ? () => setDialog('grant') : undefined}
          />
          <MemberTier member={data} memberId={memberId} />
        </div>
      </div>
    </div>
  )
}
