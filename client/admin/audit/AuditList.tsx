import { dateTime } from '@shared/time'
import { Button, DatePicker, Select } from 'antd'
import dayjs from 'dayjs'
import { Link } from 'react-router'
import { DataTable } from '../components/DataTable'
import { Notice } from '../components/Fallbacks'
import { Icon } from '../components/Icon'
import { useUrlState } from '../components/useUrlState'
import { useList, useRead } from '../queries'
import { useSession } from '../session'
import { acts, detailText, subjectPage, titleOf } from './words'

const filterNames = ['action', 'operatorId', 'subjectId', 'from', 'to'] as const

/** What an act was about, leading to its page where it has one. */
function Subject({ action, subject }: { action: string; subject: string | null }) {
  if (subject === null) return <span className='i3'>–</span>
  const page = subjectPage(action, subject)
  const shown = (
    <span
      className='num cut'
      style={{ maxWidth: 128, display: 'inline-block', verticalAlign: 'bottom' }}
      title={subject}
    >
      {subject}
    </span>
  )
  return page ? (
    <Link className='link' to={page}>
      {shown}
    </Link>
  ) : (
    shown
  )
}

/** Who did what to what, when and from where. */
export default function AuditList() {
  const { can } = useSession()
  const [url, setUrl] = useUrlState(filterNames)
  const list = useList('GET /admin/audits', { ...url, limit: 50 })
  const operators = useRead('GET /admin/operators', { limit: 100 }, { enabled: can('operator:read') })
  const filtered = Object.keys(url).length > 0

  const clear = () => setUrl(Object.fromEntries(filterNames.map((name) => [name, undefined])))
  return (
    <div className='page'>
      <div className='page-head'>
        <h1>审计</h1>
        <span className='sub'>每一次改动和每一次查看完整手机号，都在这里，不能删</span>
      </div>
      <section className='panel list-panel'>
        <div className='list-bar'>
          <Select
            value={url.action ?? ''}
            onChange={(action) => setUrl({ action: action || undefined })}
            options={[{ value: '', label: '所有动作' }, ...acts.map((act) => ({ value: act.key, label: act.title }))]}
            showSearch={{ optionFilterProp: 'label' }}
            style={{ width: 220 }}
            aria-label='按动作筛选'
          />
          <Select
            value={url.operatorId ?? ''}
            onChange={(operatorId) => setUrl({ operatorId: operatorId || undefined })}
            options={[
              { value: '', label: '所有人' },
              ...(operators.data?.items ?? []).map((operator) => ({ value: operator.id, label: operator.name })),
            ]}
            showSearch={{ optionFilterProp: 'label' }}
            style={{ width: 140 }}
            aria-label='按人筛选'
          />
          <DatePicker.RangePicker
            value={[url.from ? dayjs(url.from) : null, url.to ? dayjs(url.to) : null]}
            allowEmpty
            onChange={(days) => setUrl({ from: days?.[0]?.format('YYYY-MM-DD'), to: days?.[1]?.format('YYYY-MM-DD') })}
            style={{ width: 260 }}
            aria-label='按日期筛选'
          />
          {url.subjectId ? (
            <span className='tag brand'>
              只看 {url.subjectId}
              <button
                type='button'
                className='link'
                aria-label='去掉对象条件'
                onClick={() => setUrl({ subjectId: undefined })}
              >
                <Icon name='close' size={12} weight={2} />
              </button>
            </span>
          ) : null}
          {filtered ? (
            <Button type='text' size='small' onClick={clear}>
              清除条件
            </Button>
          ) : null}
        </div>
        <DataTable
          label='审计记录'
          rows={list.rows}
          query={list}
          rowKey={(row) => row.id}
          minWidth={900}
          clearFilters={filtered ? clear : undefined}
          empty={
            <Notice art='shelf' title='还没有记录'>
              发布一张券、调整一次积分或查看一次手机号，都会留下记录。
            </Notice>
          }
          columns={[
            {
              key: 'at',
              title: '时间',
              width: 150,
              render: (_, row) => <span className='num'>{dateTime(row.at)}</span>,
            },
            { key: 'who', title: '谁', width: 84, render: (_, row) => row.operatorName },
            {
              key: 'what',
              title: '做了什么',
              width: 220,
              className: 'wrap',
              render: (_, row) => (
                <>
                  <div className='m'>{titleOf(row.action, row.title)}</div>
                  <div className='t12 i3 cut' style={{ maxWidth: 200 }} title={row.action}>
                    {row.action}
                  </div>
                </>
              ),
            },
            {
              key: 'subject',
              title: '对谁、对什么',
              width: 148,
              render: (_, row) => <Subject action={row.action} subject={row.subject} />,
            },
            {
              key: 'detail',
              title: '内容',
              className: 'wrap',
              render: (_, row) => <span className='i2'>{detailText(row.detail)}</span>,
            },
            {
              key: 'from',
              title: '来自',
              width: 116,
              render: (_, row) => (
                <>
                  <div className='num'>{row.ip}</div>
                  <div className='t12 i3 num cut' style={{ maxWidth: 92 }} title={row.requestId}>
                    {row.requestId}
                  </div>
                </>
              ),
            },
          ]}
        />
      </section>
    </div>
  )
}
