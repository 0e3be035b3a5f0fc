import { Text, View } from '@tarojs/components'
import type { PropsWithChildren } from 'react'
import { Icon } from './Icon'
import { spoken } from './spoken'
import { Tap } from './Tap'
import './Sheet.scss'

interface Props {
  title: string
  open: boolean
  onClose: () => void
}

/** A sheet from the bottom over the page, for one thing to do. A tap beside it closes it. */
export function Sheet({ title, open, onClose, children }: PropsWithChildren<Props>) {
  if (!open) return null
  return (
    <View className='sheetover' catchMove>
      <View className='sheetover__shade' onClick={onClose} />
      <View className='sheetover__paper' {...spoken({ role: 'dialog', label: title })}>
        <View className='sheetover__head'>
          <Text className='sheetover__title'>{title}</Text>
          <Tap className='sheetover__close' label='关闭' onTap={onClose}>
            <Icon name='close' size={20} />
          </Tap>
        </View>
        <View className='sheetover__body'>{children}</View>
      </View>
    </View>
  )
}
