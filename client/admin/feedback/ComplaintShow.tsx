import { complaintCategories, complaintStates } from '@shared/feedback-words'
import { describeMoment } from '@shared/time'
import { App, Button, Drawer, Image, Input } from 'antd'
import { useState } from 'react'
import { Link } from 'react-router'
import { sentenceOf } from '../api'
import { LoadFailed } from '../components/Fallbacks'
import { useRead, useWrite } from '../queries'
import { useSession } from '../session'

const touches = ['GET /admin/complaints', 'GET /admin/complaints/:complaintId'] as const

function Photos({ photos }: { photos: readonly { name: string; url: string }[] }) {
  if (photos.length === 0) return null
  return (
    <Image.PreviewGroup>
      <div className='case-photos'>
        {photos.map((photo, index) => (
          <Image key={photo.name} src={photo.url} alt={`第 ${index + 1} 张照片`} />
        ))}
      </div>
    </Image.PreviewGroup>
  )
}

function Body({ complaintId }: { complaintId: string }) {
  const { message } = App.useApp()
  const { can } = useSession()
  const query = useRead('GET /admin/complaints/:complaintId', { complaintId })
  const reply = useWrite('POST /admin/complaints/:complaintId/replies', touches)
  const move = useWrite('POST /admin/complaints/:complaintId/state', touches)
  const [text, setText] = useState('')
  const data = query.data
  if (!data)
    return query.isError ? (
      <LoadFailed error={query.error} retry={() => void query.refetch()} busy={query.isFetching} />
    ) : (
      <div className='bone' style={{ height: 360 }} role='status' aria-label='正在读取投诉' />
    )
  const said = (words: string) => ({
    onSuccess: () => {
      setText('')
      void message.success(words)
    },
    onError: (error: unknown) => void message.error(sentenceOf(error)),
  })
  const now = Date.now()
  return (
    <div className='case'>
      <div className='row between'>
        <Link to={`/members/${data.memberId}`}>
          {data.memberNameMasked} {data.phoneMasked}
        </Link>
        <span className='tag gold'>{data.tierName}</span>
      </div>
      <dl className='case-facts'>
        <dt>编号</dt>
        <dd className='num'>{data.no}</dd>
        <dt>分类</dt>
        <dd>{complaintCategories[data.category]}</dd>
        <dt>状态</dt>
        <dd>
          {complaintStates[data.state]}
          {data.dueAt ? `，${describeMoment(data.dueAt, now)} 前应回复` : ''}
          {data.overdue ? <span className='late'>（超时）</span> : null}
        </dd>
        <dt>门店</dt>
        <dd>{data.storeName ?? '未指明'}</dd>
        <dt>联系方式</dt>
        <dd className='num'>{data.contactMasked ?? '未留'}</dd>
        {data.resolution ? (
          <>
            <dt>处理结果</dt>
            <dd>{data.resolution}</dd>
          </>
        ) : null}
      </dl>
      <div className='talk'>
        <div className='talk-one'>
          <div className='t12 i3 num'>{describeMoment(data.at, now)}</div>
          <p>{data.text}</p>
          <Photos photos={data.photos} />
        </div>
        {data.thread.map((one) => (
          <div key={one.id} className={`talk-one ${one.from === 'staff' ? 'ours' : ''}`}>
            <div className='t12 i3 num'>
              {one.name}，{describeMoment(one.at, now)}
            </div>
            <p>{one.text}</p>
            <Photos photos={one.photos} />
          </div>
        ))}
      </div>
      {can('feedback:write') ? (
        <div className='case-reply'>
          <Input.TextArea
            value={text}
            onChange={(event) => setText(event.target.value)}
            rows={3}
            maxLength={1000}
            placeholder='回复会员；办结时写处理结果'
            aria-label='回复'
          />
          <div className='row' style={{ gap: 8 }}>
            <Button
              type='primary'
              disabled={!text.trim()}
              loading={reply.isPending}
              onClick={() => reply.mutate({ complaintId, text: text.trim() }, said('已回复，会员会收到消息'))}
            >
              回复
            </Button>
            {data.state === 'open' ? (
              <Button
                loading={move.isPending}
                onClick={() => move.mutate({ complaintId, state: 'handling', note: '已受理' }, said('已受理'))}
              >
                先受理
              </Button>
            ) : null}
            {data.state === 'resolved' ? (
              <Button
                disabled={text.trim().length < 2}
                loading={move.isPending}
                onClick={() => move.mutate({ complaintId, state: 'handling', note: text.trim() }, said('已重新打开'))}
              >
                重新打开
              </Button>
            ) : (
              <Button
                disabled={text.trim().length < 2}
                loading={move.isPending}
                onClick={() =>
                  move.mutate({ complaintId, state: 'resolved', note: text.trim().slice(0, 300) }, said('已办结'))
                }
              >
                办结
              </Button>
            )}
          </div>
        </div>
      ) : null}
    </div>
  )
}

/** One complaint with everything said, and the answer. */
export function ComplaintShow({ complaintId, onClose }: { complaintId: string | undefined; onClose: () => void }) {
  return (
    <Drawer open={complaintId !== undefined} onClose={onClose} size={560} title='投诉' destroyOnHidden>
      {complaintId ? <Body key={complaintId} complaintId={complaintId} /> : null}
    </Drawer>
  )
}
