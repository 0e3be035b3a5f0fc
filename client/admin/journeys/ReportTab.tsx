import { nodeWords } from '@shared/journey'
import { statusNames } from '@shared/message'
import { dateTime } from '@shared/time'
import { Select, Table } from 'antd'
import { Link } from 'react-router'
import { LoadFailed, Notice, StaleStrip } from '../components/Fallbacks'
import { useUrlState } from '../components/useUrlState'
import { EffectPanel } from '../experiments/EffectPanel'
import { useRead } from '../queries'
import { useSession } from '../session'
import { channelName } from './ReachView'
import { percent } from './words'

const number = (value: number) => <span className='num'>{value.toLocaleString('zh-CN')}</span>

const windowDays = 30

/** What the journey brought beside the control group, with what it cost. */
function JourneyEffect({ journeyId }: { journeyId: string }) {
  const query = useRead('GET /admin/experiments/journeys/:journeyId', { journeyId, windowDays })
  return <EffectPanel title='参与组比对照组' to={`/experiments/journey/${journeyId}`} query={query} />
}

/** What the arms of one split brought beside the first. */
function SplitEffect({ journeyId, nodeId, title }: { journeyId: string; nodeId: string; title: string }) {
  const query = useRead('GET /admin/experiments/journeys/:journeyId/splits/:nodeId', { journeyId, nodeId, windowDays })
  return <EffectPanel title={title} to={`/experiments/journey/${journeyId}?split=${nodeId}`} query={query} />
}

/** What came of a journey: node by node, arm by arm, message by message, and what it cost. */
export default function ReportTab({ journeyId }: { journeyId: string }) {
  const { can } = useSession()
  const [url, setUrl] = useUrlState(['version'] as const)
  const version = url.version ? Number(url.version) : undefined
  const query = useRead('GET /admin/journeys/:journeyId/report', { journeyId, version }, { keep: true })
  const report = query.data
  if (!report)
    return query.isError ? (
      <LoadFailed error={query.error} retry={() => void query.refetch()} busy={query.isFetching} />
    ) : (
      <div className='bone' style={{ height: 320 }} role='status' aria-label='正在读取报告' />
    )
  if (!report.versions.length)
    return (
      <section className='panel'>
        <Notice art='shelf' title='还没有报告'>
          发布之后，每个节点到了多少人、发了什么、有没有用，都在这里。
        </Notice>
      </section>
    )
  const { treated, held } = report
  const figures = [
    { label: '进入', value: report.entered.toLocaleString('zh-CN'), note: '' },
    { label: '在途', value: report.active.toLocaleString('zh-CN'), note: '' },
    { label: '走完', value: report.finished.toLocaleString('zh-CN'), note: '' },
    { label: '提前离开', value: report.exited.toLocaleString('zh-CN'), note: '' },
    { label: '出错', value: report.failed.toLocaleString('zh-CN'), note: '' },
    {
      label: '参与组达成',
      value: percent(treated.goals, treated.members),
      note: `${treated.goals} / ${treated.members}`,
    },
    { label: '对照组达成', value: percent(held.goals, held.members), note: `${held.goals} / ${held.members}` },
  ]
  const cost = [
    report.cost.coupons ? `发券 ${report.cost.coupons.toLocaleString('zh-CN')} 张` : '',
    report.cost.points ? `送 ${report.cost.points.toLocaleString('zh-CN')} 积分` : '',
    report.cost.sms ? `短信 ${report.cost.sms.toLocaleString('zh-CN')} 条` : '',
  ].filter(Boolean)
  const top = Math.max(1, ...report.nodes.map((node) => node.arrived))
  return (
    <>
      <StaleStrip query={query} />
      <section className='panel'>
        <div className='hd' style={{ paddingBottom: 12 }}>
          <h2 className='grow'>一眼看完</h2>
          <Select
            style={{ minWidth: 200 }}
            value={version ?? report.versions[0].version}
            options={report.versions.map((v) => ({
              value: v.version,
              label: `第 ${v.version} 版（${dateTime(v.publishedAt)}，${v.entered} 人）`,
            }))}
            onChange={(next) => setUrl({ version: String(next) })}
            aria-label='哪个版本'
          />
        </div>
        <div className='journey-figures'>
          {figures.map(({ label, value, note }) => (
            <div key={label}>
              <span className='i3 t12'>{label}</span>
              <b>{value}</b>
              <span className='i3 t12 num'>{note}</span>
            </div>
          ))}
        </div>
        <p className='t12 i2' style={{ padding: '0 16px 16px' }}>
          花了：{cost.length ? cost.join('，') : '没有券、积分和短信'}
          。两组达成率的差只是看一眼，有没有用看下面的检验。
        </p>
      </section>
      <section className='panel'>
        <div className='hd' style={{ paddingBottom: 12 }}>
          <h2>每个节点</h2>
        </div>
        <Table
          className='journey-table'
          aria-label='每个节点'
          size='small'
          pagination={false}
          rowKey='nodeId'
          dataSource={report.nodes}
          locale={{ emptyText: '还没有人走到任何节点' }}
          columns={[
            {
              key: 'name',
              title: '节点',
              width: 220,
              render: (_, node) =>
                node.name || (nodeWords as Record<string, { name: string }>)[node.kind]?.name || node.kind,
            },
            {
              key: 'arrived',
              title: '到过',
              render: (_, node) => (
                <div className='row g2'>
                  <span style={{ width: 64, textAlign: 'right' }}>{number(node.arrived)}</span>
                  <span className='meter wide' style={{ maxWidth: 180 }}>
                    <i style={{ width: `${(node.arrived / top) * 100}%` }} />
                  </span>
                </div>
              ),
            },
            {
              key: 'waiting',
              title: '停在这里',
              width: 110,
              align: 'right',
              render: (_, node) =>
                node.waiting ? (
                  <Link className='link' to={`?tab=runs&state=active&node=${node.nodeId}`}>
                    {number(node.waiting)}
                  </Link>
                ) : (
                  <span className='i3'>0</span>
                ),
            },
            {
              key: 'outcomes',
              title: '结果',
              render: (_, node) =>
                node.outcomes.map((one) => (
                  <div key={one.outcome} className='t12'>
                    {one.text} {number(one.members)}{' '}
                    <span className='i3 num'>{percent(one.members, node.arrived)}</span>
                  </div>
                )),
            },
          ]}
        />
      </section>
      {can('experiment:read') ? <JourneyEffect journeyId={journeyId} /> : null}
      {report.arms.length ? (
        <section className='panel'>
          <div className='hd' style={{ paddingBottom: 12 }}>
            <h2>A/B 各组达成目标</h2>
          </div>
          <Table
            className='journey-table'
            aria-label='A/B 各组'
            size='small'
            pagination={false}
            rowKey={(arm) => `${arm.nodeId}-${arm.arm}`}
            dataSource={report.arms}
            columns={[
              { key: 'name', title: '组', dataIndex: 'name' },
              { key: 'members', title: '人数', align: 'right', render: (_, arm) => number(arm.members) },
              { key: 'goals', title: '达成', align: 'right', render: (_, arm) => number(arm.goals) },
              { key: 'rate', title: '达成率', align: 'right', render: (_, arm) => percent(arm.goals, arm.members) },
            ]}
          />
        </section>
      ) : null}
      {can('experiment:read')
        ? [...new Set(report.arms.map((arm) => arm.nodeId))].map((nodeId) => (
            <SplitEffect
              key={nodeId}
              journeyId={journeyId}
              nodeId={nodeId}
              title={`“${report.nodes.find((node) => node.nodeId === nodeId)?.name ?? 'A/B 分流'}”各组比第一组`}
            />
          ))
        : null}
      <section className='panel'>
        <div className='hd' style={{ paddingBottom: 12 }}>
          <h2 className='grow'>消息：发了的，和没发的为什么</h2>
          {can('message:read') ? (
            <Link className='link' to={`/messages?source=journey:${journeyId}`}>
              看发送记录
            </Link>
          ) : null}
        </div>
        <OutcomeTable rows={report.messages} />
      </section>
    </>
  )
}

/** Counts of messages by channel, state and reason. */
export function OutcomeTable({
  rows,
}: {
  rows: readonly { channel: string; status: string; reason: string | null; text: string; count: number }[]
}) {
  return (
    <Table
      className='journey-table'
      aria-label='消息结果'
      size='small'
      pagination={false}
      rowKey={(row) => `${row.channel}-${row.status}-${row.reason}`}
      dataSource={[...rows]}
      locale={{ emptyText: '还没有消息' }}
      columns={[
        { key: 'channel', title: '渠道', width: 150, render: (_, row) => channelName(row.channel) },
        { key: 'status', title: '状态', width: 110, render: (_, row) => statusNames[row.status] ?? row.status },
        { key: 'why', title: '原因', render: (_, row) => <span className='i2'>{row.text}</span> },
        { key: 'count', title: '条数', width: 100, align: 'right', render: (_, row) => number(row.count) },
      ]}
    />
  )
}
