import { reportReasons } from '@shared/feedback-words'
import { Text, View } from '@tarojs/components'
import { useRouter } from '@tarojs/taro'
import { useState } from 'react'
import { sayFailure } from '../../api'
import { Button } from '../../components/Button'
import { Page } from '../../components/Page'
import { Picks } from '../../components/Picks'
import { Sheet } from '../../components/Sheet'
import { ErrorState, Skeleton } from '../../components/States'
import { Tap } from '../../components/Tap'
import { useAction } from '../../hooks/useAction'
import { useQuery } from '../../hooks/useQuery'
import { confirm, go, goBack, toast } from '../../nav'
import { useSignedIn } from '../../session'
import { Like, type Post, PostCard } from './PostCard'

type Reason = keyof typeof reportReasons

function Acts({ post }: { post: Post }) {
  const signedIn = useSignedIn('member')
  const [reporting, setReporting] = useState(false)
  const [reason, setReason] = useState<Reason>('ad')
  const remove = useAction('POST /me/posts/:postId/delete')
  const report = useAction('POST /me/posts/:postId/reports')
  const deletePost = async (): Promise<void> => {
    if (!(await confirm('删除这篇？', '文字和照片会从所有页面撤下，不能恢复；评价过的商品不能再评', '删除'))) return
    try {
      await remove.run({ postId: post.id })
      toast('已删除')
      goBack()
    } catch (thrown) {
      toast(sayFailure(thrown))
    }
  }
  const send = async (): Promise<void> => {
    try {
      await report.run({ postId: post.id, reason })
      setReporting(false)
      toast('谢谢，我们会尽快核实')
    } catch (thrown) {
      toast(sayFailure(thrown))
    }
  }
  return (
    <>
      <View className='post__foot'>
        {post.mine ? (
          <Tap className='like' label='删除' target='post:delete' onTap={() => void deletePost()}>
            <Text>删除</Text>
          </Tap>
        ) : (
          <Tap
            className='like'
            target='post:report'
            onTap={() => (signedIn ? setReporting(true) : go('/packages/login/index'))}
          >
            <Text>举报</Text>
          </Tap>
        )}
        <Like key={`${post.liked}${post.likes}`} post={post} />
      </View>
      <Sheet title='为什么举报' open={reporting} onClose={() => setReporting(false)}>
        <Picks options={reportReasons} value={[reason]} onChange={([one]) => one && setReason(one)} single />
        <View className='write__hint'>多位会员举报的内容会先撤下，再由店员复核。</View>
        <View className='write__name' />
        <Button large busy={report.busy} target='report:send' onTap={() => void send()}>
          提交举报
        </Button>
      </Sheet>
    </>
  )
}

/** One post in full. */
export default function PostPage() {
  const postId = useRouter().params.id ?? ''
  const query = useQuery('GET /community/posts/:postId', { postId })
  return (
    <Page back title='详情' staleSince={query.staleSince}>
      <View className='body community'>
        {query.loading && <Skeleton block={240} rows={3} />}
        {query.error && !query.data && <ErrorState error={query.error} onRetry={query.reload} />}
        {query.data && <PostCard post={query.data} whole foot={<Acts post={query.data} />} />}
      </View>
    </Page>
  )
}
