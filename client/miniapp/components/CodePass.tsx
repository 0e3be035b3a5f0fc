import { clockTime } from '@shared/time'
import { Image, Text, View } from '@tarojs/components'
import { type ReactNode, useEffect, useMemo, useState } from 'react'
import { encode } from 'uqr'
import { serverNow } from '../api'
import { codeGroups } from '../words'
import { code128Picture, matrixPicture } from './code128'
import { Icon } from './Icon'
import { spokenPicture } from './spoken'
import { Tap } from './Tap'
import './CodePass.scss'

/** Seconds that are left, told once a second; asks for the next code when they are gone. */
function Countdown({
  until,
  stepSeconds,
  onRefresh,
  onOver,
  children,
}: {
  until: number
  stepSeconds: number
  onRefresh: () => void
  onOver: () => void
  children: (share: number) => ReactNode
}) {
  const [left, setLeft] = useState(() => until - serverNow())
  useEffect(() => {
    const tick = (): void => {
      const rest = until - serverNow()
      setLeft(rest)
      if (rest <= 0) onOver()
    }
    tick()
    const timer = setInterval(tick, 1000)
    return () => clearInterval(timer)
  }, [until, onOver])
  const seconds = Math.max(0, Math.ceil(left / 1000))
  return (
    <>
      {children(Math.min(1, seconds / stepSeconds))}
      <View className='pass__count'>
        <Text className='pass__seconds num'>{seconds > 99 ? Math.ceil(seconds / 60) : seconds}</Text>
        <Text>{seconds > 99 ? '分钟后换码' : '秒后自动刷新'}</Text>
        <Tap className='pass__refresh' onTap={onRefresh} target='code:refresh'>
          <Icon name='refresh' size={16} />
          <Text>立即刷新</Text>
        </Tap>
      </View>
    </>
  )
}

interface Props {
  head: ReactNode
  code: string
  /** Epoch ms by the server's clock when this code ends. */
  until: number
  stepSeconds: number
  /** Without a network: epoch ms when the last code fetched before ends. Null while online. */
  offlineUntil: number | null
  /** An offline code: it earns points and does nothing else. */
  earnOnly: boolean
  bright: boolean
  onRefresh: () => void
  onOver: () => void
}

/** The pass a member shows at the till. */
export function CodePass({ head, code, until, stepSeconds, offlineUntil, earnOnly, bright, onRefresh, onOver }: Props) {
  const [bars, qr] = useMemo(
    () => [code128Picture(code, 32), matrixPicture(encode(code, { ecc: 'M', border: 0 }).data, 0)],
    [code],
  )
  return (
    <View className='pass__shadow'>
      <View className='pass'>
        {head}
        <View className='pass__perforation' />
        <Image className='pass__bars' src={bars} mode='scaleToFill' {...spokenPicture('会员码条形码')} />
        <View className='pass__digits num'>{codeGroups(code).join(' ')}</View>
        <Countdown until={until} stepSeconds={stepSeconds} onRefresh={onRefresh} onOver={onOver}>
          {(share) => (
            <View
              className='pass__ring'
              style={`background:conic-gradient(var(--pass-brand) ${Math.round(share * 360)}deg,var(--pass-tint) 0)`}
            >
              <View className='pass__paper'>
                <Image className='pass__qr' src={qr} mode='scaleToFill' {...spokenPicture('会员码二维码')} />
              </View>
            </View>
          )}
        </Countdown>
        <View className='pass__hints'>
          {offlineUntil !== null || earnOnly ? (
            <View className='pass__hint warn'>
              <Icon name='offline' size={16} />
              <Text>
                {earnOnly
                  ? `离线码，${clockTime(until)} 前可积分，不能用券`
                  : `网络不给力，已取的码 ${clockTime(offlineUntil ?? until)} 前可用`}
              </Text>
            </View>
          ) : (
            <>
              <View className='pass__hint'>
                <Icon name='sun' size={16} />
                <Text>{bright ? '亮度已调高' : '请调亮屏幕'}</Text>
              </View>
              <View className='pass__hint'>
                <Icon name='shield' size={16} />
                <Text>每码只用一次，截图无效</Text>
              </View>
            </>
          )}
        </View>
      </View>
    </View>
  )
}
