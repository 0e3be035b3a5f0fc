import { describeMoment } from '@shared/time'
import { Drawer } from 'antd'
import { LoadFailed, Notice } from '../components/Fallbacks'
import { useList } from '../queries'
import type { Job } from './JobList'
import { durationText, lagText, RunState } from './JobRun'
import './job-runs.css'

function Runs({ name }: { name: string }) {
  const list = useList('GET /admin/jobs/:name/runs', { name, limit: 30 })
  const now = Date.now()
  if (!list.rows)
    return list.isError ? (
      <LoadFailed error={list.error} retry={() => void list.refetch()} busy={list.isFetching} />
    ) : (
      <div className='bone' style={{ height: 240 }} role='status' aria-label='正在读取运行记录' />
    )
  if (list.rows.length === 0)
    return (
      <Notice art='shelf' title='还没运行过'>
        到点后会自动运行，也可以回到列表点“现在运行”。
      </Notice>
    )
  return (
    <ol className='runs'>
      {list.rows.map((run) => (
        <li key={run.slot}>
          <div className='row between'>
            <span className='m num'>{describeMoment(run.startedAt, now)}</span>
            <RunState state={run.state} failed={run.failed} />
          </div>
          <div className='t12 i3 num facts'>
            {run.slot.startsWith('manual:') ? '手动运行' : `时段 ${run.slot}`}，
            {lagText(run.lagMs) === '准时' ? '准时' : `晚了 ${lagText(run.lagMs)}`}，
            {run.finishedAt === null ? '还没结束' : `用了 ${durationText(run.finishedAt - run.startedAt)}`}，处理{' '}
            {run.processed.toLocaleString('zh-CN')}，失败 {run.failed.toLocaleString('zh-CN')}
            {run.attempts > 1 ? `，第 ${run.attempts} 次才成` : ''}，由 {run.owner}
          </div>
          {run.errorSample ? <pre>{run.errorSample}</pre> : null}
        </li>
      ))}
    </ol>
  )
}

/** The past runs of one job, with a sample of what went wrong. */
export function JobRuns({ job, onClose }: { job: Job | undefined; onClose: () => void }) {
  return (
    <Drawer
      open={job !== undefined}
      onClose={onClose}
      size={560}
      title={job ? `${job.title}的运行记录` : ''}
      destroyOnHidden
    >
      {job ? (
        <>
          <p className='i3' style={{ marginBottom: 12 }}>
            {job.why}
          </p>
          <Runs name={job.name} />
        </>
      ) : null}
    </Drawer>
  )
}
