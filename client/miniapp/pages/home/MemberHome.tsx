import type { Output } from '@shared/contract'
import { civilDay, clockTime, daysBetween, describeDay, describeLapse, endOfDay } from '@shared/time'
import { Text, View } from '@tarojs/components'
import { serverNow } from '../../api'
import { Avatar } from '../../components/Avatar'
import { Button } from '../../components/Button'
import { CampaignBanners } from '../../components/CampaignBanner'
import { Icon } from '../../components/Icon'
import { MemberCard } from '../../components/MemberCard'
import { RewardGrid } from '../../components/RewardGrid'
import { Section } from '../../components/Section'
import { Tap } from '../../components/Tap'
import { endsToday, HeldTicket } from '../../components/Ticket'
import { go, tabPath } from '../../nav'
import { callName, greeting, groupDigits } from '../../words'
import { GoodsForYou } from './GoodsForYou'

type Home = Output<'GET /me/home'>

/** The line under the greeting: the most personal thing there is to say today. */
function remark(home: Home): string {
  const gift = home.gifts.find((one) => !one.opened)
  if (gift?.kind === 'birthday') return '生日快乐，愿你被好好对待'
  if (gift?.kind === 'anniversary') return gift.years ? `相伴 ${gift.years} 年，谢谢你一直都在` : '谢谢你一直都在'
  if (home.tier.keepGap > 0 && home.tier.validUntil)
    return `再得 ${groupDigits(home.tier.keepGap)} 成长值可保住${home.tier.name}`
  return '今天也愿你被好好对待'
}

function Assets({ home }: { home: Home }) {
  const soon = home.points.expiring[0]
  const cells = [
    {
      label: '积分',
      value: groupDigits(home.points.balance),
      unit: '',
      hot: Boolean(soon) || home.points.debt > 0,
      note:
        home.points.debt > 0
          ? `待补 ${groupDigits(home.points.debt)} 分`
          : soon
            ? `${groupDigits(soon.points)} 分 ${describeLapse(endOfDay(soon.on), serverNow())}`
            : '长期有效',
      path: '/packages/points/index',
    },
    {
      label: '优惠券',
      value: groupDigits(home.usableCouponCount),
      unit: '张',
      hot: home.expiringTodayCount > 0,
      note:
        home.expiringTodayCount > 0
          ? `${home.expiringTodayCount} 张今天到期`
          : home.usableCouponCount > 0
            ? '到店就能用'
            : '暂无可用',
      path: tabPath('coupons'),
    },
    {
      label: '待领取',
      value: groupDigits(home.claimableCount),
      unit: '张',
      hot: false,
      note: home.claimableCount > 0 ? '去领券中心' : '都领好了',
      path: tabPath('rewards'),
    },
  ]
  return (
    <View className='card assets'>
      {cells.map((cell) => (
        <Tap key={cell.label} className='assets__cell' target={`assets:${cell.label}`} onTap={() => go(cell.path)}>
          <View className='assets__label'>
            <Text>{cell.label}</Text>
            <Icon name='chevron-right' size={12} />
          </View>
          <View className={`assets__value num ${cell.value.length > 7 ? 'long' : ''}`}>
            <Text>{cell.value}</Text>
            {cell.unit && <Text className='assets__unit'>{cell.unit}</Text>}
          </View>
          <View className={`assets__note ${cell.hot ? 'cd' : 'i3'}`}>{cell.note}</View>
        </Tap>
      ))}
    </View>
  )
}

function GiftBanner({ gift }: { gift: Home['gifts'][number] }) {
  const today = civilDay(serverNow())
  const left = daysBetween(today, gift.until)
  return (
    <Tap className='banner' target={`gift:${gift.kind}`} onTap={() => go(`/packages/birthday/index?giftId=${gift.id}`)}>
      <View className='banner__title'>{gift.kind === 'birthday' ? '生日礼已备好' : '周年礼已备好'}</View>
      <View className='banner__text'>
        {gift.gifts.length} 份心意，{left <= 0 ? '今天' : `${describeDay(gift.until, today)}前`}拆开
      </View>
      <View className='banner__act'>
        <View className='btn'>拆开礼物</View>
      </View>
    </Tap>
  )
}

/** Today's check-in and the streak, one tap from done. */
function CheckinStrip({ checkin }: { checkin: Home['checkin'] }) {
  return (
    <Tap className='card streak' target='home:checkin' onTap={() => go('/packages/checkin/index')}>
      <View className='ic gold'>
        <Icon name='calendar' size={20} />
      </View>
      <View className='grow'>
        <View className='t14 m'>{checkin.streak > 0 ? `已连签 ${checkin.streak} 天` : '每天签到，积分越签越多'}</View>
        <View className='t12 i3 num'>
          {checkin.checkedToday ? '今天已签，明天再来' : `今天签到得 ${checkin.todayPoints} 积分`}
        </View>
      </View>
      <View className={`btn ${checkin.checkedToday ? 'plain' : ''}`}>{checkin.checkedToday ? '看日历' : '去签到'}</View>
    </Tap>
  )
}

/** What is still missing of the profile, and what filling it in brings. */
function ProfileStrip({ profile }: { profile: Home['profile'] }) {
  return (
    <Tap className='card streak' target='home:profile' onTap={() => go('/packages/profile/index')}>
      <View className='ic'>
        <Icon name='user' size={20} />
      </View>
      <View className='grow'>
        <View className='t14 m num'>
          {profile.pointsLeft > 0 ? `完善资料，得 ${groupDigits(profile.pointsLeft)} 积分` : '资料还差一点'}
        </View>
        <View className='t12 i3 num'>
          已填 {profile.done}/{profile.total} 项，礼物和推荐更合心意
        </View>
      </View>
      <View className='btn ghost'>去完善</View>
    </Tap>
  )
}

/** The newest word from the shop, one line. */
function NoticeLine({ notice }: { notice: NonNullable<Home['notice']> }) {
  return (
    <Tap
      className='notice'
      target='home:notice'
      label={`消息：${notice.title}`}
      onTap={() => go(notice.page ? `/${notice.page.replace(/^\//, '')}` : '/packages/inbox/index')}
    >
      <Icon name='megaphone' size={18} />
      <Text className='grow cut'>{notice.title}</Text>
      <Icon name='chevron-right' size={14} />
    </Tap>
  )
}

/** The standing campaign: friends bring friends. Stands back while a gift waits to be opened. */
function InviteBanner() {
  return (
    <Tap className='banner invitebanner' target='home:invite' onTap={() => go('/packages/referral/index')}>
      <View className='banner__title'>请朋友来，都有礼</View>
      <View className='banner__text'>朋友第一单，你们的积分一起到账</View>
      <View className='banner__act'>
        <View className='btn'>去邀请</View>
      </View>
    </Tap>
  )
}

/** The member's home, everything from one answer. */
export function MemberHome({ home }: { home: Home }) {
  const gift = home.gifts.find((one) => !one.opened)
  return (
    <View className='body home__body'>
      <View className='hello'>
        <Tap className='hello__who' target='hello' onTap={() => go(tabPath('me'))}>
          <Avatar src={home.member.avatar} gender={home.member.gender} />
          <View className='grow'>
            <View className='hello__name'>
              {greeting(Number(clockTime(serverNow()).slice(0, 2)))}，{callName(home.member.name)}
            </View>
            <View className='hello__remark'>{remark(home)}</View>
          </View>
        </Tap>
        <Tap
          className='hello__bell'
          label={home.unreadMessages > 0 ? `消息，${home.unreadMessages} 条未读` : '消息'}
          target='bell'
          onTap={() => go('/packages/inbox/index')}
        >
          <Icon name='bell' size={22} />
          {home.unreadMessages > 0 && (
            <Text className='hello__dot num'>{home.unreadMessages > 99 ? '99+' : home.unreadMessages}</Text>
          )}
        </Tap>
      </View>
      <MemberCard
        tier={home.tier}
        cardNo={home.member.cardNo}
        onCode={() => go(tabPath('code'))}
        onTap={() => go('/packages/tier/index')}
      />
      <Assets home={home} />
      {home.notice && <NoticeLine notice={home.notice} />}
      {gift && <GiftBanner gift={gift} />}
      <CampaignBanners banners={home.banners} tell />
      {home.usableCoupons.length > 0 && (
        <>
          <Section
            title='现在就能用'
            more={`全部 ${home.usableCouponCount} 张`}
            onMore={() => go(tabPath('coupons'))}
          />
          <View className='stack'>
            {home.usableCoupons.map((coupon) => (
              <HeldTicket
                key={coupon.id}
                coupon={coupon}
                onTap={() => go(`/packages/coupon/index?couponId=${coupon.id}`)}
                action={
                  <Button
                    kind={endsToday(coupon) ? 'brand' : 'ghost'}
                    target='coupon:use'
                    onTap={() => go(tabPath('code'))}
                  >
                    去使用
                  </Button>
                }
              />
            ))}
          </View>
        </>
      )}
      {home.checkin.active && <CheckinStrip checkin={home.checkin} />}
      {home.profile.active && home.profile.done < home.profile.total && <ProfileStrip profile={home.profile} />}
      {home.rewards.length > 0 && (
        <>
          <Section title='积分换好礼' more='积分商城' onMore={() => go('/packages/mall/index')} />
          <RewardGrid rewards={home.rewards.slice(0, 2)} />
        </>
      )}
      {!gift && <InviteBanner />}
      {home.goods.length > 0 && <GoodsForYou home={home} />}
    </View>
  )
}
