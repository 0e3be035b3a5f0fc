import { AutoComplete, Button, Drawer, Input, Segmented } from 'antd'
import { useState } from 'react'
import { LoadFailed } from '../components/Fallbacks'
import { FormProblem } from '../components/FormProblem'
import { useRead, useWrite } from '../queries'
import { LivePreview } from '../segments/LivePreview'
import { BranchEditor } from '../segments/TreeEditor'
import { type Branch, countLeaves, editable, firstTree, isComplete, MAX_LEAVES, treeOf } from '../segments/tree'
import { useFields } from '../segments/useFields'
import type { Tag } from './TagList'
import { kinds, tones } from './words'

const touched = ['GET /admin/tags', 'GET /admin/segment-fields'] as const

/** Makes a tag or changes one; how it is given is settled when it is made. */
export function TagForm({ tag, close }: { tag: Tag | null; close: () => void }) {
  const { query: catalogue, fields } = useFields()
  const all = useRead('GET /admin/tags', {})
  const [name, setName] = useState(tag?.name ?? '')
  const [category, setCategory] = useState(tag?.category ?? '')
  const [description, setDescription] = useState(tag?.description ?? '')
  const [color, setColor] = useState<Tag['color']>(tag?.color ?? 'green')
  const [kind, setKind] = useState<Tag['kind']>(tag?.kind ?? 'manual')
  const [edited, setEdited] = useState<Branch | null>(() => (tag?.tree ? (editable(tag.tree) as Branch) : null))
  const [start, setStart] = useState<Branch | null>(null)
  if (fields && !start) setStart(firstTree(fields))
  const root = edited ?? start
  const byTree = kind === 'rule' || kind === 'model'
  const tree = byTree && fields && root && isComplete(root, fields) ? treeOf(root) : null
  const add = useWrite('POST /admin/tags', touched)
  const change = useWrite('PATCH /admin/tags/:tagId', touched)
  const { error, isPending } = tag ? change : add
  const ready = name.trim() && category.trim() && (!byTree || tree)
  const save = async () => {
    const body = {
      name: name.trim(),
      category: category.trim(),
      description: description.trim(),
      color,
      ...(tree ? { tree } : {}),
    }
    try {
      if (tag) await change.mutateAsync({ tagId: tag.id, version: tag.version, ...body })
      else await add.mutateAsync({ kind, ...body })
      close()
    } catch {
      // Shown at the top of the drawer by the mutation's own error.
    }
  }
  return (
    <Drawer
      open
      size={byTree ? 820 : 480}
      title={tag ? `修改“${tag.name}”` : '新建标签'}
      onClose={close}
      footer={
        <div className='row g2'>
          <span className='grow t12 i3'>{kinds[kind].explain}</span>
          <Button onClick={close}>取消</Button>
          <Button type='primary' disabled={!ready} loading={isPending} onClick={() => void save()}>
            保存
          </Button>
        </div>
      }
    >
      <FormProblem error={error} />
      <div style={{ display: 'grid', gap: 16 }}>
        <Input
          value={name}
          maxLength={20}
          placeholder='名字，例如 香氛爱好者'
          onChange={(event) => setName(event.target.value)}
          aria-label='标签的名字'
        />
        <AutoComplete
          value={category}
          placeholder='分类，例如 偏好'
          options={(all.data?.categories ?? []).map((value) => ({ value }))}
          onChange={(value) => setCategory(value.slice(0, 20))}
          aria-label='标签的分类'
        />
        <Input.TextArea
          value={description}
          maxLength={200}
          rows={2}
          placeholder='说明，可以不写'
          onChange={(event) => setDescription(event.target.value)}
          aria-label='标签的说明'
        />
        <Segmented<Tag['color']>
          value={color}
          options={(Object.keys(tones) as Tag['color'][]).map((value) => ({
            value,
            label: <span className={`tag ${tones[value].tone}`}>{tones[value].word}</span>,
          }))}
          onChange={setColor}
          aria-label='颜色'
        />
        {tag ? null : (
          <Segmented<Tag['kind']>
            value={kind}
            options={(Object.keys(kinds) as Tag['kind'][]).map((value) => ({ value, label: kinds[value].word }))}
            onChange={setKind}
            aria-label='怎么打上'
          />
        )}
        {byTree ? (
          catalogue.isError && !fields ? (
            <LoadFailed error={catalogue.error} retry={() => void catalogue.refetch()} busy={catalogue.isFetching} />
          ) : fields && root ? (
            <>
              <BranchEditor
                fields={fields}
                full={countLeaves(root) >= MAX_LEAVES}
                branch={root}
                depth={1}
                change={setEdited}
              />
              <LivePreview tree={tree} />
            </>
          ) : (
            <div className='bone' style={{ height: 160 }} />
          )
        ) : null}
      </div>
    </Drawer>
  )
}
