import { App, Button, Popconfirm, Select } from 'antd'
import { useState } from 'react'
import { sentenceOf } from '../api'
import { LoadFailed, Notice } from '../components/Fallbacks'
import { Icon } from '../components/Icon'
import { useUrlState } from '../components/useUrlState'
import { type Row, useRead, useWrite } from '../queries'
import { useSession } from '../session'
import { Bars } from './Bars'
import { FigurePanel } from './FigurePanel'
import { FunnelForm } from './FunnelForm'
import { percent } from './values'

/** A funnel as the list answers it. */
export type Funnel = Row<'GET /admin/funnels'>

/** 「3 分」「2 小时」「1 天」. */
const lasting = (seconds: number): string =>
  seconds < 60
    ? `${seconds} 秒`
    : seconds < 3600
      ? `${Math.round(seconds / 60)} 分`
      : seconds < 86_400
        ? `${Math.round(seconds / 360) / 10} 小时`
        : `${Math.round(seconds / 8640) / 10} 天`

function Result({ funnel }: { funnel: Funnel }) {
  const query = useRead(
    'GET /admin/funnels/:funnelId',
    { funnelId: funnel.id },
    { refetchMs: funnel.state === 'waiting' ? 5_000 : undefined },
  )
  return (
    <FigurePanel
      title={funnel.name}
      query={query}
      height={240}
      sheet={(d) => ({
        head: ['步骤', '会员', '占第一步', '占上一步', '用时中位数（秒）'],
        rows: d.steps.map((s) => [s.label, s.members, s.rate, s.stepRate, s.medianSeconds]),
      })}
      empty={(d) => (d.funnel.state === 'waiting' ? '正在计算，一分钟内就好' : null)}
    >
      {(d) => (
        <>
          <p className='t12 i3' style={{ margin: '4px 0 8px' }}>
            {d.period.from} 至 {d.period.to}，{d.funnel.windowHours} 小时内走完
          </p>
          <Bars
            label={funnel.name}
            bars={d.steps.map((step, index) => ({
              key: `${index}`,
              label: `${index + 1}. ${step.label}`,
              value: step.members,
              text: `${step.members.toLocaleString('zh-CN')} 人`,
              note:
                index === 0
                  ? ''
                  : `${percent(step.stepRate)}${step.medianSeconds === null ? '' : `，${lasting(step.medianSeconds)}`}`,
              drill: step.drill,
            }))}
          />
        </>
      )}
    </FigurePanel>
  )
}

/** How far members get on the way from one step to the next. */
export default function FunnelTab() {
  const [url, setUrl] = useUrlState(['funnel'] as const)
  const [editing, setEditing] = useState<Funnel | 'new' | null>(null)
  const { message } = App.useApp()
  const { can } = useSession()
  const list = useRead('GET /admin/funnels', {})
  const remove = useWrite('DELETE /admin/funnels/:funnelId', ['GET /admin/funnels'])
  const funnels = list.data?.items ?? []
  const chosen = funnels.find((f) => f.id === url.funnel) ?? funnels[0]
  if (list.isError && !list.data)
    return <LoadFailed error={list.error} retry={() => list.refetch()} busy={list.isFetching} />
  const mayWrite = can('dashboard:write')
  const create = (
    <Button type='primary' icon={<Icon name='plus' />} onClick={() => setEditing('new')}>
      新建漏斗
    </Button>
  )
  return (
    <>
      <div className='list-bar row g2'>
        {funnels.length ? (
          <Select
            style={{ minWidth: 220 }}
            value={chosen?.id}
            options={funnels.map((f) => ({ value: f.id, label: f.name }))}
            onChange={(id) => setUrl({ funnel: id })}
            aria-label='选一个漏斗'
          />
        ) : null}
        <span className='grow' />
        {chosen && mayWrite ? (
          <>
            <Button icon={<Icon name='edit' size={16} />} onClick={() => setEditing(chosen)}>
              修改
            </Button>
            <Popconfirm
              title={`删除“${chosen.name}”？`}
              description='结果一起删除，会员和流水不受影响'
              onConfirm={() =>
                remove
                  .mutateAsync({ funnelId: chosen.id, version: chosen.version })
                  .then(() => setUrl({ funnel: undefined }))
                  .catch((error: unknown) => message.error(sentenceOf(error)))
              }
            >
              <Button danger>删除</Button>
            </Popconfirm>
          </>
        ) : null}
        {mayWrite ? create : null}
      </div>
      {list.data ? (
        chosen ? (
          <Result key={`${chosen.id}/${chosen.version}`} funnel={chosen} />
        ) : (
          <Notice art='shelf' title='还没有漏斗' action={mayWrite ? create : undefined}>
            选几个步骤，例如 打开首页 → 领券 → 消费，看会员走到哪一步停下。
          </Notice>
        )
      ) : (
        <div className='bone' style={{ height: 280 }} />
      )}
      {editing ? (
        <FunnelForm
          funnel={editing === 'new' ? null : editing}
          close={(saved) => {
            setEditing(null)
            if (saved) setUrl({ funnel: saved })
          }}
        />
      ) : null}
    </>
  )
}
