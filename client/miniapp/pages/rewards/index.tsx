import type { Output } from '@shared/contract'
import { civilDay, describeMoment } from '@shared/time'
import { Text, View } from '@tarojs/components'
import { stopPullDownRefresh, usePullDownRefresh } from '@tarojs/taro'
import { useState } from 'react'
import { sayFailure, serverNow } from '../../api'
import { BenefitList } from '../../components/BenefitList'
import { Button } from '../../components/Button'
import { Icon } from '../../components/Icon'
import { ListRow } from '../../components/ListRow'
import { Page } from '../../components/Page'
import { RewardGrid } from '../../components/RewardGrid'
import { Section } from '../../components/Section'
import { Empty, ErrorState, Skeleton, SkeletonGrid } from '../../components/States'
import { Tap } from '../../components/Tap'
import { Ticket } from '../../components/Ticket'
import { useAction } from '../../hooks/useAction'
import { type Query, useQuery } from '../../hooks/useQuery'
import { go, tabPath, toast } from '../../nav'
import { buzz } from '../../platform'
import { useSignedIn } from '../../session'
import { groupDigits } from '../../words'
import './index.scss'

type Claimables = Output<'GET /coupons/claimable'>
type Claimable = Claimables['items'][number]

/** Under a share of a tenth the stock is worth a word. */
const few = (item: Claimable): boolean => item.stockLeft > 0 && item.stockLeft * 10 <= item.stock

/** What can be taken first, then what cannot, then what is taken already. */
const inOrder = (items: Claimable[]): Claimable[] => {
  const weight = (item: Claimable): number => (item.claimed >= item.perMember ? 2 : item.blocked ? 1 : 0)
  return [...items].sort((a, b) => weight(a) - weight(b))
}

function ClaimTicket({ item, busy, onClaim }: { item: Claimable; busy: boolean; onClaim: () => void }) {
  const taken = item.claimed >= item.perMember
  const none = item.stockLeft === 0
  const until = item.claimUntil
  const today = until !== null && civilDay(until) === civilDay(serverNow())
  return (
    <Ticket
      face={item.face}
      tone={item.blocked && !taken ? 'off' : item.face.tierOnly ? 'gold' : 'plain'}
      why={taken ? null : item.blocked}
      lines={
        <>
          <View className='ticket__line first'>{item.face.description || item.validity}</View>
          <View className={`ticket__line ${few(item) || today ? 'cd' : ''}`}>
            {few(item)
              ? `仅剩 ${item.stockLeft} 张`
              : until !== null
                ? `${describeMoment(until, serverNow())} 截止`
                : item.validity}
          </View>
        </>
      }
      action={
        taken ? (
          <Button kind='ghost' target='claim:use' onTap={() => go(tabPath('coupons'))}>
            去使用
          </Button>
        ) : item.blocked ? undefined : (
          <Button busy={busy} disabled={none} target={`claim:${item.templateId}`} onTap={onClaim}>
            {busy ? '领取中' : '领取'}
          </Button>
        )
      }
    />
  )
}

function ClaimCentre({
  query,
  onClaim,
  claiming,
}: {
  query: Query<Claimables>
  onClaim: (item: Claimable) => void
  claiming: string | null
}) {
  const { data } = query
  return (
    <>
      <Section title='领券中心' more={data && data.items.length > 0 ? `${data.items.length} 张` : undefined} />
      {query.loading && <Skeleton kind='ticket' rows={3} />}
      {query.error && !data && <ErrorState error={query.error} onRetry={query.reload} />}
      {data?.items.length === 0 && <Empty picture='coupons' title='现在没有可领的券' hint='有新券时会在这里' />}
      <View className='stack'>
        {data &&
          inOrder(data.items).map((item) => (
            <ClaimTicket
              key={item.templateId}
              item={item}
              busy={claiming === item.templateId}
              onClaim={() => onClaim(item)}
            />
          ))}
      </View>
    </>
  )
}

const ENTRIES = [
  { icon: 'calendar', text: '签到', path: '/packages/checkin/index' },
  { icon: 'users', text: '邀请有礼', path: '/packages/referral/index' },
  { icon: 'receipt', text: '我的兑换', path: '/packages/mall/orders' },
  { icon: 'crown', text: '等级权益', path: '/packages/tier/index' },
] as const

/** The ways to gather points and to spend them, a tap each. */
function Entries() {
  return (
    <View className='card entries'>
      {ENTRIES.map((entry) => (
        <Tap key={entry.text} className='entries__one' target={`entry:${entry.text}`} onTap={() => go(entry.path)}>
          <View className='ic'>
            <Icon name={entry.icon} size={20} />
          </View>
          <Text className='entries__text'>{entry.text}</Text>
        </Tap>
      ))}
    </View>
  )
}

/** The first shelf of the mall; the whole of it is a tap away. */
function Shelf({ signedIn }: { signedIn: boolean }) {
  const mine = useQuery('GET /me/rewards', FIRST_SHELF, { when: signedIn, keep: true })
  const open = useQuery('GET /rewards', FIRST_SHELF, { when: !signedIn, keep: true })
  const query = signedIn ? mine : open
  const { data } = query
  if (data?.items.length === 0 || (query.error && !data)) return null
  return (
    <>
      <Section
        title='积分商城'
        more={mine.data ? `我有 ${groupDigits(mine.data.balance)} 积分` : '全部'}
        onMore={() => go('/packages/mall/index')}
      />
      {query.loading ? <SkeletonGrid /> : <RewardGrid rewards={data?.items ?? []} />}
      {data && (
        <View className='rewards__all'>
          <Button kind='ghost' large target='mall:all' onTap={() => go('/packages/mall/index')}>
            看全部礼品
          </Button>
        </View>
      )}
    </>
  )
}
const FIRST_SHELF = { limit: 4 }

function ForMember() {
  const list = useQuery('GET /me/coupons/claimable', {}, { keep: true })
  const tier = useQuery('GET /me/tier', {}, { keep: true })
  const claim = useAction('POST /me/coupons')
  const [claiming, setClaiming] = useState<string | null>(null)
  usePullDownRefresh(() => void Promise.all([list.reload(), tier.reload()]).finally(stopPullDownRefresh))

  const take = async (item: Claimable): Promise<void> => {
    setClaiming(item.templateId)
    try {
      if (await claim.run({ templateId: item.templateId })) {
        buzz()
        toast('领到了，已放进卡券')
      }
    } catch (thrown) {
      toast(sayFailure(thrown))
    }
    await list.reload()
    setClaiming(null)
  }
  const mine = tier.data?.tiers.find((one) => one.level === tier.data?.progress.level)
  return (
    <Page tab='rewards' title='礼遇' staleSince={list.staleSince ?? tier.staleSince}>
      <View className='body rewards'>
        <Entries />
        <ClaimCentre query={list} claiming={claiming} onClaim={(item) => void take(item)} />
        <Shelf signedIn />
        {tier.data && mine && (
          <>
            <Section
              title={`${tier.data.progress.name}权益`}
              more='各级对比'
              onMore={() => go('/packages/tier/index')}
            />
            <BenefitList benefits={mine.benefits} />
          </>
        )}
        {tier.loading && (
          <>
            <Section title='等级权益' />
            <Skeleton rows={3} />
          </>
        )}
      </View>
    </Page>
  )
}

function ForVisitor() {
  const list = useQuery('GET /coupons/claimable', {}, { keep: true })
  const tiers = useQuery('GET /tiers', {}, { keep: true })
  usePullDownRefresh(() => void Promise.all([list.reload(), tiers.reload()]).finally(stopPullDownRefresh))
  return (
    <Page tab='rewards' title='礼遇' staleSince={list.staleSince}>
      <View className='body rewards'>
        <ClaimCentre query={list} claiming={null} onClaim={() => go('/packages/login/index')} />
        <Shelf signedIn={false} />
        {tiers.data && (
          <>
            <Section title='会员等级' more='各级对比' onMore={() => go('/packages/tier/index')} />
            <View className='card'>
              {tiers.data.items.map((one) => (
                <ListRow
                  key={one.level}
                  icon='crown'
                  tone='gold'
                  title={one.name}
                  detail={one.benefits.map((benefit) => benefit.title).join('、')}
                  right={
                    <Text className='t12 i3 num'>
                      {one.threshold > 0 ? `成长值 ${groupDigits(one.threshold)}` : '入会即享'}
                    </Text>
                  }
                />
              ))}
            </View>
          </>
        )}
        <View className='rewards__join'>
          <Text>入会后才能领取，登录只要一分钟</Text>
        </View>
      </View>
    </Page>
  )
}

/** Rewards: coupons to take, the mall, what the tier gives. */
export default function RewardsPage() {
  return useSignedIn('member') ? <ForMember /> : <ForVisitor />
}
