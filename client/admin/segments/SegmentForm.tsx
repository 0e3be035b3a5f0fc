import type { Output } from '@shared/contract'
import { App, Button, Input, Switch } from 'antd'
import { useState } from 'react'
import { useNavigate, useParams } from 'react-router'
import { isFailure } from '../api'
import { LoadFailed } from '../components/Fallbacks'
import { FormProblem } from '../components/FormProblem'
import { useCrumb } from '../components/Shell'
import { useRead, useWrite } from '../queries'
import { LivePreview } from './LivePreview'
import { BranchEditor } from './TreeEditor'
import { type Branch, countLeaves, editable, type Field, firstTree, isComplete, MAX_LEAVES, treeOf } from './tree'
import { useFields } from './useFields'
import './segments.css'

type Segment = Output<'GET /admin/segments/:segmentId'>
const touched = ['GET /admin/segments', 'GET /admin/segments/:segmentId', 'GET /admin/segment-fields'] as const

function Editor({ segment, fields }: { segment: Segment | null; fields: ReadonlyMap<string, Field> }) {
  const navigate = useNavigate()
  const { message } = App.useApp()
  const [name, setName] = useState(segment?.name ?? '')
  const [description, setDescription] = useState(segment?.description ?? '')
  const [tracked, setTracked] = useState(segment?.tracked ?? true)
  const [root, setRoot] = useState<Branch>(() => (segment ? (editable(segment.tree) as Branch) : firstTree(fields)))
  const add = useWrite('POST /admin/segments', touched)
  const change = useWrite('PATCH /admin/segments/:segmentId', touched)
  const { error, isPending } = segment ? change : add
  const complete = isComplete(root, fields)
  const tree = complete ? treeOf(root) : null
  const back = () => void navigate(segment ? `/segments/${segment.id}` : '/segments')
  const save = async () => {
    if (!tree) return
    const body = { name: name.trim(), description: description.trim(), tree, tracked }
    try {
      const saved = segment
        ? await change.mutateAsync({ segmentId: segment.id, version: segment.version, ...body })
        : await add.mutateAsync(body)
      void message.success(segment ? '已保存，名单按新条件更新' : '已建好')
      void navigate(`/segments/${saved.id}`)
    } catch {
      // Shown above the buttons by the mutation's own error.
    }
  }
  return (
    <div className='page'>
      <div className='page-head'>
        <h1 className='cut'>{segment ? `修改“${segment.name}”` : '新建人群'}</h1>
        <div className='actions'>
          <Button onClick={back}>取消</Button>
          <Button type='primary' disabled={!tree || !name.trim()} loading={isPending} onClick={() => void save()}>
            保存
          </Button>
        </div>
      </div>
      <FormProblem error={error} />
      {isFailure(error) && error.code === 'segment_conflict' ? (
        <Button style={{ alignSelf: 'start' }} onClick={() => location.reload()}>
          刷新，看别人改了什么
        </Button>
      ) : null}
      <div className='segment-build'>
        <section className='panel' aria-label='条件'>
          <div className='segment-body'>
            <div className='row g2' style={{ flexWrap: 'wrap' }}>
              <Input
                style={{ flex: '1 1 200px' }}
                value={name}
                maxLength={30}
                placeholder='名字，例如 沉睡 90 天'
                onChange={(event) => setName(event.target.value)}
                aria-label='人群的名字'
              />
              <Input
                style={{ flex: '2 1 280px' }}
                value={description}
                maxLength={200}
                placeholder='说明，可以不写'
                onChange={(event) => setDescription(event.target.value)}
                aria-label='人群的说明'
              />
            </div>
            <BranchEditor
              fields={fields}
              full={countLeaves(root) >= MAX_LEAVES}
              branch={root}
              depth={1}
              change={setRoot}
            />
            <div className='row g2'>
              <Switch checked={tracked} onChange={setTracked} aria-label='自动更新名单' />
              <span>自动更新名单</span>
              <span className='t12 i3'>每十分钟记下谁进来、谁离开；旅程和活动要用到它</span>
            </div>
          </div>
        </section>
        <aside>
          <LivePreview tree={tree} />
        </aside>
      </div>
    </div>
  )
}

/** Makes a segment or changes one, with the number of members following every condition. */
export default function SegmentForm() {
  const { segmentId } = useParams()
  const { query: catalogue, fields } = useFields()
  const existing = useRead(
    'GET /admin/segments/:segmentId',
    { segmentId: segmentId ?? '' },
    { enabled: segmentId !== undefined },
  )
  useCrumb(segmentId ? (existing.data?.name ?? null) : '新建人群')
  const failed = catalogue.isError && !fields ? catalogue : existing.isError && !existing.data ? existing : null
  if (failed) return <LoadFailed error={failed.error} retry={() => void failed.refetch()} busy={failed.isFetching} />
  if (!fields || (segmentId && !existing.data))
    return (
      <div className='page'>
        <div className='panel bone' style={{ height: 420 }} role='status' aria-label='正在读取条件' />
      </div>
    )
  return <Editor key={segmentId ?? 'new'} segment={existing.data ?? null} fields={fields} />
}
