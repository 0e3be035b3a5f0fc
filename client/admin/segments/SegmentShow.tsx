import type { Output } from '@shared/contract'
import { describeMoment } from '@shared/time'
import { App, Button, Input, Popconfirm, Segmented } from 'antd'
import { useState } from 'react'
import { Link, useNavigate, useParams } from 'react-router'
import { sentenceOf } from '../api'
import { LoadFailed, Notice, StaleStrip } from '../components/Fallbacks'
import { useCrumb } from '../components/Shell'
import { useUrlState } from '../components/useUrlState'
import { useList, useRead, useWrite } from '../queries'
import { useSession } from '../session'
import { CardExport, CardTable } from './CardTable'
import { SegmentEvents } from './SegmentEvents'
import { SegmentSizes } from './SegmentSizes'
import { SegmentSnapshots } from './SegmentSnapshots'
import './segments.css'

export type Segment = Output<'GET /admin/segments/:segmentId'>
const tabs = [
  { value: 'members', label: '名单' },
  { value: 'events', label: '进出' },
  { value: 'snapshots', label: '快照' },
] as const

function Members({ segment }: { segment: Segment }) {
  const list = useList('GET /admin/segments/:segmentId/members', { segmentId: segment.id, limit: 50 })
  return (
    <>
      <div className='row' style={{ justifyContent: 'end', padding: '0 12px' }}>
        <CardExport name={`人群-${segment.name}`} rows={list.rows} />
      </div>
      <CardTable
        rows={list.rows}
        query={list}
        empty={
          <Notice art='search' title='现在没有会员符合'>
            条件放宽一些，或等会员满足条件后自动进来。
          </Notice>
        }
      />
    </>
  )
}

function Actions({ segment }: { segment: Segment }) {
  const navigate = useNavigate()
  const { message } = App.useApp()
  const [name, setName] = useState('')
  const refresh = useWrite('POST /admin/segments/:segmentId/refresh', [
    'GET /admin/segments',
    'GET /admin/segments/:segmentId',
    'GET /admin/segments/:segmentId/members',
    'GET /admin/segments/:segmentId/events',
  ])
  const snapshot = useWrite('POST /admin/segments/:segmentId/snapshots', ['GET /admin/segments/:segmentId/snapshots'])
  const remove = useWrite('DELETE /admin/segments/:segmentId', ['GET /admin/segments'])
  const refused = (error: unknown) => void message.error(sentenceOf(error))
  return (
    <>
      <Button
        loading={refresh.isPending}
        onClick={() =>
          refresh
            .mutateAsync({ segmentId: segment.id })
            .then((done) => message.success(`现在 ${done.members} 位：进来 ${done.entered}，离开 ${done.left}`))
            .catch(refused)
        }
      >
        立即更新
      </Button>
      <Popconfirm
        icon={null}
        title='把现在的名单存成快照'
        description={
          <Input
            value={name}
            maxLength={30}
            placeholder='名字，例如 双十一前'
            onChange={(event) => setName(event.target.value)}
            aria-label='快照的名字'
          />
        }
        okText='保存'
        okButtonProps={{ disabled: !name.trim() }}
        onConfirm={() =>
          snapshot
            .mutateAsync({ segmentId: segment.id, name: name.trim() })
            .then((made) => {
              setName('')
              void message.success(`存下了 ${made.members} 位`)
            })
            .catch(refused)
        }
      >
        <Button loading={snapshot.isPending}>存快照</Button>
      </Popconfirm>
      <Popconfirm
        title={`删除“${segment.name}”？`}
        description='进出记录和快照一起删除，会员不受影响'
        okText='删除'
        okButtonProps={{ danger: true }}
        onConfirm={() =>
          remove
            .mutateAsync({ segmentId: segment.id, version: segment.version })
            .then(() => navigate('/segments'))
            .catch(refused)
        }
      >
        <Button danger loading={remove.isPending}>
          删除
        </Button>
      </Popconfirm>
      <Link to={`/segments/${segment.id}/edit`}>
        <Button type='primary'>修改</Button>
      </Link>
    </>
  )
}

/** One segment: its rule, its size day by day, who is in it, who came and went, and the lists that were kept. */
export default function SegmentShow() {
  const { segmentId = '' } = useParams()
  const { can } = useSession()
  const [url, setUrl] = useUrlState(['tab'] as const)
  const tab = tabs.find((known) => known.value === url.tab)?.value ?? 'members'
  const query = useRead('GET /admin/segments/:segmentId', { segmentId })
  const { data } = query
  useCrumb(data?.name ?? null)
  if (query.isError && !data)
    return <LoadFailed error={query.error} retry={() => void query.refetch()} busy={query.isFetching} />
  if (!data)
    return (
      <div className='page'>
        <div className='panel bone' style={{ height: 180 }} role='status' aria-label='正在读取人群' />
        <div className='panel bone' style={{ height: 420 }} />
      </div>
    )
  return (
    <div className='page'>
      <StaleStrip query={query} />
      <div className='page-head'>
        <h1 className='cut'>{data.name}</h1>
        <span className='sub cut'>{data.description}</span>
        {can('segment:write') ? (
          <div className='actions'>
            <Actions segment={data} />
          </div>
        ) : null}
      </div>
      <section className='panel' aria-label='条件与人数'>
        <div className='hd'>
          <h2>{data.sentence}</h2>
        </div>
        <div className='segment-facts'>
          <div>
            <b>{data.members === null ? '–' : data.members.toLocaleString('zh-CN')}</b>
            <small>
              {data.refreshedAt === null ? '还没算过' : `会员，${describeMoment(data.refreshedAt, Date.now())} 更新`}
            </small>
          </div>
          <div>
            <b>{data.tracked ? '自动更新' : '只计数'}</b>
            <small>{data.tracked ? '每十分钟记下进出' : '不记进出'}</small>
          </div>
          <div style={{ maxWidth: 420 }}>
            <b>{data.usedBy.length}</b>
            <small>{data.usedBy.length ? `用在：${data.usedBy.map((use) => use.name).join('、')}` : '还没用到'}</small>
          </div>
        </div>
        <SegmentSizes sizes={data.sizes} />
      </section>
      <section className='panel list-panel'>
        <div className='hd' style={{ paddingBottom: 8 }}>
          <Segmented
            options={[...tabs]}
            value={tab}
            onChange={(value) => setUrl({ tab: value === 'members' ? undefined : value })}
            aria-label='看什么'
          />
        </div>
        {tab === 'members' ? <Members segment={data} /> : null}
        {tab === 'events' ? <SegmentEvents segmentId={data.id} tracked={data.tracked} /> : null}
        {tab === 'snapshots' ? <SegmentSnapshots segmentId={data.id} /> : null}
      </section>
    </div>
  )
}
