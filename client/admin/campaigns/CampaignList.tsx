import { dateTime } from '@shared/time'
import { Button } from 'antd'
import { useNavigate } from 'react-router'
import { DataTable } from '../components/DataTable'
import { Notice } from '../components/Fallbacks'
import { Icon } from '../components/Icon'
import { useList } from '../queries'
import { useSession } from '../session'
import { campaignStates } from './words'

const number = (value: number) => <span className='num'>{value.toLocaleString('zh-CN')}</span>

/** One message to many: what is planned, under way and done. */
export default function CampaignList() {
  const { can } = useSession()
  const navigate = useNavigate()
  const query = useList('GET /admin/campaigns', { limit: 50 })
  const create = can('journey:write') ? (
    <Button type='primary' icon={<Icon name='plus' />} onClick={() => navigate('/campaigns/new')}>
      新建群发
    </Button>
  ) : null
  return (
    <div className='page'>
      <div className='page-head'>
        <h1>群发活动</h1>
        <span className='sub cut'>一条消息给一群人，发之前先知道能到多少</span>
        <div className='actions'>{create}</div>
      </div>
      <section className='panel list-panel'>
        <DataTable
          label='活动'
          rows={query.rows}
          query={query}
          rowKey={(row) => row.id}
          open={(row) => navigate(`/campaigns/${row.id}`)}
          minWidth={860}
          empty={
            <Notice art='shelf' title='还没有群发' action={create}>
              选一个人群和一个消息模板，先看预估，再定时发出。
            </Notice>
          }
          columns={[
            {
              key: 'name',
              title: '活动',
              render: (_, row) => (
                <>
                  <div className='m'>{row.name}</div>
                  <div className='t12 i3'>
                    {row.segmentName ?? '全部会员'}，{row.templateName}
                  </div>
                </>
              ),
            },
            {
              key: 'state',
              title: '状态',
              width: 100,
              render: (_, row) => (
                <span className={`tag ${campaignStates[row.state].look}`}>{campaignStates[row.state].name}</span>
              ),
            },
            {
              key: 'at',
              title: '什么时候发',
              width: 170,
              render: (_, row) => (row.state === 'draft' && row.at === null ? '发布后立刻' : dateTime(row.sendAt)),
            },
            { key: 'audience', title: '处理', width: 90, align: 'right', render: (_, row) => number(row.audience) },
            { key: 'held', title: '对照组', width: 90, align: 'right', render: (_, row) => number(row.held) },
            { key: 'queued', title: '发出', width: 90, align: 'right', render: (_, row) => number(row.queued) },
            { key: 'unsent', title: '发不到', width: 90, align: 'right', render: (_, row) => number(row.unsent) },
          ]}
        />
      </section>
    </div>
  )
}
