import type { Output } from '@shared/contract'
import { complaintCategories, complaintStates, satisfactionTags } from '@shared/feedback-words'
import { formatYuan } from '@shared/money'
import { civilDay, describeDay, describeMoment } from '@shared/time'
import { Text, View } from '@tarojs/components'
import { stopPullDownRefresh, usePullDownRefresh } from '@tarojs/taro'
import { useMemo, useState } from 'react'
import { sayFailure, serverNow } from '../../api'
import { Button } from '../../components/Button'
import { Tag } from '../../components/Chips'
import { JoinFirst } from '../../components/JoinFirst'
import { ListRow } from '../../components/ListRow'
import { LongText } from '../../components/LongText'
import { Page } from '../../components/Page'
import { Picks } from '../../components/Picks'
import { Section } from '../../components/Section'
import { StarPicker } from '../../components/Stars'
import { ErrorState, ListEnd, Skeleton } from '../../components/States'
import { Tap } from '../../components/Tap'
import { useAction } from '../../hooks/useAction'
import { useList } from '../../hooks/useList'
import { useQuery } from '../../hooks/useQuery'
import { go, toast } from '../../nav'
import { useSignedIn } from '../../session'
import { NpsCard } from './NpsCard'
import './feedback.scss'

type Feedback = Output<'GET /me/feedback'>
type Row = Output<'GET /me/complaints'>['items'][number]

/** Satisfaction with the newest purchase: stars first, the rest only after a star was given. */
function Satisfaction({ purchase, onDone }: { purchase: NonNullable<Feedback['unrated']>; onDone: () => void }) {
  const [stars, setStars] = useState(0)
  const [tags, setTags] = useState<(keyof typeof satisfactionTags)[]>([])
  const [comment, setComment] = useState('')
  const send = useAction('POST /me/satisfactions')
  const submit = async (): Promise<void> => {
    try {
      const words = comment.trim()
      await send.run({ purchaseId: purchase.purchaseId, stars, tags, ...(words ? { comment: words } : {}) })
      toast('谢谢，已记下')
      onDone()
    } catch (thrown) {
      toast(sayFailure(thrown))
    }
  }
  return (
    <View className='card fb__card'>
      <View className='fb__title'>这次消费还满意吗</View>
      <View className='fb__sub num'>
        {describeMoment(purchase.at, serverNow())}，{purchase.storeName}，{formatYuan(purchase.paidFen)}
      </View>
      <StarPicker value={stars} onChange={setStars} />
      {stars > 0 && (
        <View className='fb__more'>
          <Picks options={satisfactionTags} value={tags} onChange={setTags} />
          <LongText
            name='想说的话'
            value={comment}
            placeholder='还想说点什么？（可不填）'
            max={300}
            onChange={setComment}
          />
          <Button large busy={send.busy} target='satisfaction:send' onTap={() => void submit()}>
            提交
          </Button>
        </View>
      )}
    </View>
  )
}

/** One complaint in the list. */
function Complaint({ row }: { row: Row }) {
  const due =
    row.state !== 'resolved' && row.dueAt ? `，${describeDay(civilDay(row.dueAt), civilDay(serverNow()))}前回复` : ''
  return (
    <Tap
      className='fb__case'
      target='complaint:open'
      label={`${complaintCategories[row.category]}，${complaintStates[row.state]}，${row.summary}`}
      onTap={() => go(`/packages/feedback/case?id=${row.id}`)}
    >
      <View className='row between g2'>
        <Text className='m'>{complaintCategories[row.category]}</Text>
        <Tag tone={row.state === 'resolved' ? 'plain' : row.state === 'open' ? 'warn' : 'brand'}>
          {complaintStates[row.state]}
        </Tag>
      </View>
      <View className='fb__summary'>{row.summary}</View>
      <View className='fb__sub num'>
        {describeMoment(row.lastAt, serverNow())}
        {due}
      </View>
    </Tap>
  )
}

function Mine() {
  const query = useQuery('GET /me/feedback', {})
  const list = useList(
    'GET /me/complaints',
    useMemo(() => ({ limit: 10 }), []),
    { keep: true },
  )
  usePullDownRefresh(() => void Promise.all([query.reload(), list.reload()]).finally(stopPullDownRefresh))
  const { data } = query
  return (
    <Page back title='意见反馈' staleSince={list.staleSince}>
      <View className='body fb'>
        {query.loading && <Skeleton block={150} rows={4} />}
        {query.error && !data && <ErrorState error={query.error} onRetry={query.reload} />}
        {data?.nps.open && <NpsCard onDone={() => void query.reload()} />}
        {data?.unrated && <Satisfaction purchase={data.unrated} onDone={() => void query.reload()} />}
        <View className='card'>
          <ListRow
            icon='pencil'
            title='投诉与建议'
            detail='可附照片，24 小时内回复'
            target='feedback:complain'
            onTap={() => go('/packages/feedback/complaint')}
          />
          <ListRow
            icon='chat'
            title='问助手'
            detail='全天在线，答不上来可转人工'
            target='feedback:assistant'
            onTap={() => go('/packages/assistant/index')}
          />
          <ListRow
            icon='star'
            tone='gold'
            title='评价买过的商品'
            detail='公开后有积分奖励'
            target='feedback:reviews'
            onTap={() => go('/packages/community/mine')}
          />
        </View>
        {list.items.length > 0 && (
          <>
            <Section title='我的投诉' />
            <View className='card'>
              {list.items.map((row) => (
                <Complaint key={row.id} row={row} />
              ))}
            </View>
            {list.more && <ListEnd list={list} />}
          </>
        )}
      </View>
    </Page>
  )
}

/** Everything a member may tell the shop. */
export default function FeedbackPage() {
  if (useSignedIn('member')) return <Mine />
  return (
    <Page back title='意见反馈'>
      <JoinFirst title='登录后反馈' hint='评分、投诉和建议都会有人看' />
    </Page>
  )
}
