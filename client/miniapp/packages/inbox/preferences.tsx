import type { Output } from '@shared/contract'
import { View } from '@tarojs/components'
import { useState } from 'react'
import { sayFailure } from '../../api'
import { Button } from '../../components/Button'
import { FormField } from '../../components/FormField'
import { JoinFirst } from '../../components/JoinFirst'
import { ListRow } from '../../components/ListRow'
import { Page } from '../../components/Page'
import { Section } from '../../components/Section'
import { Sheet } from '../../components/Sheet'
import { ErrorState, Skeleton } from '../../components/States'
import { SwitchRow } from '../../components/SwitchRow'
import { useAction } from '../../hooks/useAction'
import { useQuery } from '../../hooks/useQuery'
import { toast } from '../../nav'
import { useSignedIn } from '../../session'
import { SubscribeCard } from './SubscribeCard'
import './index.scss'

type Preferences = Output<'GET /me/message-preferences'>

/** Two steps: the address, then the six digits that were sent to it. */
function EmailSheet({ open, onClose, onDone }: { open: boolean; onClose: () => void; onDone: () => Promise<void> }) {
  const [email, setEmail] = useState('')
  const [code, setCode] = useState('')
  const [sent, setSent] = useState(false)
  const send = useAction('POST /me/email')
  const prove = useAction('POST /me/email/confirm')
  const attempt = async (act: () => Promise<unknown>, then: () => void): Promise<void> => {
    try {
      if (await act()) then()
    } catch (thrown) {
      toast(sayFailure(thrown))
    }
  }
  const finish = (): void => {
    toast('邮箱已确认')
    onClose()
    void onDone()
  }
  return (
    <Sheet title='绑定邮箱' open={open} onClose={onClose}>
      <FormField name='邮箱' value={email} placeholder='name@example.com' max={120} onChange={setEmail} />
      {sent && (
        <FormField
          name='确认码'
          type='number'
          max={6}
          value={code}
          placeholder='邮件里的 6 位数字'
          onChange={setCode}
        />
      )}
      <View className='preferences__submit'>
        {sent ? (
          <Button
            large
            busy={prove.busy}
            disabled={!/^\d{6}$/.test(code)}
            target='email:confirm'
            onTap={() => void attempt(() => prove.run({ code }), finish)}
          >
            确认
          </Button>
        ) : (
          <Button
            large
            busy={send.busy}
            disabled={!/^\S+@\S+\.\S+$/.test(email.trim())}
            target='email:send'
            onTap={() =>
              void attempt(
                () => send.run({ email: email.trim() }),
                () => setSent(true),
              )
            }
          >
            发送确认码
          </Button>
        )}
      </View>
    </Sheet>
  )
}

function Switches({ preferences, onSaved }: { preferences: Preferences; onSaved: () => Promise<void> }) {
  const save = useAction('PUT /me/message-preferences')
  const put = async (part: 'channels' | 'topics', key: string, on: boolean): Promise<void> => {
    try {
      await save.run({ [part]: { [key]: on } })
    } catch (thrown) {
      toast(sayFailure(thrown))
    }
    await onSaved()
  }
  return (
    <>
      <Section title='想收到什么' />
      <View className='card'>
        {preferences.topics.map((topic) => (
          <SwitchRow
            key={topic.key}
            title={topic.name}
            detail={topic.locked ? '和你的账户有关，总会告诉你' : topic.allowed ? '会告诉你' : '不再打扰'}
            checked={topic.allowed}
            locked={topic.locked}
            busy={save.busy}
            target={`preference:${topic.key}`}
            onChange={(on) => void put('topics', topic.key, on)}
          />
        ))}
      </View>
      <Section title='用什么告诉你' />
      <View className='card'>
        {preferences.channels.map((channel) => (
          <SwitchRow
            key={channel.key}
            title={channel.name}
            detail={channel.note}
            checked={channel.allowed}
            busy={save.busy}
            target={`preference:${channel.key}`}
            onChange={(on) => void put('channels', channel.key, on)}
          />
        ))}
      </View>
    </>
  )
}

function Mine() {
  const query = useQuery('GET /me/message-preferences', {}, { keep: true })
  const [binding, setBinding] = useState(false)
  const { data } = query
  return (
    <Page back title='消息设置' staleSince={query.staleSince}>
      <View className='body'>
        {query.loading && <Skeleton block={120} rows={5} />}
        {query.error && !data && <ErrorState error={query.error} onRetry={query.reload} />}
        {data && (
          <>
            <Switches preferences={data} onSaved={query.reload} />
            <Section title='微信提醒与邮箱' />
            <SubscribeCard />
            <View className='card'>
              <ListRow
                icon='mail'
                title='邮箱'
                detail={
                  data.email
                    ? `${data.email.masked}${data.email.confirmed ? '' : '，还没有确认'}`
                    : '绑定后，重要的事也寄一份到邮箱'
                }
                target='preference:email'
                onTap={() => setBinding(true)}
              />
            </View>
          </>
        )}
      </View>
      <EmailSheet open={binding} onClose={() => setBinding(false)} onDone={query.reload} />
    </Page>
  )
}

/** What a member wants to hear, and by which way. */
export default function PreferencesPage() {
  if (useSignedIn('member')) return <Mine />
  return (
    <Page back title='消息设置'>
      <JoinFirst title='登录后设置消息' hint='想收什么、怎么收，都由你定' />
    </Page>
  )
}
