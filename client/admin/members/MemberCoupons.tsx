import { formatYuan } from '@shared/money'
import { civilDay, describeDay, describeMoment } from '@shared/time'
import { Link } from 'react-router'
import { DataTable } from '../components/DataTable'
import { Notice } from '../components/Fallbacks'
import { type Row, useList } from '../queries'

type Coupon = Row<'GET /admin/members/:memberId/coupons'>
const states = {
  usable: { word: '可用', tone: 'brand' },
  coming: { word: '未到时间', tone: 'info' },
  used: { word: '已用', tone: '' },
  expired: { word: '已过期', tone: '' },
  void: { word: '已作废', tone: 'danger' },
  giving: { word: '转赠中', tone: 'info' },
  given: { word: '已送人', tone: '' },
}
const sources = {
  claim: '自己领取',
  grant: '人工发放',
  birthday: '生日礼',
  anniversary: '周年礼',
  welcome: '入会礼',
  tier: '等级礼',
  reward: '积分兑换',
  gift: '好友赠送',
}

/** Why the coupon stands where it stands. */
function stateText(coupon: Coupon, now: number): string {
  if (coupon.used)
    return `${describeMoment(coupon.used.at, now)} 在${coupon.used.storeName}用掉，省 ${formatYuan(coupon.used.savedFen)}`
  if (coupon.blocked) return coupon.blocked
  if (coupon.status === 'expired') return `${describeDay(civilDay(coupon.validTo), civilDay(now))}过期，没有用`
  return coupon.timeLeft
}

/** The member's coupons, each with the reason of its state. */
export function MemberCoupons({ memberId }: { memberId: string }) {
  const list = useList('GET /admin/members/:memberId/coupons', { memberId, limit: 30 })
  const now = Date.now()
  return (
    <div className='inner-table'>
      <DataTable
        label='券'
        rows={list.rows}
        query={list}
        rowKey={(row) => row.id}
        empty={
          <Notice art='shelf' title='还没有券'>
            会员领取、生日礼或点右上角“发券”之后，会出现在这里。
          </Notice>
        }
        columns={[
          {
            key: 'face',
            title: '券',
            className: 'wrap',
            render: (_, row) => (
              <>
                <div>
                  <Link className='m' to={`/coupons/${row.templateId}`}>
                    {row.face.name}
                  </Link>{' '}
                  <span className={`tag ${states[row.status].tone}`}>{states[row.status].word}</span>
                </div>
                <div className='t12 i3'>{stateText(row, now)}</div>
              </>
            ),
          },
          {
            key: 'value',
            title: '优惠',
            align: 'right',
            width: 120,
            render: (_, row) => (
              <>
                <div className='num m'>{row.face.kind === 'amount' ? `¥${row.face.value}` : row.face.value}</div>
                <div className='t12 i3'>{row.face.condition}</div>
              </>
            ),
          },
          {
            key: 'source',
            title: '来源',
            width: 96,
            render: (_, row) => <span className='i2'>{sources[row.source]}</span>,
          },
        ]}
      />
    </div>
  )
}
