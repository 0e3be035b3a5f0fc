import { App, Button, DatePicker, Drawer, Input, Popconfirm, Select } from 'antd'
import dayjs from 'dayjs'
import { useState } from 'react'
import { sentenceOf } from '../api'
import { LoadFailed } from '../components/Fallbacks'
import { Icon } from '../components/Icon'
import { type Row, useRead, useWrite } from '../queries'

type Note = Row<'GET /admin/annotations'>
const kinds = { campaign: '活动', holiday: '节假日', change: '调整', other: '其他' } as const
const touched = ['GET /admin/annotations', 'GET /admin/dashboards/trends'] as const

/** What happened when: notes that stand on the trends. */
export function Annotations({ from, to, close }: { from: string; to: string; close: () => void }) {
  const { message } = App.useApp()
  const query = useRead('GET /admin/annotations', { from, to })
  const add = useWrite('POST /admin/annotations', touched)
  const remove = useWrite('DELETE /admin/annotations/:annotationId', touched)
  const [title, setTitle] = useState('')
  const [kind, setKind] = useState<Note['kind']>('campaign')
  const [days, setDays] = useState<[string, string]>([to, to])
  const fail = (error: unknown) => void message.error(sentenceOf(error))
  const save = () =>
    add
      .mutateAsync({ title: title.trim(), kind, from: days[0], to: days[1] })
      .then(() => setTitle(''))
      .catch(fail)
  return (
    <Drawer open onClose={close} size={420} title='走势标注'>
      <div style={{ display: 'grid', gap: 12 }}>
        <Input
          value={title}
          maxLength={20}
          placeholder='发生了什么，例如 双十一'
          onChange={(event) => setTitle(event.target.value)}
          aria-label='标注内容'
        />
        <Select
          value={kind}
          options={Object.entries(kinds).map(([value, label]) => ({ value, label }))}
          onChange={(value) => setKind(value as Note['kind'])}
          aria-label='种类'
        />
        <DatePicker.RangePicker
          allowClear={false}
          value={[dayjs(days[0]), dayjs(days[1])]}
          onChange={(_, [first, last]) => setDays([first, last])}
          aria-label='从哪天到哪天'
        />
        <Button type='primary' disabled={!title.trim()} loading={add.isPending} onClick={save}>
          添加
        </Button>
      </div>
      <h3 style={{ margin: '24px 0 8px' }}>这段时间的标注</h3>
      {query.isError && !query.data ? <LoadFailed error={query.error} retry={() => query.refetch()} /> : null}
      {query.data?.items.length === 0 ? <p className='i3'>还没有标注</p> : null}
      <ul style={{ listStyle: 'none' }}>
        {query.data?.items.map((note) => (
          <li key={note.id} className='row g2' style={{ minHeight: 44 }}>
            <span className='tag'>{kinds[note.kind]}</span>
            <span className='grow cut'>{note.title}</span>
            <span className='num t12 i3'>{note.from === note.to ? note.from : `${note.from} – ${note.to}`}</span>
            <Popconfirm
              title={`删除“${note.title}”？`}
              description='走势上不再显示它'
              onConfirm={() => remove.mutateAsync({ annotationId: note.id, version: note.version }).catch(fail)}
            >
              <Button
                type='text'
                size='small'
                icon={<Icon name='close' size={14} />}
                aria-label={`删除${note.title}`}
              />
            </Popconfirm>
          </li>
        ))}
      </ul>
    </Drawer>
  )
}
