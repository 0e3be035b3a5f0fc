import { formatYuanShort } from '@shared/money'
import { DataTable } from '../components/DataTable'
import { Notice } from '../components/Fallbacks'
import { ExportMenu } from '../dashboards/FigurePanel'
import { stageColours, stageWords } from '../dashboards/words'
import { useRead } from '../queries'

const stages = Object.keys(stageWords) as (keyof typeof stageWords)[]
const percent = (bp: number | null): string => (bp === null ? '—' : `${(bp / 100).toFixed(1)}%`)

/** What each store's and each channel's members are like. */
export default function PartnerTab() {
  const query = useRead('GET /admin/scores/stores', {})
  const { data } = query
  const nothing = (
    <Notice art='shelf' title='还没有评分'>
      今晚评分后，这里会有各店会员的样子。
    </Notice>
  )
  return (
    <div style={{ display: 'grid', gap: 12 }}>
      <section className='panel list-panel'>
        <div className='hd'>
          <h2 className='grow'>各店的会员</h2>
          {data ? (
            <ExportMenu
              name='门店会员'
              sheet={() => ({
                head: [
                  '门店',
                  '会员',
                  ...stages.map((s) => stageWords[s]),
                  '消费（元）',
                  '未来价值（元）',
                  '流失概率',
                  '也去别店',
                ],
                rows: data.stores.map((s) => [
                  s.name,
                  s.members,
                  ...stages.map((stage) => s.stages[stage] ?? 0),
                  s.spendFen / 100,
                  s.clvFen / 100,
                  s.churnBp === null ? null : s.churnBp / 10_000,
                  s.alsoElsewhereBp === null ? null : s.alsoElsewhereBp / 10_000,
                ]),
              })}
            />
          ) : null}
        </div>
        <p className='t12 i2 in'>{data?.definition}</p>
        <DataTable
          label='门店'
          rows={data?.stores}
          query={query}
          rowKey={(row) => row.storeId}
          minWidth={860}
          empty={nothing}
          columns={[
            { key: 'name', title: '门店', width: 150, render: (_, row) => <span className='m'>{row.name}</span> },
            {
              key: 'members',
              title: '会员',
              width: 90,
              align: 'right',
              render: (_, row) => <span className='num'>{row.members.toLocaleString('zh-CN')}</span>,
            },
            {
              key: 'stages',
              title: '阶段构成',
              render: (_, row) => (
                <span
                  className='stage-bar'
                  role='img'
                  aria-label={stages.map((s) => `${stageWords[s]} ${row.stages[s] ?? 0} 人`).join('，')}
                >
                  {stages.map((s) => (
                    <i
                      key={s}
                      title={`${stageWords[s]} ${row.stages[s] ?? 0} 人`}
                      style={{ flexGrow: row.stages[s] ?? 0, background: stageColours[s] }}
                    />
                  ))}
                </span>
              ),
            },
            {
              key: 'spend',
              title: '消费 / 未来价值',
              width: 170,
              align: 'right',
              render: (_, row) => (
                <span className='num'>
                  {formatYuanShort(row.spendFen)} / {formatYuanShort(row.clvFen)}
                </span>
              ),
            },
            {
              key: 'churn',
              title: '流失概率',
              width: 100,
              align: 'right',
              render: (_, row) => <span className='num'>{percent(row.churnBp)}</span>,
            },
            {
              key: 'elsewhere',
              title: '也去别店',
              width: 100,
              align: 'right',
              render: (_, row) => <span className='num'>{percent(row.alsoElsewhereBp)}</span>,
            },
          ]}
        />
      </section>
      <section className='panel list-panel'>
        <div className='hd'>
          <h2>各渠道的消费</h2>
        </div>
        <DataTable
          label='渠道'
          rows={data?.channels}
          query={query}
          rowKey={(row) => row.code}
          empty={nothing}
          columns={[
            { key: 'code', title: '渠道', render: (_, row) => row.code },
            {
              key: 'members',
              title: '会员',
              align: 'right',
              render: (_, row) => <span className='num'>{row.members}</span>,
            },
            {
              key: 'orders',
              title: '单数',
              align: 'right',
              render: (_, row) => <span className='num'>{row.orders}</span>,
            },
            {
              key: 'spend',
              title: '消费',
              align: 'right',
              render: (_, row) => <span className='num'>{formatYuanShort(row.spendFen)}</span>,
            },
          ]}
        />
      </section>
    </div>
  )
}
