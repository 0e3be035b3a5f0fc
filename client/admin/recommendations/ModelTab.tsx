import type { Output } from '@shared/contract'
import { dateTime } from '@shared/time'
import { Table } from 'antd'
import { LoadFailed, Notice, StaleStrip } from '../components/Fallbacks'
import { Definition, ExportMenu } from '../dashboards/FigurePanel'
import { useRead } from '../queries'

type Card = NonNullable<Output<'GET /admin/recommendation-models'>['current']>['card']
type Task = NonNullable<Card['all']>
type Score = Task['blend']

const percent = (value: number) => `${(value * 100).toFixed(1)}%`

const measures =
  'NDCG：猜中的排得越前越高；召回率：后来买的里猜中多少；准确率：推的里买了多少；命中率：至少猜中一样的会员占比；商品覆盖：推到过的商品占全部的比例。都是越高越好，用的是训练时没见过的消费'

/** How well the blend finds what members then bought, beside every simpler way. */
function TaskTable({ title, task, definition }: { title: string; task: Task | null; definition: string }) {
  const rows: ({ name: string } & Score)[] = task
    ? [
        { name: '现在的组合', ...task.blend },
        { name: 'EASE', ...task.ease },
        { name: '相似商品', ...task.neighbours },
        { name: '热门', ...task.popularity },
        ...(task.frequency ? [{ name: '常买', ...task.frequency }] : []),
      ]
    : []
  return (
    <section className='panel list-panel' aria-label={title}>
      <div className='hd' style={{ paddingBottom: 8 }}>
        <h2>{title}</h2>
        <Definition of={title} text={definition} />
        {task ? (
          <span className={task.used ? 'tag brand' : 'tag'}>{task.used ? '在用' : '没有胜过简单方法，用固定权重'}</span>
        ) : null}
        <span className='grow' />
        {task ? (
          <ExportMenu
            name={title}
            sheet={() => ({
              head: ['方法', 'NDCG', '召回率', '准确率', '命中率', '商品覆盖', '会员'],
              rows: rows.map((r) => [r.name, r.ndcg, r.recall, r.precision, r.hit, r.coverage, r.members]),
            })}
          />
        ) : null}
      </div>
      {task ? (
        <Table
          pagination={false}
          dataSource={rows}
          rowKey='name'
          scroll={{ x: 680 }}
          columns={[
            { key: 'name', title: '方法', dataIndex: 'name' },
            ...(
              [
                ['ndcg', 'NDCG'],
                ['recall', '召回率'],
                ['precision', '准确率'],
                ['hit', '命中率'],
                ['coverage', '商品覆盖'],
              ] as const
            ).map(([key, label]) => ({
              key,
              title: label,
              align: 'right' as const,
              render: (_: unknown, row: Score) => <span className='num'>{percent(row[key])}</span>,
            })),
            {
              key: 'members',
              title: '会员',
              align: 'right',
              render: (_, row) => <span className='num'>{row.members.toLocaleString('zh-CN')}</span>,
            },
          ]}
        />
      ) : (
        <p className='i3' style={{ padding: '0 16px 16px' }}>
          这段时间的消费还不够回测。
        </p>
      )}
    </section>
  )
}

/** The model in use, how it did on purchases it had not seen, and the versions before it. */
export function ModelTab() {
  const query = useRead('GET /admin/recommendation-models', {})
  const { data } = query
  if (!data)
    return query.isError ? (
      <LoadFailed error={query.error} retry={() => void query.refetch()} busy={query.isFetching} />
    ) : (
      <div className='bone' style={{ height: 320 }} role='status' aria-label='正在读取模型' />
    )
  const { current, history } = data
  if (!current)
    return (
      <Notice art='shelf' title='还没有训练好的模型'>
        每晚自动训练一次；在那之前，会员看到的是热门商品。
      </Notice>
    )
  const { card } = current
  return (
    <div style={{ display: 'grid', gap: 12 }}>
      <StaleStrip query={query} />
      <section className='panel' style={{ padding: 16 }} aria-label='现在的模型'>
        <b>第 {current.version} 版</b>，{dateTime(current.createdAt)} 训练，用时 {current.seconds} 秒
        <p className='i2' style={{ marginTop: 4 }}>
          用 {card.members.toLocaleString('zh-CN')} 位会员、{card.items.toLocaleString('zh-CN')} 种商品自{' '}
          {card.trainedFrom} 起的消费训练；{card.validationFrom} 起调参，{card.testFrom} 至 {card.testTo}{' '}
          没见过的消费用来检验。
        </p>
        {current.neighboursVersion === null ? null : (
          <p className='t12 i3'>
            相似商品已更新到第 {current.neighboursVersion} 版
            {current.neighboursAt === null ? '' : `（${dateTime(current.neighboursAt)}）`}
          </p>
        )}
      </section>
      <TaskTable
        title='推没买过的'
        task={card.discover}
        definition={`只推这位会员没买过的商品，看他后来买了没有。${measures}`}
      />
      <TaskTable
        title='推所有的（含再买）'
        task={card.all}
        definition={`买过的也可以再推，看他后来买了没有。${measures}`}
      />
      <section className='panel list-panel' aria-label='历次训练'>
        <div className='hd' style={{ paddingBottom: 8 }}>
          <h2>历次训练</h2>
        </div>
        <Table
          pagination={false}
          size='small'
          dataSource={history}
          rowKey='version'
          scroll={{ x: 520 }}
          columns={[
            { key: 'version', title: '版本', render: (_, row) => <span className='num'>{row.version}</span> },
            { key: 'at', title: '训练于', render: (_, row) => dateTime(row.createdAt) },
            {
              key: 'discover',
              title: '没买过的 NDCG',
              align: 'right',
              render: (_, row) => (row.discoverNdcg === null ? '–' : percent(row.discoverNdcg)),
            },
            {
              key: 'all',
              title: '所有的 NDCG',
              align: 'right',
              render: (_, row) => (row.allNdcg === null ? '–' : percent(row.allNdcg)),
            },
          ]}
        />
      </section>
    </div>
  )
}
