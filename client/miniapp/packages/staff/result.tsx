import { formatYuan } from '@shared/money'
import { Text, View } from '@tarojs/components'
import { useState } from 'react'
import { sayFailure } from '../../api'
import { Button } from '../../components/Button'
import { Icon } from '../../components/Icon'
import { Page } from '../../components/Page'
import { Empty } from '../../components/States'
import { useAction } from '../../hooks/useAction'
import { useSecondsLeft } from '../../hooks/useSecondsLeft'
import { confirm, goBack, toast } from '../../nav'
import { groupDigits } from '../../words'
import { handedOver, type Settled } from './counter'
import './result.scss'

function Line({ name, value, strong }: { name: string; value: string; strong?: boolean }) {
  return (
    <View className='result__line'>
      <Text className='i3'>{name}</Text>
      <Text className={`num ${strong ? 'b cb' : ''}`}>{value}</Text>
    </View>
  )
}

function Result({ settled, memberName }: { settled: Settled; memberName: string }) {
  const seconds = useSecondsLeft(settled.undoUntil)
  const [undone, setUndone] = useState(false)
  const refund = useAction('POST /staff/purchases/:purchaseId/refunds')
  const undo = async (): Promise<void> => {
    if (!(await confirm('撤销这笔消费？', '积分、成长值收回，用掉的券退还会员', '撤销'))) return
    try {
      if (await refund.run({ purchaseId: settled.purchaseId, reason: '收银撤销', undo: true })) setUndone(true)
    } catch (thrown) {
      toast(sayFailure(thrown))
    }
  }
  return (
    <View className='body result'>
      <View className={`result__mark ${undone ? 'off' : ''}`}>
        <Icon name={undone ? 'undo' : 'check'} size={36} />
      </View>
      <View className='result__title'>{undone ? '已撤销' : '收款成功'}</View>
      <View className='result__paid num'>{formatYuan(settled.paidFen)}</View>
      {!undone && settled.tier.upgraded && (
        <View className='result__up'>
          <Icon name='crown' size={20} />
          <Text>
            恭喜，{memberName}升级为{settled.tier.name}
          </Text>
        </View>
      )}
      <View className='card result__card'>
        <Line name='会员' value={memberName} />
        <Line name='消费金额' value={formatYuan(settled.amountFen)} />
        {settled.coupons.map((coupon) => (
          <Line key={coupon.couponId} name={coupon.name} value={`\u2212${formatYuan(coupon.savedFen)}`} />
        ))}
        <Line name='获得积分' value={undone ? '已收回' : `+${groupDigits(settled.pointsEarned)}`} strong={!undone} />
        {!undone && <Line name='积分余额' value={groupDigits(settled.pointsBalance)} />}
        {!undone && settled.tier.nextName && (
          <Line name={`距${settled.tier.nextName}`} value={`还差 ${groupDigits(settled.tier.gap)} 成长值`} />
        )}
        <Line name='单号' value={settled.no} />
      </View>
      <Button large target='staff:next' onTap={goBack}>
        下一位会员
      </Button>
      {!undone && seconds > 0 && (
        <View className='result__undo'>
          <Button large kind='plain' busy={refund.busy} target='staff:undo' onTap={() => void undo()}>
            <Icon name='undo' size={18} />
            <Text>撤销这一笔（{seconds} 秒内）</Text>
          </Button>
        </View>
      )}
      {!undone && seconds === 0 && <View className='result__late'>要退款，请到“消费与退款”</View>}
    </View>
  )
}

/** What the purchase gave, and for a minute the way back. */
export default function StaffResultPage() {
  const [handed] = useState(handedOver)
  return (
    <Page back title='收款结果' className='staff'>
      {handed ? (
        <Result {...handed} />
      ) : (
        <Empty picture='ledger' title='还没有收款' action={<Button onTap={goBack}>回核销台</Button>} />
      )}
    </Page>
  )
}
