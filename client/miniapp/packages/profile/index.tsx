import type { Output } from '@shared/contract'
import { civilDay, describeDay } from '@shared/time'
import { Input, Picker, Text, View } from '@tarojs/components'
import { useState } from 'react'
import { sayFailure, serverNow } from '../../api'
import { Avatar } from '../../components/Avatar'
import { Button } from '../../components/Button'
import { Icon } from '../../components/Icon'
import { JoinFirst } from '../../components/JoinFirst'
import { Page } from '../../components/Page'
import { ErrorState, Skeleton } from '../../components/States'
import { Tap } from '../../components/Tap'
import { useAction } from '../../hooks/useAction'
import { useQuery } from '../../hooks/useQuery'
import { confirm, go, toast } from '../../nav'
import { useSignedIn } from '../../session'
import { choosePhotos, uploadPhoto } from '../../upload'
import { birthdayWords } from '../../words'
import { BirthdayField } from './BirthdayField'
import { FieldName } from './FieldName'
import { Interests } from './Interests'
import { Progress } from './Progress'
import './index.scss'

type Me = Output<'GET /me'>
type Profile = Output<'GET /me/profile'>
type FieldKind = Profile['fields'][number]['field']
const GENDERS = [
  { value: 'female', text: '女' },
  { value: 'male', text: '男' },
  { value: 'unknown', text: '不透露' },
] as const
/** '，+20 积分' when something was paid, otherwise nothing. */
const earnedWords = (earned: readonly { points: number }[]): string => {
  const points = earned.reduce((sum, one) => sum + one.points, 0)
  return points > 0 ? `，+${points} 积分` : ''
}

/** The picture; a tap chooses another one. */
function Face({
  me,
  gender,
  points,
  onSaved,
}: {
  me: Me
  gender: Me['gender']
  points: number
  onSaved: () => Promise<void>
}) {
  const change = useAction('PUT /me/avatar')
  const choose = async (): Promise<void> => {
    const [path] = await choosePhotos(1)
    if (!path) return
    try {
      const saved = await change.run({ photo: (await uploadPhoto(path)).name })
      await onSaved()
      toast(`头像已更换${earnedWords(saved?.earned ?? [])}`)
    } catch (thrown) {
      toast(sayFailure(thrown))
    }
  }
  return (
    <Tap
      className='profile__picture'
      label={points > 0 ? `更换头像，+${points} 积分` : '更换头像'}
      target='profile:avatar'
      onTap={() => void choose()}
    >
      <Avatar src={me.avatar} gender={gender} size={72} />
      <View className='profile__camera'>
        <Icon name='camera' size={16} />
      </View>
      {points > 0 && <Text className='profile__bonus num'>+{points}</Text>}
    </Tap>
  )
}

/** Everything that is filled in here and saved together, and the picture, which is saved at once. */
function Form({ me, profile, onSaved }: { me: Me; profile: Profile; onSaved: () => Promise<void> }) {
  const [name, setName] = useState(me.name)
  const [gender, setGender] = useState(me.gender)
  const [birthday, setBirthday] = useState(me.birthday)
  const [interests, setInterests] = useState(profile.chosen)
  const save = useAction('PATCH /me')
  const bonus = (field: FieldKind): number => profile.fields.find((one) => one.field === field)?.points ?? 0
  const newBirthday = birthday && JSON.stringify(birthday) !== JSON.stringify(me.birthday) ? birthday : undefined
  const changes = {
    ...(name.trim() !== me.name ? { name: name.trim() } : {}),
    ...(gender !== me.gender ? { gender } : {}),
    ...(newBirthday ? { birthday: newBirthday } : {}),
    ...([...interests].sort().join() !== [...profile.chosen].sort().join() ? { interests } : {}),
  }
  const submit = async (): Promise<void> => {
    if (
      newBirthday &&
      !(await confirm(
        '保存生日？',
        `${birthdayWords(newBirthday)}。${newBirthday.leap ? '闰月生日每年按平月过；' : ''}保存后 365 天内不能再改`,
        '保存',
      ))
    )
      return
    try {
      const saved = await save.run(changes)
      if (!saved) return
      await onSaved()
      toast(`已保存${earnedWords(saved.earned)}`)
    } catch (thrown) {
      toast(sayFailure(thrown))
    }
  }
  return (
    <>
      <View className='profile__face'>
        <Face me={me} gender={gender} points={bonus('avatar')} onSaved={onSaved} />
        <View className='profile__card num'>No. {me.cardNo}</View>
      </View>
      {profile.active && <Progress profile={profile} />}
      <View className='card'>
        <View className='field'>
          <FieldName name='称呼' points={bonus('name')} />
          <Input
            className='field__input'
            type='nickname'
            maxlength={20}
            value={name}
            placeholder='怎么称呼你'
            onInput={(event) => setName(event.detail.value)}
            aria-label='称呼'
          />
        </View>
        <Picker
          mode='selector'
          range={GENDERS.map((one) => one.text)}
          value={GENDERS.findIndex((one) => one.value === gender)}
          onChange={({ detail }) => setGender(GENDERS[Number(detail.value)]?.value ?? gender)}
        >
          <View className='field'>
            <FieldName name='性别' points={bonus('gender')} />
            <Text className='field__value'>{GENDERS.find((one) => one.value === gender)?.text}</Text>
            <Icon name='chevron-right' size={16} />
          </View>
        </Picker>
        <BirthdayField
          value={birthday}
          lockedUntil={me.birthdayChangeableOn}
          points={bonus('birthday')}
          onChange={setBirthday}
        />
        {me.phoneMasked ? (
          <View className='field'>
            <Text className='field__name'>手机号</Text>
            <Text className='field__value num'>{me.phoneMasked}</Text>
          </View>
        ) : (
          <Tap className='field' target='profile:phone' onTap={() => go('/packages/login/index?bind=1')}>
            <FieldName name='手机号' points={bonus('phone')} />
            <Text className='field__value none'>去绑定</Text>
            <Icon name='chevron-right' size={16} />
          </Tap>
        )}
        <View className='field'>
          <Text className='field__name'>入会日期</Text>
          <Text className='field__value num'>{me.joinedOn}</Text>
        </View>
      </View>
      <View className='profile__note'>
        {me.birthdayChangeableOn
          ? `生日每 365 天只能改一次，${describeDay(me.birthdayChangeableOn, civilDay(serverNow()))} 之后可以再改`
          : '生日每 365 天只能改一次；只记月和日，加密保存'}
      </View>
      <Interests profile={profile} chosen={interests} onChange={setInterests} />
      <View className='profile__gap' />
      <Button
        large
        busy={save.busy}
        disabled={Object.keys(changes).length === 0 || name.trim() === ''}
        target='profile:save'
        onTap={() => void submit()}
      >
        {save.busy ? '正在保存' : '保存'}
      </Button>
    </>
  )
}

function Mine() {
  const self = useQuery('GET /me', {}, { keep: true })
  const progress = useQuery('GET /me/profile', {}, { keep: true })
  const [me, profile] = [self.data, progress.data]
  const error = self.error ?? progress.error
  const reload = async (): Promise<void> => {
    await Promise.all([self.reload(), progress.reload()])
  }
  return (
    <Page back title='我的资料' staleSince={self.staleSince ?? progress.staleSince}>
      <View className='body profile'>
        {(!me || !profile) && !error && <Skeleton block={96} rows={4} />}
        {error && (!me || !profile) && <ErrorState error={error} onRetry={reload} />}
        {me && profile && (
          <>
            <Form key={JSON.stringify([me, profile])} me={me} profile={profile} onSaved={reload} />
            <View className='profile__more' onClick={() => go('/packages/profile/settings')}>
              <Text>大字模式、个性化推荐在“设置”里</Text>
            </View>
          </>
        )}
      </View>
    </Page>
  )
}

/** The member's own details. */
export default function ProfilePage() {
  if (useSignedIn('member')) return <Mine />
  return (
    <Page back title='我的资料'>
      <JoinFirst title='登录后完善资料' hint='填上生日，到时有礼' />
    </Page>
  )
}
