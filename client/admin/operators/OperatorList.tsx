import { roles } from '@shared/permissions'
import { describeMoment } from '@shared/time'
import { Button, Select } from 'antd'
import { DataTable } from '../components/DataTable'
import { Notice } from '../components/Fallbacks'
import { Icon } from '../components/Icon'
import { SearchBox, useSearch } from '../components/SearchBox'
import { useUrlState } from '../components/useUrlState'
import { type Row, useList, useRead } from '../queries'
import { useMe, useSession } from '../session'
import { OperatorForm } from './OperatorForm'

/** An account as the list shows it. */
export type Operator = Row<'GET /admin/operators'>

/** Everyone who works here: role, stores, phone, last seen. */
export default function OperatorList() {
  const me = useMe()
  const { can } = useSession()
  const [url, setUrl] = useUrlState(['edit', 'storeId'] as const)
  const search = useSearch()
  const { q } = search
  const list = useList('GET /admin/operators', { q, storeId: url.storeId, limit: 50 })
  const stores = useRead('GET /admin/stores', { limit: 100 }, { enabled: can('store:read') })
  const editing = list.rows?.find((operator) => operator.id === url.edit)
  const mayWrite = can('operator:write')
  const now = Date.now()
  return (
    <div className='page'>
      <div className='page-head'>
        <h1>店员与账号</h1>
        <span className='sub'>谁能在店里扫码收银，谁能进这个后台</span>
        <div className='actions'>
          {mayWrite ? (
            <Button type='primary' icon={<Icon name='plus' />} onClick={() => setUrl({ edit: 'new' })}>
              新建账号
            </Button>
          ) : null}
        </div>
      </div>
      <section className='panel list-panel'>
        <div className='list-bar'>
          <SearchBox search={search} label='搜账号' placeholder='姓名或登录名' width={240} />
          <Select
            value={url.storeId ?? ''}
            onChange={(storeId) => setUrl({ storeId: storeId || undefined })}
            options={[
              { value: '', label: '全部门店' },
              ...(stores.data?.items ?? []).map((store) => ({ value: store.id, label: store.name })),
            ]}
            style={{ width: 160 }}
            aria-label='按门店筛选'
          />
        </div>
        <DataTable
          label='账号'
          rows={list.rows}
          query={list}
          rowKey={(row) => row.id}
          open={mayWrite ? (row) => setUrl({ edit: row.id }) : undefined}
          minWidth={820}
          clearFilters={
            q || url.storeId
              ? () => {
                  search.type('')
                  setUrl({ storeId: undefined })
                }
              : undefined
          }
          empty={
            <Notice
              art='shelf'
              title='还没有账号'
              action={
                mayWrite ? (
                  <Button type='primary' onClick={() => setUrl({ edit: 'new' })}>
                    新建账号
                  </Button>
                ) : undefined
              }
            >
              给店员建账号并填上手机号，他用同一个手机号登录小程序就会看到店员页。
            </Notice>
          }
          columns={[
            {
              key: 'name',
              title: '姓名',
              render: (_, row) => (
                <>
                  <div className='m'>
                    {row.name} {row.id === me.id ? <span className='tag info'>我</span> : null}{' '}
                    {row.active ? null : <span className='tag danger'>已停用</span>}
                  </div>
                  <div className='t12 i3'>{row.username}</div>
                </>
              ),
            },
            {
              key: 'role',
              title: '角色',
              width: 120,
              render: (_, row) => (
                <span className={row.role === 'owner' ? 'tag gold' : 'tag'}>{roles[row.role].name}</span>
              ),
            },
            {
              key: 'stores',
              title: '门店',
              className: 'wrap',
              render: (_, row) =>
                row.stores.length === 0 ? (
                  <span className='i3'>全部门店</span>
                ) : (
                  row.stores.map((store) => store.name).join('、')
                ),
            },
            {
              key: 'phone',
              title: '手机号',
              width: 140,
              render: (_, row) => <span className='num'>{row.phoneMasked ?? <span className='i3'>未填</span>}</span>,
            },
            {
              key: 'seen',
              title: '最近使用',
              width: 150,
              render: (_, row) => (
                <span className='num i2'>
                  {row.lastSeenAt === null ? '还没登录过' : describeMoment(row.lastSeenAt, now)}
                </span>
              ),
            },
          ]}
        />
      </section>
      <OperatorForm
        open={url.edit === 'new' || editing !== undefined}
        operator={editing}
        stores={stores.data?.items ?? []}
        onClose={() => setUrl({ edit: undefined })}
      />
    </div>
  )
}
