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
import { birthdayWords, dayNames, monthNames } from '../../words'
import './index.scss'

type Me = Output<'GET /me'>
type Birthday = NonNullable<Me['birthday']>
const GENDERS = [
  { value: 'female', text: '女' },
  { value: 'male', text: '男' },
  { value: 'unknown', text: '不透露' },
] as const
const CALENDARS = ['公历', '农历']
const calendarAt = (index: number): Birthday['calendar'] => (index === 1 ? 'lunar' : 'solar')
/** A solar month has its own length, with 29 February; a lunar month has at most 30 days. */
const monthDays = (calendar: Birthday['calendar'], month: number): number =>
  calendar === 'lunar' ? 30 : ([31, 29, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31][month - 1] ?? 31)

interface BirthdayProps {
  value: Birthday | null
  lockedUntil: string | null
  onChange: (value: Birthday) => void
}

/** Calendar, month and day turn together; no year, which a gift does not need. */
function BirthdayPicker({ value, lockedUntil, onChange }: BirthdayProps) {
  const [wheel, setWheel] = useState<[number, number, number]>([
    value?.calendar === 'lunar' ? 1 : 0,
    (value?.month ?? 1) - 1,
    (value?.day ?? 1) - 1,
  ])
  const calendar = calendarAt(wheel[0])
  const days = dayNames(calendar, monthDays(calendar, wheel[1] + 1))
  const shown = (
    <View className='field'>
      <Text className='field__name'>生日</Text>
      <Text className={`field__value ${value ? '' : 'none'}`}>{value ? birthdayWords(value) : '填上，到时有礼'}</Text>
      <Icon name={lockedUntil ? 'lock' : 'chevron-right'} size={16} />
    </View>
  )
  if (lockedUntil) return shown
  return (
    <Picker
      mode='multiSelector'
      range={[CALENDARS, monthNames(calendar), days]}
      value={wheel}
      onColumnChange={({ detail }) => {
        const next = [...wheel] as [number, number, number]
        next[detail.column] = detail.value
        next[2] = Math.min(next[2], monthDays(calendarAt(next[0]), next[1] + 1) - 1)
        setWheel(next)
      }}
      onChange={({ detail }) => {
        const [c = 0, m = 0, d = 0] = detail.value as number[]
        const kind = calendarAt(c)
        onChange({ calendar: kind, month: m + 1, day: Math.min(d + 1, monthDays(kind, m + 1)) })
      }}
    >
      {shown}
    </Picker>
  )
}

/** The picture; a tap chooses another one. */
function Face({ me, gender, onSaved }: { me: Me; gender: Me['gender']; onSaved: () => Promise<void> }) {
  const change = useAction('PUT /me/avatar')
  const choose = async (): Promise<void> => {
    const [path] = await choosePhotos(1)
    if (!path) return
    try {
      await change.run({ photo: (await uploadPhoto(path)).name })
      await onSaved()
      toast('头像已更换')
    } catch (thrown) {
      toast(sayFailure(thrown))
    }
  }
  return (
    <Tap className='profile__picture' label='更换头像' target='profile:avatar' onTap={() => void choose()}>
      <Avatar src={me.avatar} gender={gender} size={72} />
      <View className='profile__camera'>
        <Icon name='camera' size={16} />
      </View>
    </Tap>
  )
}

function Form({ me, onSaved }: { me: Me; onSaved: () => Promise<void> }) {
  const [name, setName] = useState(me.name)
  const [gender, setGender] = useState(me.gender)
  const [birthday, setBirthday] = useState(me.birthday)
  const save = useAction('PATCH /me')
  const newBirthday = birthday && JSON.stringify(birthday) !== JSON.stringify(me.birthday) ? birthday : undefined
  const changes = {
    ...(name.trim() !== me.name ? { name: name.trim() } : {}),
    ...(gender !== me.gender ? { gender } : {}),
    ...(newBirthday ? { birthday: newBirthday } : {}),
  }
  const submit = async (): Promise<void> => {
    if (newBirthday && !(await confirm('保存生日？', `${birthdayWords(newBirthday)}。保存后 365 天内不能再改`, '保存')))
      return
    try {
      if (!(await save.run(changes))) return
      toast('已保存')
      await onSaved()
    } catch (thrown) {
      toast(sayFailure(thrown))
    }
  }
  return (
    <>
      <View className='profile__face'>
        <Face me={me} gender={gender} onSaved={onSaved} />
        <View className='profile__card num'>No. {me.cardNo}</View>
      </View>
      <View className='card'>
        <View className='field'>
          <Text className='field__name'>称呼</Text>
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
            <Text className='field__name'>性别</Text>
            <Text className='field__value'>{GENDERS.find((one) => one.value === gender)?.text}</Text>
            <Icon name='chevron-right' size={16} />
          </View>
        </Picker>
        <BirthdayPicker value={birthday} lockedUntil={me.birthdayChangeableOn} onChange={setBirthday} />
        <View className='field'>
          <Text className='field__name'>手机号</Text>
          <Text className={`field__value num ${me.phoneMasked ? '' : 'none'}`}>{me.phoneMasked ?? '还没有绑定'}</Text>
        </View>
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
  const query = useQuery('GET /me', {}, { keep: true })
  return (
    <Page back title='我的资料' staleSince={query.staleSince}>
      <View className='body profile'>
        {query.loading && <Skeleton block={96} rows={4} />}
        {query.error && !query.data && <ErrorState error={query.error} onRetry={query.reload} />}
        {query.data && <Form key={JSON.stringify(query.data)} me={query.data} onSaved={query.reload} />}
        {query.data && (
          <View className='profile__more' onClick={() => go('/packages/profile/settings')}>
            <Text>大字模式、个性化推荐在“设置”里</Text>
          </View>
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
