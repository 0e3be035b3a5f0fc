import type { Input } from '@shared/contract'
import { formatYuan } from '@shared/money'
import { Text, View } from '@tarojs/components'
import { useState } from 'react'
import { sayFailure } from '../../api'
import { Button } from '../../components/Button'
import { Chips } from '../../components/Chips'
import { FormField } from '../../components/FormField'
import { Picture } from '../../components/Picture'
import { RewardPrice } from '../../components/RewardGrid'
import { Sheet } from '../../components/Sheet'
import { Tap } from '../../components/Tap'
import { useAction } from '../../hooks/useAction'
import { replace, toast } from '../../nav'
import { buzz, readStored, writeStored } from '../../platform'
import { groupDigits } from '../../words'
import type { Reward } from './reward'

type Method = Reward['methods'][number]
type Address = NonNullable<Input<'POST /me/reward-orders'>['address']>
const METHODS: Record<Method, string> = { pickup: '到店自取', delivery: '送货到家', coupon: '放进卡券' }
/** The last address typed stays on this phone and is filled in again. */
const KEPT = 'mall.address'
const NOWHERE: Address = { name: '', phone: '', region: '', detail: '' }

const complete = (address: Address): boolean =>
  address.name.trim() !== '' &&
  /^1[3-9]\d{9}$/.test(address.phone) &&
  address.region.trim() !== '' &&
  address.detail.trim() !== ''

function Stores({ reward, value, onChange }: { reward: Reward; value: string; onChange: (id: string) => void }) {
  return (
    <View className='redeem__part'>
      {reward.stores.map((store) => (
        <Tap
          key={store.id}
          role='radio'
          checked={store.id === value}
          className='redeem__store'
          label={store.name}
          onTap={() => onChange(store.id)}
        >
          <View className={`redeem__dot ${store.id === value ? 'on' : ''}`} />
          <View className='grow'>
            <View className='t14 m'>{store.name}</View>
            <View className='t12 i3'>{store.address}</View>
          </View>
        </Tap>
      ))}
    </View>
  )
}

function AddressForm({ value, onChange }: { value: Address; onChange: (address: Address) => void }) {
  const put = (part: Partial<Address>): void => onChange({ ...value, ...part })
  return (
    <View className='redeem__part'>
      <FormField name='收件人' value={value.name} placeholder='姓名' max={20} onChange={(name) => put({ name })} />
      <FormField
        name='手机号'
        value={value.phone}
        placeholder='11 位手机号'
        type='number'
        max={11}
        onChange={(phone) => put({ phone: phone.trim() })}
      />
      <FormField
        name='地区'
        value={value.region}
        placeholder='省、市、区'
        max={60}
        onChange={(region) => put({ region })}
      />
      <FormField
        name='详细地址'
        value={value.detail}
        placeholder='街道、门牌'
        max={120}
        onChange={(detail) => put({ detail })}
      />
    </View>
  )
}

interface Props {
  reward: Reward
  open: boolean
  onClose: () => void
  onRefused: () => void
}

function Form({ reward, onClose, onRefused }: Omit<Props, 'open'>) {
  const [method, setMethod] = useState<Method>(reward.methods[0] ?? 'pickup')
  const [storeId, setStoreId] = useState(reward.stores[0]?.id ?? '')
  const [address, setAddress] = useState<Address>(() => readStored<Address>(KEPT) ?? NOWHERE)
  const redeem = useAction('POST /me/reward-orders')
  const ready = method === 'delivery' ? complete(address) : method !== 'pickup' || storeId !== ''
  const submit = async (): Promise<void> => {
    try {
      const done = await redeem.run({
        rewardId: reward.id,
        method,
        ...(method === 'pickup' ? { storeId } : {}),
        ...(method === 'delivery' ? { address } : {}),
      })
      if (!done) return
      if (method === 'delivery') writeStored(KEPT, address)
      buzz()
      toast(done.pay ? `还需支付 ${formatYuan(done.pay.amountFen)}` : '兑换成功')
      onClose()
      replace(`/packages/mall/order?orderId=${done.orderId}`)
    } catch (thrown) {
      toast(sayFailure(thrown))
      onRefused()
    }
  }
  return (
    <>
      <View className='redeem__row'>
        <View className='redeem__pic'>
          <Picture src={reward.picture} />
        </View>
        <View className='grow'>
          <View className='t16 m'>{reward.name}</View>
          <RewardPrice points={reward.points} cashFen={reward.cashFen} />
        </View>
      </View>
      {reward.methods.length > 1 && (
        <View className='redeem__part'>
          <Chips
            options={reward.methods.map((one) => ({ value: one, text: METHODS[one] }))}
            value={method}
            onChange={setMethod}
          />
        </View>
      )}
      {method === 'pickup' && <Stores reward={reward} value={storeId} onChange={setStoreId} />}
      {method === 'delivery' && <AddressForm value={address} onChange={setAddress} />}
      <View className='redeem__left num'>
        <Text>
          {reward.balanceAfter === null
            ? ''
            : `扣 ${groupDigits(reward.points)} 积分，兑后剩 ${groupDigits(reward.balanceAfter)} 积分`}
        </Text>
      </View>
      <Button large busy={redeem.busy} disabled={!ready} target='reward:confirm' onTap={() => void submit()}>
        {redeem.busy ? '正在兑换' : reward.cashFen > 0 ? `确认兑换，再付 ${formatYuan(reward.cashFen)}` : '确认兑换'}
      </Button>
    </>
  )
}

/** How and where the reward comes, what it takes, and the confirmation. */
export function RedeemSheet({ open, ...rest }: Props) {
  return (
    <Sheet title='确认兑换' open={open} onClose={rest.onClose}>
      <Form {...rest} />
    </Sheet>
  )
}
