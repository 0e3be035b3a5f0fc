import { describeMoment } from '@shared/time'
import { App, Button, Popconfirm, Switch } from 'antd'
import { useState } from 'react'
import { sentenceOf } from '../api'
import { DataTable } from '../components/DataTable'
import { Notice } from '../components/Fallbacks'
import { Icon } from '../components/Icon'
import { useRead, useWrite } from '../queries'
import { useSession } from '../session'
import { RuleForm } from './RuleForm'
import { Settings } from './Settings'
import { kinds, type Rule, slots } from './words'

/** What the shop tells the recommendations: leave out, put on top, weigh more or less. */
export function RuleTab() {
  const { can } = useSession()
  const { message } = App.useApp()
  const [editing, setEditing] = useState<Rule | 'new' | null>(null)
  const query = useRead('GET /admin/recommendation-rules', {})
  const change = useWrite('PUT /admin/recommendation-rules/:ruleId', ['GET /admin/recommendation-rules'])
  const remove = useWrite('DELETE /admin/recommendation-rules/:ruleId', ['GET /admin/recommendation-rules'])
  const mayWrite = can('recommendation:write')
  const refused = (error: unknown) => void message.error(sentenceOf(error))
  const toggle = ({ id, targetName: _n, storeName: _s, createdAt: _c, sentence: _w, ...rule }: Rule) =>
    change.mutateAsync({ ruleId: id, ...rule, active: !rule.active }).catch(refused)
  const create = mayWrite ? (
    <Button type='primary' icon={<Icon name='plus' />} onClick={() => setEditing('new')}>
      新建规则
    </Button>
  ) : null
  return (
    <div style={{ display: 'grid', gap: 12 }}>
      <div className='row g2'>
        <Settings mayWrite={mayWrite} />
        <span className='grow' />
        {create}
      </div>
      <section className='panel list-panel'>
        <DataTable<Rule>
          label='推荐规则'
          rows={query.data?.items}
          query={query}
          rowKey={(row) => row.id}
          open={mayWrite ? setEditing : undefined}
          minWidth={760}
          empty={
            <Notice art='shelf' title='还没有规则' action={create}>
              例如把新品置顶、缺货的不推、毛利高的品类加权。
            </Notice>
          }
          columns={[
            {
              key: 'sentence',
              title: '规则',
              className: 'wrap',
              render: (_, row) => (
                <>
                  <span className='tag'>{kinds[row.kind]}</span> <span className='m'>{row.sentence}</span>
                  {row.note ? <div className='t12 i3'>{row.note}</div> : null}
                </>
              ),
            },
            { key: 'slot', title: '位置', width: 110, render: (_, row) => (row.slot ? slots[row.slot] : '全部') },
            { key: 'store', title: '门店', width: 140, render: (_, row) => row.storeName ?? '全部' },
            { key: 'at', title: '建于', width: 130, render: (_, row) => describeMoment(row.createdAt, Date.now()) },
            {
              key: 'active',
              title: '启用',
              width: 80,
              render: (_, row) => (
                <Switch
                  size='small'
                  checked={row.active}
                  disabled={!mayWrite || change.isPending}
                  onChange={() => void toggle(row)}
                  aria-label={`启用 ${row.sentence}`}
                />
              ),
            },
            {
              key: 'remove',
              title: <span className='sr-only'>操作</span>,
              width: 80,
              render: (_, row) =>
                mayWrite ? (
                  <Popconfirm
                    title='删除这条规则？'
                    okText='删除'
                    onConfirm={() => remove.mutateAsync({ ruleId: row.id }).catch(refused)}
                  >
                    <Button type='text' size='small' danger>
                      删除
                    </Button>
                  </Popconfirm>
                ) : null,
            },
          ]}
        />
      </section>
      {editing ? <RuleForm rule={editing === 'new' ? null : editing} close={() => setEditing(null)} /> : null}
    </div>
  )
}
