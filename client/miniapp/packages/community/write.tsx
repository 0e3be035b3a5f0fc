import { reviewTags } from '@shared/feedback-words'
import { Text, View } from '@tarojs/components'
import { useRouter } from '@tarojs/taro'
import { useState } from 'react'
import { sayFailure } from '../../api'
import { BottomBar } from '../../components/BottomBar'
import { Button } from '../../components/Button'
import { pictureOf } from '../../components/GoodsGrid'
import { JoinFirst } from '../../components/JoinFirst'
import { LongText } from '../../components/LongText'
import { Page } from '../../components/Page'
import { PhotoPicker } from '../../components/PhotoPicker'
import { Picks } from '../../components/Picks'
import { StarPicker } from '../../components/Stars'
import { ErrorState, Skeleton } from '../../components/States'
import { SwitchRow } from '../../components/SwitchRow'
import { useAction } from '../../hooks/useAction'
import { useQuery } from '../../hooks/useQuery'
import { replace, toast } from '../../nav'
import { useSignedIn } from '../../session'
import type { Photo } from '../../upload'
import './post.scss'

type Line = NonNullable<ReturnType<typeof useQuery<'GET /me/reviewable'>>['data']>['items'][number]
type Reward = NonNullable<ReturnType<typeof useQuery<'GET /me/reviewable'>>['data']>['reward']
type Tag = keyof typeof reviewTags

/** What a post brings, said before it is written; the stars have no part in it. */
const rewardWords = (points: number, { leftToday }: Reward): string =>
  leftToday > 0
    ? `公开后奖励 ${points} 积分，带照片再加 10，今天还有 ${leftToday} 次；奖励与打几星无关，会标注“奖励内容”`
    : '今天的奖励次数用完了，照样可以分享'

const done = (state: string): void => {
  toast(state === 'published' ? '已公开，谢谢分享' : '已提交，审核后公开')
  replace('/packages/community/mine')
}

function Review({ line, reward }: { line: Line; reward: Reward }) {
  const [stars, setStars] = useState(0)
  const [tags, setTags] = useState<Tag[]>([])
  const [text, setText] = useState('')
  const [photos, setPhotos] = useState<Photo[]>([])
  const [anonymous, setAnonymous] = useState(false)
  const send = useAction('POST /me/reviews')
  const submit = async (): Promise<void> => {
    try {
      const { purchaseId, lineNo } = line
      const names = photos.map((photo) => photo.name)
      const made = await send.run({ purchaseId, lineNo, stars, tags, text: text.trim(), photos: names, anonymous })
      if (made) done(made.state)
    } catch (thrown) {
      toast(sayFailure(thrown))
    }
  }
  const short = [...text.trim()].length < 5
  return (
    <>
      <View className='card write__box'>
        <View className='row g3'>
          <View className={`postgoods__pic goods__pic--${pictureOf(line)}`} />
          <View className='grow'>
            <View className='post__name'>{line.name}</View>
            <View className='post__time'>{line.storeName}</View>
          </View>
        </View>
        <StarPicker value={stars} onChange={setStars} />
      </View>
      <View className='card write__box'>
        <Picks options={reviewTags} value={tags} onChange={setTags} />
      </View>
      <View className='card write__box'>
        <LongText
          name='评价'
          value={text}
          placeholder='用得怎么样？写下真实感受，帮到其他会员'
          max={500}
          onChange={setText}
        />
        <View className='write__hint' />
        <PhotoPicker photos={photos} onChange={setPhotos} />
        <View className='write__hint'>{rewardWords(reward.review, reward)}</View>
      </View>
      <View className='card community'>
        <SwitchRow title='匿名评价' detail='不显示称呼和头像' checked={anonymous} onChange={setAnonymous} />
      </View>
      <BottomBar>
        <Button large busy={send.busy} disabled={!stars || short} target='review:send' onTap={() => void submit()}>
          {!stars ? '先打个分' : short ? '至少写 5 个字' : '发布评价'}
        </Button>
      </BottomBar>
    </>
  )
}

function Shared({ lines, reward }: { lines: Line[]; reward: Reward }) {
  const [text, setText] = useState('')
  const [photos, setPhotos] = useState<Photo[]>([])
  const [chosen, setChosen] = useState<string[]>([])
  const send = useAction('POST /me/posts')
  const listed = lines.filter((line) => line.listed)
  const goods = Object.fromEntries(listed.map((line) => [line.productId, line.name]).slice(0, 8))
  const submit = async (): Promise<void> => {
    try {
      const names = photos.map((photo) => photo.name)
      const made = await send.run({ text: text.trim(), photos: names, productIds: chosen.slice(0, 5) })
      if (made) done(made.state)
    } catch (thrown) {
      toast(sayFailure(thrown))
    }
  }
  const short = [...text.trim()].length < 5
  return (
    <>
      <View className='card write__box'>
        <LongText
          name='晒单'
          value={text}
          placeholder='今天带回家的好物，摆在哪儿、怎么用？'
          max={1000}
          onChange={setText}
        />
        <View className='write__hint' />
        <PhotoPicker photos={photos} onChange={setPhotos} />
        <View className='write__hint'>{rewardWords(reward.post, reward)}</View>
      </View>
      {listed.length > 0 && (
        <View className='card write__box'>
          <View className='write__name'>和哪件有关（可选）</View>
          <Picks options={goods} value={chosen} onChange={setChosen} />
        </View>
      )}
      <BottomBar>
        <Button large busy={send.busy} disabled={short} target='post:send' onTap={() => void submit()}>
          {short ? '至少写 5 个字' : '发布晒单'}
        </Button>
      </BottomBar>
    </>
  )
}

function Form() {
  const { purchaseId, lineNo } = useRouter().params
  const query = useQuery('GET /me/reviewable', purchaseId ? { purchaseId } : {})
  const line = query.data?.items.find((one) => one.purchaseId === purchaseId && one.lineNo === Number(lineNo))
  return (
    <View className='body community'>
      {query.loading && <Skeleton block={160} rows={3} />}
      {query.error && !query.data && <ErrorState error={query.error} onRetry={query.reload} />}
      {query.data && line && <Review line={line} reward={query.data.reward} />}
      {query.data && !line && purchaseId && <Text className='write__hint'>这件商品已经评价过了，或不能再评价。</Text>}
      {query.data && !purchaseId && <Shared lines={query.data.items} reward={query.data.reward} />}
    </View>
  )
}

/** Writes a review of something bought, or a shared post. */
export default function WritePage() {
  const title = useRouter().params.purchaseId ? '写评价' : '写晒单'
  const signedIn = useSignedIn('member')
  return (
    <Page back title={title}>
      {signedIn ? <Form /> : <JoinFirst title='登录后分享' hint='公开后有积分奖励' />}
    </Page>
  )
}
