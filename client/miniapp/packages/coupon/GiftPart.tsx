import type { Output } from '@shared/contract'
import { describeMoment } from '@shared/time'
import { Text, View } from '@tarojs/components'
import { useShareAppMessage } from '@tarojs/taro'
import { useState } from 'react'
import { sayFailure, serverNow } from '../../api'
import { Button } from '../../components/Button'
import { FormField } from '../../components/FormField'
import { Icon } from '../../components/Icon'
import { ShareButton } from '../../components/ShareButton'
import { Sheet } from '../../components/Sheet'
import type { HeldCoupon } from '../../components/Ticket'
import { useAction } from '../../hooks/useAction'
import { useQuery } from '../../hooks/useQuery'
import { confirm, toast } from '../../nav'
import { appAddress, type ShareWords } from '../../platform'

type Gift = Output<'GET /me/coupon-gifts'>['items'][number]

const wordsOf = (coupon: HeldCoupon, token: string): ShareWords => {
  const path = `packages/gift/coupon?token=${token}`
  return { title: `送你一张「${coupon.face.name}」，收下就能用`, path, link: `${appAddress()}#/${path}` }
}

/** The link is out: send it again, or take the coupon back. */
function Waiting({ coupon, gift, onChanged }: { coupon: HeldCoupon; gift: Gift; onChanged: () => Promise<void> }) {
  const revoke = useAction('POST /me/coupon-gifts/:giftId/revoke')
  const words = wordsOf(coupon, gift.token ?? '')
  useShareAppMessage(() => ({ title: words.title, path: `/${words.path}` }))
  const takeBack = async (): Promise<void> => {
    if (!(await confirm('收回这张券？', '发出的链接就不能再领了，券回到你的卡券里', '收回'))) return
    try {
      if (await revoke.run({ giftId: gift.id })) toast('已收回')
    } catch (thrown) {
      toast(sayFailure(thrown))
    }
    await onChanged()
  }
  return (
    <View className='coupon__gift stack'>
      <View className='t13 i3'>正在赠送，{describeMoment(gift.closesAt, serverNow())} 前没有人收下会自动退回</View>
      <ShareButton large target='coupon:share' words={words}>
        <Icon name='share' size={18} />
        <Text>发给朋友</Text>
      </ShareButton>
      <Button large kind='plain' busy={revoke.busy} target='coupon:revoke' onTap={() => void takeBack()}>
        收回
      </Button>
    </View>
  )
}

function Given({ coupon, onChanged }: { coupon: HeldCoupon; onChanged: () => Promise<void> }) {
  const gifts = useQuery('GET /me/coupon-gifts', {})
  const gift = gifts.data?.items.find((one) => one.couponId === coupon.id && one.state === 'waiting')
  return gift ? <Waiting coupon={coupon} gift={gift} onChanged={onChanged} /> : null
}

/** Passing a coupon on: a few words, a link, and until it is taken the way back. */
export function GiftPart({ coupon, onChanged }: { coupon: HeldCoupon; onChanged: () => Promise<void> }) {
  const [open, setOpen] = useState(false)
  const [note, setNote] = useState('')
  const give = useAction('POST /me/coupons/:couponId/gifts')
  if (coupon.status === 'giving') return <Given coupon={coupon} onChanged={onChanged} />
  if (!coupon.giftable) return null
  const submit = async (): Promise<void> => {
    try {
      const made = await give.run({ couponId: coupon.id, ...(note.trim() ? { note: note.trim() } : {}) })
      if (!made) return
      setOpen(false)
      toast('准备好了，发给朋友吧')
      await onChanged()
    } catch (thrown) {
      toast(sayFailure(thrown))
    }
  }
  return (
    <>
      <View className='coupon__gift'>
        <Button large kind='ghost' target='coupon:give' onTap={() => setOpen(true)}>
          <Icon name='gift' size={18} />
          <Text>送给朋友</Text>
        </Button>
      </View>
      <Sheet title='送给朋友' open={open} onClose={() => setOpen(false)}>
        <View className='t13 i3'>送出后你就不能用了；朋友没有收下，到时会退回来</View>
        <FormField name='留句话' value={note} placeholder='不写也可以' max={40} onChange={setNote} />
        <View className='coupon__gift'>
          <Button large busy={give.busy} target='coupon:give:confirm' onTap={() => void submit()}>
            {give.busy ? '正在准备' : '生成链接'}
          </Button>
        </View>
      </Sheet>
    </>
  )
}
