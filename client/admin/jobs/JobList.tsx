import { describeMoment } from '@shared/time'
import { App, Button } from 'antd'
import { useState } from 'react'
import { sentenceOf } from '../api'
import { DataTable } from '../components/DataTable'
import { Notice } from '../components/Fallbacks'
import { Icon } from '../components/Icon'
import { useUrlState } from '../components/useUrlState'
import { type Row, useRead, useWrite } from '../queries'
import { useSession } from '../session'
import { durationText, lagText, RunState, scheduleWords } from './JobRun'
import { JobRuns } from './JobRuns'

/** A job as the list shows it. */
export type Job = Row<'GET /admin/jobs'>

/** The jobs of the clock: last run, lag, counts, an error sample, and the way to run one again. */
export default function JobList() {
  const { can } = useSession()
  const { message, modal } = App.useApp()
  const [url, setUrl] = useUrlState(['job'] as const)
  const [running, setRunning] = useState<string | null>(null)
  const query = useRead('GET /admin/jobs', {}, { refetchMs: 10_000 })
  const run = useWrite('POST /admin/jobs/:name/runs', ['GET /admin/jobs', 'GET /admin/jobs/:name/runs'])
  const jobs = query.data?.items
  const now = Date.now()
  const failing = jobs?.filter((job) => job.last?.state === 'failed' || (job.last?.failed ?? 0) > 0).length ?? 0

  const runNow = (job: Job) =>
    modal.confirm({
      title: `现在运行“${job.title}”？`,
      content: `${job.why}。本时段已经做过的不会重做，只补上没做成的。`,
      okText: '现在运行',
      onOk: async () => {
        setRunning(job.name)
        await run
          .mutateAsync({ name: job.name })
          .then((done) =>
            message.success(
              `“${job.title}”运行完，处理 ${done.processed.toLocaleString('zh-CN')} 条${done.failed ? `，失败 ${done.failed} 条` : ''}`,
            ),
          )
          .catch((error: unknown) => message.error(sentenceOf(error)))
        setRunning(null)
      },
    })
  return (
    <div className='page'>
      <div className='page-head'>
        <h1>任务</h1>
        <span className='sub'>到点自动做的事，每 10 秒更新</span>
        {failing > 0 ? <span className='tag danger'>{failing} 个需要看看</span> : null}
        <div className='actions'>
          <Button icon={<Icon name='refresh' />} onClick={() => void query.refetch()} loading={query.isFetching}>
            刷新
          </Button>
        </div>
      </div>
      <section className='panel list-panel'>
        <DataTable
          label='任务'
          rows={jobs}
          query={query}
          rowKey={(row) => row.name}
          open={(row) => setUrl({ job: row.name })}
          minWidth={900}
          empty={
            <Notice art='shelf' title='没有登记任务'>
              服务器以 jobs 或 all 角色启动后，任务会出现在这里。
            </Notice>
          }
          columns={[
            {
              key: 'title',
              title: '任务',
              className: 'wrap',
              render: (_, row) => (
                <>
                  <div className='m'>{row.title}</div>
                  <div className='t12 i3'>{row.why}</div>
                </>
              ),
            },
            {
              key: 'schedule',
              title: '什么时候',
              width: 150,
              render: (_, row) => (
                <>
                  <span className='num' title={row.schedule}>
                    {scheduleWords(row.schedule)}
                  </span>
                  <div className='t12 i3'>
                    {row.nextAt === null ? '不会自动运行' : `下次 ${describeMoment(row.nextAt, now)}`}
                  </div>
                </>
              ),
            },
            {
              key: 'last',
              title: '上次运行',
              width: 190,
              render: (_, row) =>
                row.last ? (
                  <>
                    <RunState state={row.last.state} failed={row.last.failed} />
                    <div className='t12 i3 num'>
                      {describeMoment(row.last.startedAt, now)}
                      {row.last.finishedAt === null
                        ? ''
                        : `，用了 ${durationText(row.last.finishedAt - row.last.startedAt)}`}
                    </div>
                  </>
                ) : (
                  <span className='i3'>还没运行过</span>
                ),
            },
            {
              key: 'lag',
              title: '晚了多久',
              align: 'right',
              width: 100,
              render: (_, row) =>
                row.last ? (
                  <span className={row.last.lagMs > 60_000 ? 'num cw' : 'num'}>{lagText(row.last.lagMs)}</span>
                ) : (
                  ''
                ),
            },
            {
              key: 'counts',
              title: '处理 / 失败',
              align: 'right',
              width: 130,
              render: (_, row) =>
                row.last ? (
                  <span className='num'>
                    {row.last.processed.toLocaleString('zh-CN')} /{' '}
                    <span className={row.last.failed > 0 ? 'cd m' : 'i3'}>
                      {row.last.failed.toLocaleString('zh-CN')}
                    </span>
                  </span>
                ) : (
                  ''
                ),
            },
            {
              key: 'run',
              title: <span className='sr-only'>操作</span>,
              width: 110,
              align: 'right',
              render: (_, row) =>
                can('job:run') ? (
                  <Button
                    size='small'
                    icon={<Icon name='play' size={14} />}
                    loading={running === row.name}
                    disabled={row.running}
                    onClick={() => void runNow(row)}
                  >
                    {row.running ? '正在运行' : '现在运行'}
                  </Button>
                ) : null,
            },
          ]}
        />
      </section>
      <JobRuns job={jobs?.find((job) => job.name === url.job)} onClose={() => setUrl({ job: undefined })} />
    </div>
  )
}
