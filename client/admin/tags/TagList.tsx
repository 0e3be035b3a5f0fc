import { App, Button, Dropdown, Select } from 'antd'
import { useState } from 'react'
import { sentenceOf } from '../api'
import { DataTable } from '../components/DataTable'
import { Notice } from '../components/Fallbacks'
import { Icon } from '../components/Icon'
import { SearchBox, useSearch } from '../components/SearchBox'
import { useUrlState } from '../components/useUrlState'
import { type Row, useRead, useWrite } from '../queries'
import { useSession } from '../session'
import { TagForm } from './TagForm'
import { TagMembers } from './TagMembers'
import { kinds, tones } from './words'

/** A tag as the list answers it. */
export type Tag = Row<'GET /admin/tags'>

/** Tags with how many members carry each, and how they come by it. */
export default function TagList() {
  const { can } = useSession()
  const { message, modal } = App.useApp()
  const [url, setUrl] = useUrlState(['category', 'kind'] as const)
  const search = useSearch()
  const [editing, setEditing] = useState<Tag | 'new' | null>(null)
  const [open, setOpen] = useState<Tag | null>(null)
  const kind = (Object.keys(kinds) as Tag['kind'][]).find((known) => known === url.kind)
  const { q } = search
  const query = useRead('GET /admin/tags', { category: url.category, kind, q }, { keep: true })
  const remove = useWrite('DELETE /admin/tags/:tagId', ['GET /admin/tags', 'GET /admin/segment-fields'])
  const mayWrite = can('segment:write')
  const filtered = Boolean(q || kind || url.category)
  const create = mayWrite ? (
    <Button type='primary' icon={<Icon name='plus' />} onClick={() => setEditing('new')}>
      新建标签
    </Button>
  ) : null
  const askRemove = (tag: Tag) =>
    modal.confirm({
      title: `删除标签“${tag.name}”？`,
      content: `会从 ${tag.members.toLocaleString('zh-CN')} 位会员身上摘下。`,
      okText: '删除',
      okButtonProps: { danger: true },
      cancelText: '取消',
      onOk: () =>
        remove
          .mutateAsync({ tagId: tag.id, version: tag.version })
          .catch((error: unknown) => message.error(sentenceOf(error))),
    })
  return (
    <div className='page'>
      <div className='page-head'>
        <h1>标签</h1>
        <span className='sub cut'>手工打，或由条件自动打上和摘下</span>
        <div className='actions'>{create}</div>
      </div>
      <section className='panel list-panel'>
        <div className='row g2' style={{ padding: '12px 16px', flexWrap: 'wrap' }}>
          <SearchBox search={search} label='搜标签' placeholder='标签的名字' />
          <Select
            allowClear
            style={{ width: 140 }}
            value={url.category}
            placeholder='全部分类'
            options={(query.data?.categories ?? []).map((value) => ({ value, label: value }))}
            onChange={(category) => setUrl({ category })}
            aria-label='分类'
          />
          <Select
            allowClear
            style={{ width: 140 }}
            value={kind}
            placeholder='全部来源'
            options={Object.entries(kinds).map(([value, { word }]) => ({ value, label: word }))}
            onChange={(value) => setUrl({ kind: value })}
            aria-label='来源'
          />
        </div>
        <DataTable<Tag>
          label='标签'
          rows={query.data?.items}
          query={query}
          rowKey={(row) => row.id}
          open={setOpen}
          minWidth={780}
          clearFilters={
            filtered
              ? () => {
                  search.type('')
                  setUrl({ category: undefined, kind: undefined })
                }
              : undefined
          }
          empty={
            <Notice art='shelf' title='还没有标签' action={create}>
              例如“过敏体质”由店员手工打，“香氛爱好者”按条件自动打。
            </Notice>
          }
          columns={[
            {
              key: 'name',
              title: '标签',
              className: 'wrap',
              render: (_, row) => (
                <>
                  <span className={`tag ${tones[row.color].tone}`}>{row.name}</span>
                  <div className='t12 i3'>{row.sentence ?? row.description}</div>
                </>
              ),
            },
            { key: 'category', title: '分类', width: 120, render: (_, row) => row.category },
            { key: 'kind', title: '来源', width: 110, render: (_, row) => kinds[row.kind].word },
            {
              key: 'members',
              title: '会员',
              width: 110,
              align: 'right',
              render: (_, row) => <span className='num m'>{row.members.toLocaleString('zh-CN')}</span>,
            },
            {
              key: 'more',
              title: <span className='sr-only'>操作</span>,
              width: 56,
              render: (_, row) =>
                mayWrite ? (
                  <Dropdown
                    trigger={['click']}
                    placement='bottomRight'
                    menu={{
                      items: [
                        { key: 'edit', label: '修改', onClick: () => setEditing(row) },
                        { key: 'remove', label: '删除', danger: true, onClick: () => void askRemove(row) },
                      ],
                    }}
                  >
                    <Button type='text' size='small' icon={<Icon name='more' />} aria-label={`${row.name}的操作`} />
                  </Dropdown>
                ) : null,
            },
          ]}
        />
      </section>
      {editing ? <TagForm tag={editing === 'new' ? null : editing} close={() => setEditing(null)} /> : null}
      {open ? <TagMembers tag={open} close={() => setOpen(null)} /> : null}
    </div>
  )
}
