import type { JourneyDefinition } from '@shared/journey'
import { dateTime, describeMoment } from '@shared/time'
import { Button, Drawer, Select } from 'antd'
import { Link } from 'react-router'
import { DataTable } from '../components/DataTable'
import { LoadFailed, Notice } from '../components/Fallbacks'
import { useUrlState } from '../components/useUrlState'
import { useList, useRead } from '../queries'
import { titleOf } from './draft'
import { runWords } from './words'

const states = ['active', 'done', 'exited', 'held', 'failed'] as const

/** Who is or was on the journey, and every step one of them took. */
export default function RunsTab({ journeyId, definition }: { journeyId: string; definition: JourneyDefinition }) {
  const [url, setUrl] = useUrlState(['state', 'node', 'run'] as const)
  const state = states.find((one) => one === url.state)
  const query = useList('GET /admin/journeys/:journeyId/runs', { journeyId, state, nodeId: url.node, limit: 50 })
  const run = useRead('GET /admin/journey-runs/:runId', { runId: url.run ?? '' }, { enabled: url.run !== undefined })
  const nameOf = (id: string | null) => {
    const node = definition.nodes.find((one) => one.id === id)
    return node ? titleOf(node) : (id ?? '')
  }
  const now = Date.now()
  return (
    <section className='panel list-panel'>
      <div className='hd' style={{ paddingBottom: 12 }}>
        <Select
          allowClear
          style={{ width: 140 }}
          value={state}
          placeholder='全部状态'
          options={states.map((value) => ({ value, label: runWords[value].name }))}
          onChange={(next) => setUrl({ state: next })}
          aria-label='状态'
        />
        <Select
          allowClear
          style={{ width: 200 }}
          value={url.node}
          placeholder='停在哪个节点'
          options={definition.nodes.map((node) => ({ value: node.id, label: titleOf(node) }))}
          onChange={(next) => setUrl({ node: next })}
          aria-label='停在哪个节点'
        />
      </div>
      <DataTable
        label='会员'
        rows={query.rows}
        query={query}
        rowKey={(row) => row.id}
        open={(row) => setUrl({ run: row.id })}
        minWidth={760}
        clearFilters={state || url.node ? () => setUrl({ state: undefined, node: undefined }) : undefined}
        empty={
          <Notice art='shelf' title='还没有人进入'>
            发布之后，符合条件的会员会出现在这里。
          </Notice>
        }
        columns={[
          { key: 'name', title: '会员', render: (_, row) => <span className='m'>{row.memberName}</span> },
          {
            key: 'state',
            title: '状态',
            width: 110,
            render: (_, row) => <span className={`tag ${runWords[row.state].look}`}>{runWords[row.state].name}</span>,
          },
          {
            key: 'where',
            title: '在哪里',
            render: (_, row) =>
              row.state === 'active' ? (
                <>
                  {nameOf(row.nodeId)}
                  {row.dueAt ? <span className='t12 i3'> {describeMoment(row.dueAt, now)} 继续</span> : null}
                </>
              ) : (
                <span className='i3'>{row.endReason ?? ''}</span>
              ),
          },
          {
            key: 'version',
            title: '版本',
            width: 70,
            align: 'right',
            render: (_, row) => <span className='num'>{row.version}</span>,
          },
          { key: 'entered', title: '进入', width: 130, render: (_, row) => describeMoment(row.enteredAt, now) },
          {
            key: 'goal',
            title: '达成目标',
            width: 130,
            render: (_, row) => (row.goalAt ? <span className='cb'>{describeMoment(row.goalAt, now)}</span> : ''),
          },
        ]}
      />
      <Drawer
        open={url.run !== undefined}
        size={480}
        title='走过的每一步'
        onClose={() => setUrl({ run: undefined })}
        extra={
          run.data ? (
            <Link to={`/members/${run.data.memberId}`}>
              <Button>看会员</Button>
            </Link>
          ) : null
        }
      >
        {run.data ? (
          <ol className='journey-steps' style={{ padding: 0 }}>
            {run.data.steps.map((step) => (
              <li key={`${step.nodeId}-${step.at}-${step.outcome}`}>
                <span className='num i3' style={{ width: 130 }}>
                  {dateTime(step.at)}
                </span>
                <span className='grow'>
                  <span className='m'>{nameOf(step.nodeId)}</span>
                  <div className='t12 i2'>{step.text}</div>
                </span>
              </li>
            ))}
            {run.data.steps.length ? null : <li className='i3'>还没有走出第一步</li>}
          </ol>
        ) : run.isError ? (
          <LoadFailed error={run.error} retry={() => void run.refetch()} busy={run.isFetching} />
        ) : (
          <div className='bone' style={{ height: 160 }} role='status' aria-label='正在读取' />
        )}
      </Drawer>
    </section>
  )
}
