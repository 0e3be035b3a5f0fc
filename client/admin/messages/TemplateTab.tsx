import { topicNames } from '@shared/message'
import { describeMoment } from '@shared/time'
import { Button, Segmented } from 'antd'
import { useState } from 'react'
import { DataTable } from '../components/DataTable'
import { Notice } from '../components/Fallbacks'
import { Icon } from '../components/Icon'
import { useUrlState } from '../components/useUrlState'
import { type Row, useRead } from '../queries'
import { useSession } from '../session'
import { channelsIn } from './draft'
import { TemplateForm } from './TemplateForm'

/** A message template as the list shows it. */
export type Template = Row<'GET /admin/message-templates'>

/** What messages say on each channel. */
export function TemplateTab() {
  const { can } = useSession()
  const [url, setUrl] = useUrlState(['archived'] as const)
  const [open, setOpen] = useState<Template | 'new' | null>(null)
  const archived = url.archived === '1'
  const query = useRead('GET /admin/message-templates', archived ? { archived: '1' } : {})
  const create = can('message:write') ? (
    <Button type='primary' icon={<Icon name='plus' />} disabled={!query.data} onClick={() => setOpen('new')}>
      新建模板
    </Button>
  ) : null
  return (
    <section className='panel list-panel'>
      <div className='hd' style={{ paddingBottom: 12 }}>
        <Segmented
          value={archived ? '1' : '0'}
          options={[
            { value: '0', label: '在用' },
            { value: '1', label: '已归档' },
          ]}
          onChange={(value) => setUrl({ archived: value === '1' ? '1' : undefined })}
          aria-label='在用还是归档'
        />
        <span className='grow' />
        {create}
      </div>
      <DataTable
        label='模板'
        rows={query.data?.items}
        query={query}
        rowKey={(row) => row.id}
        open={setOpen}
        minWidth={720}
        empty={
          archived ? (
            <Notice art='shelf' title='没有归档的模板'>
              不再用的模板可以在它的页面里归档，随时能重新启用。
            </Notice>
          ) : (
            <Notice art='shelf' title='还没有模板' action={create}>
              一个模板写好各渠道的话，旅程和群发就能选它。
            </Notice>
          )
        }
        columns={[
          {
            key: 'name',
            title: '模板',
            render: (_, row) => (
              <>
                <span className='m'>{row.name}</span> {row.builtIn ? <span className='tag'>内置</span> : null}{' '}
                {row.problems.length ? <span className='tag danger'>{row.problems.length} 个问题</span> : null}
              </>
            ),
          },
          { key: 'topic', title: '种类', width: 110, render: (_, row) => topicNames[row.topic] },
          { key: 'channels', title: '渠道', className: 'wrap', render: (_, row) => channelsIn(row.content) },
          {
            key: 'updated',
            title: '改动',
            width: 130,
            render: (_, row) => <span className='i3'>{describeMoment(row.updatedAt, Date.now())}</span>,
          },
        ]}
      />
      {open && query.data ? (
        <TemplateForm
          template={open === 'new' ? null : open}
          forms={query.data.subscribeForms}
          close={() => setOpen(null)}
        />
      ) : null}
    </section>
  )
}
