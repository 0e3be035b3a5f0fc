import type { Output } from '@shared/contract'
import { complaintCategories, complaintStates } from '@shared/feedback-words'
import { describeMoment } from '@shared/time'
import { Input, Text, View } from '@tarojs/components'
import { stopPullDownRefresh, usePullDownRefresh, useRouter } from '@tarojs/taro'
import { useState } from 'react'
import { sayFailure, serverNow } from '../../api'
import { BottomBar } from '../../components/BottomBar'
import { Button } from '../../components/Button'
import { Tag } from '../../components/Chips'
import { Page } from '../../components/Page'
import { PhotoWall } from '../../components/PhotoWall'
import { ErrorState, Skeleton } from '../../components/States'
import { useAction } from '../../hooks/useAction'
import { useQuery } from '../../hooks/useQuery'
import { toast } from '../../nav'
import './feedback.scss'

type Case = Output<'GET /me/complaints/:complaintId'>

function Head({ data }: { data: Case }) {
  return (
    <View className='card fb__head'>
      <View className='row between g2'>
        <Text className='fb__title'>{complaintCategories[data.category]}</Text>
        <Tag tone={data.state === 'resolved' ? 'plain' : data.state === 'open' ? 'warn' : 'brand'}>
          {complaintStates[data.state]}
        </Tag>
      </View>
      <View className='fb__summary'>{data.text}</View>
      <PhotoWall photos={data.photos} of='投诉' />
      <View className='fb__figures'>
        <Text>编号</Text>
        <Text className='num'>{data.no}</Text>
        <Text>提交时间</Text>
        <Text className='num'>{describeMoment(data.at, serverNow())}</Text>
        {data.storeName && (
          <>
            <Text>门店</Text>
            <Text>{data.storeName}</Text>
          </>
        )}
        {data.contactMasked && (
          <>
            <Text>联系方式</Text>
            <Text className='num'>{data.contactMasked}</Text>
          </>
        )}
        {data.dueAt && data.state !== 'resolved' && (
          <>
            <Text>最晚回复</Text>
            <Text className='num'>{describeMoment(data.dueAt, serverNow())}</Text>
          </>
        )}
        {data.resolution && data.state === 'resolved' && (
          <>
            <Text>处理结果</Text>
            <Text>{data.resolution}</Text>
          </>
        )}
      </View>
    </View>
  )
}

/** One complaint: where it stands, what was said, and a line to add. */
export default function CasePage() {
  const complaintId = useRouter().params.id ?? ''
  const query = useQuery('GET /me/complaints/:complaintId', { complaintId }, { keep: true })
  const [text, setText] = useState('')
  const reply = useAction('POST /me/complaints/:complaintId/replies')
  usePullDownRefresh(() => void query.reload().finally(stopPullDownRefresh))
  const send = async (): Promise<void> => {
    try {
      await reply.run({ complaintId, text: text.trim(), photos: [] })
      setText('')
      await query.reload()
    } catch (thrown) {
      toast(sayFailure(thrown))
    }
  }
  const { data } = query
  return (
    <Page back title='投诉进度' staleSince={query.staleSince}>
      <View className='body fb'>
        {query.loading && <Skeleton block={200} rows={3} />}
        {query.error && !data && <ErrorState error={query.error} onRetry={query.reload} />}
        {data && <Head data={data} />}
        <View className='talk'>
          {data?.thread.map((one) => (
            <View key={one.id} className={`talk__one ${one.from === 'member' ? 'mine' : ''}`}>
              <View className='talk__who num'>
                {one.name}，{describeMoment(one.at, serverNow())}
              </View>
              <View className='talk__paper'>{one.text}</View>
              <PhotoWall photos={one.photos} of={one.name} />
            </View>
          ))}
        </View>
      </View>
      {data && (
        <BottomBar>
          <View className='say'>
            <Input
              className='say__field'
              value={text}
              maxlength={1000}
              placeholder={data.state === 'resolved' ? '还没解决？说明情况可重新打开' : '补充说明'}
              confirmType='send'
              onInput={(event) => setText(event.detail.value)}
              onConfirm={() => text.trim() && void send()}
              aria-label='补充说明'
            />
            <Button busy={reply.busy} disabled={!text.trim()} target='case:reply' onTap={() => void send()}>
              发送
            </Button>
          </View>
        </BottomBar>
      )}
    </Page>
  )
}
