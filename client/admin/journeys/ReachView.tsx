import type { Output } from '@shared/contract'
import { channelNames } from '@shared/message'
import { Table } from 'antd'
import { percent } from './words'

/** Reach before launch, as campaigns and every message of a journey forecast it. */
export type Reach = Output<'POST /admin/campaigns/forecast'>
const number = (value: number) => value.toLocaleString('zh-CN')
export const channelName = (channel: string) => (channelNames as Record<string, string>)[channel] ?? channel

/** How many it reaches by which channel, and why it does not reach the others. */
export function ReachView({ reach }: { reach: Reach }) {
  const figures = [
    { label: '符合条件', value: reach.audience, note: '' },
    { label: '留作对照', value: reach.held, note: percent(reach.held, reach.audience) },
    { label: '能触达', value: reach.reached, note: percent(reach.reached, reach.audience - reach.held) },
    { label: '勿扰后再发', value: reach.delayed, note: '' },
    { label: '发不到', value: reach.audience - reach.held - reach.reached, note: '' },
  ]
  return (
    <>
      <div className='journey-figures'>
        {figures.map(({ label, value, note }) => (
          <div key={label}>
            <span className='i3 t12'>{label}</span>
            <b>{number(value)}</b>
            <span className='i3 t12 num'>{note}</span>
          </div>
        ))}
      </div>
      {reach.exact ? null : (
        <p className='t12 cw' style={{ padding: '0 16px 8px' }}>
          会员很多，只算了一部分再按比例推出全部。
        </p>
      )}
      <Table
        className='journey-table'
        aria-label='各渠道'
        size='small'
        pagination={false}
        rowKey='key'
        dataSource={[
          ...reach.channels.map((c) => ({
            key: c.channel,
            name: channelName(c.channel),
            reached: c.reached,
            reasons: c.reasons,
          })),
          ...(reach.unreached.length
            ? [{ key: 'none', name: '所有渠道都发不到', reached: null, reasons: reach.unreached }]
            : []),
        ]}
        columns={[
          { key: 'name', title: '渠道', dataIndex: 'name', width: 160 },
          {
            key: 'reached',
            title: '能触达',
            width: 100,
            align: 'right',
            render: (_, row) => (row.reached === null ? '' : <span className='num'>{number(row.reached)}</span>),
          },
          {
            key: 'reasons',
            title: '为什么其余发不出',
            render: (_, row) =>
              row.reasons.length ? (
                row.reasons.map((one) => (
                  <div key={one.reason} className='t12 i2'>
                    {one.text || one.reason} <span className='num m'>{number(one.members)}</span> 人
                  </div>
                ))
              ) : (
                <span className='i3'>没有</span>
              ),
          },
        ]}
      />
    </>
  )
}
