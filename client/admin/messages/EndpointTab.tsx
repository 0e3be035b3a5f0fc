import { channelNames } from '@shared/message'
import { describeMoment } from '@shared/time'
import { App, Button, Input, Select, Switch } from 'antd'
import { useState } from 'react'
import { sentenceOf } from '../api'
import { DataTable } from '../components/DataTable'
import { Notice } from '../components/Fallbacks'
import { useRead, useWrite } from '../queries'
import { useSession } from '../session'

const touched = ['GET /admin/message-endpoints', 'GET /admin/journey-options'] as const

/** WeCom robots and webhooks of the shop. */
export function EndpointTab() {
  const { can } = useSession()
  const { message, modal } = App.useApp()
  const [channel, setChannel] = useState<'wecom' | 'webhook'>('wecom')
  const [name, setName] = useState('')
  const [address, setAddress] = useState('')
  const query = useRead('GET /admin/message-endpoints', {})
  const add = useWrite('POST /admin/message-endpoints', touched)
  const change = useWrite('PUT /admin/message-endpoints/:endpointId', touched)
  const failed = (error: unknown) => void message.error(sentenceOf(error))
  const save = () =>
    add
      .mutateAsync({ channel, name: name.trim(), url: address.trim() })
      .then((made) => {
        setName('')
        setAddress('')
        if (made.secret)
          modal.success({
            title: '签名密钥只显示这一次',
            content: `请交给接收方保存，用来核对签名：${made.secret}`,
            okText: '已保存',
          })
      })
      .catch(failed)
  const writes = can('message:write')
  return (
    <section className='panel list-panel'>
      {writes ? (
        <div className='hd' style={{ paddingBottom: 12 }}>
          <Select
            style={{ width: 170 }}
            value={channel}
            options={(['wecom', 'webhook'] as const).map((value) => ({ value, label: channelNames[value] }))}
            onChange={setChannel}
            aria-label='种类'
          />
          <Input
            style={{ width: 160 }}
            maxLength={40}
            value={name}
            placeholder='名字'
            onChange={(event) => setName(event.target.value)}
            aria-label='名字'
          />
          <Input
            className='grow'
            maxLength={300}
            value={address}
            placeholder='https://…'
            onChange={(event) => setAddress(event.target.value)}
            aria-label='地址'
          />
          <Button
            type='primary'
            disabled={!name.trim() || !address.trim()}
            loading={add.isPending}
            onClick={() => void save()}
          >
            登记
          </Button>
        </div>
      ) : null}
      <DataTable
        label='地址'
        rows={query.data?.items}
        query={query}
        rowKey={(row) => row.id}
        empty={
          <Notice art='shelf' title='还没有登记地址'>
            登记后，旅程可以通知企业微信群，或把事件交给你们自己的系统。
          </Notice>
        }
        columns={[
          { key: 'name', title: '名字', render: (_, row) => <span className='m'>{row.name}</span> },
          { key: 'channel', title: '种类', width: 180, render: (_, row) => channelNames[row.channel] },
          { key: 'host', title: '地址', render: (_, row) => row.host },
          { key: 'at', title: '登记', width: 130, render: (_, row) => describeMoment(row.createdAt, Date.now()) },
          {
            key: 'active',
            title: '启用',
            width: 80,
            render: (_, row) => (
              <Switch
                checked={row.active}
                disabled={!writes}
                onChange={(active) => void change.mutateAsync({ endpointId: row.id, active }).catch(failed)}
                aria-label={`启用${row.name}`}
              />
            ),
          },
        ]}
      />
    </section>
  )
}
