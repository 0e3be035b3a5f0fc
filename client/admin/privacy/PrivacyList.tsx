import { describeMoment } from '@shared/time'
import { Segmented } from 'antd'
import { Link } from 'react-router'
import { DataTable } from '../components/DataTable'
import { LoadFailed, Notice } from '../components/Fallbacks'
import { useUrlState } from '../components/useUrlState'
import { useList, useRead } from '../queries'
import './privacy.css'

const leavings = { requested: '冷静期中', withdrawn: '已撤回', done: '已注销' } as const
const copies = { pending: '整理中', ready: '待下载', downloaded: '已下载', expired: '已过期', failed: '失败' } as const

function Figures() {
  const query = useRead('GET /admin/privacy/summary', {})
  const { data } = query
  if (!data)
    return query.isError ? (
      <LoadFailed error={query.error} retry={() => void query.refetch()} busy={query.isFetching} />
    ) : (
      <div className='bone' style={{ height: 104 }} role='status' aria-label='正在读取隐私概况' />
    )
  const share = (n: number) => `${Math.round((n * 100) / Math.max(1, data.members))}%`
  const cells = [
    ...data.documents.map((one) => ({
      label: `同意${one.title}第 ${one.version} 版`,
      value: share(one.agreed),
      hint: `${one.agreed} / ${data.members} 位会员`,
    })),
    { label: '关闭个性化推荐', value: share(data.personalisationOff), hint: `${data.personalisationOff} 位会员` },
    {
      label: '注销',
      value: String(data.cancellations.requested),
      hint: `冷静期中；已注销 ${data.cancellations.done}，撤回 ${data.cancellations.withdrawn}`,
    },
  ]
  return (
    <div className='priv-cells'>
      {cells.map((cell) => (
        <section key={cell.label} className='panel priv-cell'>
          <div className='i3'>{cell.label}</div>
          <div className='priv-value num'>{cell.value}</div>
          <div className='t12 i3'>{cell.hint}</div>
        </section>
      ))}
    </div>
  )
}

function Leavings() {
  const list = useList('GET /admin/privacy/cancellations', { limit: 30 })
  const now = Date.now()
  return (
    <DataTable
      label='注销申请'
      rows={list.rows}
      query={list}
      rowKey={(row) => row.id}
      minWidth={820}
      empty={
        <Notice art='shelf' title='没有注销申请'>
          会员在“隐私中心”申请，冷静期满由系统自动执行，无需人工处理。
        </Notice>
      }
      columns={[
        {
          key: 'who',
          title: '会员',
          width: 120,
          render: (_, row) => <Link to={`/members/${row.memberId}`}>{row.memberNameMasked}</Link>,
        },
        {
          key: 'state',
          title: '状态',
          width: 110,
          render: (_, row) => (
            <span className={`tag ${row.state === 'requested' ? 'warn' : ''}`}>{leavings[row.state]}</span>
          ),
        },
        {
          key: 'why',
          title: '原因',
          className: 'wrap',
          render: (_, row) => row.reason ?? <span className='i3'>未说明</span>,
        },
        {
          key: 'asked',
          title: '申请',
          width: 130,
          render: (_, row) => <span className='num i2'>{describeMoment(row.requestedAt, now)}</span>,
        },
        {
          key: 'due',
          title: '执行',
          width: 210,
          render: (_, row) => (
            <span className='num i2'>
              {row.outcome
                ? `作废 ${row.outcome.points} 积分、${row.outcome.coupons} 张券`
                : row.state === 'requested'
                  ? row.dueOn
                  : ''}
            </span>
          ),
        },
      ]}
    />
  )
}

function Copies() {
  const list = useList('GET /admin/privacy/exports', { limit: 30 })
  const now = Date.now()
  return (
    <DataTable
      label='数据导出'
      rows={list.rows}
      query={list}
      rowKey={(row) => row.id}
      minWidth={720}
      empty={
        <Notice art='shelf' title='没有导出申请'>
          会员申请后由系统整理；内容加密保存，后台看不到。
        </Notice>
      }
      columns={[
        {
          key: 'who',
          title: '会员',
          render: (_, row) => <Link to={`/members/${row.memberId}`}>{row.memberNameMasked}</Link>,
        },
        {
          key: 'state',
          title: '状态',
          width: 110,
          render: (_, row) => <span className='tag'>{copies[row.state]}</span>,
        },
        {
          key: 'size',
          title: '大小',
          width: 110,
          render: (_, row) => <span className='num'>{row.bytes ? `${Math.ceil(row.bytes / 1024)} KB` : ''}</span>,
        },
        {
          key: 'asked',
          title: '申请',
          width: 140,
          render: (_, row) => <span className='num i2'>{describeMoment(row.requestedAt, now)}</span>,
        },
        {
          key: 'got',
          title: '下载',
          width: 140,
          render: (_, row) => (
            <span className='num i2'>{row.downloadedAt === null ? '' : describeMoment(row.downloadedAt, now)}</span>
          ),
        },
      ]}
    />
  )
}

/** What members asked of their data: consents in figures, leavings, copies. */
export default function PrivacyList() {
  const [url, setUrl] = useUrlState(['tab'] as const)
  const tab = url.tab ?? 'leavings'
  return (
    <div className='page'>
      <div className='page-head'>
        <h1>隐私申请</h1>
        <span className='sub'>注销与导出由系统按期执行，这里只看进度</span>
      </div>
      <Figures />
      <section className='panel list-panel'>
        <div className='list-bar'>
          <Segmented
            value={tab}
            onChange={(value) => setUrl({ tab: String(value) })}
            options={[
              { value: 'leavings', label: '注销' },
              { value: 'copies', label: '数据导出' },
            ]}
          />
        </div>
        {tab === 'copies' ? <Copies /> : <Leavings />}
      </section>
    </div>
  )
}
