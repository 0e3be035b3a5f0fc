import { formatYuanShort } from '@shared/money'
import { channelWords } from '@shared/score-words'
import { DataTable } from '../components/DataTable'
import { Notice } from '../components/Fallbacks'
import { useDrill } from '../dashboards/Drill'
import { Definition, ExportMenu } from '../dashboards/FigurePanel'
import { stageColours, stageWords } from '../dashboards/words'
import { useRead } from '../queries'

const stages = Object.keys(stageWords) as (keyof typeof stageWords)[]
const percent = (bp: number | null): string => (bp === null ? '—' : `${(bp / 100).toFixed(1)}%`)
/** An import's own name stands for itself. */
const channelName = (code: string): string => channelWords[code] ?? `导入：${code}`

/** What each store's and each channel's members are like. */
export default function PartnerTab() {
  const query = useRead('GET /admin/scores/stores', {})
  const { data } = query
  const open = useDrill()
  const nothing = (
    <Notice art='shelf' title='还没有评分'>
      今晚评分后，这里会有各店会员的样子。
    </Notice>
  )
  return (
    <div style={{ display: 'grid', gap: 12 }}>
      <section className='panel list-panel'>
        <div className='hd'>
          <h2>各店的会员</h2>
          {data ? <Definition of='各店的会员' text={data.definition} /> : null}
          <span className='grow' />
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
        <p className='t12 i2 in'>每位会员归到他买得最多的那家店；“也去别店”是其中在别的店也买过的。点一行看名单。</p>
        <DataTable
          label='门店'
          rows={data?.stores}
          query={query}
          rowKey={(row) => row.storeId}
          minWidth={860}
          open={(row) => open({ figure: 'home-store', row: row.storeId, col: '' })}
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
          {data ? <Definition of='各渠道的消费' text={data.definition} /> : null}
          <span className='grow' />
          {data ? (
            <ExportMenu
              name='渠道消费'
              sheet={() => ({
                head: ['渠道', '会员', '单数', '消费（元）'],
                rows: data.channels.map((c) => [channelName(c.code), c.members, c.orders, c.spendFen / 100]),
              })}
            />
          ) : null}
        </div>
        <p className='t12 i2 in'>近 180 天的消费是从哪里录进来的：收银员手录、收银系统推送、历史导入。点一行看名单。</p>
        <DataTable
          label='渠道'
          rows={data?.channels}
          query={query}
          rowKey={(row) => row.code}
          open={(row) => open({ figure: 'channel', row: row.code, col: '' })}
          empty={nothing}
          columns={[
            { key: 'code', title: '渠道', render: (_, row) => <span className='m'>{channelName(row.code)}</span> },
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
