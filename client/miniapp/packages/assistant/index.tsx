import type { Output } from '@shared/contract'
import { describeMoment } from '@shared/time'
import { Input, Text, View } from '@tarojs/components'
import Taro from '@tarojs/taro'
import { useEffect, useState } from 'react'
import { sayFailure, serverNow } from '../../api'
import { BottomBar } from '../../components/BottomBar'
import { Button } from '../../components/Button'
import { Icon } from '../../components/Icon'
import { Page } from '../../components/Page'
import { Section } from '../../components/Section'
import { ErrorState, Skeleton } from '../../components/States'
import { Tap } from '../../components/Tap'
import { useAction } from '../../hooks/useAction'
import { useQuery } from '../../hooks/useQuery'
import { go, toast } from '../../nav'
import { useSignedIn } from '../../session'
import './index.scss'

type Talk = Output<'GET /me/assistant'>
type Line = Talk['messages'][number]

const HELLO = '你好，我是小惠，全天都在。积分、优惠券、等级、订单和会员规则都可以问我；答不上来的，我会转给店员。'
const HAND_OVER = '转人工'
/** While staff answer, the conversation is asked for this often. */
const LOOK_AGAIN_MS = 5000
/** Lines further apart than this have the time between them. */
const PAUSE_MS = 300_000

const scrollDown = (): void => {
  setTimeout(() => void Taro.pageScrollTo({ scrollTop: 99_999, duration: 200 }).catch(() => undefined), 60)
}

function Bubble({ line, onAsk, last }: { line: Line; onAsk: (text: string) => void; last: boolean }) {
  const [helpful, setHelpful] = useState(line.helpful)
  const rate = useAction('PUT /me/assistant/messages/:messageId/helpful')
  const judge = async (value: boolean): Promise<void> => {
    setHelpful(value)
    try {
      await rate.run({ messageId: line.id, helpful: value })
    } catch (thrown) {
      setHelpful(line.helpful)
      toast(sayFailure(thrown))
    }
  }
  if (line.kind === 'note') return <View className='chat__note'>{line.text}</View>
  const mine = line.from === 'member'
  const rated = line.kind === 'answer' && line.topic !== null && !/^(chat|refused)\./.test(line.topic)
  return (
    <View className={`chat__line ${mine ? 'mine' : ''}`}>
      {!mine && (
        <View className={`chat__face ${line.from}`}>
          <Icon name={line.from === 'staff' ? 'user' : 'leaf'} size={18} />
        </View>
      )}
      <View className='chat__column'>
        {line.from === 'staff' && <Text className='chat__who'>店员</Text>}
        <View className='chat__paper'>
          <Text>{line.text}</Text>
          {line.links.map((one) => (
            <Tap key={one.page} className='chat__link' target='assistant:link' onTap={() => go(`/${one.page}`)}>
              <Text>{one.title}</Text>
              <Icon name='chevron-right' size={14} />
            </Tap>
          ))}
        </View>
        {rated && last && (
          <View className='row g2 chat__rate'>
            <Text>有帮助吗</Text>
            <Tap
              className={`chat__thumb ${helpful === true ? 'on' : ''}`}
              role='radio'
              checked={helpful === true}
              onTap={() => void judge(true)}
            >
              <Text>有</Text>
            </Tap>
            <Tap
              className={`chat__thumb ${helpful === false ? 'on' : ''}`}
              role='radio'
              checked={helpful === false}
              onTap={() => void judge(false)}
            >
              <Text>没有</Text>
            </Tap>
          </View>
        )}
        {last && line.chips.length > 0 && (
          <View className='chat__chips'>
            {line.chips.map((chip) => (
              <Tap key={chip} className='chat__chip' target='assistant:chip' onTap={() => onAsk(chip)}>
                <Text>{chip}</Text>
              </Tap>
            ))}
          </View>
        )}
      </View>
    </View>
  )
}

function Chat() {
  const query = useQuery('GET /me/assistant', {})
  const [talk, setTalk] = useState<Talk | null>(null)
  const [text, setText] = useState('')
  const [asking, setAsking] = useState<string | null>(null)
  const ask = useAction('POST /me/assistant/messages')
  const hand = useAction('POST /me/assistant/handover')
  const resume = useAction('POST /me/assistant/resume')
  const { data, reload } = query
  useEffect(() => {
    if (data) setTalk(data)
  }, [data])
  const withStaff = talk !== null && talk.state !== 'bot'
  useEffect(() => {
    if (!withStaff) return
    const timer = setInterval(() => void reload(), LOOK_AGAIN_MS)
    return () => clearInterval(timer)
  }, [withStaff, reload])
  const count = talk?.messages.length ?? 0
  // A new line is what the person waits for.
  useEffect(() => {
    if (count + (asking ? 1 : 0) > 0) scrollDown()
  }, [count, asking])
  const perform = async (act: () => Promise<Talk | null>): Promise<boolean> => {
    try {
      const next = await act()
      if (next) setTalk(next)
      return true
    } catch (thrown) {
      toast(sayFailure(thrown))
      return false
    }
  }
  const send = async (said: string): Promise<void> => {
    const words = said.trim()
    if (!words || asking) return
    if (words === HAND_OVER) return void perform(() => hand.run({}))
    setText('')
    setAsking(words)
    if (!(await perform(() => ask.run({ text: words })))) setText(words)
    setAsking(null)
  }
  const lines = talk?.messages ?? []
  return (
    <>
      <View className='body chat'>
        {query.loading && <Skeleton rows={4} />}
        {query.error && !talk && <ErrorState error={query.error} onRetry={query.reload} />}
        {talk && (
          <>
            <View className='chat__line'>
              <View className='chat__face bot'>
                <Icon name='leaf' size={18} />
              </View>
              <View className='chat__column'>
                <View className='chat__paper'>
                  <Text>{HELLO}</Text>
                </View>
                {lines.length === 0 && (
                  <View className='chat__chips'>
                    {talk.suggestions.map((chip) => (
                      <Tap key={chip} className='chat__chip' target='assistant:chip' onTap={() => void send(chip)}>
                        <Text>{chip}</Text>
                      </Tap>
                    ))}
                  </View>
                )}
              </View>
            </View>
            {lines.map((line, index) => (
              <View key={line.id}>
                {line.at - (lines[index - 1]?.at ?? 0) > PAUSE_MS && (
                  <View className='chat__note num'>{describeMoment(line.at, serverNow())}</View>
                )}
                <Bubble line={line} onAsk={(chip) => void send(chip)} last={index === lines.length - 1 && !asking} />
              </View>
            ))}
            {asking && (
              <>
                <View className='chat__line mine'>
                  <View className='chat__column'>
                    <View className='chat__paper'>{asking}</View>
                  </View>
                </View>
                {!withStaff && <View className='chat__note'>正在查…</View>}
              </>
            )}
          </>
        )}
      </View>
      {talk && (
        <BottomBar>
          <View className='grow'>
            {withStaff && (
              <View className='row between chat__state'>
                <Text>{talk.state === 'waiting' ? '已转给店员，等待回复' : '店员正在接待'}</Text>
                <Tap
                  className='cb m chat__end'
                  target='assistant:resume'
                  onTap={() => void perform(() => resume.run({}))}
                >
                  <Text>结束人工</Text>
                </Tap>
              </View>
            )}
            <View className='row g2'>
              <Input
                className='chat__field'
                value={text}
                maxlength={200}
                placeholder={withStaff ? '补充给店员' : '问一句，如：我有多少积分'}
                confirmType='send'
                onInput={(event) => setText(event.detail.value)}
                onConfirm={() => void send(text)}
                aria-label='输入问题'
              />
              <Button busy={ask.busy} disabled={!text.trim()} target='assistant:send' onTap={() => void send(text)}>
                发送
              </Button>
            </View>
          </View>
        </BottomBar>
      )}
    </>
  )
}

/** The FAQ for a visitor, who has no data of their own to ask about. */
function Questions() {
  const query = useQuery('GET /faqs', {}, { keep: true })
  const [open, setOpen] = useState<string | null>(null)
  return (
    <View className='body chat'>
      {query.loading && <Skeleton rows={6} />}
      {query.error && !query.data && <ErrorState error={query.error} onRetry={query.reload} />}
      <Section title='常见问题' more='登录后可直接提问' onMore={() => go('/packages/login/index')} />
      <View className='card'>
        {query.data?.items.map((faq) => (
          <Tap key={faq.id} className='chat__faq' onTap={() => setOpen(open === faq.id ? null : faq.id)}>
            <View className='row between g2'>
              <Text className='m'>{faq.question}</Text>
              <Icon name={open === faq.id ? 'minus' : 'plus'} size={16} />
            </View>
            {open === faq.id && <View className='chat__answer'>{faq.answer}</View>}
          </Tap>
        ))}
      </View>
    </View>
  )
}

/** The assistant: answers from the shop's FAQ and the member's own data, and hands over to staff. */
export default function AssistantPage() {
  const signedIn = useSignedIn('member')
  return (
    <Page back title={signedIn ? '会员助手' : '帮助中心'}>
      {signedIn ? <Chat /> : <Questions />}
    </Page>
  )
}
