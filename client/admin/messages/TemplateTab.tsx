import { channelNames, topicNames } from '@shared/message'
import { Button } from 'antd'
import { useState } from 'react'
import { DataTable } from '../components/DataTable'
import { Notice } from '../components/Fallbacks'
import { Icon } from '../components/Icon'
import { type Row, useRead } from '../queries'
import { useSession } from '../session'
import { TemplateForm } from './TemplateForm'

export type Template = Row<'GET /admin/message-templates'>

/** What messages say on each channel. */
export function TemplateTab() {
  const { can } = useSession()
  const [open, setOpen] = useState<Template | 'new' | null>(null)
  const query = useRead('GET /admin/message-templates', {})
  return (
    <section className='panel list-panel'>
      {can('message:write') ? (
        <div className='hd' style={{ paddingBottom: 12 }}>
          <span className='grow' />
          <Button type='primary' icon={<Icon name='plus' />} onClick={() => setOpen('new')}>
            新建模板
          </Button>
        </div>
      ) : null}
      <DataTable
        label='模板'
        rows={query.data?.items}
        query={query}
        rowKey={(row) => row.id}
        open={setOpen}
        minWidth={720}
        empty={<Notice art='shelf' title='还没有模板' />}
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
          { key: 'topic', title: '种类', width: 120, render: (_, row) => topicNames[row.topic] },
          {
            key: 'channels',
            title: '渠道',
            render: (_, row) =>
              (Object.keys(row.content) as (keyof typeof row.content)[]).map((key) => channelNames[key]).join('、'),
          },
        ]}
      />
      {open ? <TemplateForm template={open === 'new' ? null : open} close={() => setOpen(null)} /> : null}
    </section>
  )
}
