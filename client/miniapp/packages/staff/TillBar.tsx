import { Text, View } from '@tarojs/components'
import { useEffect } from 'react'
import { useSecondsLeft } from '../../hooks/useSecondsLeft'

/** Under this many seconds the time left is shown in red. */
const HURRY_SECONDS = 30

/** The store at work, and how long this scan still holds. */
export function TillBar({ storeName, until, onOver }: { storeName: string; until: number; onOver: () => void }) {
  const seconds = useSecondsLeft(until)
  const over = seconds === 0
  useEffect(() => {
    if (over) onOver()
  }, [over, onOver])
  return (
    <View className='desk__bar'>
      <View className='desk__dot' />
      <Text className='grow'>{storeName}</Text>
      <Text className={seconds <= HURRY_SECONDS ? 'cd' : 'i3'}>
        <Text className='num'>
          {Math.floor(seconds / 60)}:{String(seconds % 60).padStart(2, '0')}
        </Text>{' '}
        内有效
      </Text>
    </View>
  )
}
