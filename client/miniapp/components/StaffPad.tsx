import { formatYuan } from '@shared/money'
import { Text, View } from '@tarojs/components'
import type { ReactNode } from 'react'
import { buzz } from '../platform'
import { Icon } from './Icon'
import { Tap } from './Tap'
import './StaffPad.scss'

/** At most 999999.99 yuan on the pad. */
const AMOUNT = /^(0|[1-9]\d{0,5})?(\.\d{0,2})?$/

/** What the figures read after a key, or the same when the key does not fit: two decimals, six digits before them. */
export function pressKey(text: string, key: string): string {
  if (key === 'back') return text.slice(0, -1)
  let next = text + key
  if (text === '' && key === '.') next = '0.'
  if (text === '' && key === '00') next = '0'
  if (text === '0' && /\d/.test(key)) next = key === '00' ? '0' : key
  if (AMOUNT.test(next)) return next
  // 00 after one decimal still has room for one zero.
  return key === '00' && AMOUNT.test(`${text}0`) ? `${text}0` : text
}

/** '268.5' on the pad -> 26850 fen; nothing typed is 0. */
export function padFen(text: string): number {
  const [yuan = '', decimals = ''] = text.split('.')
  return Number(yuan || 0) * 100 + Number(decimals.padEnd(2, '0') || 0)
}

interface Props {
  text: string
  onText: (text: string) => void
  /** What is to be paid after coupons, in fen. */
  payFen: number
  /** Beside the amount: what the coupons leave, what the member gains. */
  aside: ReactNode
  /** What the line under the keys says. */
  note?: string
  busy: boolean
  disabled: boolean
  onConfirm: () => void
}

const KEYS = ['1', '2', '3', 'back', '4', '5', '6', '7', '8', '9', '.', '0', '00']

/** The amount pad at the counter. The confirm key repeats what will be charged. */
export function StaffPad({ text, onText, payFen, aside, note, busy, disabled, onConfirm }: Props) {
  return (
    <View className='pad'>
      <View className='pad__amount'>
        <View>
          <View className='pad__label'>消费金额</View>
          <View className={`pad__figure num ${text.length > 8 ? 'long' : ''}`}>
            <Text className='pad__unit'>¥</Text>
            <Text className={text ? '' : 'pad__none'}>{text || '0'}</Text>
            <View className='pad__caret' />
          </View>
        </View>
        <View className='pad__aside'>{aside}</View>
      </View>
      <View className='pad__keys'>
        {KEYS.map((key) => (
          <Tap
            key={key}
            className={`pad__key num ${key === 'back' ? 'fn' : ''}`}
            label={key === 'back' ? '删除' : key}
            onTap={() => {
              buzz()
              onText(pressKey(text, key))
            }}
          >
            {key === 'back' ? <Icon name='backspace' /> : <Text>{key}</Text>}
          </Tap>
        ))}
        <Tap
          className={`pad__ok ${disabled || busy ? 'wait' : ''}`}
          disabled={disabled || busy}
          onTap={onConfirm}
          target='staff:confirm'
          label={`${busy ? '正在记录' : '确认'}${formatYuan(payFen)}`}
        >
          <Text className='pad__oktext'>{busy ? '正在记录' : '确认'}</Text>
          <Text className='num'>{formatYuan(payFen)}</Text>
        </Tap>
      </View>
      <View className='pad__note'>
        <Icon name='undo' size={14} />
        <Text>{note ?? '确认后 1 分钟内可撤销'}</Text>
      </View>
    </View>
  )
}
