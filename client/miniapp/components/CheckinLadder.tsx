import { ScrollView, Text, View } from '@tarojs/components'
import { Icon } from './Icon'
import { scrollable } from './spoken'
import './CheckinLadder.scss'

export interface LadderStep {
  days: number
  points: number
  card: boolean
  state: 'done' | 'today' | 'ahead'
}

/** The days of the present round side by side: ticked, today's in gold, the ones ahead with what they give. A week stands whole. */
export function CheckinLadder({ steps }: { steps: LadderStep[] }) {
  const whole = steps.length <= A_WEEK
  const at = steps.findIndex((step) => step.state !== 'done')
  return (
    <ScrollView
      scrollX
      className={`ladder ${whole ? 'whole' : ''}`}
      showScrollbar={false}
      enhanced
      {...scrollable}
      scrollLeft={whole ? 0 : Math.max(0, at - 3) * STEP_WIDTH}
    >
      <View className='ladder__in'>
        {steps.map((step) => (
          <View key={step.days} className={`ladder__step is-${step.state}`}>
            <View className='ladder__mark'>
              {step.state === 'done' ? (
                <Icon name='check' size={18} />
              ) : step.card ? (
                <Icon name='gift' size={18} />
              ) : (
                <Text className='num'>+{step.points}</Text>
              )}
            </View>
            <Text className='ladder__day'>
              {step.state === 'today' ? '今天' : whole ? `${step.days} 天` : `第 ${step.days} 天`}
            </Text>
          </View>
        ))}
      </View>
    </ScrollView>
  )
}
const A_WEEK = 7
const STEP_WIDTH = 52
