import { useQuery } from '@tanstack/react-query'
import { Modal, Table } from 'antd'
import { call } from '../api'
import { LoadFailed } from '../components/Fallbacks'

const number = (value: number) => value.toLocaleString('zh-CN')

/** How many members two to five segments have in common, pair by pair and all together. */
export function Overlap({ segmentIds, close }: { segmentIds: string[]; close: () => void }) {
  const query = useQuery({
    queryKey: ['POST /admin/segments/overlap', segmentIds],
    queryFn: ({ signal }) => call('POST /admin/segments/overlap', { segmentIds }, { signal }),
  })
  const { data } = query
  const shared = (a: string, b: string) =>
    data?.pairs.find((pair) => (pair.a === a && pair.b === b) || (pair.a === b && pair.b === a))?.members ?? 0
  return (
    <Modal open title='人群的重叠' footer={null} onCancel={close} width={720}>
      {data ? (
        <>
          <p style={{ marginBottom: 12 }}>
            同时在每一个里的 <b className='num'>{number(data.all)}</b> 位，至少在一个里的{' '}
            <b className='num'>{number(data.any)}</b> 位。
          </p>
          <Table
            size='small'
            pagination={false}
            rowKey='id'
            dataSource={data.segments}
            scroll={{ x: 160 + data.segments.length * 120 }}
            columns={[
              { key: 'name', title: '人群', dataIndex: 'name', fixed: 'left', width: 160 },
              ...data.segments.map((column) => ({
                key: column.id,
                title: column.name,
                align: 'right' as const,
                render: (_: unknown, row: (typeof data.segments)[number]) => {
                  const both = row.id === column.id ? row.members : shared(row.id, column.id)
                  return (
                    <>
                      <div className={row.id === column.id ? 'num m' : 'num'}>{number(both)}</div>
                      <div className='t12 i3 num'>
                        {row.id === column.id
                          ? '全部'
                          : row.members
                            ? `占 ${Math.round((both / row.members) * 100)}%`
                            : '–'}
                      </div>
                    </>
                  )
                },
              })),
            ]}
          />
          <p className='t12 i3' style={{ marginTop: 8 }}>
            百分比是占左边那个人群的比例。
          </p>
        </>
      ) : query.isError ? (
        <LoadFailed error={query.error} retry={() => void query.refetch()} busy={query.isFetching} />
      ) : (
        <div className='bone' style={{ height: 180 }} role='status' aria-label='正在比较' />
      )}
    </Modal>
  )
}
