import type { Output } from '@shared/contract'
import { formatYuanShort } from '@shared/money'
import { describeMoment } from '@shared/time'
import { Text, View } from '@tarojs/components'
import { useRouter, useShareAppMessage } from '@tarojs/taro'
import { useState } from 'react'
import { serverNow } from '../../api'
import { BottomBar } from '../../components/BottomBar'
import { Button } from '../../components/Button'
import { Tag } from '../../components/Chips'
import { Icon } from '../../components/Icon'
import { Page } from '../../components/Page'
import { Picture } from '../../components/Picture'
import { RewardPrice } from '../../components/RewardGrid'
import { Section } from '../../components/Section'
import { ShareButton } from '../../components/ShareButton'
import { ErrorState, Skeleton } from '../../components/States'
import { useQuery } from '../../hooks/useQuery'
import { go } from '../../nav'
import { appAddress } from '../../platform'
import { useSignedIn } from '../../session'
import { groupDigits } from '../../words'
import { RedeemSheet } from './RedeemSheet'
import './reward.scss'

export type Reward = Output<'GET /me/rewards/:rewardId'>

/** Every condition with whether it is met: why not, in full. */
function Conditions({ reward }: { reward: Reward }) {
  if (reward.conditions.length === 0) return null
  return (
    <>
      <Section title={reward.blocked ? '为什么还不能兑' : '兑换条件'} />
      <View className='card conditions'>
        {reward.conditions.map((one) => (
          <View key={one.title} className='conditions__row'>
            <View className={`conditions__mark ${one.met ? 'met' : ''}`}>
              <Icon name={one.met ? 'check' : 'close'} size={14} />
            </View>
            <View className='grow'>
              <View className='t14 m'>{one.title}</View>
              <View className={`t12 ${one.met ? 'i3' : 'cd'}`}>{one.detail}</View>
            </View>
          </View>
        ))}
      </View>
    </>
  )
}

function Facts({ reward }: { reward: Reward }) {
  const until = reward.endsAt
  const facts = [
    { name: '剩余', value: `${groupDigits(reward.stockLeft)} 件` },
    { name: '每人限兑', value: `${reward.perMember} 件${reward.taken > 0 ? `，已兑 ${reward.taken}` : ''}` },
    ...(until ? [{ name: '截止', value: describeMoment(until, serverNow()) }] : []),
    ...(reward.methods.includes('pickup') ? [{ name: '到店自取', value: `兑换后 ${reward.pickupDays} 天内` }] : []),
  ]
  return (
    <View className='card facts'>
      {facts.map((fact) => (
        <View key={fact.name} className='facts__row'>
          <Text className='i3'>{fact.name}</Text>
          <Text className='num'>{fact.value}</Text>
        </View>
      ))}
    </View>
  )
}

function Detail({ reward, onRedeem }: { reward: Reward; onRedeem: () => void }) {
  const worth = reward.worthFen > 0 ? `价值 ${formatYuanShort(reward.worthFen)}` : ''
  const signedIn = useSignedIn('member')
  return (
    <>
      <View className='reward__hero'>
        <Picture src={reward.picture} />
      </View>
      <View className='body reward'>
        <View className='card reward__head'>
          <View className='row between'>
            <RewardPrice large points={reward.points} cashFen={reward.cashFen} />
            <ShareButton kind='ghost' target='reward:share' words={sharing(reward)}>
              <Icon name='share' size={16} />
              <Text>分享</Text>
            </ShareButton>
          </View>
          <View className='reward__name'>{reward.name}</View>
          <View className='reward__sub'>{[reward.subtitle, worth].filter(Boolean).join('，')}</View>
          <View className='reward__tags'>
            {reward.tierName && <Tag tone='gold'>{`${reward.tierName}专享`}</Tag>}
            {reward.methods.includes('pickup') && <Tag tone='brand'>到店自取</Tag>}
            {reward.methods.includes('delivery') && <Tag tone='brand'>送货到家</Tag>}
            {reward.kind === 'coupon' && <Tag tone='brand'>兑后进卡券</Tag>}
          </View>
        </View>
        <Facts reward={reward} />
        {signedIn && <Conditions reward={reward} />}
        {reward.description && (
          <>
            <Section title='介绍' />
            <View className='card reward__text'>{reward.description}</View>
          </>
        )}
        {reward.couponRules.length > 0 && (
          <>
            <Section title='券怎么用' />
            <View className='card facts'>
              {reward.couponRules.map((rule) => (
                <View key={rule.title} className='facts__row'>
                  <Text className='i3'>{rule.title}</Text>
                  <Text className='facts__long'>{rule.detail}</Text>
                </View>
              ))}
            </View>
          </>
        )}
      </View>
      <BottomBar>
        {signedIn ? (
          <Button large disabled={reward.blocked !== null} target='reward:redeem' onTap={onRedeem}>
            {reward.blocked ?? '立即兑换'}
          </Button>
        ) : (
          <Button large target='join' onTap={() => go('/packages/login/index')}>
            登录后兑换
          </Button>
        )}
      </BottomBar>
    </>
  )
}

const sharing = (reward: Reward) => {
  const page = `packages/mall/reward?rewardId=${reward.id}`
  return {
    title: `${reward.name}，${groupDigits(reward.points)} 积分就能换`,
    path: page,
    link: `${appAddress()}#/${page}`,
  }
}

/** One reward: what it costs, what stands against it, how it comes. */
export default function RewardPage() {
  const { rewardId = '' } = useRouter().params
  const signedIn = useSignedIn('member')
  const mine = useQuery('GET /me/rewards/:rewardId', { rewardId }, { when: signedIn, keep: true })
  const open = useQuery('GET /rewards/:rewardId', { rewardId }, { when: !signedIn, keep: true })
  const query = signedIn ? mine : open
  const reward = query.data
  const [redeeming, setRedeeming] = useState(false)
  useShareAppMessage(() => {
    if (!reward) return { title: '积分商城', path: '/packages/mall/index' }
    const { title, path } = sharing(reward)
    return { title, path: `/${path}` }
  })
  return (
    <Page back title='礼品详情' staleSince={query.staleSince}>
      {query.loading && (
        <View className='body reward'>
          <Skeleton block={260} rows={4} />
        </View>
      )}
      {query.error && !reward && <ErrorState error={query.error} onRetry={query.reload} />}
      {reward && <Detail reward={reward} onRedeem={() => setRedeeming(true)} />}
      {reward && (
        <RedeemSheet
          reward={reward}
          open={redeeming}
          onClose={() => setRedeeming(false)}
          onRefused={() => void query.reload()}
        />
      )}
    </Page>
  )
}
