import { formatYuanShort } from '@shared/money'
import { Button } from 'antd'
import { DataTable } from '../components/DataTable'
import { Notice } from '../components/Fallbacks'
import { Icon } from '../components/Icon'
import { SearchBox, useSearch } from '../components/SearchBox'
import { useUrlState } from '../components/useUrlState'
import { type Row, useList } from '../queries'
import { useSession } from '../session'
import { StoreForm } from './StoreForm'

/** A store as the list shows it. */
export type Store = Row<'GET /admin/stores'>

/** The stores with what they took in lately. */
export default function StoreList() {
  const { can } = useSession()
  const [url, setUrl] = useUrlState(['edit'] as const)
  const search = useSearch()
  const { q } = search
  const list = useList('GET /admin/stores', { q, limit: 50 })
  const editing = list.rows?.find((store) => store.id === url.edit)
  const mayWrite = can('store:write')
  return (
    <div className='page'>
      <div className='page-head'>
        <h1>门店</h1>
        <span className='sub'>会员在哪里消费、券在哪里能用</span>
        <div className='actions'>
          {mayWrite ? (
            <Button type='primary' icon={<Icon name='plus' />} onClick={() => setUrl({ edit: 'new' })}>
              新建门店
            </Button>
          ) : null}
        </div>
      </div>
      <section className='panel list-panel'>
        <div className='list-bar'>
          <SearchBox search={search} label='搜门店' placeholder='店名或编号' width={240} />
        </div>
        <DataTable
          label='门店'
          rows={list.rows}
          query={list}
          rowKey={(row) => row.id}
          open={mayWrite ? (row) => setUrl({ edit: row.id }) : undefined}
          minWidth={820}
          clearFilters={search.clear}
          empty={
            <Notice
              art='shelf'
              title='还没有门店'
              action={
                mayWrite ? (
                  <Button type='primary' onClick={() => setUrl({ edit: 'new' })}>
                    新建第一家门店
                  </Button>
                ) : undefined
              }
            >
              有了门店，店员才能扫码录入消费，券也能限定在哪家店用。
            </Notice>
          }
          columns={[
            {
              key: 'name',
              title: '门店',
              render: (_, row) => (
                <>
                  <div className='m'>
                    {row.name} {row.active ? null : <span className='tag'>已停业</span>}
                  </div>
                  <div className='t12 i3'>
                    {row.code}，{row.brandName}
                  </div>
                </>
              ),
            },
            {
              key: 'address',
              title: '地址与营业时间',
              className: 'wrap',
              render: (_, row) => (
                <>
                  <div>{row.address || <span className='i3'>没填地址</span>}</div>
                  <div className='t12 i3 num'>{[row.hours, row.phone].filter(Boolean).join('，')}</div>
                </>
              ),
            },
            {
              key: 'staff',
              title: '店员',
              align: 'right',
              width: 80,
              render: (_, row) => <span className='num'>{row.staff} 人</span>,
            },
            {
              key: 'purchases',
              title: '近 30 天单数',
              align: 'right',
              width: 120,
              render: (_, row) => <span className='num'>{row.purchases30d.toLocaleString('zh-CN')}</span>,
            },
            {
              key: 'amount',
              title: '近 30 天会员消费',
              align: 'right',
              width: 160,
              render: (_, row) => <span className='num m'>{formatYuanShort(row.amount30dFen)}</span>,
            },
          ]}
        />
      </section>
      <StoreForm
        open={url.edit === 'new' || editing !== undefined}
        store={editing}
        onClose={() => setUrl({ edit: undefined })}
      />
    </div>
  )
}
