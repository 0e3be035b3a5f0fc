import { describeMoment } from '@shared/time'
import { Text, View } from '@tarojs/components'
import { useRouter } from '@tarojs/taro'
import { sayFailure, serverNow } from '../../api'
import { useAction } from '../../hooks/useAction'
import { useQuery } from '../../hooks/useQuery'
import { go, replace, toast } from '../../nav'
import { buzz } from '../../platform'
import { useSignedIn } from '../../session'
import { groupDigits } from '../../words'
import { Envelope } from './Envelope'

/** Points that a friend sent by a link. */
export default function PointsGiftPage() {
  const { token = '' } = useRouter().params
  const query = useQuery('GET /points-gifts/:token', { token })
  const signedIn = useSignedIn('member')
  const claim = useAction('POST /me/points/transfers/claims')
  const gift = query.data
  const waiting = gift?.state === 'waiting'
  const take = async (): Promise<void> => {
    if (!signedIn) return go('/packages/login/index')
    try {
      const done = await claim.run({ token })
      if (!done) return
      buzz()
      toast(`收到 ${groupDigits(done.points)} 积分`)
      replace('/packages/points/index')
    } catch (thrown) {
      toast(sayFailure(thrown))
      await query.reload()
    }
  }
  return (
    <Envelope
      title='朋友送的积分'
      from={gift ? gift.fromMasked : null}
      note={gift?.note ?? ''}
      over={!gift || waiting ? null : gift.state === 'done' ? '已经被领走了' : '已退回给朋友'}
      act={signedIn ? '收下积分' : '登录后收下'}
      busy={claim.busy}
      onTake={() => void take()}
      query={query}
      hint={gift && waiting && gift.closesAt ? `${describeMoment(gift.closesAt, serverNow())} 前可收下` : ''}
    >
      {gift && (
        <View className='envelope__points'>
          <Text className='envelope__figure num'>{groupDigits(gift.points)}</Text>
          <Text>积分</Text>
        </View>
      )}
    </Envelope>
  )
}
