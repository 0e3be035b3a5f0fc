import type { Output } from '@shared/contract'
import { describeMoment } from '@shared/time'
import { Text, View } from '@tarojs/components'
import { stopPullDownRefresh, usePullDownRefresh } from '@tarojs/taro'
import { useMemo } from 'react'
import { sayFailure, serverNow } from '../../api'
import { Icon, type IconName } from '../../components/Icon'
import { JoinFirst } from '../../components/JoinFirst'
import { Page } from '../../components/Page'
import { Empty, ErrorState, ListEnd, Skeleton } from '../../components/States'
import { spoken } from '../../components/spoken'
import { Tap } from '../../components/Tap'
import { useAction } from '../../hooks/useAction'
import { useList } from '../../hooks/useList'
import { go, toast } from '../../nav'
import { useSignedIn } from '../../session'
import { SubscribeCard } from './SubscribeCard'
import './index.scss'

type Message = Output<'GET /me/messages'>['items'][number]

/** A message is drawn by what it is about: its kind, which is the server's own word, or else its title. */
const LOOKS: ReadonlyArray<[RegExp, IconName, 'brand' | 'gold' | 'danger' | 'mute']> = [
  [/birthday|生日/, 'cake', 'gold'],
  [/anniversary|gift|welcome|周年|欢迎|礼品/, 'gift', 'gold'],
  [/tier|等级|升级/, 'crown', 'gold'],
  [/邀请/, 'users', 'gold'],
  [/投诉|回复/, 'chat', 'brand'],
  [/晒单|评价/, 'heart', 'brand'],
  [/数据导出|隐私|注销/, 'shield', 'mute'],
  [/coupon|券/, 'ticket', 'danger'],
  [/points|积分/, 'star', 'brand'],
  [/purchase|refund|消费|退款/, 'receipt', 'brand'],
]
function looksOf({ kind, title }: Message): { icon: IconName; tone: string } {
  const found = LOOKS.find(([words]) => words.test(kind)) ?? LOOKS.find(([words]) => words.test(title))
  return found ? { icon: found[1], tone: found[2] } : { icon: 'bell', tone: 'mute' }
}

function Row({ message, onOpen }: { message: Message; onOpen: () => void }) {
  const { icon, tone } = looksOf(message)
  return (
    <Tap className={`note ${message.read ? 'read' : ''}`} target={`message:${message.kind}`} onTap={onOpen}>
      <View className={`ic ${tone}`}>
        <Icon name={icon} size={20} />
      </View>
      <View className='grow'>
        <View className='row between g2'>
          <View className='note__title cut'>{message.title}</View>
          <Text className='note__time num'>{describeMoment(message.at, serverNow())}</Text>
        </View>
        <View className='note__body'>{message.body}</View>
      </View>
      {!message.read && <View className='note__dot' {...spoken({ role: 'img', label: '未读' })} />}
    </Tap>
  )
}

function Mine() {
  const list = useList(
    'GET /me/messages',
    useMemo(() => ({ limit: 20 }), []),
    { keep: true },
  )
  const read = useAction('POST /me/messages/read')
  usePullDownRefresh(() => void list.reload().finally(stopPullDownRefresh))
  const mark = async (ids?: string[]): Promise<void> => {
    try {
      if (await read.run(ids ? { ids } : {})) await list.reload()
    } catch (thrown) {
      toast(sayFailure(thrown))
    }
  }
  const open = (message: Message): void => {
    if (!message.read) void mark([message.id])
    if (message.page) go(message.page.startsWith('/') ? message.page : `/${message.page}`)
  }
  return (
    <Page back title='消息' staleSince={list.staleSince}>
      <View className='body inbox'>
        {list.data && list.data.unread > 0 && (
          <View className='inbox__bar'>
            <Text>{list.data.unread} 条未读</Text>
            <Tap className='cb m inbox__all' target='inbox:readall' onTap={() => void mark()}>
              <Text>全部标为已读</Text>
            </Tap>
          </View>
        )}
        <SubscribeCard />
        {list.loading && <Skeleton rows={5} />}
        {list.error && !list.data && <ErrorState error={list.error} onRetry={list.reload} />}
        {list.data && list.items.length === 0 && (
          <Empty picture='inbox' title='还没有消息' hint='积分到账、券快到期、生日礼，都会在这里告诉你' />
        )}
        {list.items.length > 0 && (
          <View className='card'>
            {list.items.map((message) => (
              <Row key={message.id} message={message} onOpen={() => open(message)} />
            ))}
          </View>
        )}
        <ListEnd list={list} />
      </View>
    </Page>
  )
}

/** The member's messages. */
export default function InboxPage() {
  if (useSignedIn('member')) return <Mine />
  return (
    <Page back title='消息'>
      <JoinFirst title='登录后查看消息' hint='积分到账、券快到期都会告诉你' />
    </Page>
  )
}
