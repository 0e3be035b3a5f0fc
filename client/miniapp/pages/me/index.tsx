import type { Output } from '@shared/contract'
import { Text, View } from '@tarojs/components'
import { stopPullDownRefresh, usePullDownRefresh } from '@tarojs/taro'
import { Avatar } from '../../components/Avatar'
import { Button } from '../../components/Button'
import { Icon } from '../../components/Icon'
import { ListRow } from '../../components/ListRow'
import { Page } from '../../components/Page'
import { ErrorState, Skeleton } from '../../components/States'
import { Tap } from '../../components/Tap'
import { TierChip } from '../../components/TierChip'
import { hasAgreed } from '../../consents'
import { useQuery } from '../../hooks/useQuery'
import { confirm, go, tabPath } from '../../nav'
import { useSignedIn } from '../../session'
import { leave } from '../../signin'
import { groupDigits } from '../../words'
import './index.scss'

type Home = Output<'GET /me/home'>

function Head({ home }: { home: Home }) {
  return (
    <Tap className='me__head' target='me:profile' onTap={() => go('/packages/profile/index')}>
      <Avatar src={home.member.avatar} gender={home.member.gender} size={60} />
      <View className='grow'>
        <View className='row g2'>
          <View className='me__name cut'>{home.member.name}</View>
          <TierChip name={home.tier.name} />
        </View>
        <View className='me__sub num'>{home.member.phoneMasked ?? '还没有绑定手机号'}</View>
      </View>
      <Icon name='chevron-right' size={18} />
    </Tap>
  )
}

function Figures({ home }: { home: Home }) {
  const cells = [
    { label: '积分', value: groupDigits(home.points.balance), path: '/packages/points/index' },
    { label: '优惠券', value: groupDigits(home.usableCouponCount), path: tabPath('coupons') },
    { label: '成长值', value: groupDigits(home.tier.growth), path: '/packages/tier/index' },
  ]
  return (
    <View className='card me__figures'>
      {cells.map((cell) => (
        <Tap key={cell.label} className='me__figure' target={`me:${cell.label}`} onTap={() => go(cell.path)}>
          <View className='me__value num'>{cell.value}</View>
          <View className='me__label'>{cell.label}</View>
        </Tap>
      ))}
    </View>
  )
}

/** What is missing of the profile and what it would bring. */
function profileWords({ profile, member }: Home): string | undefined {
  const { active, done, total, pointsLeft } = profile
  if (active && done < total)
    return pointsLeft > 0
      ? `已填 ${done}/${total} 项，填完再得 ${groupDigits(pointsLeft)} 积分`
      : `已填 ${done}/${total} 项`
  return member.birthday ? undefined : '填上生日，到时有礼'
}

async function askToLeave(): Promise<void> {
  if (await confirm('退出登录？', '积分和券都在，下次登录还能看到', '退出')) await leave()
}

function ForMember() {
  const home = useQuery('GET /me/home', {}, { keep: true })
  const { data, reload } = home
  usePullDownRefresh(() => void reload().finally(stopPullDownRefresh))
  const unread = data?.unreadMessages ?? 0
  return (
    <Page tab='me' tone='light' title='我的' staleSince={home.staleSince}>
      <View className='me__ground' />
      <View className='body me__body'>
        {home.loading && <Skeleton block={150} rows={5} />}
        {!data && home.error && (
          <View className='card'>
            <ErrorState error={home.error} onRetry={reload} />
          </View>
        )}
        {data && (
          <>
            <Head home={data} />
            <Figures home={data} />
            {data.member.staff && (
              <View className='card me__group'>
                <ListRow
                  icon='scan'
                  tone='gold'
                  title='核销台'
                  detail={`${data.member.staff.name}，店员专用`}
                  target='me:staff'
                  onTap={() => go('/packages/staff/index')}
                />
              </View>
            )}
            <View className='card me__group'>
              <ListRow
                icon='receipt'
                title='订单与退款'
                detail='每一笔消费、得的积分、退款'
                target='me:purchases'
                onTap={() => go('/packages/profile/purchases')}
              />
              <ListRow icon='gift' title='我的兑换' target='me:exchanges' onTap={() => go('/packages/mall/orders')} />
              <ListRow
                icon='cake'
                title='生日礼与周年礼'
                target='me:gifts'
                onTap={() => go('/packages/birthday/index')}
              />
              <ListRow
                icon='bell'
                title='消息'
                target='me:inbox'
                onTap={() => go('/packages/inbox/index')}
                right={unread > 0 ? <Text className='me__badge num'>{unread}</Text> : undefined}
              />
            </View>
            <View className='card me__group'>
              <ListRow
                icon='calendar'
                tone='gold'
                title='每天签到'
                target='me:checkin'
                onTap={() => go('/packages/checkin/index')}
              />
              <ListRow
                icon='users'
                tone='gold'
                title='邀请有礼'
                target='me:referral'
                onTap={() => go('/packages/referral/index')}
              />
              <ListRow
                icon='swap'
                tone='gold'
                title='积分转赠'
                target='me:transfer'
                onTap={() => go('/packages/points/transfer')}
              />
            </View>
            <View className='card me__group'>
              <ListRow
                icon='heart'
                title='晒单与评价'
                detail='看看大家的好物，评价有积分'
                target='me:community'
                onTap={() => go('/packages/community/index')}
              />
              <ListRow
                icon='chat'
                title='会员助手'
                detail='全天在线，可转人工'
                target='me:assistant'
                onTap={() => go('/packages/assistant/index')}
              />
              <ListRow
                icon='pencil'
                title='意见反馈'
                detail='评分、投诉与建议'
                target='me:feedback'
                onTap={() => go('/packages/feedback/index')}
              />
            </View>
            <View className='card me__group'>
              <ListRow
                icon='user'
                title='我的资料'
                detail={profileWords(data)}
                target='me:profile'
                onTap={() => go('/packages/profile/index')}
              />
              <ListRow
                icon='bell'
                title='消息设置'
                target='me:preferences'
                onTap={() => go('/packages/inbox/preferences')}
              />
              <ListRow
                icon='shield'
                title='隐私中心'
                detail={hasAgreed() ? '个性化、数据导出、注销' : '章程与隐私政策待确认'}
                target='me:privacy'
                onTap={() => go('/packages/privacy/index')}
              />
              <ListRow
                icon='settings'
                title='设置'
                detail='大字模式、个性化推荐'
                target='me:settings'
                onTap={() => go('/packages/profile/settings')}
              />
              <ListRow
                icon='info'
                tone='mute'
                title='关于'
                detail='门店、章程、隐私政策、版本'
                target='me:about'
                onTap={() => go('/packages/about/index')}
              />
              <ListRow icon='logout' tone='mute' title='退出登录' target='me:leave' onTap={() => void askToLeave()} />
            </View>
          </>
        )}
      </View>
    </Page>
  )
}

function ForVisitor() {
  return (
    <Page tab='me' tone='light' title='我的'>
      <View className='me__ground' />
      <View className='body me__body'>
        <View className='me__head'>
          <Avatar src={null} gender='unknown' size={60} />
          <View className='grow'>
            <View className='me__name'>还没有登录</View>
            <View className='me__sub'>登录后看积分、券和生日礼</View>
          </View>
          <Button kind='gold' target='me:login' onTap={() => go('/packages/login/index')}>
            登录 / 入会
          </Button>
        </View>
        <View className='card me__group'>
          <ListRow
            icon='crown'
            tone='gold'
            title='会员等级与权益'
            target='me:tiers'
            onTap={() => go('/packages/tier/index')}
          />
          <ListRow icon='gift' title='积分商城' target='me:mall' onTap={() => go('/packages/mall/index')} />
          <ListRow
            icon='settings'
            title='设置'
            detail='大字模式'
            target='me:settings'
            onTap={() => go('/packages/profile/settings')}
          />
          <ListRow
            icon='info'
            tone='mute'
            title='关于'
            detail='门店、章程、隐私政策'
            target='me:about'
            onTap={() => go('/packages/about/index')}
          />
          <ListRow
            icon='scan'
            tone='mute'
            title='店员入口'
            detail='用店员账号登录'
            target='me:staff'
            onTap={() => go('/packages/staff/index')}
          />
        </View>
      </View>
    </Page>
  )
}

/** The member's own corner. */
export default function MePage() {
  return useSignedIn('member') ? <ForMember /> : <ForVisitor />
}
