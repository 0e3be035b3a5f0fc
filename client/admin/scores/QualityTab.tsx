import { dateTime, describeMoment } from '@shared/time'
import { App, Button, Checkbox, Input, Modal } from 'antd'
import { useState } from 'react'
import { sentenceOf } from '../api'
import { DataTable } from '../components/DataTable'
import { LoadFailed, Notice } from '../components/Fallbacks'
import { Icon } from '../components/Icon'
import { Definition, ExportMenu } from '../dashboards/FigurePanel'
import { type ReadKey, useRead, useWrite } from '../queries'
import { useSession } from '../session'

type Alarm = NonNullable<ReturnType<typeof useRead<'GET /admin/data-quality'>>['data']>['alarms'][number]
const touched: ReadKey[] = ['GET /admin/data-quality', 'GET /admin/scores']
const results = {
  passed: { word: '正常', tone: 'brand' },
  warned: { word: '留意', tone: 'warn' },
  failed: { word: '不通过', tone: 'danger' },
} as const
const runWords = { stages: '阶段与 RFM', forecasts: '预测' } as const
const stateWords = { running: '进行中', done: '完成', blocked: '数据没通过，没有评分', failed: '失败' } as const

function Acknowledge({ alarm, close }: { alarm: Alarm; close: () => void }) {
  const { message } = App.useApp()
  const [note, setNote] = useState('')
  const [proceed, setProceed] = useState(false)
  const send = useWrite('POST /admin/data-alarms/:alarmId/acknowledgements', touched)
  return (
    <Modal
      open
      title={`确认：${alarm.name}`}
      onCancel={close}
      okText='确认'
      okButtonProps={{ disabled: note.trim().length < 2, loading: send.isPending }}
      onOk={() =>
        send
          .mutateAsync({ alarmId: alarm.id, note: note.trim(), proceed })
          .then(close)
          .catch((error: unknown) => message.error(sentenceOf(error)))
      }
    >
      <p style={{ marginBottom: 12 }}>{alarm.explanation}</p>
      <Input.TextArea
        value={note}
        maxLength={100}
        rows={3}
        placeholder='查到了什么'
        onChange={(event) => setNote(event.target.value)}
        aria-label='说明'
      />
      <Checkbox style={{ marginTop: 12 }} checked={proceed} onChange={(event) => setProceed(event.target.checked)}>
        数据没有问题，让评分继续
      </Checkbox>
    </Modal>
  )
}

/** Whether the feed may be trusted: a broken one stops scoring, and says why. */
export default function QualityTab() {
  const { can } = useSession()
  const query = useRead('GET /admin/data-quality', {})
  const [alarm, setAlarm] = useState<Alarm | null>(null)
  const { data } = query
  if (query.isError && !data) return <LoadFailed error={query.error} retry={() => void query.refetch()} />
  return (
    <div style={{ display: 'grid', gap: 12 }}>
      {data?.scored.stale ? (
        <div className='stale' role='status'>
          <Icon name='warning' />
          <span className='grow'>
            现在用的是{data.scored.onDay ? ` ${data.scored.onDay} 的` : '旧'}评分：{data.scored.reason ?? '还没有新的'}
          </span>
        </div>
      ) : null}
      {data?.alarms.length ? (
        <section className='panel list-panel'>
          <div className='hd'>
            <h2 className='grow'>告警</h2>
            <ExportMenu
              name='数据告警'
              sheet={() => ({
                head: ['严重', '什么', '为什么', '意味着', '开始', '结束', '确认', '说明'],
                rows: data.alarms.map((a) => [
                  a.severity === 'failed' ? '停止评分' : '留意',
                  a.name,
                  a.explanation,
                  a.meaning,
                  dateTime(a.since),
                  a.endedAt === null ? '' : dateTime(a.endedAt),
                  a.acknowledgedBy,
                  a.note,
                ]),
              })}
            />
          </div>
          <DataTable
            label='告警'
            rows={data.alarms}
            query={query}
            rowKey={(row) => row.id}
            minWidth={760}
            empty={null}
            columns={[
              {
                key: 'name',
                title: '什么',
                width: 170,
                render: (_, row) => (
                  <>
                    <span className={`tag ${row.severity === 'failed' ? 'danger' : 'warn'}`}>
                      {row.severity === 'failed' ? '停止评分' : '留意'}
                    </span>{' '}
                    <span className='m'>{row.name}</span>
                  </>
                ),
              },
              {
                key: 'why',
                title: '为什么',
                className: 'wrap',
                render: (_, row) => (
                  <>
                    {row.explanation}
                    <div className='t12 i3'>{row.meaning}</div>
                  </>
                ),
              },
              {
                key: 'since',
                title: '从什么时候',
                width: 150,
                render: (_, row) => `${describeMoment(row.since, Date.now())}${row.endedAt === null ? '' : '，已恢复'}`,
              },
              {
                key: 'act',
                title: <span className='sr-only'>操作</span>,
                width: 130,
                render: (_, row) =>
                  row.acknowledgedAt !== null ? (
                    <span className='t12 i3' title={row.note ?? ''}>
                      {row.acknowledgedBy} 已确认
                    </span>
                  ) : can('insight:write') && row.endedAt === null ? (
                    <Button size='small' onClick={() => setAlarm(row)}>
                      确认
                    </Button>
                  ) : null,
              },
            ]}
          />
        </section>
      ) : null}
      <section className='panel list-panel'>
        <div className='hd'>
          <h2>最近一次检查</h2>
          <Definition
            of='最近一次检查'
            text='每晚评分之前先看收银数据：有没有断、多得或少得不合常理、有没有重复和不可能的数、分布有没有突然变。不通过就不评分，旧的分数留着并标明是旧的'
          />
          <span className='grow' />
          <span className='t12 i3 num'>{data?.onDay ?? ''}</span>
          {data ? (
            <ExportMenu
              name='数据检查'
              sheet={() => ({
                head: ['结果', '检查什么', '量到', '应当', '说明'],
                rows: data.checks.map((c) => [results[c.result].word, c.name, c.measured, c.expected, c.explanation]),
              })}
            />
          ) : null}
        </div>
        <DataTable
          label='检查'
          rows={data?.checks}
          query={query}
          rowKey={(row) => row.code}
          minWidth={760}
          empty={
            <Notice art='shelf' title='还没有检查过'>
              每晚评分之前，会先看数据对不对。
            </Notice>
          }
          columns={[
            {
              key: 'result',
              title: '结果',
              width: 90,
              render: (_, row) => <span className={`tag ${results[row.result].tone}`}>{results[row.result].word}</span>,
            },
            {
              key: 'name',
              title: '检查什么',
              className: 'wrap',
              render: (_, row) => (
                <>
                  <div className='m'>{row.name}</div>
                  <div className='t12 i3'>{row.explanation}</div>
                </>
              ),
            },
            { key: 'measured', title: '量到', width: 190, className: 'wrap', render: (_, row) => row.measured },
            {
              key: 'expected',
              title: '应当',
              width: 190,
              className: 'wrap',
              render: (_, row) => <span className='i3'>{row.expected}</span>,
            },
          ]}
        />
      </section>
      <section className='panel list-panel'>
        <div className='hd'>
          <h2>最近的评分</h2>
          <span className='grow' />
          {data ? (
            <ExportMenu
              name='评分记录'
              sheet={() => ({
                head: ['截至', '什么', '结果', '会员', '变动', '说明'],
                rows: data.runs.map((r) => [
                  r.onDay,
                  runWords[r.kind],
                  stateWords[r.state],
                  r.members,
                  r.moved,
                  r.note,
                ]),
              })}
            />
          ) : null}
        </div>
        <DataTable
          label='评分'
          rows={data?.runs}
          query={query}
          rowKey={(row) => row.id}
          minWidth={640}
          empty={
            <Notice art='shelf' title='还没有评过分'>
              今晚会第一次评分，也可以到“任务”里现在运行。
            </Notice>
          }
          columns={[
            { key: 'day', title: '截至', width: 120, render: (_, row) => <span className='num'>{row.onDay}</span> },
            { key: 'kind', title: '什么', width: 120, render: (_, row) => runWords[row.kind] },
            {
              key: 'state',
              title: '结果',
              className: 'wrap',
              render: (_, row) => `${stateWords[row.state]}${row.note ? `：${row.note}` : ''}`,
            },
            {
              key: 'members',
              title: '会员 / 变动',
              align: 'right',
              width: 140,
              render: (_, row) => (
                <span className='num'>
                  {row.members.toLocaleString('zh-CN')} / {row.moved.toLocaleString('zh-CN')}
                </span>
              ),
            },
          ]}
        />
      </section>
      {alarm ? <Acknowledge alarm={alarm} close={() => setAlarm(null)} /> : null}
    </div>
  )
}
