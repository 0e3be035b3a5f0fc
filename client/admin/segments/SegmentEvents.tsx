import { describeMoment } from '@shared/time'
import { useNavigate } from 'react-router'
import { DataTable } from '../components/DataTable'
import { Notice } from '../components/Fallbacks'
import { type Row, useList } from '../queries'
import { cardColumns } from './CardTable'

type Event = Row<'GET /admin/segments/:segmentId/events'>

/** Who came in and who left, the latest first. */
export function SegmentEvents({ segmentId, tracked }: { segmentId: string; tracked: boolean }) {
  const navigate = useNavigate()
  const list = useList('GET /admin/segments/:segmentId/events', { segmentId, limit: 50 })
  return (
    <DataTable<Event>
      label='进出记录'
      rows={list.rows}
      query={list}
      rowKey={(row) => row.id}
      open={(row) => void navigate(`/members/${row.member.id}`)}
      minWidth={760}
      empty={
        <Notice art='shelf' title='还没有进出记录'>
          {tracked
            ? '名单每十分钟更新一次，有人进来或离开就记在这里。'
            : '打开“自动更新名单”后，才会记下谁进来、谁离开。'}
        </Notice>
      }
      columns={[
        { key: 'at', title: '时间', width: 150, render: (_, row) => describeMoment(row.at, Date.now()) },
        {
          key: 'kind',
          title: '进出',
          width: 80,
          render: (_, row) =>
            row.kind === 'enter' ? <span className='tag brand'>进来</span> : <span className='tag'>离开</span>,
        },
        ...cardColumns<Event>((row) => row.member),
      ]}
    />
  )
}
