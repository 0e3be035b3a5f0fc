import { dateTime, describeMoment } from '@shared/time'
import { View } from '@tarojs/components'
import { useRouter } from '@tarojs/taro'
import { sayFailure, serverNow } from '../../api'
import { Ticket } from '../../components/Ticket'
import { useAction } from '../../hooks/useAction'
import { useQuery } from '../../hooks/useQuery'
import { go, replace, toast } from '../../nav'
import { buzz } from '../../platform'
import { useSignedIn } from '../../session'
import { Envelope } from './Envelope'

const OVER = { waiting: null, claimed: '已经被领走了', revoked: '朋友收回了', returned: '过了时间，已退回' } as const

/** A coupon that a friend sent by a link; the first who takes it has it. */
export default function CouponGiftPage() {
  const { token = '' } = useRouter().params
  const query = useQuery('GET /coupon-gifts/:token', { token })
  const signedIn = useSignedIn('member')
  const claim = useAction('POST /me/coupon-gifts/claims')
  const gift = query.data
  const take = async (): Promise<void> => {
    if (!signedIn) return go('/packages/login/index')
    try {
      const coupon = await claim.run({ token })
      if (!coupon) return
      buzz()
      toast('收下了，已放进卡券')
      replace(`/packages/coupon/index?couponId=${coupon.id}`)
    } catch (thrown) {
      toast(sayFailure(thrown))
      await query.reload()
    }
  }
  return (
    <Envelope
      title='朋友送的券'
      from={gift ? gift.fromMasked : null}
      note={gift?.note ?? ''}
      over={gift ? OVER[gift.state] : null}
      act={signedIn ? '收下这张券' : '登录后收下'}
      busy={claim.busy}
      onTake={() => void take()}
      query={query}
      hint={gift?.state === 'waiting' ? `${describeMoment(gift.closesAt, serverNow())} 前可收下` : ''}
    >
      {gift && (
        <Ticket
          face={gift.face}
          tone={gift.state === 'waiting' ? 'gold' : 'off'}
          lines={
            <>
              {gift.face.description && <View className='ticket__line first'>{gift.face.description}</View>}
              <View className='ticket__line'>{dateTime(gift.validTo)} 前可用</View>
            </>
          }
        />
      )}
    </Envelope>
  )
}
