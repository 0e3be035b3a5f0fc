import { formatYuan } from '@shared/money'
import { Text, View } from '@tarojs/components'
import { stopPullDownRefresh, usePullDownRefresh } from '@tarojs/taro'
import { useState } from 'react'
import { Button } from '../../components/Button'
import { Chips } from '../../components/Chips'
import { JoinFirst } from '../../components/JoinFirst'
import { Page } from '../../components/Page'
import { Section } from '../../components/Section'
import { Empty, ErrorState, ListEnd, Skeleton } from '../../components/States'
import { Tabs } from '../../components/Tabs'
import { endsToday, type HeldCoupon, HeldTicket } from '../../components/Ticket'
import { useList } from '../../hooks/useList'
import { go, tabPath } from '../../nav'
import { useSignedIn } from '../../session'
import './index.scss'

type TabKey = 'usable' | 'coming' | 'used' | 'expired'
const KINDS = [
  { value: 'all', text: '全部' },
  { value: 'amount', text: '满减' },
  { value: 'percent', text: '折扣' },
  { value: 'exchange', text: '兑换' },
] as const
const EMPTY: Record<TabKey, { title: string; hint: string }> = {
  usable: { title: '现在没有可用的券', hint: '去领券中心看看，有合适的就领上' },
  coming: { title: '没有待生效的券', hint: '领到的券还没到使用时间时会在这里' },
  used: { title: '还没有用过券', hint: '用券后省了多少，会记在这里' },
  expired: { title: '没有过期的券', hint: '一张都没浪费，真好' },
}

/** Groups in the order in which they matter at the till: ends today, usable now, not usable now. */
function groups(items: HeldCoupon[]): Array<{ title: string; remark?: string; items: HeldCoupon[] }> {
  const open = items.filter((one) => !one.blocked)
  return [
    { title: '今天到期', remark: '用掉不浪费', items: open.filter(endsToday) },
    { title: '现在可用', items: open.filter((one) => !endsToday(one)) },
    { title: '现在暂不可用', items: items.filter((one) => one.blocked) },
  ].filter((group) => group.items.length > 0)
}

const openCoupon = (coupon: HeldCoupon): void => go(`/packages/coupon/index?couponId=${coupon.id}`)

function Mine() {
  const [tab, setTab] = useState<TabKey>('usable')
  const [kind, setKind] = useState<(typeof KINDS)[number]['value']>('all')
  const list = useList('GET /me/coupons', { tab }, { keep: true })
  usePullDownRefresh(() => void list.reload().finally(stopPullDownRefresh))
  const counts = list.data?.counts
  const shown = list.items.filter((one) => kind === 'all' || one.face.kind === kind)
  const saved = list.items.reduce((sum, one) => sum + (one.used?.savedFen ?? 0), 0)
  const count = (key: 'usable' | 'coming'): string => (counts && counts[key] > 0 ? ` ${counts[key]}` : '')
  return (
    <Page tab='coupons' title='我的卡券' staleSince={list.staleSince}>
      <Tabs
        value={tab}
        onChange={setTab}
        options={[
          { value: 'usable', text: `可用${count('usable')}` },
          { value: 'coming', text: `待生效${count('coming')}` },
          { value: 'used', text: '已使用' },
          { value: 'expired', text: '已过期' },
        ]}
      />
      <View className='body coupons'>
        <Chips options={KINDS} value={kind} onChange={setKind} />
        {list.loading && (
          <View className='coupons__list'>
            <Skeleton kind='ticket' rows={4} />
          </View>
        )}
        {list.error && !list.data && <ErrorState error={list.error} onRetry={list.reload} />}
        {list.data && shown.length === 0 && (
          <Empty
            picture='coupons'
            title={kind === 'all' ? EMPTY[tab].title : '没有这一类的券'}
            hint={kind === 'all' ? EMPTY[tab].hint : '换个分类看看'}
            action={tab === 'usable' && <Button onTap={() => go(tabPath('rewards'))}>去领券</Button>}
          />
        )}
        {tab === 'usable' ? (
          groups(shown).map((group) => (
            <View key={group.title}>
              <Section small title={group.title} more={group.remark} />
              <View className='stack'>
                {group.items.map((coupon) => (
                  <HeldTicket
                    key={coupon.id}
                    coupon={coupon}
                    onTap={() => openCoupon(coupon)}
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
            </View>
          ))
        ) : (
          <>
            {tab === 'used' && saved > 0 && <Section small title='用过的券' more={`帮你省下 ${formatYuan(saved)}`} />}
            <View className={`stack ${tab === 'used' && saved > 0 ? '' : 'coupons__list'}`}>
              {shown.map((coupon) => (
                <HeldTicket key={coupon.id} coupon={coupon} onTap={() => openCoupon(coupon)} />
              ))}
            </View>
          </>
        )}
        <ListEnd list={{ ...list, items: shown }} end='' />
        {shown.length > 0 && tab === 'usable' && (
          <View className='coupons__more'>
            <Text onClick={() => go(tabPath('rewards'))}>还想要券？去领券中心</Text>
          </View>
        )}
      </View>
    </Page>
  )
}

/** The member's coupons. */
export default function CouponsPage() {
  if (useSignedIn('member')) return <Mine />
  return (
    <Page tab='coupons' title='我的卡券'>
      <JoinFirst title='这里放你的卡券' hint='入会即有新人礼，领到的券都在这里' />
    </Page>
  )
}
