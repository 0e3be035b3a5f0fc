import { formatAmount, formatYuan } from '@shared/money'
import { civilDay, daysBetween, describeDay } from '@shared/time'
import { Text, View } from '@tarojs/components'
import { useRouter } from '@tarojs/taro'
import { useState } from 'react'
import { sayFailure, serverNow } from '../../api'
import { Button } from '../../components/Button'
import { Chips } from '../../components/Chips'
import { Icon } from '../../components/Icon'
import { Page } from '../../components/Page'
import { Section } from '../../components/Section'
import { padFen, StaffPad } from '../../components/StaffPad'
import { Empty, ErrorState, Skeleton } from '../../components/States'
import { Tap } from '../../components/Tap'
import { TierChip } from '../../components/TierChip'
import { useAction } from '../../hooks/useAction'
import { confirm, go, goBack, replace, toast } from '../../nav'
import { buzz } from '../../platform'
import { groupDigits } from '../../words'
import { CouponPicker } from './CouponPicker'
import { bestCoupon, type Counter, type CouponQuote, handOver, ticked, useCounter } from './counter'
import { type Line, LinesSheet, sumOf } from './LinesSheet'
import { PickupsHere } from './PickupsHere'
import { lastPayKind, PAY_KINDS, rememberPayKind } from './pay'
import { TillBar } from './TillBar'
import './member.scss'

/** How long ago, as said at a counter. */
function lastVisit(day: string | null): string {
  if (!day) return '第一次来'
  const today = civilDay(serverNow())
  const days = daysBetween(day, today)
  if (days <= 0) return '今天'
  if (days === 1) return '昨天'
  return days <= 30 ? `${days} 天前` : describeDay(day, today)
}

/** Who is standing here, masked, in one glance. */
function Glance({ counter }: { counter: Counter }) {
  const { member, scanId, store } = counter
  return (
    <View className='card glance'>
      <View className='row g3'>
        <View className='glance__face'>{member.nameMasked.slice(0, 1)}</View>
        <View className='grow'>
          <View className='row g2'>
            <View className='glance__name cut'>{member.nameMasked}</View>
            <TierChip name={member.tierName} />
          </View>
          <View className='t13 i2 num'>{member.phoneMasked ?? '没有绑定手机号'}</View>
        </View>
        <Tap
          className='glance__past'
          target='staff:past'
          onTap={() => go(`/packages/staff/refunds?storeId=${store.id}&scanId=${scanId}`)}
        >
          <Icon name='clock' size={16} />
          <Text>往来记录</Text>
        </Tap>
      </View>
      <View className='glance__figures'>
        <View className='glance__figure'>
          <Text className='t12 i3'>积分</Text>
          <Text className='glance__value num'>{groupDigits(member.points)}</Text>
        </View>
        <View className='glance__figure'>
          <Text className='t12 i3'>到店消费</Text>
          <Text className='glance__value num'>{member.purchases} 次</Text>
        </View>
        <View className='glance__figure'>
          <Text className='t12 i3'>上次到店</Text>
          <Text className='glance__value num'>{lastVisit(member.lastVisitOn)}</Text>
        </View>
      </View>
      {member.birthdayToday && (
        <View className='glance__birthday'>
          <Icon name='cake' size={20} />
          <Text>
            <Text className='b'>今天生日</Text>，先说一句生日快乐吧
          </Text>
        </View>
      )}
    </View>
  )
}

function CounterDesk({ scanId }: { scanId: string }) {
  const [text, setText] = useState('')
  /** Null while the staff have not chosen by hand: then the coupon that saves most is taken. */
  const [picked, setPicked] = useState<string[] | null>(null)
  const amountFen = padFen(text)
  const { counter, asking, error, ask } = useCounter(scanId, amountFen, picked)
  const [lines, setLines] = useState<Line[]>([])
  const [listing, setListing] = useState(false)
  const [payKind, setPayKind] = useState(lastPayKind)
  const settle = useAction('POST /staff/purchases')
  const redeem = useAction('POST /staff/redemptions')

  const over = error?.code === 'scan_expired' || error?.code === 'scan_not_found'
  if (over)
    return (
      <Empty
        picture='error'
        title='这次扫码已结束'
        hint='为了会员的安全，3 分钟没有结账要重新扫码'
        action={<Button onTap={goBack}>重新扫码</Button>}
      />
    )
  if (!counter)
    return (
      <View className='body'>
        {error ? <ErrorState error={error} onRetry={() => void ask()} /> : <Skeleton block={190} rows={4} />}
      </View>
    )

  const current = counter.quote.amountFen === amountFen
  const chosen = picked ?? (current ? bestCoupon(counter.coupons) : [])
  // Asked without a coupon the server quotes the best one; where the staff want none, nothing comes off.
  const none = picked !== null && picked.length === 0
  const payFen = current && !none ? counter.quote.payFen : amountFen

  const takeLines = (next: Line[]): void => {
    setLines(next)
    if (next.length > 0) setText(formatAmount(sumOf(next)))
  }
  const toggle = (quote: CouponQuote): void => setPicked(ticked(chosen, quote, picked !== null))
  const hand = async (quote: CouponQuote): Promise<void> => {
    const { face, id } = quote.coupon
    if (!(await confirm('核销这张兑换券？', `把「${face.value}」交给会员。核销后券就用掉了`, '核销'))) return
    try {
      if (!(await redeem.run({ scanId, couponId: id }))) return
      buzz()
      toast(`已核销：${face.name}`)
      await ask()
    } catch (thrown) {
      toast(sayFailure(thrown))
    }
  }
  const confirmPurchase = async (): Promise<void> => {
    try {
      const settled = await settle.run({ scanId, amountFen, lines, couponIds: chosen, payKind })
      if (!settled) return
      rememberPayKind(payKind)
      buzz()
      handOver(settled, counter.member.nameMasked)
      replace('/packages/staff/result')
    } catch (thrown) {
      toast(sayFailure(thrown))
      void ask()
    }
  }
  return (
    <>
      <TillBar storeName={counter.store.name} until={counter.expiresAt} onOver={ask} />
      <View className='body till'>
        <Glance counter={counter} />
        <View className='till__options'>
          <Chips options={PAY_KINDS} value={payKind} onChange={setPayKind} />
          <Button kind='plain' target='staff:lines:open' onTap={() => setListing(true)}>
            {lines.length > 0 ? `明细 ${lines.length} 行` : '加明细'}
          </Button>
        </View>
        {counter.rights === 'earn' && (
          <View className='till__earn'>
            <Icon name='offline' size={16} />
            <Text className='grow'>会员的手机没有网络，出示的是离线码：只能积分，不能用券和领礼品</Text>
          </View>
        )}
        {counter.rights !== 'earn' && counter.coupons.length > 0 && (
          <>
            <Section
              small
              title='先兑这些'
              more={
                amountFen > 0 && chosen.length > 0 ? (picked ? `已选 ${chosen.length} 张` : '已选最省的') : undefined
              }
            />
            <CouponPicker
              coupons={counter.coupons}
              chosen={chosen}
              amountFen={amountFen}
              onToggle={toggle}
              onHand={(quote) => void hand(quote)}
            />
          </>
        )}
        {counter.rights !== 'earn' && <PickupsHere scanId={scanId} storeId={counter.store.id} />}
      </View>
      <LinesSheet lines={lines} open={listing} onClose={() => setListing(false)} onChange={takeLines} />
      <StaffPad
        text={text}
        onText={(next) => {
          // An amount typed over the lines is another purchase than they describe.
          setLines([])
          setText(next)
        }}
        payFen={payFen}
        busy={settle.busy}
        disabled={amountFen === 0 || asking || !current}
        onConfirm={() => void confirmPurchase()}
        aside={
          amountFen > 0 &&
          current && (
            <>
              <View>
                {payFen < amountFen ? '券后' : '应收'}
                <Text className='pad__pay num'>{formatYuan(payFen)}</Text>
              </View>
              {!none && (
                <View className='cb'>
                  得 <Text className='b num'>{groupDigits(counter.quote.points)}</Text> 积分
                  {counter.quote.pointsNote ? `，${counter.quote.pointsNote}` : ''}
                </View>
              )}
            </>
          )
        }
      />
    </>
  )
}

/** The member at the counter: what they may redeem, the amount, the confirmation. */
export default function StaffMemberPage() {
  const { scanId = '' } = useRouter().params
  return (
    <Page back title='核销台' className='staff till__page'>
      <CounterDesk scanId={scanId} />
    </Page>
  )
}
