import type { Output } from '@shared/contract'
import { Text, View } from '@tarojs/components'
import { Section } from '../../components/Section'
import { Tap } from '../../components/Tap'
import { toast } from '../../nav'

interface Props {
  profile: Output<'GET /me/profile'>
  chosen: string[]
  onChange: (chosen: string[]) => void
}

/** What the member likes, out of the shop's list; chips that are on or off. */
export function Interests({ profile, chosen, onChange }: Props) {
  const { interests, maxChosen } = profile
  const points = profile.fields.find((one) => one.field === 'interests')?.points ?? 0
  if (interests.length === 0) return null
  const turn = (name: string): void => {
    if (chosen.includes(name)) onChange(chosen.filter((one) => one !== name))
    else if (chosen.length >= maxChosen) toast(`最多选 ${maxChosen} 个`)
    else onChange([...chosen, name])
  }
  return (
    <>
      <Section
        title='我的兴趣'
        more={points > 0 ? `选一个就得 ${points} 积分` : `已选 ${chosen.length}/${maxChosen}`}
      />
      <View className='card interests'>
        {interests.map((name) => {
          const on = chosen.includes(name)
          return (
            <Tap
              key={name}
              className={`interest ${on ? 'on' : ''}`}
              role='checkbox'
              checked={on}
              label={name}
              target='profile:interest'
              onTap={() => turn(name)}
            >
              <Text>{name}</Text>
            </Tap>
          )
        })}
      </View>
    </>
  )
}
