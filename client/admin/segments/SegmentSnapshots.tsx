import { dateTime } from '@shared/time'
import { Drawer } from 'antd'
import { useState } from 'react'
import { DataTable } from '../components/DataTable'
import { Notice } from '../components/Fallbacks'
import { type Row, useList } from '../queries'
import { CardExport, CardTable } from './CardTable'

type Snapshot = Row<'GET /admin/segments/:segmentId/snapshots'>

function People({ snapshot, close }: { snapshot: Snapshot; close: () => void }) {
  const list = useList('GET /admin/segment-snapshots/:snapshotId/members', { snapshotId: snapshot.id, limit: 50 })
  return (
    <Drawer
      open
      onClose={close}
      size={760}
      title={`快照 ${snapshot.name}`}
      extra={<CardExport name={`快照-${snapshot.name}`} rows={list.rows} />}
    >
      <p className='i2' style={{ marginBottom: 12 }}>
        {dateTime(snapshot.takenAt)} 存下，当时的条件：{snapshot.sentence}
      </p>
      <CardTable rows={list.rows} query={list} empty={<Notice art='search' title='当时一位也没有' />} />
    </Drawer>
  )
}

/** Lists that were kept as they stood. */
export function SegmentSnapshots({ segmentId }: { segmentId: string }) {
  const list = useList('GET /admin/segments/:segmentId/snapshots', { segmentId, limit: 50 })
  const [open, setOpen] = useState<Snapshot | null>(null)
  return (
    <>
      <DataTable
        label='快照'
        rows={list.rows}
        query={list}
        rowKey={(row) => row.id}
        open={setOpen}
        minWidth={640}
        empty={
          <Notice art='shelf' title='还没有快照'>
            点“存快照”把今天的名单留下来，之后不再变化，方便前后对比。
          </Notice>
        }
        columns={[
          { key: 'name', title: '快照', width: 180, render: (_, row) => <span className='m'>{row.name}</span> },
          {
            key: 'members',
            title: '人数',
            width: 100,
            align: 'right',
            render: (_, row) => <span className='num'>{row.members.toLocaleString('zh-CN')}</span>,
          },
          { key: 'at', title: '存下的时间', width: 170, render: (_, row) => dateTime(row.takenAt) },
          { key: 'sentence', title: '当时的条件', className: 'wrap', render: (_, row) => row.sentence },
        ]}
      />
      {open ? <People snapshot={open} close={() => setOpen(null)} /> : null}
    </>
  )
}
