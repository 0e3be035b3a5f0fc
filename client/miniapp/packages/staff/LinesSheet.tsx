import type { Input } from '@shared/contract'
import { formatYuan, parseYuan } from '@shared/money'
import { Text, View } from '@tarojs/components'
import { useState } from 'react'
import { Button } from '../../components/Button'
import { FormField } from '../../components/FormField'
import { Icon } from '../../components/Icon'
import { Sheet } from '../../components/Sheet'
import { Tap } from '../../components/Tap'

export type Line = NonNullable<Input<'POST /staff/purchases'>['lines']>[number]

/** What the lines come to, in fen. */
export const sumOf = (lines: Line[]): number => lines.reduce((sum, line) => sum + line.unitFen * line.quantity, 0)

interface Props {
  lines: Line[]
  open: boolean
  onClose: () => void
  onChange: (lines: Line[]) => void
}

/** What was bought, line by line, for who wants it on the receipt; the amount is then their sum. */
export function LinesSheet({ lines, open, onClose, onChange }: Props) {
  const [name, setName] = useState('')
  const [price, setPrice] = useState('')
  const [quantity, setQuantity] = useState('1')
  const unitFen = parseYuan(price)
  const count = Number(quantity)
  const fits = name.trim() !== '' && unitFen !== null && unitFen > 0 && Number.isInteger(count) && count > 0
  const add = (): void => {
    if (!fits || unitFen === null) return
    // Goods typed by hand have no number of the till's: their name stands for it.
    const productId = name.trim().slice(0, 40)
    onChange([...lines, { productId, name: name.trim(), category: '其他', quantity: count, unitFen }])
    setName('')
    setPrice('')
    setQuantity('1')
  }
  return (
    <Sheet title='商品明细' open={open} onClose={onClose}>
      {lines.map((line, index) => (
        <View key={`${line.productId}${line.unitFen}`} className='lines__row'>
          <View className='grow'>
            <View className='t14 m cut'>{line.name}</View>
            <View className='t12 i3 num'>
              {formatYuan(line.unitFen)} × {line.quantity}
            </View>
          </View>
          <Text className='num m'>{formatYuan(line.unitFen * line.quantity)}</Text>
          <Tap
            className='lines__drop'
            label={`去掉 ${line.name}`}
            onTap={() => onChange(lines.filter((_, at) => at !== index))}
          >
            <Icon name='trash' size={18} />
          </Tap>
        </View>
      ))}
      <FormField name='商品' value={name} placeholder='名称' max={60} onChange={setName} />
      <FormField name='单价' type='digit' value={price} placeholder='0.00' unit='元' max={9} onChange={setPrice} />
      <FormField name='数量' type='number' value={quantity} placeholder='1' unit='件' max={4} onChange={setQuantity} />
      <View className='lines__acts'>
        <Button large kind='ghost' disabled={!fits} target='staff:line' onTap={add}>
          加这一行
        </Button>
        <Button large target='staff:lines' onTap={onClose}>
          {lines.length > 0 ? `合计 ${formatYuan(sumOf(lines))}` : '完成'}
        </Button>
      </View>
    </Sheet>
  )
}
