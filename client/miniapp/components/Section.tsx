import { Text, View } from '@tarojs/components'
import { Icon } from './Icon'
import { Tap } from './Tap'
import './Section.scss'

interface Props {
  title: string
  /** At the right: a plain remark, or with `onMore` a way on. */
  more?: string
  onMore?: () => void
  small?: boolean
}

/** The heading above a group of cards. */
export function Section({ title, more, onMore, small }: Props) {
  return (
    <View className={`section ${small ? 'small' : ''}`}>
      <Text className='section__title'>{title}</Text>
      {more && onMore && (
        <Tap className='section__more' onTap={onMore} target={`more:${title}`}>
          <Text>{more}</Text>
          <Icon name='chevron-right' size={14} />
        </Tap>
      )}
      {more && !onMore && <Text className='section__more'>{more}</Text>}
    </View>
  )
}
