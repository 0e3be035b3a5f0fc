import { postStates, reportReasons, reviewTags } from '@shared/feedback-words'
import { describeMoment } from '@shared/time'
import { App, Button, Drawer, Image, Input, Rate } from 'antd'
import { useState } from 'react'
import { Link } from 'react-router'
import { sentenceOf } from '../api'
import { LoadFailed } from '../components/Fallbacks'
import { useRead, useWrite } from '../queries'
import { useSession } from '../session'

const REASONS = ['照片与商品无关', '含有联系方式或广告', '含有不文明用语', '涉及他人隐私', '内容不实']

function Body({ postId, onDone }: { postId: string; onDone: () => void }) {
  const { message } = App.useApp()
  const { can } = useSession()
  const query = useRead('GET /admin/community/posts/:postId', { postId })
  const [reason, setReason] = useState('')
  const decide = useWrite('POST /admin/community/posts/:postId/decision', [
    'GET /admin/community/posts',
    'GET /admin/community/posts/:postId',
  ])
  const post = query.data
  if (!post)
    return query.isError ? (
      <LoadFailed error={query.error} retry={() => void query.refetch()} busy={query.isFetching} />
    ) : (
      <div className='bone' style={{ height: 320 }} role='status' aria-label='正在读取内容' />
    )
  const send = (decision: 'publish' | 'reject') =>
    decide.mutate(
      { postId, decision, reason: decision === 'publish' ? reason.trim() || '内容合规' : reason.trim() },
      {
        onSuccess: () => {
          void message.success(decision === 'publish' ? '已公开' : '已拒绝，理由已发给作者')
          onDone()
        },
        onError: (error) => void message.error(sentenceOf(error)),
      },
    )
  const now = Date.now()
  return (
    <div className='post-show'>
      <div className='row between'>
        <Link to={`/members/${post.memberId}`}>{post.memberNameMasked}</Link>
        <span className='tag'>{postStates[post.state]}</span>
      </div>
      {post.stars === null ? null : <Rate disabled value={post.stars} />}
      <p className='post-text'>{post.text}</p>
      {post.tags.length > 0 ? <p className='i3'>{post.tags.map((tag) => reviewTags[tag]).join('、')}</p> : null}
      <Image.PreviewGroup>
        <div className='post-photos'>
          {post.photos.map((photo, index) => (
            <Image key={photo.name} src={photo.url} alt={`第 ${index + 1} 张照片`} />
          ))}
        </div>
      </Image.PreviewGroup>
      <dl className='post-facts'>
        <dt>发布</dt>
        <dd className='num'>{describeMoment(post.at, now)}</dd>
        {post.products.length > 0 ? (
          <>
            <dt>商品</dt>
            <dd>{post.products.map((product) => product.name).join('、')}</dd>
          </>
        ) : null}
        {post.anonymous ? (
          <>
            <dt>匿名</dt>
            <dd>会员选择不显示称呼</dd>
          </>
        ) : null}
        <dt>奖励</dt>
        <dd className='num'>{post.rewardPoints > 0 ? `${post.rewardPoints} 积分` : '没有'}</dd>
        {post.stateReason ? (
          <>
            <dt>原因</dt>
            <dd>{post.stateReason}</dd>
          </>
        ) : null}
      </dl>
      {post.reportList.length > 0 ? (
        <>
          <h3>举报</h3>
          <ul className='post-reports'>
            {post.reportList.map((report) => (
              <li key={`${report.at}${report.memberNameMasked}`}>
                {reportReasons[report.reason]}，{report.memberNameMasked}，
                <span className='num'>{describeMoment(report.at, now)}</span>
              </li>
            ))}
          </ul>
        </>
      ) : null}
      {can('community:moderate') ? (
        <div className='post-decide'>
          <Input
            value={reason}
            onChange={(event) => setReason(event.target.value)}
            maxLength={100}
            placeholder='不通过时写给作者的理由'
            aria-label='理由'
          />
          <div className='post-reasons'>
            {REASONS.map((words) => (
              <Button key={words} size='small' onClick={() => setReason(words)}>
                {words}
              </Button>
            ))}
          </div>
          <div className='row' style={{ gap: 8 }}>
            {post.state !== 'published' || post.reports > 0 ? (
              <Button type='primary' loading={decide.isPending} onClick={() => send('publish')}>
                {post.state === 'published' ? '没有问题，保留' : '通过并公开'}
              </Button>
            ) : null}
            {post.state !== 'rejected' ? (
              <Button
                danger
                disabled={reason.trim().length < 2}
                loading={decide.isPending}
                onClick={() => send('reject')}
              >
                {post.state === 'published' ? '撤下' : '不通过'}
              </Button>
            ) : null}
          </div>
        </div>
      ) : null}
    </div>
  )
}

/** One post with its photos and reports, and the decision. */
export function PostShow({ postId, onClose }: { postId: string | undefined; onClose: () => void }) {
  return (
    <Drawer open={postId !== undefined} onClose={onClose} size={520} title='审核' destroyOnHidden>
      {postId ? <Body key={postId} postId={postId} onDone={onClose} /> : null}
    </Drawer>
  )
}
