import { channelNames, statusNames } from '@shared/message'
import { describeMoment } from '@shared/time'
import { Button, Select, Tag } from 'antd'
import { DataTable } from '../components/DataTable'
import { Notice } from '../components/Fallbacks'
import { useUrlState } from '../components/useUrlState'
import { optionsOf } from '../journeys/fields'
import { useList } from '../queries'
import { MessageDrawer } from './MessageDrawer'
import { statusLook } from './words'

const states = ['pending', 'sent', 'skipped', 'failed', 'unknown', 'discarded'] as const
const spans = [
  { hours: 24, label: '24 小时内' },
  { hours: 168, label: '7 天内' },
  { hours: 720, label: '30 天内' },
]
const kindOf = (source: string): string =>
  source === 'test' ? '测试发送' : source.startsWith('journey:') ? '一个旅程发的' : '一次群发发的'
const channels = Object.keys(channelNames) as (keyof typeof channelNames)[]

/** Every message that was sent, and every one that was not, with its reason. */
export function SentTab() {
  const [url, setUrl] = useUrlState(['status', 'channel', 'source', 'hours', 'message'] as const)
  const status = states.find((one) => one === url.status)
  const channel = channels.find((one) => one === url.channel)
  const hours = spans.find((one) => String(one.hours) === url.hours)?.hours
  const source = url.source
  const query = useList('GET /admin/messages', { status, channel, source, hours, limit: 50 })
  const filtered = Boolean(status || channel || source || hours)
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
        <Select
          allowClear
          style={{ width: 130 }}
          value={hours}
          placeholder='不限时间'
          options={spans.map((one) => ({ value: one.hours, label: one.label }))}
          onChange={(next) => setUrl({ hours: next ? String(next) : undefined })}
          aria-label='时间'
        />
        {source ? (
          <Tag closable={{ 'aria-label': '不限来源' }} onClose={() => setUrl({ source: undefined })}>
            {kindOf(source)}
          </Tag>
        ) : (
          <Button type='text' onClick={() => setUrl({ source: 'test' })}>
            只看测试
          </Button>
        )}
      </div>
      <DataTable
        label='消息'
        rows={query.rows}
        query={query}
        rowKey={(row) => row.id}
        open={(row) => setUrl({ message: row.id })}
        minWidth={820}
        clearFilters={
          filtered
            ? () => setUrl({ status: undefined, channel: undefined, source: undefined, hours: undefined })
            : undefined
        }
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
              <span className={`tag ${statusLook(row.status)}`}>{statusNames[row.status] ?? row.status}</span>
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
      {url.message ? <MessageDrawer messageId={url.message} close={() => setUrl({ message: undefined })} /> : null}
    </section>
  )
}
