import { channelNames, statusNames } from '@shared/message'
import { describeMoment } from '@shared/time'
import { Select } from 'antd'
import { useNavigate } from 'react-router'
import { DataTable } from '../components/DataTable'
import { Notice } from '../components/Fallbacks'
import { useUrlState } from '../components/useUrlState'
import { optionsOf } from '../journeys/fields'
import { useList } from '../queries'

const states = ['pending', 'sent', 'skipped', 'failed', 'unknown', 'discarded'] as const
const channels = Object.keys(channelNames) as (keyof typeof channelNames)[]

/** Every message that was sent, and every one that was not, with its reason. */
export function SentTab() {
  const navigate = useNavigate()
  const [url, setUrl] = useUrlState(['status', 'channel'] as const)
  const status = states.find((one) => one === url.status)
  const channel = channels.find((one) => one === url.channel)
  const query = useList('GET /admin/messages', { status, channel, limit: 50 })
  return (
    <section className='panel list-panel'>
      <div className='hd' style={{ paddingBottom: 12 }}>
        <Select
          allowClear
          style={{ width: 140 }}
          value={status}
          placeholder='全部结果'
          options={states.map((value) => ({ value, label: statusNames[value] }))}
          onChange={(next) => setUrl({ status: next })}
          aria-label='结果'
        />
        <Select
          allowClear
          style={{ width: 170 }}
          value={channel}
          placeholder='全部渠道'
          options={optionsOf(channelNames)}
          onChange={(next) => setUrl({ channel: next })}
          aria-label='渠道'
        />
      </div>
      <DataTable
        label='消息'
        rows={query.rows}
        query={query}
        rowKey={(row) => row.id}
        open={(row) => row.memberId && navigate(`/members/${row.memberId}`)}
        minWidth={820}
        clearFilters={status || channel ? () => setUrl({ status: undefined, channel: undefined }) : undefined}
        empty={
          <Notice art='shelf' title='还没有消息'>
            旅程、群发和消费通知发出后会记在这里。
          </Notice>
        }
        columns={[
          { key: 'title', title: '消息', render: (_, row) => <span className='m'>{row.title}</span> },
          { key: 'channel', title: '渠道', width: 150, render: (_, row) => channelNames[row.channel] },
          {
            key: 'status',
            title: '结果',
            width: 100,
            render: (_, row) => (
              <span
                className={`tag ${row.status === 'sent' ? 'brand' : row.status === 'failed' || row.status === 'unknown' ? 'danger' : ''}`}
              >
                {statusNames[row.status] ?? row.status}
              </span>
            ),
          },
          { key: 'why', title: '原因', className: 'wrap', render: (_, row) => <span className='i2'>{row.why}</span> },
          {
            key: 'attempts',
            title: '试了',
            width: 70,
            align: 'right',
            render: (_, row) => <span className='num'>{row.attempts}</span>,
          },
          {
            key: 'at',
            title: '时间',
            width: 130,
            render: (_, row) => describeMoment(row.sentAt ?? row.createdAt, Date.now()),
          },
        ]}
      />
    </section>
  )
}
