import { dateTime } from '@shared/time'
import { Text, View } from '@tarojs/components'
import { useRouter } from '@tarojs/taro'
import { useEffect } from 'react'
import { Button } from '../../components/Button'
import { JoinFirst } from '../../components/JoinFirst'
import { Page } from '../../components/Page'
import { Section } from '../../components/Section'
import { ErrorState, Skeleton } from '../../components/States'
import { endsToday, type HeldCoupon, HeldTicket } from '../../components/Ticket'
import { useQuery } from '../../hooks/useQuery'
import { go, tabPath } from '../../nav'
import { useSignedIn } from '../../session'
import { track } from '../../track'
import { GiftPart } from './GiftPart'
import './index.scss'

const SOURCES: Record<HeldCoupon['source'], string> = {
  claim: '在领券中心领取',
  grant: '门店赠送',
  birthday: '生日礼',
  anniversary: '周年礼',
  welcome: '入会礼',
  tier: '等级权益',
  reward: '积分兑换',
  gift: '好友赠送',
}

function Rules({ coupon }: { coupon: HeldCoupon }) {
  const rows = [
    ...coupon.face.rules,
    { title: '使用时间', detail: `${dateTime(coupon.validFrom)} 至 ${dateTime(coupon.validTo)}` },
    { title: '来源', detail: SOURCES[coupon.source] },
  ]
  return (
    <View className='card rules'>
      {rows.map((rule) => (
        <View key={rule.title} className='rules__row'>
          <Text className='rules__title'>{rule.title}</Text>
          <Text className='rules__detail'>{rule.detail}</Text>
        </View>
      ))}
    </View>
  )
}

function Detail({ couponId }: { couponId: string }) {
  const query = useQuery('GET /me/coupons/:couponId', { couponId }, { keep: true })
  const coupon = query.data
  useEffect(() => track({ type: 'coupon_view', page: 'packages/coupon/index', target: couponId }), [couponId])
  return (
    <Page back title='券详情' staleSince={query.staleSince}>
      <View className='body coupon'>
        {query.loading && <Skeleton kind='ticket' rows={1} />}
        {query.error && !coupon && <ErrorState error={query.error} onRetry={query.reload} />}
        {coupon && (
          <>
            <HeldTicket coupon={coupon} />
            {coupon.status === 'usable' && (
              <View className='coupon__act'>
                <Button
                  large
                  kind={endsToday(coupon) || !coupon.blocked ? 'brand' : 'ghost'}
                  target='coupon:use'
                  onTap={() => go(tabPath('code'))}
                >
                  出示会员码使用
                </Button>
                <Text className='coupon__hint'>
                  {coupon.blocked ? '可用的时候，结账出示会员码即可' : '结账时出示会员码，店员会为你用上这张券'}
                </Text>
              </View>
            )}
            <GiftPart coupon={coupon} onChanged={query.reload} />
            <Section title='使用规则' />
            <Rules coupon={coupon} />
          </>
        )}
      </View>
    </Page>
  )
}

/** One coupon and its rules. */
export default function CouponPage() {
  const { couponId = '' } = useRouter().params
  if (useSignedIn('member')) return <Detail couponId={couponId} />
  return (
    <Page back title='券详情'>
      <JoinFirst title='登录后查看这张券' hint='它在领券的那个账号里' />
    </Page>
  )
}
