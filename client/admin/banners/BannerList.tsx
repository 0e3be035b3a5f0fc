import { dateTime } from '@shared/time'
import { Button } from 'antd'
import { useNavigate } from 'react-router'
import { DataTable } from '../components/DataTable'
import { Notice } from '../components/Fallbacks'
import { Icon } from '../components/Icon'
import { useList } from '../queries'
import { useSession } from '../session'
import { bannerNow, linkName, pictureOf } from './words'
import './banners.css'

const number = (value: number) => <span className='num'>{value.toLocaleString('zh-CN')}</span>

/** The banners of the home page: what is shown to whom, until when, and what came of it. */
export default function BannerList() {
  const { can } = useSession()
  const navigate = useNavigate()
  const query = useList('GET /admin/banners', { limit: 50 })
  const create = can('journey:write') ? (
    <Button type='primary' icon={<Icon name='plus' />} onClick={() => navigate('/banners/new')}>
      新建横幅
    </Button>
  ) : null
  return (
    <div className='page'>
      <div className='page-head'>
        <h1>首页横幅</h1>
        <span className='sub cut'>会员首页上的活动位，最多同时三条，优先级高的在前</span>
        <div className='actions'>{create}</div>
      </div>
      <section className='panel list-panel'>
        <DataTable
          label='横幅'
          rows={query.rows}
          query={query}
          rowKey={(row) => row.id}
          open={(row) => navigate(`/banners/${row.id}`)}
          minWidth={900}
          empty={
            <Notice art='shelf' title='还没有横幅' action={create}>
              选一张图，写一句话，定好时间和人群，会员打开首页就能看到。
            </Notice>
          }
          columns={[
            {
              key: 'picture',
              title: '图片',
              width: 108,
              render: (_, row) => <img className='banner-thumb' src={pictureOf(row.picture)} alt='' />,
            },
            {
              key: 'title',
              title: '横幅',
              render: (_, row) => (
                <>
                  <div className='m'>{row.title}</div>
                  <div className='t12 i3'>
                    {row.segmentId ? (row.segmentName ?? '人群已删除') : '所有人'}，{linkName(row.link)}
                  </div>
                </>
              ),
            },
            {
              key: 'state',
              title: '状态',
              width: 92,
              render: (_, row) => <span className={`tag ${bannerNow[row.now].look}`}>{bannerNow[row.now].name}</span>,
            },
            {
              key: 'period',
              title: '展示时间',
              width: 190,
              render: (_, row) => (
                <span className='num t12'>
                  {dateTime(row.startsAt)}
                  <br />至 {dateTime(row.endsAt)}
                </span>
              ),
            },
            {
              key: 'reached',
              title: '看到的人',
              width: 96,
              align: 'right',
              render: (_, row) => number(row.figures.reached),
            },
            {
              key: 'tapped',
              title: '点开的人',
              width: 96,
              align: 'right',
              render: (_, row) => number(row.figures.tapped),
            },
            {
              key: 'rate',
              title: '点开率',
              width: 84,
              align: 'right',
              render: (_, { figures }) => (
                <span className='num'>
                  {figures.reached ? `${((figures.tapped / figures.reached) * 100).toFixed(1)}%` : '–'}
                </span>
              ),
            },
          ]}
        />
      </section>
    </div>
  )
}
